#ifndef XCY_TESTS_UNIT_LOADGEN_PLAYED_H
#define XCY_TESTS_UNIT_LOADGEN_PLAYED_H

/* played.h - requests whose every instant is known, told to a tally as a worker would. */

#include "loadgen/record/tally.h"
#include "tests/support/unit.h"

static const struct xcy_anchor anchor = {.mono = {1000000000}, .wall = {1700000000000000000}};

struct play {
    int64_t i;
    int64_t due_ms;  /* after the anchor, as all here */
    int64_t sent_ms; /* below 0: never */
    int64_t acked_ms;
    enum xcy_outcome outcome;
    int64_t attempt; /* 0: the first */
    bool is_warmup;
};

static inline struct xcy_mono at_ms(int64_t ms)
{
    return xcy_mono_add(anchor.mono, ms * XCY_NS_PER_MS);
}

static inline struct xcy_call call_of(const struct play *p)
{
    struct xcy_call call = {.id = {.i = p->i, .key = "k", .client_sent_at_s = 1.7e9},
                            .attempt = p->attempt > 0 ? p->attempt : 1,
                            .is_warmup = p->is_warmup,
                            .due = at_ms(p->due_ms),
                            .started = at_ms(p->due_ms)};
    if (p->sent_ms >= 0) {
        call.sent = at_ms(p->sent_ms);
    }
    call.first_sent = call.sent;
    return call;
}

static inline struct xcy_answer answer_of(const struct play *p)
{
    return (struct xcy_answer){.outcome = p->outcome, .acked = at_ms(p->acked_ms)};
}

static inline void begin_play(struct xcy_tally *t, const struct xcy_call *call)
{
    if (call->attempt == 1) {
        xcy_tally_started(t, call);
    }
    if (call->sent.ns != 0) {
        xcy_tally_sent(t, call);
    }
}

static inline void play(struct xcy_tally *t, struct play p)
{
    struct xcy_call call = call_of(&p);
    struct xcy_answer answer = answer_of(&p);
    begin_play(t, &call);
    xcy_tally_done(t, anchor, &call, &answer);
}

/* A later attempt of a slot of which one was sent before. */
static inline void play_again(struct xcy_tally *t, struct play p, int64_t first_sent_ms)
{
    struct xcy_call call = call_of(&p);
    struct xcy_answer answer = answer_of(&p);
    call.first_sent = at_ms(first_sent_ms);
    xcy_tally_done(t, anchor, &call, &answer);
}

static inline void play_failed_attempt(struct xcy_tally *t, struct play p)
{
    struct xcy_call call = call_of(&p);
    struct xcy_answer answer = answer_of(&p);
    begin_play(t, &call);
    xcy_tally_failed_attempt(t, anchor, &call, &answer);
}

/* Of an outcome that may have no values. */
static inline int64_t latency_count(const struct xcy_tally *t, enum xcy_outcome outcome,
                                    enum xcy_latency_kind kind)
{
    const struct xcy_hist *hist = t->latency[outcome].of[kind];
    return hist ? xcy_hist_count(hist) : 0;
}

static inline int64_t latency_max_ms(const struct xcy_tally *t, enum xcy_outcome outcome,
                                     enum xcy_latency_kind kind)
{
    const struct xcy_hist *hist = t->latency[outcome].of[kind];
    return hist ? xcy_hist_max(hist) / XCY_NS_PER_MS : -1;
}

#endif
