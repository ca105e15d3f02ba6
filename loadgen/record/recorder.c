#include "loadgen/record/recorder.h"

#include "common/run/requests.h"

#include <string.h>

enum { HIST_BITS = 8, MAX_BATCH_BYTES = 64 << 20 };

/* A day and a half: more than any timeout, so that nothing of a real run lies outside. */
#define HIST_MAX_NS (INT64_C(1) << 47)

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

struct xcy_hist *xcy_recorder_hist_new(void)
{
    return xcy_hist_new(HIST_MAX_NS, HIST_BITS);
}

void xcy_recorder_init(struct xcy_recorder *r, struct xcy_anchor anchor, struct xcy_sent *sent)
{
    *r = (struct xcy_recorder){.anchor = anchor,
                               .sent = sent,
                               .start_lag = xcy_recorder_hist_new(),
                               .send_lag = xcy_recorder_hist_new(),
                               .service = xcy_recorder_hist_new(),
                               .response = xcy_recorder_hist_new()};
    xcy_buf_init(&r->rows, MAX_BATCH_BYTES);
}

void xcy_recorder_clear(struct xcy_recorder *r)
{
    xcy_hist_free(r->start_lag);
    xcy_hist_free(r->send_lag);
    xcy_hist_free(r->service);
    xcy_hist_free(r->response);
    xcy_buf_clear(&r->rows);
    *r = (struct xcy_recorder){0};
}

static int64_t wall_us(const struct xcy_recorder *r, struct xcy_mono t)
{
    return t.ns == 0 ? 0 : xcy_wall_us(xcy_wall_at(r->anchor, t));
}

void xcy_recorder_started(struct xcy_recorder *r, const struct xcy_call *call)
{
    xcy_hist_add(r->start_lag, xcy_mono_diff_ns(call->started, call->due));
}

void xcy_recorder_sent(struct xcy_recorder *r, const struct xcy_call *call)
{
    struct xcy_counts *counts = &r->counts;
    int64_t lag_ns = xcy_mono_diff_ns(call->sent, call->due);
    counts->sent++;
    counts->late += lag_ns > XCY_LATE_NS;
    xcy_hist_add(r->send_lag, lag_ns);
    if (counts->first_sent.ns == 0 || xcy_mono_before(call->sent, counts->first_sent)) {
        counts->first_sent = call->sent;
    }
    if (xcy_mono_before(counts->last_sent, call->sent)) {
        counts->last_sent = call->sent;
    }
    if (r->sent) {
        xcy_sent_set(r->sent, call->id.i, wall_us(r, call->sent));
    }
}

static void keep_reason(struct xcy_counts *counts, enum xcy_outcome outcome, const char *reason)
{
    char *kept = counts->reasons[outcome];
    if (kept[0] == '\0') {
        memcpy(kept, reason, XCY_REASON_BYTES);
    }
}

static void add_row(struct xcy_recorder *r, const struct xcy_call *call,
                    const struct xcy_answer *answer)
{
    struct xcy_request_row row = {.id = call->id,
                                  .attempt = 1,
                                  .outcome = answer->outcome,
                                  .http_status = answer->http_status};
    if (answer->has_event) {
        const struct xcy_event *event = &answer->event;
        row.points = event->points;
        memcpy(row.exec, event->exec, sizeof row.exec);
        memcpy(row.writer_instance, event->instance, sizeof row.writer_instance);
    }
    row.points.us[XCY_POINT_DUE] = wall_us(r, call->due);
    row.points.us[XCY_POINT_SENT] = wall_us(r, call->sent);
    row.points.us[XCY_POINT_ACKED] = wall_us(r, answer->acked);
    memcpy(row.reason, answer->reason, sizeof row.reason);
    xcy_request_row_format(&row, &r->rows);
}

void xcy_recorder_done(struct xcy_recorder *r, const struct xcy_call *call,
                       const struct xcy_answer *answer)
{
    if (answer->outcome == XCY_OUTCOME_GENERATOR && call->sent.ns == 0) {
        xcy_recorder_skip(r, XCY_SKIP_STOPPED);
        return;
    }
    r->counts.outcomes[answer->outcome]++;
    if (answer->outcome == XCY_OUTCOME_OK) {
        xcy_hist_add(r->service, xcy_mono_diff_ns(answer->acked, call->sent));
        xcy_hist_add(r->response, xcy_mono_diff_ns(answer->acked, call->due));
    }
    keep_reason(&r->counts, answer->outcome, answer->reason);
    add_row(r, call, answer);
}

void xcy_recorder_skip(struct xcy_recorder *r, enum xcy_skip why)
{
    r->counts.outcomes[XCY_OUTCOME_SKIPPED]++;
    if (why == XCY_SKIP_IN_FLIGHT) {
        r->counts.skipped_in_flight++;
    } else {
        r->counts.skipped_stopped++;
    }
}

void xcy_recorder_flush(struct xcy_recorder *r, struct xcy_journal *journal)
{
    if (r->rows.len > 0) {
        xcy_assert(!r->rows.overflowed);
        xcy_journal_append(journal, xcy_buf_bytes(&r->rows));
        xcy_buf_reset(&r->rows);
    }
}

static void merge_instants(struct xcy_counts *into, const struct xcy_counts *from)
{
    if (from->first_sent.ns != 0 &&
        (into->first_sent.ns == 0 || xcy_mono_before(from->first_sent, into->first_sent))) {
        into->first_sent = from->first_sent;
    }
    if (xcy_mono_before(into->last_sent, from->last_sent)) {
        into->last_sent = from->last_sent;
    }
}

void xcy_recorder_merge(struct xcy_recorder *into, const struct xcy_recorder *from)
{
    into->counts.realtime_threads += from->counts.realtime_threads;
    into->counts.sent += from->counts.sent;
    into->counts.late += from->counts.late;
    into->counts.skipped_in_flight += from->counts.skipped_in_flight;
    into->counts.skipped_stopped += from->counts.skipped_stopped;
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        into->counts.outcomes[i] += from->counts.outcomes[i];
        keep_reason(&into->counts, (enum xcy_outcome)i, from->counts.reasons[i]);
    }
    merge_instants(&into->counts, &from->counts);
    xcy_hist_merge(into->start_lag, from->start_lag);
    xcy_hist_merge(into->send_lag, from->send_lag);
    xcy_hist_merge(into->service, from->service);
    xcy_hist_merge(into->response, from->response);
}
