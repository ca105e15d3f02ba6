#include "analyzers/cells.h"
#include "common/cli/table.h"

#include <math.h>

/* The figures of a row of the table, one column each. */
static const struct {
    const char *title;
    const char *metric;
    size_t quantile;
} shorts[] = {
    {"published", "window_as_published", 0},
    {"window", "window", 0},
    {"window p99", "window", 2},
    {"notify", "notification_latency", 0},
    {"barrier", "barrier_cost", 0},
};

enum { N_SHORT = sizeof shorts / sizeof *shorts };

static void add_short(struct xcy_table *table, const struct xcy_summary *s, size_t column)
{
    char cell[XCY_CELL_BYTES] = "-";
    const struct xcy_metric_summary *m = xcy_summary_find(s, shorts[column].metric);
    if (m) {
        xcy_cell_value(&m->quantiles[shorts[column].quantile], cell);
    }
    xcy_table_add_cell(table, "%s", cell);
}

/* The widest bound of the clocks among the figures of the row. */
static void add_short_clock(struct xcy_table *table, const struct xcy_summary *s)
{
    char cell[XCY_CELL_BYTES] = "-";
    double low_us = 0;
    double high_us = 0;
    for (size_t c = 0; c < N_SHORT; c++) {
        const struct xcy_metric_summary *m = xcy_summary_find(s, shorts[c].metric);
        if (m && xcy_metric_crosses_clocks(m->metric)) {
            low_us = fmin(low_us, m->quantiles[shorts[c].quantile].clock_low_us);
            high_us = fmax(high_us, m->quantiles[shorts[c].quantile].clock_high_us);
            xcy_cell_bound(low_us, high_us, cell);
        }
    }
    xcy_table_add_cell(table, "%s", cell);
}

/* "61.5% (58.4..64.5%)", or for none "none, <= 0.37%". */
static void add_short_share(struct xcy_table *table, const struct xcy_summary *s)
{
    int64_t events = s->evidence.counts.classes[XCY_CLASS_INCONSISTENT];
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
    char text[XCY_CELL_BYTES];
    const struct xcy_combination *combination = &s->evidence.manifest.combination;
    const struct xcy_counts *c = &s->evidence.counts;
    xcy_combination_folder(combination, text);
    xcy_table_add_cell(table, "%s", text);
    xcy_table_add_cell(table, "%s", xcy_consistency_names[combination->consistency]);
    xcy_table_add_cell(table, "%lld of %lld", (long long)s->decided,
                       (long long)(c->planned - c->warmup));
    add_short_share(table, s);
    for (size_t column = 0; column < N_SHORT; column++) {
        add_short(table, s, column);
    }
    add_short_clock(table, s);
    xcy_table_add_cell(table, "%s", s->problem[0] ? "NOT VALID" : "valid");
}

void xcy_summary_print_table(const struct xcy_summary *runs, size_t n, struct xcy_buf *out)
{
    static const char *const titles[] = {"stores", "consistency", "decided",
                                         "inconsistent (95% CI)"};
    struct xcy_table *table = xcy_table_new("llrlrrrrrll");
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        xcy_table_add_cell(table, "%s", titles[i]);
    }
    for (size_t c = 0; c < N_SHORT; c++) {
        xcy_table_add_cell(table, "%s", shorts[c].title);
    }
    xcy_table_add_cell(table, "clock");
    xcy_table_add_cell(table, "verdict");
    xcy_table_add_rule(table);
    for (size_t i = 0; i < n; i++) {
        add_run_row(table, &runs[i]);
    }
    xcy_table_format(table, out);
    xcy_table_free(table);
    for (size_t i = 0; i < n; i++) {
        if (runs[i].problem[0]) {
            xcy_buf_addf(out, "NOT VALID: %s: %s\n", runs[i].evidence.path, runs[i].problem);
        }
    }
}
