#include "loadgen/drive/sender.h"

#include "common/run/sent.h"
#include "loadgen/drive/post_key.h"
#include "loadgen/drive/retry.h"

#include <string.h>

/* sent.bin has the first attempt that was sent: whatever acted on the request, it was after that. */
static void mark_sent(const struct xcy_sender *s, const struct xcy_call *call)
{
    const struct xcy_worker_setting *setting = s->setting;
    if (setting->sent) {
        struct xcy_wall sent = xcy_wall_at(setting->anchor, call->first_sent);
        xcy_sent_set(setting->sent, call->id.i, xcy_wall_us(sent));
    }
}

static void on_sent(void *ctx, struct xcy_call *call, struct xcy_mono sent)
{
    struct xcy_sender *s = ctx;
    call->sent = sent;
    if (call->first_sent.ns == 0) {
        call->first_sent = sent;
        xcy_tally_sent(s->tally, call);
        mark_sent(s, call);
    }
}

static void end(struct xcy_sender *s, struct xcy_call *call, const struct xcy_answer *answer)
{
    xcy_tally_done(s->tally, s->setting->anchor, call, answer);
    xcy_flights_give(&s->flights, xcy_flight_of(call));
}

static void wait_to_repeat(struct xcy_sender *s, struct xcy_call *call,
                           const struct xcy_answer *answer)
{
    const struct xcy_plan *plan = s->setting->plan;
    struct xcy_flight *flight = xcy_flight_of(call);
    int64_t slot = xcy_schedule_global_slot(plan->schedule, call->id.i);
    int64_t wait_ns =
        xcy_retry_wait_ns(plan->retry_delay_ns, (uint64_t)plan->seed, slot, call->attempt);
    flight->failure = (struct xcy_failure){
        .outcome = answer->outcome, .http_status = answer->http_status, .acked = answer->acked};
    memcpy(flight->failure.reason, answer->reason, sizeof flight->failure.reason);
    call->again = xcy_mono_add(answer->acked, wait_ns);
    xcy_waiting_add(&s->waiting, flight);
}

static void on_done(void *ctx, struct xcy_call *call, const struct xcy_answer *answer)
{
    struct xcy_sender *s = ctx;
    if (!s->is_final && call->attempt <= s->setting->plan->retries &&
        xcy_outcome_may_mend(answer->outcome)) {
        wait_to_repeat(s, call, answer);
        return;
    }
    end(s, call, answer);
    if (s->answered) {
        s->answered(s->answered_ctx);
    }
}

void xcy_sender_open(struct xcy_sender *s, const struct xcy_worker_setting *setting,
                     int64_t max_in_flight)
{
    struct xcy_engine_setting engine_setting = setting->engine_setting;
    engine_setting.sent = on_sent;
    engine_setting.done = on_done;
    engine_setting.ctx = s;
    *s = (struct xcy_sender){.setting = setting};
    xcy_flights_init(&s->flights, max_in_flight);
    s->engine_state = setting->engine->open(&engine_setting);
}

void xcy_sender_close(struct xcy_sender *s)
{
    s->setting->engine->close(s->engine_state);
    xcy_waiting_clear(&s->waiting);
    xcy_flights_clear(&s->flights);
}

static void start(struct xcy_sender *s, struct xcy_call *call)
{
    struct xcy_error err;
    if (s->setting->engine->start(s->engine_state, call, &err) != XCY_OK) {
        struct xcy_answer answer = {.outcome = XCY_OUTCOME_SEND, .acked = xcy_mono_now()};
        memcpy(answer.reason, err.text, sizeof answer.reason - 1);
        end(s, call, &answer);
    }
}

static void fill(const struct xcy_sender *s, struct xcy_flight *flight, int64_t slot)
{
    const struct xcy_plan *plan = s->setting->plan;
    struct xcy_call *call = &flight->call;
    struct xcy_wall started = xcy_wall_at(s->setting->anchor, call->started);
    call->id.i = slot;
    call->id.client_sent_at_s = (double)xcy_wall_us(started) / 1e6;
    memcpy(call->id.run, plan->run, sizeof call->id.run);
    xcy_post_key_format((uint64_t)plan->seed, xcy_schedule_global_slot(plan->schedule, slot),
                        call->id.key);
}

void xcy_sender_begin(struct xcy_sender *s, int64_t slot, struct xcy_mono due, struct xcy_mono now,
                      bool is_warmup)
{
    const struct xcy_plan *plan = s->setting->plan;
    if (plan->late == XCY_LATE_SKIP && xcy_mono_diff_ns(now, due) > plan->late_after_ns) {
        xcy_tally_skip(s->tally, XCY_SKIP_LATE, is_warmup);
        return;
    }
    struct xcy_flight *flight = xcy_flights_take(&s->flights);
    if (!flight) {
        xcy_tally_skip(s->tally, XCY_SKIP_IN_FLIGHT, is_warmup);
        return;
    }
    struct xcy_call *call = &flight->call;
    call->attempt = 1;
    call->is_warmup = is_warmup;
    call->due = due;
    call->started = now;
    call->sent = (struct xcy_mono){0};
    call->first_sent = (struct xcy_mono){0};
    fill(s, flight, slot);
    xcy_tally_started(s->tally, call);
    start(s, call);
}

static struct xcy_answer answer_of(const struct xcy_flight *flight)
{
    const struct xcy_failure *failure = &flight->failure;
    struct xcy_answer answer = {.outcome = failure->outcome,
                                .http_status = failure->http_status,
                                .was_sent = flight->call.sent.ns != 0,
                                .sent = flight->call.sent,
                                .acked = failure->acked};
    memcpy(answer.reason, failure->reason, sizeof answer.reason);
    return answer;
}

void xcy_sender_repeat(struct xcy_sender *s, struct xcy_mono now)
{
    for (struct xcy_flight *flight = xcy_waiting_first(&s->waiting);
         flight && !xcy_mono_before(now, flight->call.again);
         flight = xcy_waiting_first(&s->waiting)) {
        struct xcy_call *call = &flight->call;
        struct xcy_answer answer = answer_of(flight);
        xcy_waiting_take(&s->waiting);
        xcy_tally_failed_attempt(s->tally, s->setting->anchor, call, &answer);
        call->attempt++;
        call->started = now;
        call->sent = (struct xcy_mono){0};
        start(s, call);
    }
}

bool xcy_sender_next_repeat(const struct xcy_sender *s, struct xcy_mono *when)
{
    const struct xcy_flight *flight = xcy_waiting_first(&s->waiting);
    if (!flight) {
        return false;
    }
    *when = flight->call.again;
    return true;
}

void xcy_sender_repeat_no_more(struct xcy_sender *s)
{
    s->is_final = true;
    while (xcy_waiting_first(&s->waiting)) {
        struct xcy_flight *flight = xcy_waiting_take(&s->waiting);
        struct xcy_answer answer = answer_of(flight);
        end(s, &flight->call, &answer);
    }
}

void xcy_sender_cancel(struct xcy_sender *s)
{
    xcy_sender_repeat_no_more(s);
    if (xcy_sender_in_flight(s) > 0) {
        s->setting->engine->cancel(s->engine_state);
    }
    xcy_assert(xcy_sender_in_flight(s) == 0);
}

int64_t xcy_sender_in_flight(const struct xcy_sender *s)
{
    return s->flights.n_out;
}

int64_t xcy_sender_in_engine(const struct xcy_sender *s)
{
    return s->flights.n_out - (int64_t)s->waiting.n;
}
