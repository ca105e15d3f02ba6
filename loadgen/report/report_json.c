#include "loadgen/report/report.h"

#include "common/data/json.h"
#include "loadgen/report/figures.h"

#include <stdio.h>
#include <string.h>

/* The report for machines; its keys are described in report.h. */

static void put_identity(struct xcy_json *o, const struct xcy_report *r)
{
    const struct xcy_manifest *m = r->manifest;
    xcy_json_put_string(o, "run", m->run);
    xcy_json_put_string(o, "path", r->path);
    xcy_json_put_string(o, "tag", m->tag);
    xcy_json_put_string(o, "state", xcy_run_state_names[m->state]);
    xcy_json_put_string(o, "verdict", xcy_verdict_names[m->verdict]);
    xcy_json_put_string(o, "verdict_reason", m->verdict_reason);
    xcy_json_put_string(o, "engine", m->engine);
    if (!xcy_report_is_of_functions(r)) {
        xcy_json_put_null(o, "combination");
    } else {
        xcy_json_put(o, "combination", xcy_combination_to_json(&m->combination));
    }
    xcy_json_put_string(o, "endpoint", m->endpoint);
    xcy_json_put_string(o, "version", m->version);
    xcy_json_put_string(o, "host", m->host);
    xcy_json_put_int64(o, "started_us", m->started_us);
    xcy_json_put_int64(o, "ended_us", m->ended_us);
}

static void put_plan(struct xcy_json *o, const struct xcy_manifest *m)
{
    xcy_json_put_int64(o, "seed", m->seed);
    xcy_json_put_bool(o, "is_async", m->is_async);
    xcy_json_put_string(o, "arrivals", m->arrivals);
    xcy_json_put_number(o, "rate_per_s", m->rate_per_s);
    xcy_json_put_number(o, "peak_rate_per_s", m->peak_rate_per_s);
    xcy_json_put_int64(o, "shard_index", m->shard_index);
    xcy_json_put_int64(o, "shard_count", m->shard_count);
    xcy_json_put_int64(o, "retries_allowed", m->retries_allowed);
    xcy_json_put_int64(o, "threads", m->threads);
    xcy_json_put_int64(o, "planned", m->planned);
    xcy_json_put_int64(o, "warmup_slots", m->warmup_slots);
}

static void put_outcomes(struct xcy_json *o, const char *key, const struct xcy_counts *counts)
{
    struct xcy_json *outcomes = xcy_json_put_object(o, key);
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        xcy_json_put_int64(outcomes, xcy_outcome_names[i], counts->outcomes[i]);
    }
}

static void put_sums(struct xcy_json *o, const struct xcy_report *r)
{
    const struct xcy_counts *counts = &r->total->measured;
    xcy_json_put_int64(o, "sent", counts->sent);
    xcy_json_put_int64(o, "ok", counts->outcomes[XCY_OUTCOME_OK]);
    xcy_json_put_int64(o, "failed", xcy_counts_failed(counts));
    xcy_json_put_int64(o, "skipped", counts->outcomes[XCY_OUTCOME_SKIPPED]);
    for (size_t i = 0; i < XCY_N_SKIPS; i++) {
        char key[32];
        snprintf(key, sizeof key, "skipped_%s", xcy_skip_names[i]);
        xcy_json_put_int64(o, key, counts->skipped[i]);
    }
    put_outcomes(o, "outcomes", counts);
    put_outcomes(o, "warmup_outcomes", &r->total->warmup);
    xcy_json_put_int64(o, "late", counts->late);
    xcy_json_put_int64(o, "retries", counts->retries);
    xcy_json_put_int64(o, "rows_missing", r->rows_missing);
}

/* Rates are above 0, or there is none. */
static void put_rate(struct xcy_json *o, const char *key, double rate_per_s)
{
    if (rate_per_s > 0) {
        xcy_json_put_number(o, key, rate_per_s);
    } else {
        xcy_json_put_null(o, key);
    }
}

static void put_generator(struct xcy_json *o, const struct xcy_report *r)
{
    const struct xcy_tally *total = r->total;
    put_rate(o, "achieved_rate_per_s", xcy_tally_achieved_rate(total));
    put_rate(o, "throughput_per_s", xcy_tally_throughput(total));
    if (r->is_merged) {
        xcy_json_put_null(o, "realtime_threads");
        xcy_json_put_null(o, "busiest_cpu_share");
        return;
    }
    xcy_json_put_int64(o, "realtime_threads", total->realtime_threads);
    xcy_json_put_number(o, "busiest_cpu_share", total->busiest_cpu_share);
}

static void put_figures(struct xcy_json *o, const char *key, const struct xcy_hist *hist)
{
    struct xcy_json *figures = xcy_json_put_object(o, key);
    xcy_json_put_int64(figures, "count", hist ? xcy_hist_count(hist) : 0);
    for (size_t i = 0; i < XCY_N_FIGURES; i++) {
        double value_ns = 0;
        if (xcy_figure_get(hist, i, &value_ns)) {
            xcy_json_put_number(figures, xcy_figure_names[i], value_ns / 1e3);
        } else {
            xcy_json_put_null(figures, xcy_figure_names[i]);
        }
    }
}

static void put_latencies(struct xcy_json *o, const struct xcy_tally *total)
{
    put_figures(o, "start_lag_us", total->start_lag);
    struct xcy_json *latency = xcy_json_put_object(o, "latency");
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        if (total->measured.outcomes[i] == 0 || i == XCY_OUTCOME_SKIPPED) {
            continue;
        }
        struct xcy_json *of = xcy_json_put_object(latency, xcy_outcome_names[i]);
        for (size_t kind = 0; kind < XCY_N_LATENCIES; kind++) {
            char key[32];
            snprintf(key, sizeof key, "%s_us", xcy_latency_names[kind]);
            put_figures(of, key, total->latency[i].of[kind]);
        }
    }
}

/* What was found, without the objective's own text before it. */
static const char *found_in(const char *words, const char *text)
{
    size_t n = strlen(text);
    bool is_repeated = strncmp(words, text, n) == 0 && strncmp(words + n, ": ", 2) == 0;
    return is_repeated ? words + n + 2 : words;
}

static void put_expectations(struct xcy_json *o, const struct xcy_report *r)
{
    struct xcy_json *list = xcy_json_put_array(o, "expectations");
    size_t n = r->expectations ? r->expectations->n : 0;
    for (size_t i = 0; i < n; i++) {
        const struct xcy_objective *objective = &r->expectations->items[i];
        struct xcy_buf words;
        xcy_buf_init(&words, XCY_REPORT_WORDS_BYTES);
        enum xcy_objective_state state = xcy_objective_judge(objective, r->total, &words);
        struct xcy_json *item = xcy_json_append_object(list);
        xcy_json_put_string(item, "text", objective->text);
        xcy_json_put_string(item, "state", xcy_objective_state_names[state]);
        xcy_json_put_string(item, "found", found_in(words.ptr, objective->text));
        xcy_buf_clear(&words);
    }
    xcy_json_put_string(o, "aborted_by", r->aborted_by ? r->aborted_by->text : NULL);
}

void xcy_report_json(const struct xcy_report *report, struct xcy_buf *out)
{
    struct xcy_json *o = xcy_json_new_object();
    put_identity(o, report);
    put_plan(o, report->manifest);
    put_sums(o, report);
    put_generator(o, report);
    put_latencies(o, report->total);
    put_expectations(o, report);
    xcy_json_put_string(o, "next", report->next);
    xcy_json_print(o, false, out);
}
