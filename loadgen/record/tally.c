#include "loadgen/record/tally.h"

#include "common/run/requests.h"

#include <string.h>

enum { MAX_ROWS_BYTES = 64 << 20 };

const char *const xcy_skip_names[XCY_N_SKIPS + 1] = {"late", "in_flight", "stopped", NULL};

int64_t xcy_counts_slots(const struct xcy_counts *counts)
{
    int64_t sum = 0;
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        sum += counts->outcomes[i];
    }
    return sum;
}

int64_t xcy_counts_failed(const struct xcy_counts *counts)
{
    return xcy_counts_slots(counts) - counts->outcomes[XCY_OUTCOME_OK] -
           counts->outcomes[XCY_OUTCOME_SKIPPED];
}

void xcy_counts_add(struct xcy_counts *into, const struct xcy_counts *from)
{
    into->sent += from->sent;
    into->late += from->late;
    into->retries += from->retries;
    for (size_t i = 0; i < XCY_N_SKIPS; i++) {
        into->skipped[i] += from->skipped[i];
    }
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        into->outcomes[i] += from->outcomes[i];
    }
}

void xcy_tally_init(struct xcy_tally *t)
{
    *t = (struct xcy_tally){.start_lag = xcy_latency_hist_new()};
    xcy_buf_init(&t->rows, MAX_ROWS_BYTES);
}

void xcy_tally_clear(struct xcy_tally *t)
{
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        xcy_latency_clear(&t->latency[i]);
    }
    xcy_hist_free(t->start_lag);
    xcy_buf_clear(&t->rows);
    *t = (struct xcy_tally){0};
}

void xcy_tally_reset(struct xcy_tally *t)
{
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        xcy_latency_reset(&t->latency[i]);
        t->reasons[i][0] = '\0';
    }
    xcy_hist_reset(t->start_lag);
    xcy_buf_reset(&t->rows);
    t->measured = (struct xcy_counts){0};
    t->warmup = (struct xcy_counts){0};
    t->first_sent = (struct xcy_mono){0};
    t->last_sent = (struct xcy_mono){0};
    t->last_acked = (struct xcy_mono){0};
    t->in_flight = 0;
    t->realtime_threads = 0;
    t->busiest_cpu_share = 0;
    t->rows_lost = 0;
}

static struct xcy_counts *counts_of(struct xcy_tally *t, const struct xcy_call *call)
{
    return call->is_warmup ? &t->warmup : &t->measured;
}

void xcy_tally_started(struct xcy_tally *t, const struct xcy_call *call)
{
    if (!call->is_warmup) {
        xcy_hist_add(t->start_lag, xcy_mono_diff_ns(call->started, call->due));
    }
}

static void note_first(struct xcy_mono *kept, struct xcy_mono seen)
{
    if (seen.ns != 0 && (kept->ns == 0 || xcy_mono_before(seen, *kept))) {
        *kept = seen;
    }
}

static void note_last(struct xcy_mono *kept, struct xcy_mono seen)
{
    if (xcy_mono_before(*kept, seen)) {
        *kept = seen;
    }
}

void xcy_tally_sent(struct xcy_tally *t, const struct xcy_call *call)
{
    struct xcy_counts *counts = counts_of(t, call);
    counts->sent++;
    counts->late += xcy_mono_diff_ns(call->first_sent, call->due) > XCY_LATE_NS;
    if (!call->is_warmup) {
        note_first(&t->first_sent, call->first_sent);
        note_last(&t->last_sent, call->first_sent);
    }
}

static int64_t wall_us(struct xcy_anchor anchor, struct xcy_mono t)
{
    return t.ns == 0 ? 0 : xcy_wall_us(xcy_wall_at(anchor, t));
}

/* A row that does not fit is left out whole. */
static void format_row(struct xcy_tally *t, const struct xcy_request_row *row)
{
    size_t len = t->rows.len;
    xcy_request_row_format(row, &t->rows);
    if (t->rows.overflowed) {
        t->rows.overflowed = false;
        t->rows.len = len;
        t->rows.ptr[len] = '\0';
        t->rows_lost++;
    }
}

static void add_row(struct xcy_tally *t, struct xcy_anchor anchor, const struct xcy_call *call,
                    const struct xcy_answer *answer)
{
    struct xcy_request_row row = {.id = call->id,
                                  .attempt = call->attempt,
                                  .is_warmup = call->is_warmup,
                                  .outcome = answer->outcome,
                                  .http_status = answer->http_status};
    if (answer->has_event) {
        const struct xcy_event *event = &answer->event;
        row.points = event->points;
        memcpy(row.exec, event->exec, sizeof row.exec);
        memcpy(row.writer_instance, event->instance, sizeof row.writer_instance);
    }
    row.points.us[XCY_POINT_DUE] = wall_us(anchor, call->due);
    row.points.us[XCY_POINT_SENT] = wall_us(anchor, call->sent);
    row.points.us[XCY_POINT_ACKED] = wall_us(anchor, answer->acked);
    memcpy(row.reason, answer->reason, sizeof row.reason);
    format_row(t, &row);
}

void xcy_tally_failed_attempt(struct xcy_tally *t, struct xcy_anchor anchor,
                              const struct xcy_call *call, const struct xcy_answer *answer)
{
    counts_of(t, call)->retries++;
    add_row(t, anchor, call, answer);
}

static void keep_reason(struct xcy_tally *t, enum xcy_outcome outcome, const char *reason)
{
    char *kept = t->reasons[outcome];
    if (kept[0] == '\0' && reason[0] != '\0') {
        memcpy(kept, reason, XCY_REASON_BYTES);
    }
}

static void measure(struct xcy_tally *t, const struct xcy_call *call,
                    const struct xcy_answer *answer)
{
    struct xcy_latency *latency = &t->latency[answer->outcome];
    if (call->first_sent.ns != 0) {
        xcy_latency_add(latency, XCY_LAG, xcy_mono_diff_ns(call->first_sent, call->due));
    }
    xcy_latency_add(latency, XCY_RESPONSE, xcy_mono_diff_ns(answer->acked, call->due));
    if (call->sent.ns != 0) {
        xcy_latency_add(latency, XCY_SERVICE, xcy_mono_diff_ns(answer->acked, call->sent));
    }
    note_last(&t->last_acked, answer->acked);
}

void xcy_tally_done(struct xcy_tally *t, struct xcy_anchor anchor, const struct xcy_call *call,
                    const struct xcy_answer *answer)
{
    xcy_assert(answer->outcome != XCY_OUTCOME_SKIPPED);
    if (answer->outcome == XCY_OUTCOME_GENERATOR && call->first_sent.ns == 0 &&
        call->attempt <= 1) {
        xcy_tally_skip(t, XCY_SKIP_STOPPED, call->is_warmup);
        return;
    }
    counts_of(t, call)->outcomes[answer->outcome]++;
    if (!call->is_warmup) {
        measure(t, call, answer);
    }
    keep_reason(t, answer->outcome, answer->reason);
    add_row(t, anchor, call, answer);
}

void xcy_tally_skip(struct xcy_tally *t, enum xcy_skip why, bool is_warmup)
{
    xcy_tally_skip_many(t, why, is_warmup, 1);
}

void xcy_tally_skip_many(struct xcy_tally *t, enum xcy_skip why, bool is_warmup, int64_t n)
{
    struct xcy_counts *counts = is_warmup ? &t->warmup : &t->measured;
    counts->outcomes[XCY_OUTCOME_SKIPPED] += n;
    counts->skipped[why] += n;
}

void xcy_tally_merge(struct xcy_tally *into, const struct xcy_tally *from)
{
    xcy_counts_add(&into->measured, &from->measured);
    xcy_counts_add(&into->warmup, &from->warmup);
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        xcy_latency_merge(&into->latency[i], &from->latency[i]);
        keep_reason(into, (enum xcy_outcome)i, from->reasons[i]);
    }
    xcy_hist_merge(into->start_lag, from->start_lag);
    note_first(&into->first_sent, from->first_sent);
    note_last(&into->last_sent, from->last_sent);
    note_last(&into->last_acked, from->last_acked);
    into->realtime_threads += from->realtime_threads;
    into->rows_lost += from->rows_lost;
    if (from->busiest_cpu_share > into->busiest_cpu_share) {
        into->busiest_cpu_share = from->busiest_cpu_share;
    }
}

double xcy_tally_achieved_rate(const struct xcy_tally *t)
{
    int64_t between_ns = xcy_mono_diff_ns(t->last_sent, t->first_sent);
    if (t->measured.sent < 2 || between_ns <= 0) {
        return 0;
    }
    return (double)(t->measured.sent - 1) * 1e9 / (double)between_ns;
}

double xcy_tally_throughput(const struct xcy_tally *t)
{
    int64_t taken_ns = xcy_mono_diff_ns(t->last_acked, t->first_sent);
    int64_t ok = t->measured.outcomes[XCY_OUTCOME_OK];
    return ok == 0 || t->first_sent.ns == 0 || taken_ns <= 0 ? 0
                                                             : (double)ok * 1e9 / (double)taken_ns;
}
