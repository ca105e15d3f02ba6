#include "collectors/slots.h"

#include "common/base/mem.h"

#include <stdlib.h>

enum { CHUNK_SLOTS = 8192 };

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

/* How many slots there are signs of. */
static int64_t count_slots(const struct xcy_requests *rows, const struct xcy_sent *sent)
{
    int64_t n = sent ? xcy_sent_used(sent) : 0;
    size_t n_rows = rows ? xcy_requests_count(rows) : 0;
    for (size_t at = 0; at < n_rows; at++) {
        int64_t i = xcy_requests_at(rows, at)->id.i;
        n = i >= n ? i + 1 : n;
    }
    return n;
}

static void put_row(struct xcy_slot *slot, const struct xcy_request_row *row)
{
    const struct xcy_request_row *before = slot->row;
    bool is_last = !before || row->attempt > before->attempt;
    const struct xcy_request_row *earlier = is_last ? before : row;
    if (row->attempt == 1) {
        slot->first_sent_us = row->points.us[XCY_POINT_SENT];
    }
    slot->attempts++;
    slot->may_report |= xcy_outcome_may_report(row->outcome);
    slot->may_have_run_before |= earlier && xcy_outcome_may_report(earlier->outcome);
    slot->row = is_last ? row : before;
}

static enum xcy_status put_rows(struct xcy_slots *s, int64_t *warmup_slots, struct xcy_error *err)
{
    size_t n = s->rows ? xcy_requests_count(s->rows) : 0;
    for (size_t at = 0; at < n; at++) {
        const struct xcy_request_row *row = xcy_requests_at(s->rows, at);
        if (row->id.i < 0 || row->id.i >= s->n) {
            return xcy_fail(err, XCY_EINVALID,
                            "requests.csv has request %lld, but run.yml plans %lld (0..%lld)",
                            (long long)row->id.i, (long long)s->n, (long long)s->n - 1);
        }
        put_row(&s->slots[row->id.i], row);
        if (row->is_warmup && row->id.i >= *warmup_slots) {
            *warmup_slots = row->id.i + 1; /* run.yml of a run that was killed may not know */
        }
    }
    return XCY_OK;
}

/* sent_us: as sent.bin has it, of the first attempt that was sent; 0: none. */
static void finish_slot(struct xcy_slot *slot, int64_t sent_us, bool is_in_warmup)
{
    const struct xcy_request_row *row = slot->row;
    if (row) {
        slot->is_warmup = row->is_warmup != 0;
        slot->outcome = row->outcome;
        slot->sent_us = row->points.us[XCY_POINT_SENT];
    } else {
        slot->is_warmup = is_in_warmup;
        slot->outcome = sent_us != 0 ? XCY_OUTCOME_GENERATOR : XCY_OUTCOME_SKIPPED;
        slot->sent_us = sent_us;
        slot->first_sent_us = sent_us;
        slot->may_report = xcy_outcome_may_report(slot->outcome);
    }
}

static void finish_slots(struct xcy_slots *s, const struct xcy_sent *sent, int64_t warmup_slots)
{
    int64_t sent_us[CHUNK_SLOTS] = {0};
    for (int64_t first = 0; first < s->n; first += CHUNK_SLOTS) {
        int64_t n = s->n - first < CHUNK_SLOTS ? s->n - first : CHUNK_SLOTS;
        if (sent) {
            xcy_sent_copy(sent, first, n, sent_us);
        }
        for (int64_t at = 0; at < n; at++) {
            struct xcy_slot *slot = &s->slots[first + at];
            finish_slot(slot, sent_us[at], first + at < warmup_slots);
            s->n_warmup += slot->is_warmup ? 1 : 0;
        }
    }
}

enum xcy_status xcy_slots_new(int64_t planned, int64_t warmup_slots, struct xcy_requests *rows,
                              const struct xcy_sent *sent, struct xcy_slots **slots,
                              struct xcy_error *err)
{
    struct xcy_slots *s = xcy_alloc(sizeof *s);
    enum xcy_status status = XCY_OK;
    bool is_known = planned != XCY_SLOTS_NOT_KNOWN;
    s->rows = rows;
    s->n = is_known ? planned : count_slots(rows, sent);
    if (s->n < 0 || (is_known && sent && xcy_sent_slots(sent) != planned)) {
        status = xcy_fail(err, XCY_EINVALID, "sent.bin has %lld slots, but run.yml plans %lld",
                          sent ? (long long)xcy_sent_slots(sent) : 0LL, (long long)planned);
        goto out;
    }
    s->slots = xcy_alloc_array((size_t)s->n + 1, sizeof *s->slots);
    status = put_rows(s, &warmup_slots, err);
    if (status != XCY_OK) {
        goto out;
    }
    finish_slots(s, sent, warmup_slots);
    *slots = s;
    s = NULL;
out:
    xcy_slots_free(s);
    return status;
}

void xcy_slots_reopen(struct xcy_slots *slots, int64_t retries_open)
{
    for (int64_t i = 0; i < slots->n; i++) {
        struct xcy_slot *slot = &slots->slots[i];
        if (slot->row && slot->row->attempt <= retries_open &&
            xcy_outcome_may_mend(slot->outcome)) {
            slot->may_have_run_before |= xcy_outcome_may_report(slot->outcome);
            slot->outcome = XCY_OUTCOME_GENERATOR;
            slot->may_report = true;
        }
    }
}

/* What is planned, as far as it is known now: of a closed loop only when it has ended. */
static enum xcy_status read_planned(const char *run_path, const struct xcy_manifest *manifest,
                                    int64_t *planned, int64_t *warmup_slots, int64_t *retries_open,
                                    struct xcy_error *err)
{
    struct xcy_manifest later = {0};
    const struct xcy_manifest *known = manifest;
    if (manifest->state == XCY_RUN_RUNNING) {
        enum xcy_status status = xcy_manifest_read(run_path, &later, err);
        if (status != XCY_OK && status != XCY_ENOTFOUND) {
            return status;
        }
        known = status == XCY_OK ? &later : manifest;
    }
    *planned = xcy_manifest_knows_planned(known) ? known->planned : XCY_SLOTS_NOT_KNOWN;
    *warmup_slots = known->warmup_slots;
    *retries_open = known->state == XCY_RUN_RUNNING ? known->retries_allowed : 0;
    xcy_manifest_clear(&later);
    return XCY_OK;
}

enum xcy_status xcy_slots_read(const char *run_path, const struct xcy_manifest *manifest,
                               struct xcy_slots **slots, struct xcy_error *err)
{
    struct xcy_sent *sent = NULL;
    struct xcy_requests *rows = NULL;
    bool was_torn = false;
    int64_t planned = 0;
    int64_t warmup_slots = 0;
    int64_t retries_open = 0;
    enum xcy_status status = xcy_sent_open(run_path, &sent, err);
    if (status == XCY_ENOTFOUND) {
        status = XCY_OK; /* an imported run: requests.csv alone says what was sent */
    }
    if (status == XCY_OK) {
        status = read_planned(run_path, manifest, &planned, &warmup_slots, &retries_open, err);
    }
    if (status == XCY_OK) {
        status = xcy_requests_read(run_path, &rows, &was_torn, err);
    }
    if (status == XCY_OK) {
        status = xcy_slots_new(planned, warmup_slots, rows, sent, slots, err);
    }
    if (status == XCY_OK) {
        (*slots)->was_torn = was_torn;
        xcy_slots_reopen(*slots, retries_open);
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
