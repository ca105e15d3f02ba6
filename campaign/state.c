#include "campaign/journal.h"

#include "campaign/journal_parts.h"
#include "common/base/file.h"
#include "common/base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_JOURNAL_BYTES = 1 << 30 };

const char *const xcy_run_progress_names[] = {"to do", "begun", "failed", "done", NULL};

static void clear_record(struct xcy_run_record *r)
{
    free(r->reason);
    free(r->folder);
    free(r->log);
    xcy_json_free(r->summary);
}

void xcy_campaign_state_clear(struct xcy_campaign_state *state)
{
    for (size_t i = 0; state->runs && i < state->plan.n_runs; i++) {
        clear_record(&state->runs[i]);
    }
    free(state->runs);
    free(state->name);
    xcy_campaign_plan_clear(&state->plan);
    *state = (struct xcy_campaign_state){0};
}

size_t xcy_campaign_count(const struct xcy_campaign_state *state, enum xcy_run_progress progress)
{
    size_t n = 0;
    for (size_t i = 0; i < state->plan.n_runs; i++) {
        n += state->runs[i].progress == progress ? 1 : 0;
    }
    return n;
}

static enum xcy_status read_cells(const struct xcy_json *list, struct xcy_campaign_plan *plan,
                                  struct xcy_error *err)
{
    size_t n = xcy_json_size(list);
    if (xcy_json_kind(list) != XCY_JSON_ARRAY || n == 0 || n > XCY_CAMPAIGN_MAX_CELLS) {
        return xcy_fail(err, XCY_EPARSE, "no list of cells");
    }
    plan->cells = xcy_alloc_array(n, sizeof *plan->cells);
    for (const struct xcy_json *cell = xcy_json_first(list); cell; cell = xcy_json_next(cell)) {
        enum xcy_status status = xcy_cell_from_json(cell, &plan->cells[plan->n_cells], err);
        if (status != XCY_OK) {
            return status;
        }
        plan->n_cells++;
    }
    return XCY_OK;
}

static enum xcy_status read_runs(const struct xcy_json *list, struct xcy_campaign_plan *plan,
                                 struct xcy_error *err)
{
    size_t n = xcy_json_size(list);
    if (xcy_json_kind(list) != XCY_JSON_ARRAY || n == 0 || n > XCY_CAMPAIGN_MAX_RUNS) {
        return xcy_fail(err, XCY_EPARSE, "no list of runs");
    }
    plan->runs = xcy_alloc_array(n, sizeof *plan->runs);
    for (const struct xcy_json *run = xcy_json_first(list); run; run = xcy_json_next(run)) {
        int64_t round = 0;
        int64_t cell = 0;
        if (!xcy_json_int64(xcy_json_at(run, 0), &round) ||
            !xcy_json_int64(xcy_json_at(run, 1), &cell) || round < 1 || cell < 0 ||
            cell >= (int64_t)plan->n_cells) {
            return xcy_fail(err, XCY_EPARSE, "run %zu is not a round and a cell", plan->n_runs + 1);
        }
        plan->runs[plan->n_runs++] =
            (struct xcy_campaign_run){.round = round, .cell = (size_t)cell};
    }
    return XCY_OK;
}

static enum xcy_status take_began(struct xcy_campaign_state *state, const struct xcy_json *event,
                                  struct xcy_error *err)
{
    int64_t version = xcy_json_get_int64(event, "v", 0);
    if (version != XCY_CAMPAIGN_JOURNAL_VERSION) {
        return xcy_fail(err, XCY_EPARSE, "version %lld of the journal is not known",
                        (long long)version);
    }
    enum xcy_status status = read_cells(xcy_json_get(event, "cells"), &state->plan, err);
    if (status == XCY_OK) {
        status = read_runs(xcy_json_get(event, "runs"), &state->plan, err);
    }
    if (status != XCY_OK) {
        return status;
    }
    state->plan.seed = xcy_json_get_int64(event, "seed", 0);
    state->name = xcy_strdup(xcy_json_get_string(event, "name", ""));
    xcy_campaign_digest(state->plan.cells, state->plan.n_cells, state->digest);
    state->runs = xcy_alloc_array(state->plan.n_runs, sizeof *state->runs);
    return XCY_OK;
}

static void set_text(char **to, const struct xcy_json *event, const char *key)
{
    const char *text = xcy_json_get_string(event, key, NULL);
    free(*to);
    *to = xcy_strdup(text);
}

static void take_started(struct xcy_run_record *r, const struct xcy_json *event)
{
    int64_t attempts = r->attempts + 1;
    clear_record(r);
    *r = (struct xcy_run_record){.progress = XCY_RUN_BEGUN, .attempts = attempts};
    set_text(&r->log, event, "log");
}

static void take_loading(struct xcy_run_record *r, const struct xcy_json *event)
{
    set_text(&r->folder, event, "folder");
}

static void take_ended(struct xcy_run_record *r, const struct xcy_json *event)
{
    const struct xcy_json *summary = xcy_json_get(event, "summary");
    bool ok = xcy_json_get_bool(event, "ok", false) && xcy_json_kind(summary) == XCY_JSON_OBJECT;
    r->progress = ok ? XCY_RUN_DONE : XCY_RUN_FAILED;
    r->is_valid = ok && xcy_json_get_bool(event, "valid", false);
    set_text(&r->reason, event, "reason");
    set_text(&r->folder, event, "folder");
    r->took_s = xcy_json_get_number(event, "took_s", NAN);
    r->throughput_per_s = xcy_json_get_number(event, "throughput_per_s", NAN);
    xcy_json_free(r->summary);
    r->summary = ok ? xcy_json_copy(summary) : NULL;
}

static void take_abandoned(struct xcy_run_record *r, const struct xcy_json *event)
{
    (void)event;
    r->progress = XCY_RUN_TO_DO;
}

static enum xcy_status take_run_event(struct xcy_campaign_state *state,
                                      const struct xcy_json *event, struct xcy_error *err)
{
    static const struct {
        const char *name;
        bool needs_begun;
        void (*take)(struct xcy_run_record *r, const struct xcy_json *event);
    } kinds[] = {{"started", false, take_started},
                 {"loading", true, take_loading},
                 {"ended", true, take_ended},
                 {"abandoned", true, take_abandoned}};
    const char *name = xcy_json_get_string(event, "event", "");
    int64_t n = xcy_json_get_int64(event, "n", 0);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if (strcmp(kinds[k].name, name) != 0) {
            continue;
        }
        if (n < 1 || n > (int64_t)state->plan.n_runs) {
            return xcy_fail(err, XCY_EPARSE, "there is no run %lld", (long long)n);
        }
        struct xcy_run_record *r = &state->runs[n - 1];
        if (kinds[k].needs_begun && r->progress != XCY_RUN_BEGUN) {
            return xcy_fail(err, XCY_EPARSE, "run %lld is %s without having started", (long long)n,
                            name);
        }
        kinds[k].take(r, event);
        return XCY_OK;
    }
    return xcy_fail(err, XCY_EPARSE, "event '%.40s' is not known", name);
}

enum xcy_status xcy_campaign_state_take(struct xcy_campaign_state *state,
                                        const struct xcy_json *event, struct xcy_error *err)
{
    bool is_begin = strcmp(xcy_json_get_string(event, "event", ""), "began") == 0;
    if (is_begin != !state->runs) {
        return xcy_fail(err, XCY_EPARSE,
                        is_begin ? "a second beginning" : "the journal does not begin with a plan");
    }
    return is_begin ? take_began(state, event, err) : take_run_event(state, event, err);
}

/* A line that is no JSON is torn if it is the last one. */
static enum xcy_status take_line(struct xcy_campaign_state *state, struct xcy_bytes line,
                                 bool is_last, bool *is_torn, struct xcy_error *err)
{
    struct xcy_json *event = NULL;
    enum xcy_status status = xcy_json_parse(line, &event, err);
    *is_torn = status != XCY_OK && is_last;
    if (status == XCY_OK) {
        status = xcy_campaign_state_take(state, event, err);
    }
    xcy_json_free(event);
    return *is_torn ? XCY_OK : status;
}

enum xcy_status xcy_campaign_journal_parse(const char *name, struct xcy_bytes text,
                                           struct xcy_campaign_state *state, size_t *whole_bytes,
                                           struct xcy_error *err)
{
    struct xcy_campaign_state made = {0};
    enum xcy_status status = XCY_OK;
    size_t at = 0;
    bool is_torn = false;
    for (size_t n = 1; status == XCY_OK && !is_torn && at < text.len; n++) {
        const char *end = memchr(text.ptr + at, '\n', text.len - at);
        if (!end) {
            break;
        }
        size_t len = (size_t)(end - text.ptr) - at;
        status = take_line(&made, xcy_bytes(text.ptr + at, len), at + len + 1 == text.len, &is_torn,
                           err);
        if (status != XCY_OK) {
            status = xcy_error_context(err, "%s:%zu", name, n);
        }
        at += is_torn ? 0 : len + 1;
    }
    if (status == XCY_OK && !made.runs) {
        status = xcy_fail(err, XCY_ENOTFOUND, "%s: there is no plan in it", name);
    }
    if (status != XCY_OK) {
        xcy_campaign_state_clear(&made);
        return status;
    }
    *state = made;
    *whole_bytes = at;
    return XCY_OK;
}

enum xcy_status xcy_campaign_journal_read(const char *path, struct xcy_campaign_state *state,
                                          size_t *whole_bytes, struct xcy_error *err)
{
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_JOURNAL_BYTES);
    enum xcy_status status = xcy_file_read(path, &text, err);
    if (status == XCY_OK) {
        status = xcy_campaign_journal_parse(path, xcy_buf_bytes(&text), state, whole_bytes, err);
    }
    xcy_buf_clear(&text);
    return status;
}
