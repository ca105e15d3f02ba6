#include "analyzers/cells.h"
#include "analyzers/duration.h"
#include "common/cli/table.h"

#include <stdio.h>

/* "31.2% (95% CI 28.4..34.1%)", or for none "0 of 1000, <= 0.30%". */
static void format_share(const struct xcy_summary *s, char to[XCY_CELL_BYTES])
{
    long long events = (long long)s->evidence.counts.classes[XCY_CLASS_INCONSISTENT];
    long long n = (long long)s->decided;
    if (n == 0) {
        snprintf(to, XCY_CELL_BYTES, "no read was decided");
    } else if (events == 0) {
        snprintf(to, XCY_CELL_BYTES, "0 of %lld, <= %.2f%%", n, 100 * s->inconsistent_upper);
    } else {
        snprintf(to, XCY_CELL_BYTES, "%.1f%% (95%% CI %.1f..%.1f%%)",
                 100 * (double)events / (double)n, 100 * s->inconsistent_share.low,
                 100 * s->inconsistent_share.high);
    }
}

/* "planned 10 = warm-up 2 + consistent 8 + …"; without a warm-up there is no term for it. */
static void add_sum(const struct xcy_counts *counts, struct xcy_buf *out)
{
    const char *join = "=";
    xcy_buf_addf(out, "  planned %lld", (long long)counts->planned);
    if (counts->warmup > 0) {
        xcy_buf_addf(out, " = warm-up %lld (in no figure)", (long long)counts->warmup);
        join = "+";
    }
    for (size_t c = 0; c < XCY_N_CLASSES; c++) {
        xcy_buf_addf(out, " %s %s %lld", join, xcy_class_names[c], (long long)counts->classes[c]);
        join = "+";
    }
}

void xcy_load_print(const struct xcy_manifest *m, struct xcy_buf *out)
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
    const struct xcy_counts *c = &s->evidence.counts;
    if (s->evidence.manifest.combination.consistency == XCY_CONSISTENCY_NONE) {
        return;
    }
    xcy_buf_addf(
        out,
        "\n  barrier       residual inconsistencies %lld of %lld; %lld waited, %lld passed "
        "the deadline (failed)",
        (long long)c->classes[XCY_CLASS_INCONSISTENT], (long long)s->decided, (long long)c->waited,
        (long long)c->barriers_late);
}

/* "post stored 1054", or of several "post stored 1053.5 (1050..1057)". */
static void add_size(const struct xcy_metric_summary *m, struct xcy_buf *out)
{
    if (m->least == m->most) {
        xcy_buf_addf(out, "%s %.0f", m->metric->title, m->most);
    } else {
        xcy_buf_addf(out, "%s %.1f (%.0f..%.0f)", m->metric->title, m->mean, m->least, m->most);
    }
}

/* What is a part of the one before stands behind a comma. */
static void add_sizes(const struct xcy_summary *s, struct xcy_buf *out)
{
    bool is_first = true;
    for (size_t i = 0; i < s->evidence.metrics->n; i++) {
        const struct xcy_metric_summary *m = &s->metrics[i];
        if (m->metric->kind == XCY_METRIC_BYTES && m->n > 0) {
            bool is_part = strncmp(m->metric->title, "of it", strlen("of it")) == 0;
            xcy_buf_add_text(out, is_first ? "\n  bytes         " : is_part ? ", " : "; ");
            add_size(m, out);
            is_first = false;
        }
    }
}

/* Of how many instances a bound is missing, and why: it makes figures unbounded. */
static void add_clocks(const struct xcy_evidence *e, struct xcy_buf *out)
{
    const struct xcy_clocks_found *c = xcy_clocks_found(e->clocks);
    if (c->instances == 0 && e->counts.unnamed == 0) {
        return;
    }
    xcy_buf_addf(out, "\n  clocks        %zu processes, drift up to %g ppm allowed", c->instances,
                 e->drift_ppm);
    if (c->stepped > 0) {
        xcy_buf_addf(out, "; %zu stepped", c->stepped);
    }
    if (c->without_low > 0) {
        xcy_buf_addf(out,
                     "; %zu not bounded from below (gather did not run beside the load on its "
                     "machine, and no reply tells)",
                     c->without_low);
    }
    if (c->without_high > 0) {
        xcy_buf_addf(out, "; %zu not bounded from above (all their requests were sent again)",
                     c->without_high);
    }
    if (e->counts.unnamed > 0) {
        xcy_buf_addf(out, "; %lld records do not name their process: not bounded",
                     (long long)e->counts.unnamed);
    }
}

/* What befell single requests. */
static void add_counts(const struct xcy_counts *c, struct xcy_buf *out)
{
    xcy_buf_addf(out, "\n  late %lld, ", (long long)c->late);
    if (c->retried > 0) {
        xcy_buf_addf(out, "tried again %lld, ", (long long)c->retried);
    }
    xcy_buf_addf(out, "writer ran %stwice %lld, readers disagree %lld\n\n",
                 c->retried > 0 ? "(or may have run) " : "", (long long)c->many_execs,
                 (long long)c->conflicts);
}

static void print_head(const struct xcy_summary *s, struct xcy_buf *out)
{
    char text[XCY_CELL_BYTES];
    const struct xcy_manifest *m = &s->evidence.manifest;
    const struct xcy_counts *c = &s->evidence.counts;
    xcy_combination_describe(&m->combination, text);
    xcy_buf_addf(out, "%s\n  %s\n  ", s->evidence.path, text);
    xcy_load_print(m, out);
    xcy_buf_addf(out, ", %s; time scale %g\n\n", m->is_async ? "asynchronous" : "synchronous",
                 m->time_scale);
    add_sum(c, out);
    format_share(s, text);
    xcy_buf_addf(out, "\n  inconsistent  %s", text);
    if (c->classes[XCY_CLASS_LOST] + c->classes[XCY_CLASS_FAILED] + c->conflicts > 0) {
        xcy_buf_addf(out, "; %.1f..%.1f%% whatever the lost, failed and conflicting ones were",
                     100 * s->share_range.low, 100 * s->share_range.high);
    }
    add_barrier(s, out);
    add_sizes(s, out);
    add_clocks(&s->evidence, out);
    add_counts(c, out);
}

static void add_metric_row(struct xcy_table *table, const struct xcy_metric_summary *m, size_t q)
{
    char cell[XCY_CELL_BYTES];
    const struct xcy_estimate *e = &m->quantiles[q];
    xcy_table_add_cell(table, "  %s", q == 0 ? m->metric->title : "");
    xcy_table_add_cell(table, "p%g", 100 * xcy_quantiles[q]);
    xcy_cell_value(e, cell);
    xcy_table_add_cell(table, "%s", cell);
    xcy_cell_ci(e, cell);
    xcy_table_add_cell(table, "%s", cell);
    xcy_cell_clock(m->metric, e, cell);
    xcy_table_add_cell(table, "%s", cell);
    if (m->metric->kind == XCY_METRIC_VISIBILITY) {
        xcy_cell_poll(e, cell);
        xcy_table_add_cell(table, "%s", cell);
    } else {
        xcy_table_add_cell(table, "%s", "");
    }
    xcy_table_add_cell(table, q == 0 ? "%lld" : "", (long long)m->n);
    if (q == 0 && m->n_left + m->n_right > 0) {
        xcy_table_add_cell(table, "%lld at most, %lld more than", (long long)m->n_left,
                           (long long)m->n_right);
    } else {
        xcy_table_add_cell(table, "%s", "");
    }
}

bool xcy_summary_has_phase(const struct xcy_summary *s)
{
    bool has = false;
    for (size_t i = 0; i < XCY_N_PHASES; i++) {
        has |= s->phases[i].is_found;
    }
    return has;
}

void xcy_summary_print_phases(const struct xcy_summary *s, struct xcy_buf *out)
{
    static const char *const subjects[XCY_N_PHASES] = {
        [XCY_PHASE_SHARE] = "the inconsistent share",
        [XCY_PHASE_WINDOW] = "the median upper end of the windows",
        [XCY_PHASE_MISSED] = "the median upper end of the windows of inconsistent reads",
    };
    char least[XCY_DURATION_TEXT_BYTES];
    char most[XCY_DURATION_TEXT_BYTES];
    char p[XCY_CELL_BYTES];
    for (enum xcy_phase_of of = 0; of < XCY_N_PHASES; of++) {
        const struct xcy_phase *phase = &s->phases[of];
        if (!phase->is_found) {
            continue;
        }
        if (of == XCY_PHASE_SHARE) {
            snprintf(least, sizeof least, "%.1f%%", 100 * phase->least);
            snprintf(most, sizeof most, "%.1f%%", 100 * phase->most);
        } else {
            xcy_duration_format(phase->least, least);
            xcy_duration_format(phase->most, most);
        }
        xcy_cell_p(phase->p, p);
        xcy_buf_addf(out,
                     "\n  WARNING: a phase: %s of %zu blocks of time goes from %s to %s (%s of "
                     "chance)",
                     subjects[of], s->evidence.timeline.n, least, most, p);
    }
    if (xcy_summary_has_phase(s)) {
        xcy_buf_add_text(out, "\n  each figure above is a mixture of these; `analyze windows` has "
                              "the blocks\n");
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
    for (size_t i = 0; i < s->evidence.metrics->n; i++) {
        const struct xcy_metric_summary *m = &s->metrics[i];
        bool is_shown = m->metric->kind != XCY_METRIC_BYTES && m->n > 0;
        for (size_t q = 0; q < XCY_N_QUANTILES && is_shown; q++) {
            add_metric_row(table, m, q);
        }
    }
    xcy_table_format(table, out);
    xcy_table_free(table);
    xcy_summary_print_phases(s, out);
    xcy_buf_addf(out, "\n  %s%s\n", s->problem[0] ? "NOT VALID: " : "valid", s->problem);
}
