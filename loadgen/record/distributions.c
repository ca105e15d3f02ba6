#include "loadgen/record/distributions.h"

#include "common/base/mem.h"
#include "common/run/folder.h"
#include "common/stats/hgrm.h"

#include <inttypes.h>
#include <stdlib.h>

/* More than what every bucket of every histogram would take. */
enum { MAX_FILE_BYTES = 32 << 20 };

static bool has_values(const struct xcy_hist *hist)
{
    return hist && (xcy_hist_count(hist) > 0 || xcy_hist_outside(hist) > 0);
}

static void add_hist(struct xcy_buf *out, const struct xcy_hist *hist)
{
    struct xcy_hist_facts facts;
    struct xcy_hist_bucket bucket;
    const char *separator = "";
    xcy_hist_get_facts(hist, &facts);
    xcy_buf_addf(out,
                 "{\"count\": %" PRId64 ", \"outside\": %" PRId64 ", \"min\": %" PRId64
                 ", \"max\": %" PRId64 ", \"sum\": \"%s\", \"buckets\": [",
                 xcy_hist_count(hist), facts.outside, facts.min, facts.max, facts.sum);
    for (size_t at = 0; xcy_hist_next(hist, &at, &bucket);) {
        xcy_buf_addf(out, "%s[%" PRId64 ", %" PRId64 "]", separator, bucket.lowest, bucket.count);
        separator = ", ";
    }
    xcy_buf_add_text(out, "]}");
}

static void add_skipped(struct xcy_buf *out, const char *name, const struct xcy_counts *counts)
{
    xcy_buf_addf(out, "\"%s\": {", name);
    for (size_t i = 0; i < XCY_N_SKIPS; i++) {
        xcy_buf_addf(out, "%s\"%s\": %" PRId64, i > 0 ? ", " : "", xcy_skip_names[i],
                     counts->skipped[i]);
    }
    xcy_buf_add_char(out, '}');
}

static int64_t after_first(const struct xcy_tally *total, struct xcy_mono instant)
{
    return total->first_sent.ns == 0 || instant.ns == 0
               ? 0
               : xcy_mono_diff_ns(instant, total->first_sent);
}

/* The histograms of one outcome, if it has any; *between is what stands before it. */
static void add_outcome(struct xcy_buf *out, const struct xcy_latency *latency, const char *outcome,
                        const char **between)
{
    const char *open = "{";
    for (size_t kind = 0; kind < XCY_N_LATENCIES; kind++) {
        if (!has_values(latency->of[kind])) {
            continue;
        }
        if (*open == '{') {
            xcy_buf_addf(out, "%s\n  \"%s\": ", *between, outcome);
            *between = ",";
        }
        xcy_buf_addf(out, "%s\n   \"%s\": ", open, xcy_latency_names[kind]);
        add_hist(out, latency->of[kind]);
        open = ",";
    }
    if (*open != '{') {
        xcy_buf_add_char(out, '}');
    }
}

static void format_all(const struct xcy_tally *total, struct xcy_buf *out)
{
    const char *between = "";
    xcy_buf_addf(out,
                 "{\"format_version\": %d, \"unit\": \"ns\", \"bits\": %d, \"max\": %" PRId64
                 ",\n \"skipped\": {",
                 XCY_DISTRIBUTIONS_VERSION, xcy_hist_bits(total->start_lag),
                 xcy_hist_limit(total->start_lag));
    add_skipped(out, "measured", &total->measured);
    xcy_buf_add_text(out, ", ");
    add_skipped(out, "warmup", &total->warmup);
    xcy_buf_addf(out, "},\n \"last_sent\": %" PRId64 ", \"last_acked\": %" PRId64,
                 after_first(total, total->last_sent), after_first(total, total->last_acked));
    xcy_buf_add_text(out, ",\n \"start_lag\": ");
    add_hist(out, total->start_lag);
    xcy_buf_add_text(out, ",\n \"latency\": {");
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        add_outcome(out, &total->latency[i], xcy_outcome_names[i], &between);
    }
    xcy_buf_add_text(out, "}}\n");
}

static enum xcy_status write_hgrm(const char *run_path, const char *name,
                                  const struct xcy_hist *hist, struct xcy_error *err)
{
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_FILE_BYTES);
    xcy_hgrm_format(hist, XCY_NS_PER_MS, &text);
    enum xcy_status status = xcy_run_replace_file(run_path, name, &text, err);
    xcy_buf_clear(&text);
    return status;
}

/* Of outcome ok also an empty one: who draws it needs no question whether it is there. */
static enum xcy_status write_kind(const struct xcy_tally *total, const char *run_path,
                                  enum xcy_outcome outcome, enum xcy_latency_kind kind,
                                  struct xcy_error *err)
{
    const struct xcy_hist *hist = total->latency[outcome].of[kind];
    bool is_ok = outcome == XCY_OUTCOME_OK;
    if (!is_ok && !has_values(hist)) {
        return XCY_OK;
    }
    const char *kind_name = xcy_latency_names[kind];
    char *name = is_ok ? xcy_format("%s.hgrm", kind_name)
                       : xcy_format("%s-%s.hgrm", kind_name, xcy_outcome_names[outcome]);
    struct xcy_hist *empty = hist ? NULL : xcy_latency_hist_new();
    enum xcy_status status = write_hgrm(run_path, name, hist ? hist : empty, err);
    xcy_hist_free(empty);
    free(name);
    return status;
}

enum xcy_status xcy_distributions_write(const struct xcy_tally *total, const char *run_path,
                                        struct xcy_error *err)
{
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_FILE_BYTES);
    format_all(total, &text);
    enum xcy_status status = xcy_run_replace_file(run_path, "latency.json", &text, err);
    xcy_buf_clear(&text);
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        for (size_t kind = 0; status == XCY_OK && kind < XCY_N_LATENCIES; kind++) {
            status =
                write_kind(total, run_path, (enum xcy_outcome)i, (enum xcy_latency_kind)kind, err);
        }
    }
    return status;
}
