#include "analyzers/summary.h"

#include "analyzers/duration.h"
#include "common/cli/table.h"

#include <math.h>
#include <stdio.h>

enum { CELL_BYTES = 160 };

/* "1.55 s", "<= 80 ms" in left-censored mass, "> 4 s" in right-censored mass. */
static void format_value(const struct xcy_estimate *e, double floor_us, char to[CELL_BYTES])
{
    char text[XCY_DURATION_TEXT_BYTES];
    bool is_left = e->low_us <= floor_us && e->high_us > e->low_us;
    bool is_right = isinf(e->high_us);
    xcy_duration_format(is_right ? e->low_us : e->high_us, text);
    snprintf(to, CELL_BYTES, "%s%s", is_right ? "> " : is_left ? "<= " : "", text);
}

static void format_ci(const struct xcy_estimate *e, char to[CELL_BYTES])
{
    if (!e->has_interval) {
        snprintf(to, CELL_BYTES, "n too small");
        return;
    }
    char low[XCY_DURATION_TEXT_BYTES];
    char high[XCY_DURATION_TEXT_BYTES];
    xcy_duration_format(e->ci_low_us, low);
    xcy_duration_format(e->ci_high_us, high);
    snprintf(to, CELL_BYTES, "%s..%s", low, high);
}

/* What polling leaves open of the quantile: it may be this much smaller. */
static void format_poll(const struct xcy_estimate *e, char to[CELL_BYTES])
{
    char text[XCY_DURATION_TEXT_BYTES];
    if (isinf(e->low_us) || isinf(e->high_us)) {
        snprintf(to, CELL_BYTES, "censored");
        return;
    }
    xcy_duration_format(e->high_us - e->low_us, text);
    snprintf(to, CELL_BYTES, "+0/-%s", text);
}

static void format_clock(const struct xcy_metric_summary *m, const struct xcy_estimate *e,
                         char to[CELL_BYTES])
{
    char low[XCY_DURATION_TEXT_BYTES];
    char high[XCY_DURATION_TEXT_BYTES];
    if (!xcy_metric_crosses_clocks(m->metric)) {
        snprintf(to, CELL_BYTES, "one clock");
        return;
    }
    if (isinf(e->clock_low_us) || isinf(e->clock_high_us)) {
        snprintf(to, CELL_BYTES, "no bound");
        return;
    }
    xcy_duration_format(e->clock_high_us, high);
    xcy_duration_format(-e->clock_low_us, low);
    snprintf(to, CELL_BYTES, "+%s/-%s", high, low);
}

/* "31.2% (95% CI 28.4..34.1%)", or for none "0 of 1000, <= 0.30%". */
static void format_share(const struct xcy_summary *s, char to[CELL_BYTES])
{
    long long events = (long long)s->classes[XCY_CLASS_INCONSISTENT];
    long long n = (long long)s->decided;
    if (n == 0) {
        snprintf(to, CELL_BYTES, "no read was decided");
    } else if (events == 0) {
        snprintf(to, CELL_BYTES, "0 of %lld, <= %.2f%%", n, 100 * s->inconsistent_upper);
    } else {
        snprintf(to, CELL_BYTES, "%.1f%% (95%% CI %.1f..%.1f%%)", 100 * (double)events / (double)n,
                 100 * s->inconsistent_share.low, 100 * s->inconsistent_share.high);
    }
}

/* "planned 10 = warm-up 2 + consistent 8 + …"; without a warm-up there is no term for it. */
static void add_sum(const struct xcy_summary *s, struct xcy_buf *out)
{
    const char *join = "=";
    xcy_buf_addf(out, "  planned %zu", s->n_records);
    if (s->warmup > 0) {
        xcy_buf_addf(out, " = warm-up %lld (in no figure)", (long long)s->warmup);
        join = "+";
    }
    for (size_t c = 0; c < XCY_N_CLASSES; c++) {
        xcy_buf_addf(out, " %s %s %lld", join, xcy_class_names[c], (long long)s->classes[c]);
        join = "+";
    }
}

/* "5 requests/s asked"; of other than constant arrivals "5 requests/s asked (poisson)"; of a closed
 * loop, which asks for none, "closed:64". */
static void add_rate(const struct xcy_manifest *m, struct xcy_buf *out)
{
    if (m->rate_per_s > 0) {
        xcy_buf_addf(out, "%g requests/s asked", m->rate_per_s);
        if (strcmp(m->arrivals, "constant") != 0) {
            xcy_buf_addf(out, " (%s)", m->arrivals);
        }
    } else {
        xcy_buf_add_text(out, m->arrivals);
    }
}

/* What is left behind a barrier is named apart: it is what the consistency promised not to be. */
static void add_barrier(const struct xcy_summary *s, struct xcy_buf *out)
{
    if (s->manifest.combination.consistency == XCY_CONSISTENCY_NONE) {
        return;
    }
    xcy_buf_addf(
        out,
        "\n  barrier       residual inconsistencies %lld of %lld; %lld waited, %lld passed "
        "the deadline (failed)",
        (long long)s->classes[XCY_CLASS_INCONSISTENT], (long long)s->decided, (long long)s->waited,
        (long long)s->barriers_late);
}

/* "1054", or of several "1053.5 (1050..1057)". */
static void add_size(const struct xcy_size_summary *size, struct xcy_buf *out)
{
    if (size->min_bytes == size->max_bytes) {
        xcy_buf_addf(out, "%lld", (long long)size->min_bytes);
    } else {
        xcy_buf_addf(out, "%.1f (%lld..%lld)", size->mean_bytes, (long long)size->min_bytes,
                     (long long)size->max_bytes);
    }
}

static void add_sizes(const struct xcy_summary *s, struct xcy_buf *out)
{
    static const char *const words[XCY_N_SIZES] = {
        [XCY_SIZE_POST] = "post stored ",
        [XCY_SIZE_POST_METADATA] = ", of it metadata ",
        [XCY_SIZE_NOTIFICATION] = "; notification ",
        [XCY_SIZE_CONTEXT] = ", of it context ",
    };
    bool is_first = true;
    for (size_t i = 0; i < XCY_N_SIZES; i++) {
        if (s->sizes[i].n > 0) {
            const char *word = words[i] + (is_first && words[i][0] != 'p' ? 2 : 0);
            xcy_buf_addf(out, "%s%s", is_first ? "\n  bytes         " : "", word);
            add_size(&s->sizes[i], out);
            is_first = false;
        }
    }
}

static void print_head(const struct xcy_summary *s, struct xcy_buf *out)
{
    char text[CELL_BYTES];
    xcy_combination_describe(&s->manifest.combination, text);
    xcy_buf_addf(out, "%s\n  %s\n  ", s->path, text);
    add_rate(&s->manifest, out);
    xcy_buf_addf(out, ", %s; time scale %g\n\n",
                 s->manifest.is_async ? "asynchronous" : "synchronous", s->manifest.time_scale);
    add_sum(s, out);
    format_share(s, text);
    xcy_buf_addf(out, "\n  inconsistent  %s", text);
    if (s->classes[XCY_CLASS_LOST] + s->classes[XCY_CLASS_FAILED] + s->conflicts > 0) {
        xcy_buf_addf(out, "; %.1f..%.1f%% whatever the lost, failed and conflicting ones were",
                     100 * s->share_range.low, 100 * s->share_range.high);
    }
    add_barrier(s, out);
    add_sizes(s, out);
    xcy_buf_addf(out, "\n  late %lld, ", (long long)s->late);
    if (s->retried > 0) {
        xcy_buf_addf(out, "tried again %lld, ", (long long)s->retried);
    }
    xcy_buf_addf(out, "writer ran %stwice %lld, readers disagree %lld\n\n",
                 s->retried > 0 ? "(or may have run) " : "", (long long)s->many_execs,
                 (long long)s->conflicts);
}

static void add_metric_row(struct xcy_table *table, const struct xcy_metric_summary *m, size_t q)
{
    char cell[CELL_BYTES];
    const struct xcy_estimate *e = &m->quantiles[q];
    xcy_table_add_cell(table, "  %s", q == 0 ? m->metric->title : "");
    xcy_table_add_cell(table, "p%g", 100 * xcy_quantiles[q]);
    format_value(e, m->metric->floor_us, cell);
    xcy_table_add_cell(table, "%s", cell);
    format_ci(e, cell);
    xcy_table_add_cell(table, "%s", cell);
    format_clock(m, e, cell);
    xcy_table_add_cell(table, "%s", cell);
    if (m->metric->kind == XCY_METRIC_VISIBILITY) {
        format_poll(e, cell);
        xcy_table_add_cell(table, "%s", cell);
    } else {
        xcy_table_add_cell(table, "%s", "");
    }
    xcy_table_add_cell(table, q == 0 ? "%zu" : "", m->n);
    if (q == 0 && m->n_left + m->n_right > 0) {
        xcy_table_add_cell(table, "%zu at most, %zu more than", m->n_left, m->n_right);
    } else {
        xcy_table_add_cell(table, "%s", "");
    }
}

void xcy_summary_print_one(const struct xcy_summary *s, struct xcy_buf *out)
{
    static const char *const titles[] = {"  metric", "",     "value", "95% CI",
                                         "clock",    "poll", "n",     "censored"};
    print_head(s, out);
    struct xcy_table *table = xcy_table_new("llrlllrl");
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        xcy_table_add_cell(table, "%s", titles[i]);
    }
    xcy_table_add_rule(table);
    for (size_t i = 0; i < XCY_N_METRICS; i++) {
        for (size_t q = 0; q < XCY_N_QUANTILES && s->metrics[i].n > 0; q++) {
            add_metric_row(table, &s->metrics[i], q);
        }
    }
    xcy_table_format(table, out);
    xcy_table_free(table);
    xcy_buf_addf(out, "\n  %s%s\n", s->problem[0] ? "NOT VALID: " : "valid", s->problem);
}

static void add_short(struct xcy_table *table, const struct xcy_summary *s, const char *name,
                      size_t q)
{
    char cell[CELL_BYTES] = "-";
    for (size_t i = 0; i < XCY_N_METRICS; i++) {
        const struct xcy_metric_summary *m = &s->metrics[i];
        if (m->n > 0 && m->metric == xcy_metric_find(name)) {
            format_value(&m->quantiles[q], m->metric->floor_us, cell);
        }
    }
    xcy_table_add_cell(table, "%s", cell);
}

/* "61.5% (58.4..64.5%)", or for none "none, <= 0.37%". */
static void add_short_share(struct xcy_table *table, const struct xcy_summary *s)
{
    int64_t events = s->classes[XCY_CLASS_INCONSISTENT];
    if (s->decided == 0) {
        xcy_table_add_cell(table, "-");
    } else if (events == 0) {
        xcy_table_add_cell(table, "none, <= %.2f%%", 100 * s->inconsistent_upper);
    } else {
        xcy_table_add_cell(table, "%.1f%% (%.1f..%.1f%%)",
                           100 * (double)events / (double)s->decided,
                           100 * s->inconsistent_share.low, 100 * s->inconsistent_share.high);
    }
}

static void add_run_row(struct xcy_table *table, const struct xcy_summary *s)
{
    char text[CELL_BYTES];
    xcy_combination_folder(&s->manifest.combination, text);
    xcy_table_add_cell(table, "%s", text);
    xcy_table_add_cell(table, "%s", xcy_consistency_names[s->manifest.combination.consistency]);
    xcy_table_add_cell(table, "%lld of %lld", (long long)s->decided,
                       (long long)s->n_records - (long long)s->warmup);
    add_short_share(table, s);
    add_short(table, s, "window_as_published", 0);
    add_short(table, s, "window", 0);
    add_short(table, s, "window", 2);
    add_short(table, s, "notification_latency", 0);
    add_short(table, s, "barrier_cost", 0);
    xcy_table_add_cell(table, "%s", s->problem[0] ? "NOT VALID" : "valid");
}

void xcy_summary_print_table(const struct xcy_summary *runs, size_t n, struct xcy_buf *out)
{
    static const char *const titles[] = {
        "stores",    "consistency", "decided",    "inconsistent (95% CI)",
        "published", "window",      "window p99", "notify",
        "barrier",   "verdict"};
    struct xcy_table *table = xcy_table_new("llrlrrrrrl");
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        xcy_table_add_cell(table, "%s", titles[i]);
    }
    xcy_table_add_rule(table);
    for (size_t i = 0; i < n; i++) {
        add_run_row(table, &runs[i]);
    }
    xcy_table_format(table, out);
    xcy_table_free(table);
    for (size_t i = 0; i < n; i++) {
        if (runs[i].problem[0]) {
            xcy_buf_addf(out, "NOT VALID: %s: %s\n", runs[i].path, runs[i].problem);
        }
    }
}
