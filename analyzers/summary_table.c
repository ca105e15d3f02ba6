#include "analyzers/cells.h"
#include "common/cli/table.h"

static void add_short(struct xcy_table *table, const struct xcy_summary *s, size_t column)
{
    char cell[XCY_CELL_BYTES] = "-";
    const struct xcy_short *figure = &xcy_shorts[column];
    const struct xcy_metric_summary *m = xcy_summary_find(s, figure->metric);
    if (m) {
        xcy_cell_value(&m->quantiles[figure->quantile], cell);
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
    for (size_t column = 0; column < XCY_N_SHORTS; column++) {
        add_short(table, s, column);
    }
    xcy_cell_shorts_clock(s, text);
    xcy_table_add_cell(table, "%s", text);
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
    for (size_t c = 0; c < XCY_N_SHORTS; c++) {
        xcy_table_add_cell(table, "%s", xcy_shorts[c].title);
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
