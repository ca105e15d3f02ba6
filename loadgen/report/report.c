#include "loadgen/report/report.h"

#include "common/cli/table.h"
#include "common/data/json.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

/* The durations, in the order of a request's life. */
static const struct {
    const char *name;
    const char *key;
    size_t offset; /* of the histogram in struct xcy_recorder */
    const char *meaning;
} durations[] = {
    {"start lag", "start_lag_us", offsetof(struct xcy_recorder, start_lag),
     "started - due: the generator's own"},
    {"send lag", "send_lag_us", offsetof(struct xcy_recorder, send_lag),
     "sent - due: with connecting"},
    {"service", "service_us", offsetof(struct xcy_recorder, service), "acked - sent, of ok"},
    {"response", "response_us", offsetof(struct xcy_recorder, response), "acked - due, of ok"},
};

enum { N_DURATIONS = sizeof durations / sizeof durations[0] };

static const struct xcy_hist *hist_at(const struct xcy_recorder *total, size_t index)
{
    struct xcy_hist *hist = NULL;
    memcpy(&hist, (const char *)total + durations[index].offset, sizeof(struct xcy_hist *));
    return hist;
}

/* 0 when it cannot be told: fewer than two were sent. */
static double achieved_rate_per_s(const struct xcy_counts *counts)
{
    int64_t between_ns = xcy_mono_diff_ns(counts->last_sent, counts->first_sent);
    return counts->sent < 2 || between_ns <= 0
               ? 0
               : (double)(counts->sent - 1) * 1e9 / (double)between_ns;
}

static void add_sums(const struct xcy_report *r, struct xcy_buf *out)
{
    const struct xcy_counts *counts = &r->total->counts;
    xcy_buf_addf(
        out, "planned   %" PRId64 " = %" PRId64 " ok + %" PRId64 " failed + %" PRId64 " skipped\n",
        r->manifest->planned, counts->outcomes[XCY_OUTCOME_OK], xcy_counts_failed(counts),
        counts->outcomes[XCY_OUTCOME_SKIPPED]);
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        if (i == XCY_OUTCOME_OK || i == XCY_OUTCOME_SKIPPED || counts->outcomes[i] == 0) {
            continue;
        }
        const char *reason = counts->reasons[i];
        xcy_buf_addf(out, "failed    %" PRId64 " %s%s%s\n", counts->outcomes[i],
                     xcy_outcome_names[i], reason[0] ? ", first: " : "", reason);
    }
    if (counts->skipped_in_flight > 0) {
        xcy_buf_addf(out, "skipped   %" PRId64 " because too many were in flight\n",
                     counts->skipped_in_flight);
    }
    if (counts->skipped_stopped > 0) {
        xcy_buf_addf(out, "skipped   %" PRId64 " because the run was stopped\n",
                     counts->skipped_stopped);
    }
    if (r->rows_missing > 0) {
        xcy_buf_addf(out, "missing   %" PRId64 " rows of requests.csv\n", r->rows_missing);
    }
}

static void add_rate(const struct xcy_report *r, struct xcy_buf *out)
{
    const struct xcy_counts *counts = &r->total->counts;
    xcy_buf_addf(out, "rate      %g/s asked, ", r->manifest->rate_per_s);
    double achieved = achieved_rate_per_s(counts);
    if (achieved > 0) {
        xcy_buf_addf(out, "%.2f/s achieved; ", achieved);
    }
    xcy_buf_addf(out, "%" PRId64 " sent, %" PRId64 " of them late (more than 1 ms after due)\n",
                 counts->sent, counts->late);
    xcy_buf_addf(out, "threads   %" PRId64 ", %" PRId64 " of them with real-time priority\n",
                 r->manifest->threads, counts->realtime_threads);
}

static void add_durations(const struct xcy_recorder *total, struct xcy_buf *out)
{
    struct xcy_table *table = xcy_table_new("lrrrrrl");
    static const char *const heads[] = {"ms", "count", "p50", "p90", "p99", "max", ""};
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        xcy_table_add_cell(table, "%s", heads[i]);
    }
    for (size_t i = 0; i < N_DURATIONS; i++) {
        const struct xcy_hist *hist = hist_at(total, i);
        xcy_table_add_cell(table, "%s", durations[i].name);
        xcy_table_add_cell(table, "%" PRId64, xcy_hist_count(hist));
        xcy_table_add_cell(table, "%.2f", (double)xcy_hist_percentile(hist, 50) / 1e6);
        xcy_table_add_cell(table, "%.2f", (double)xcy_hist_percentile(hist, 90) / 1e6);
        xcy_table_add_cell(table, "%.2f", (double)xcy_hist_percentile(hist, 99) / 1e6);
        xcy_table_add_cell(table, "%.2f", (double)xcy_hist_max(hist) / 1e6);
        xcy_table_add_cell(table, "%s", durations[i].meaning);
    }
    xcy_table_format(table, out);
    xcy_table_free(table);
}

void xcy_report_text(const struct xcy_report *report, struct xcy_buf *out)
{
    const struct xcy_manifest *m = report->manifest;
    char what[160];
    xcy_combination_describe(&m->combination, what);
    xcy_buf_addf(out, "run       %s\n", report->path);
    xcy_buf_addf(out, "what      %s; %s, at %s\n", what, m->is_async ? "async" : "sync",
                 m->endpoint);
    add_sums(report, out);
    add_rate(report, out);
    xcy_buf_add_char(out, '\n');
    add_durations(report->total, out);
    xcy_buf_addf(out, "\nverdict   %s%s%s\n",
                 m->verdict == XCY_VERDICT_NONE ? "none" : xcy_verdict_names[m->verdict],
                 m->verdict_reason[0] ? ": " : "", m->verdict_reason);
    if (report->next) {
        xcy_buf_addf(out, "next      %s\n", report->next);
    }
}

static void put_identity(struct xcy_json *o, const struct xcy_report *r)
{
    const struct xcy_manifest *m = r->manifest;
    xcy_json_put_string(o, "run", m->run);
    xcy_json_put_string(o, "path", r->path);
    xcy_json_put_string(o, "tag", m->tag);
    xcy_json_put_string(o, "state", xcy_run_state_names[m->state]);
    xcy_json_put_string(o, "verdict", xcy_verdict_names[m->verdict]);
    xcy_json_put_string(o, "verdict_reason", m->verdict_reason);
    xcy_json_put(o, "combination", xcy_combination_to_json(&m->combination));
    xcy_json_put_string(o, "endpoint", m->endpoint);
    xcy_json_put_int64(o, "seed", m->seed);
    xcy_json_put_bool(o, "is_async", m->is_async);
    xcy_json_put_int64(o, "threads", m->threads);
    xcy_json_put_int64(o, "started_us", m->started_us);
    xcy_json_put_int64(o, "ended_us", m->ended_us);
}

static void put_sums(struct xcy_json *o, const struct xcy_report *r)
{
    const struct xcy_counts *counts = &r->total->counts;
    xcy_json_put_int64(o, "planned", r->manifest->planned);
    xcy_json_put_int64(o, "sent", counts->sent);
    xcy_json_put_int64(o, "ok", counts->outcomes[XCY_OUTCOME_OK]);
    xcy_json_put_int64(o, "failed", xcy_counts_failed(counts));
    xcy_json_put_int64(o, "skipped", counts->outcomes[XCY_OUTCOME_SKIPPED]);
    xcy_json_put_int64(o, "skipped_in_flight", counts->skipped_in_flight);
    xcy_json_put_int64(o, "skipped_stopped", counts->skipped_stopped);
    struct xcy_json *outcomes = xcy_json_put_object(o, "outcomes");
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        xcy_json_put_int64(outcomes, xcy_outcome_names[i], counts->outcomes[i]);
    }
    xcy_json_put_int64(o, "late", counts->late);
    xcy_json_put_int64(o, "realtime_threads", counts->realtime_threads);
    xcy_json_put_int64(o, "rows_missing", r->rows_missing);
    xcy_json_put_number(o, "rate_per_s", r->manifest->rate_per_s);
    double achieved = achieved_rate_per_s(counts);
    if (achieved > 0) {
        xcy_json_put_number(o, "achieved_rate_per_s", achieved);
    } else {
        xcy_json_put_null(o, "achieved_rate_per_s");
    }
}

static void put_durations(struct xcy_json *o, const struct xcy_recorder *total)
{
    for (size_t i = 0; i < N_DURATIONS; i++) {
        const struct xcy_hist *hist = hist_at(total, i);
        struct xcy_json *d = xcy_json_put_object(o, durations[i].key);
        xcy_json_put_int64(d, "count", xcy_hist_count(hist));
        xcy_json_put_number(d, "p50", (double)xcy_hist_percentile(hist, 50) / 1e3);
        xcy_json_put_number(d, "p90", (double)xcy_hist_percentile(hist, 90) / 1e3);
        xcy_json_put_number(d, "p99", (double)xcy_hist_percentile(hist, 99) / 1e3);
        xcy_json_put_number(d, "max", (double)xcy_hist_max(hist) / 1e3);
    }
}

void xcy_report_json(const struct xcy_report *report, struct xcy_buf *out)
{
    struct xcy_json *o = xcy_json_new_object();
    put_identity(o, report);
    put_sums(o, report);
    put_durations(o, report->total);
    xcy_json_put_string(o, "next", report->next);
    xcy_json_format(o, false, out);
    xcy_buf_add_char(out, '\n');
    xcy_json_free(o);
}
