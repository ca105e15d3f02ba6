#include "loadgen/report/report.h"

#include "common/cli/table.h"
#include "loadgen/engines/engine.h"
#include "loadgen/report/figures.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Why slots were skipped, in the order of enum xcy_skip. */
static const char *const skip_causes[XCY_N_SKIPS] = {
    "because their turn came too late",
    "because too many were in flight",
    "because the run was stopped",
};

static int64_t warmup_slots(const struct xcy_report *r)
{
    return xcy_counts_slots(&r->total->warmup);
}

static void add_sums(const struct xcy_report *r, struct xcy_buf *out)
{
    const struct xcy_counts *counts = &r->total->measured;
    int64_t missing = r->manifest->planned - warmup_slots(r) - xcy_counts_slots(counts);
    xcy_buf_addf(out, "planned   %" PRId64 " = ", r->manifest->planned);
    if (warmup_slots(r) > 0) {
        xcy_buf_addf(out, "%" PRId64 " warm-up + ", warmup_slots(r));
    }
    xcy_buf_addf(out, "%" PRId64 " ok + %" PRId64 " failed + %" PRId64 " skipped",
                 counts->outcomes[XCY_OUTCOME_OK], xcy_counts_failed(counts),
                 counts->outcomes[XCY_OUTCOME_SKIPPED]);
    if (missing != 0) {
        xcy_buf_addf(out, ", which is %" PRId64 " too %s: a defect of this program",
                     missing > 0 ? missing : -missing, missing > 0 ? "few" : "many");
    }
    xcy_buf_add_char(out, '\n');
}

/* What was left out of figures, where it did not all go well. */
static void add_warmup(const struct xcy_report *r, struct xcy_buf *out)
{
    const struct xcy_counts *counts = &r->total->warmup;
    int64_t ok = counts->outcomes[XCY_OUTCOME_OK];
    if (ok == xcy_counts_slots(counts)) {
        return;
    }
    xcy_buf_addf(out, "warm-up   %" PRId64 " ok + %" PRId64 " failed + %" PRId64 " skipped\n", ok,
                 xcy_counts_failed(counts), counts->outcomes[XCY_OUTCOME_SKIPPED]);
}

static void add_causes(const struct xcy_report *r, struct xcy_buf *out)
{
    const struct xcy_counts *counts = &r->total->measured;
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        if (i == XCY_OUTCOME_OK || i == XCY_OUTCOME_SKIPPED || counts->outcomes[i] == 0) {
            continue;
        }
        const char *reason = r->total->reasons[i];
        xcy_buf_addf(out, "failed    %" PRId64 " %s%s%s\n", counts->outcomes[i],
                     xcy_outcome_names[i], reason[0] ? ", first: " : "", reason);
    }
    for (size_t i = 0; i < XCY_N_SKIPS; i++) {
        if (counts->skipped[i] > 0) {
            xcy_buf_addf(out, "skipped   %" PRId64 " %s\n", counts->skipped[i], skip_causes[i]);
        }
    }
    if (r->rows_missing > 0) {
        xcy_buf_addf(out, "missing   %" PRId64 " rows of requests.csv\n", r->rows_missing);
    }
}

/* What was asked, in a few words: "poisson, shard 2 of 3". */
static void add_arrivals(const struct xcy_report *r, struct xcy_buf *out)
{
    const struct xcy_manifest *m = r->manifest;
    xcy_buf_addf(out, "arrivals  %s", m->arrivals ? m->arrivals : "constant");
    if (m->shard_count > 1) {
        xcy_buf_addf(out, ", shard %" PRId64 " of %" PRId64, m->shard_index + 1, m->shard_count);
    }
    xcy_buf_add_char(out, '\n');
}

/* "1000", "282.7", "0.0125": hundredths, without zeros that say nothing. */
static void add_asked(double rate_per_s, struct xcy_buf *out)
{
    if (rate_per_s < 1) {
        xcy_buf_addf(out, "%.4g/s", rate_per_s);
        return;
    }
    char text[64];
    int n = snprintf(text, sizeof text, "%.2f", rate_per_s);
    while (text[n - 1] == '0') {
        n--;
    }
    xcy_buf_addf(out, "%.*s/s", text[n - 1] == '.' ? n - 1 : n, text);
}

/* Response is service then, and it is said so. */
static bool is_closed(const struct xcy_report *r)
{
    return r->manifest->rate_per_s == 0;
}

static void add_rate(const struct xcy_report *r, struct xcy_buf *out)
{
    const struct xcy_manifest *m = r->manifest;
    double achieved = xcy_tally_achieved_rate(r->total);
    double throughput = xcy_tally_throughput(r->total);
    const char *separator = "";
    xcy_buf_add_text(out, "rate      ");
    if (!is_closed(r)) {
        add_asked(m->rate_per_s, out);
        xcy_buf_add_text(out, " asked");
        separator = ", ";
    }
    if (!is_closed(r) && m->peak_rate_per_s > m->rate_per_s * 1.001) {
        xcy_buf_add_text(out, " (peak ");
        add_asked(m->peak_rate_per_s, out);
        xcy_buf_add_char(out, ')');
    }
    if (achieved > 0) {
        xcy_buf_addf(out, "%s%.*f/s achieved", separator, achieved < 1 ? 4 : 2, achieved);
        separator = ", ";
    }
    if (throughput > 0) {
        xcy_buf_addf(out, "%s%.*f/s ok", separator, throughput < 1 ? 4 : 2, throughput);
        separator = ", ";
    }
    xcy_buf_addf(out, "%s\n", separator[0] ? "" : "nothing was sent");
}

static void add_sent(const struct xcy_report *r, struct xcy_buf *out)
{
    const struct xcy_counts *counts = &r->total->measured;
    xcy_buf_addf(out,
                 "sent      %" PRId64 ", %" PRId64 " of them late (more than 1 ms after due)\n",
                 counts->sent, counts->late);
    if (r->manifest->retries_allowed > 0 || counts->retries > 0) {
        xcy_buf_addf(out, "retries   %" PRId64 " attempts (at most %" PRId64 " a request)\n",
                     counts->retries, r->manifest->retries_allowed);
    }
    if (r->is_merged) {
        return;
    }
    xcy_buf_addf(out,
                 "threads   %" PRId64 ", %" PRId64
                 " of them with real-time priority; the busiest used %.0f%% of a cpu\n",
                 r->manifest->threads, r->total->realtime_threads,
                 100 * r->total->busiest_cpu_share);
}

/* Nothing, and 0, of a histogram without values; else 1. */
static int add_row(struct xcy_table *table, const char *name, const struct xcy_hist *hist,
                   const char *meaning)
{
    if (!hist || xcy_hist_count(hist) == 0) {
        return 0;
    }
    xcy_table_add_cell(table, "%s", name);
    xcy_table_add_cell(table, "%" PRId64, xcy_hist_count(hist));
    for (size_t i = 0; i < XCY_N_FIGURES; i++) {
        double value_ns = 0;
        char text[XCY_DURATION_BYTES] = "-";
        if (xcy_figure_get(hist, i, &value_ns)) {
            xcy_duration_format_ms(value_ns, text);
        }
        xcy_table_add_cell(table, "%s", text);
    }
    xcy_table_add_cell(table, "%s", meaning);
    return 1;
}

static void add_head(struct xcy_table *table)
{
    xcy_table_add_cell(table, "ms");
    xcy_table_add_cell(table, "count");
    for (size_t i = 0; i < XCY_N_FIGURES; i++) {
        xcy_table_add_cell(table, "%s", xcy_figure_names[i]);
    }
    xcy_table_add_cell(table, "%s", "");
}

static int add_rows(const struct xcy_tally *total, struct xcy_table *table)
{
    int n = 0;
    for (size_t kind = 0; kind < XCY_N_LATENCIES; kind++) {
        char meaning[64];
        snprintf(meaning, sizeof meaning, "%s, of ok", xcy_latency_meanings[kind]);
        n += add_row(table, xcy_latency_names[kind], total->latency[XCY_OUTCOME_OK].of[kind],
                     meaning);
    }
    n += add_row(table, "start lag", total->start_lag, "started - due, of all");
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        if (i != XCY_OUTCOME_OK) {
            n += add_row(table, xcy_outcome_names[i], total->latency[i].of[XCY_RESPONSE],
                         xcy_latency_meanings[XCY_RESPONSE]);
        }
    }
    return n;
}

/* Durations that no bucket holds are not in the table. */
static int64_t count_outside(const struct xcy_tally *total)
{
    int64_t n = total->start_lag ? xcy_hist_outside(total->start_lag) : 0;
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        for (size_t kind = 0; kind < XCY_N_LATENCIES; kind++) {
            const struct xcy_hist *hist = total->latency[i].of[kind];
            n += hist ? xcy_hist_outside(hist) : 0;
        }
    }
    return n;
}

static void add_latencies(const struct xcy_report *r, struct xcy_buf *out)
{
    struct xcy_table *table = xcy_table_new("lrrrrrrrrl");
    add_head(table);
    if (add_rows(r->total, table) > 0) {
        xcy_buf_add_char(out, '\n');
        xcy_table_format(table, out);
    }
    xcy_table_free(table);
    if (is_closed(r)) {
        xcy_buf_add_text(
            out,
            "A closed loop: a request waits for the one before, so that response is service\n"
            "and a stall of the target hides the requests it kept back (coordinated omission).\n");
    }
    int64_t outside = count_outside(r->total);
    if (outside > 0) {
        xcy_buf_addf(out, "%" PRId64 " durations were too long for this table.\n", outside);
    }
    xcy_buf_add_char(out, '\n');
}

static void add_expectations(const struct xcy_report *r, struct xcy_buf *out)
{
    size_t n = r->expectations ? r->expectations->n : 0;
    for (size_t i = 0; i < n; i++) {
        struct xcy_buf words;
        xcy_buf_init(&words, XCY_REPORT_WORDS_BYTES);
        enum xcy_objective_state state =
            xcy_objective_judge(&r->expectations->items[i], r->total, &words);
        xcy_buf_addf(out, "%-9s %s\n", xcy_objective_state_names[state], words.ptr);
        xcy_buf_clear(&words);
    }
}

static void add_verdict(const struct xcy_report *r, struct xcy_buf *out)
{
    const struct xcy_manifest *m = r->manifest;
    if (r->aborted_by) {
        xcy_buf_addf(out, "stopped   early by --abort-on %s\n", r->aborted_by->text);
    }
    bool has_reason = m->verdict_reason && m->verdict_reason[0];
    xcy_buf_addf(out, "verdict   %s%s%s\n",
                 m->verdict == XCY_VERDICT_NONE ? "none" : xcy_verdict_names[m->verdict],
                 has_reason ? ": " : "", has_reason ? m->verdict_reason : "");
    if (r->next) {
        xcy_buf_addf(out, "next      %s\n", r->next);
    }
}

bool xcy_report_is_of_functions(const struct xcy_report *report)
{
    return strcmp(report->manifest->engine, xcy_engine_lambda.name) == 0;
}

static void add_what(const struct xcy_report *r, struct xcy_buf *out)
{
    const struct xcy_manifest *m = r->manifest;
    char what[160];
    xcy_buf_addf(out, "run       %s\n", r->path);
    if (!xcy_report_is_of_functions(r)) {
        xcy_buf_addf(out, "what      %s\n", m->endpoint);
        return;
    }
    xcy_combination_describe(&m->combination, what);
    xcy_buf_addf(out, "what      %s; %s, at %s\n", what, m->is_async ? "async" : "sync",
                 m->endpoint);
}

void xcy_report_text(const struct xcy_report *report, struct xcy_buf *out)
{
    add_what(report, out);
    add_arrivals(report, out);
    add_sums(report, out);
    add_warmup(report, out);
    add_causes(report, out);
    add_rate(report, out);
    add_sent(report, out);
    add_latencies(report, out);
    add_expectations(report, out);
    add_verdict(report, out);
}
