#include "collectors/slots.h"

#include "common/base/mem.h"

#include <stdlib.h>

/* A request that was refused, or never reached the service, ran no writer. */
static const bool may_report[XCY_N_OUTCOMES] = {
    [XCY_OUTCOME_OK] = true,
    [XCY_OUTCOME_DNS] = false,
    [XCY_OUTCOME_CONNECT] = false,
    [XCY_OUTCOME_TLS] = false,
    [XCY_OUTCOME_SEND] = true,
    [XCY_OUTCOME_FIRST_BYTE_TIMEOUT] = true,
    [XCY_OUTCOME_TOTAL_TIMEOUT] = true,
    [XCY_OUTCOME_RESET] = true,
    [XCY_OUTCOME_THROTTLED] = false,
    [XCY_OUTCOME_SERVER_ERROR] = true,
    [XCY_OUTCOME_STATUS] = false,
    [XCY_OUTCOME_FUNCTION_ERROR] = true,
    [XCY_OUTCOME_BAD_REPLY] = true,
    [XCY_OUTCOME_AUTH] = false,
    [XCY_OUTCOME_GENERATOR] = true,
    [XCY_OUTCOME_SKIPPED] = false,
};

bool xcy_outcome_may_report(enum xcy_outcome outcome)
{
    xcy_assert(outcome < XCY_N_OUTCOMES);
    return may_report[outcome];
}

static bool decides(const struct xcy_request_row *row, const struct xcy_request_row *before)
{
    if (!before) {
        return true;
    }
    if ((row->outcome == XCY_OUTCOME_OK) != (before->outcome == XCY_OUTCOME_OK)) {
        return row->outcome == XCY_OUTCOME_OK;
    }
    return row->attempt > before->attempt;
}

static enum xcy_status put_rows(struct xcy_slots *s, struct xcy_error *err)
{
    size_t n = s->rows ? xcy_requests_count(s->rows) : 0;
    for (size_t at = 0; at < n; at++) {
        const struct xcy_request_row *row = xcy_requests_at(s->rows, at);
        if (row->id.i < 0 || row->id.i >= s->n) {
            return xcy_fail(err, XCY_EINVALID,
                            "requests.csv has request %lld, but run.yml plans %lld (0..%lld)",
                            (long long)row->id.i, (long long)s->n, (long long)s->n - 1);
        }
        struct xcy_slot *slot = &s->slots[row->id.i];
        slot->attempts++;
        if (decides(row, slot->row)) {
            slot->row = row;
        }
    }
    return XCY_OK;
}

static void finish_slot(struct xcy_slot *slot, int64_t sent_us)
{
    const struct xcy_request_row *row = slot->row;
    int64_t row_sent_us = row ? row->points.us[XCY_POINT_SENT] : 0;
    slot->sent_us = row_sent_us != 0 ? row_sent_us : sent_us;
    if (row) {
        slot->outcome = row->outcome;
    } else {
        slot->outcome = sent_us != 0 ? XCY_OUTCOME_GENERATOR : XCY_OUTCOME_SKIPPED;
    }
}

enum xcy_status xcy_slots_new(int64_t planned, struct xcy_requests *rows,
                              const struct xcy_sent *sent, struct xcy_slots **slots,
                              struct xcy_error *err)
{
    struct xcy_slots *s = xcy_alloc(sizeof *s);
    enum xcy_status status = XCY_OK;
    s->rows = rows;
    s->n = planned;
    if (planned < 0 || (sent && xcy_sent_slots(sent) != planned)) {
        status = xcy_fail(err, XCY_EINVALID, "sent.bin has %lld slots, but run.yml plans %lld",
                          sent ? (long long)xcy_sent_slots(sent) : 0LL, (long long)planned);
        goto out;
    }
    s->slots = xcy_alloc_array((size_t)planned + 1, sizeof *s->slots);
    status = put_rows(s, err);
    if (status != XCY_OK) {
        goto out;
    }
    for (int64_t i = 0; i < planned; i++) {
        finish_slot(&s->slots[i], sent ? xcy_sent_get(sent, i) : 0);
    }
    *slots = s;
    s = NULL;
out:
    xcy_slots_free(s);
    return status;
}

enum xcy_status xcy_slots_read(const char *run_path, const struct xcy_manifest *manifest,
                               struct xcy_slots **slots, struct xcy_error *err)
{
    struct xcy_sent *sent = NULL;
    struct xcy_requests *rows = NULL;
    bool was_torn = false;
    enum xcy_status status = xcy_sent_open(run_path, &sent, err);
    if (status == XCY_ENOTFOUND) {
        status = XCY_OK; /* an imported run: requests.csv alone says what was sent */
    }
    if (status == XCY_OK) {
        status = xcy_requests_read(run_path, &rows, &was_torn, err);
    }
    if (status == XCY_OK) {
        status = xcy_slots_new(manifest->planned, rows, sent, slots, err);
    }
    if (status == XCY_OK) {
        (*slots)->was_torn = was_torn;
    }
    xcy_sent_close(sent);
    return status == XCY_OK ? XCY_OK : xcy_error_context(err, "%s", run_path);
}

void xcy_slots_free(struct xcy_slots *slots)
{
    if (slots) {
        xcy_requests_free(slots->rows);
        free(slots->slots);
        free(slots);
    }
}

enum xcy_point xcy_slot_last_point(const struct xcy_slot *slot)
{
    static const enum xcy_point latest_first[] = {XCY_POINT_ENDED, XCY_POINT_NOTED, XCY_POINT_WROTE,
                                                  XCY_POINT_START, XCY_POINT_ACKED};
    for (size_t p = 0; slot->row && p < sizeof latest_first / sizeof *latest_first; p++) {
        if (xcy_stamps_has(&slot->row->points, latest_first[p])) {
            return latest_first[p];
        }
    }
    return XCY_POINT_SENT;
}
