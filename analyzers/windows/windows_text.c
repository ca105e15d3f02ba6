#include "analyzers/cells.h"
#include "analyzers/duration.h"
#include "analyzers/ms_grid.h"
#include "analyzers/windows/windows.h"
#include "common/cli/table.h"

#include <inttypes.h>
#include <string.h>

static const double us_per_ms = 1e3;

static struct xcy_table *table_of(const char *columns, const char *const *titles)
{
    struct xcy_table *table = xcy_table_new(columns);
    for (size_t i = 0; i < strlen(columns); i++) {
        xcy_table_add_cell(table, "%s", titles[i]);
    }
    xcy_table_add_rule(table);
    return table;
}

static void end_table(struct xcy_table *table, struct xcy_buf *out)
{
    xcy_buf_add_char(out, '\n');
    xcy_table_format(table, out);
    xcy_table_free(table);
}

static double percent(int64_t part, int64_t n)
{
    return 100 * (double)part / (double)n;
}

static void print_head(const struct xcy_windows_group *g, struct xcy_buf *out)
{
    char text[XCY_CELL_BYTES];
    struct xcy_window_kinds kinds = xcy_window_kinds_of(&g->windows);
    int64_t n = xcy_distribution_size(&g->windows);
    xcy_combination_describe(g->combination, text);
    xcy_buf_addf(out, "%s; ", text);
    xcy_load_print(&g->rounds[0]->evidence.manifest, out);
    xcy_buf_addf(
        out,
        "\n  from the write's acknowledgement until the post is visible where the reader is\n"
        "  %" PRId64 " windows: %" PRId64 " at most so long (%.1f%%), %" PRId64
        " between two times (%.1f%%), %" PRId64 " more than so long (%.1f%%)\n",
        n, kinds.left, percent(kinds.left, n), kinds.interval, percent(kinds.interval, n),
        kinds.right, percent(kinds.right, n));
    if (g->unknown > 0) {
        xcy_buf_addf(out, "  %" PRId64 " requests were lost or failed: in no window\n", g->unknown);
    }
}

static void add_spread(struct xcy_table *table, const struct xcy_windows_group *g, double q)
{
    char least[XCY_DURATION_TEXT_BYTES];
    char most[XCY_DURATION_TEXT_BYTES];
    struct xcy_interval spread = xcy_windows_spread(g, q);
    xcy_duration_format(spread.low, least);
    xcy_duration_format(spread.high, most);
    xcy_table_add_cell(table, "%s..%s", least, most);
}

static void print_percentiles(const struct xcy_windows_group *g, struct xcy_buf *out)
{
    static const char *const titles[] = {"  visible", "within", "95% CI",
                                         "clock",     "poll",   "rounds, upper end"};
    char cell[XCY_CELL_BYTES];
    bool has_rounds = g->n_rounds > 1;
    struct xcy_table *table = table_of(has_rounds ? "lrlllr" : "lrlll", titles);
    for (size_t p = 0; p < XCY_N_PERCENTILES; p++) {
        struct xcy_estimate e = xcy_estimate_of(&g->windows, xcy_percentiles[p]);
        xcy_table_add_cell(table, "  %g%%", 100 * xcy_percentiles[p]);
        xcy_cell_value(&e, cell);
        xcy_table_add_cell(table, "%s", cell);
        xcy_cell_ci(&e, cell);
        xcy_table_add_cell(table, "%s", cell);
        xcy_cell_clock(g->windows.metric, &e, cell);
        xcy_table_add_cell(table, "%s", cell);
        xcy_cell_poll(&e, cell);
        xcy_table_add_cell(table, "%s", cell);
        if (has_rounds) {
            add_spread(table, g, xcy_percentiles[p]);
        }
    }
    end_table(table, out);
}

static void add_shares(struct xcy_table *table, struct xcy_interval share)
{
    if (share.low == share.high) {
        xcy_table_add_cell(table, "%.1f%%", 100 * share.high);
    } else {
        xcy_table_add_cell(table, "%.1f..%.1f%%", 100 * share.low, 100 * share.high);
    }
}

static void print_within(const struct xcy_windows_group *g, struct xcy_buf *out)
{
    enum { MOST = 40 };
    static const char *const titles[] = {"  within", "visible", "and clocks", "95% band",
                                         "likeliest"};
    int64_t grid[MOST];
    double last_ms = xcy_within_last_us(&g->windows) / us_per_ms;
    size_t n = xcy_ms_grid(XCY_MS_ROUND, last_ms, grid, MOST);
    struct xcy_table *table = table_of(g->likeliest ? "rrrrr" : "rrrr", titles);
    for (size_t i = 0; i < n; i++) {
        struct xcy_within w =
            xcy_within_at(&g->windows, grid[i] * (int64_t)us_per_ms, XCY_CONFIDENCE);
        xcy_table_add_cell(table, "  %" PRId64 " ms", grid[i]);
        add_shares(table, w.polling);
        add_shares(table, w.clocks);
        add_shares(table, w.band);
        if (g->likeliest) {
            add_shares(table, xcy_turnbull_at_most(g->likeliest, (double)grid[i] * us_per_ms));
        }
    }
    end_table(table, out);
}

static void print_rounds(const struct xcy_windows_group *g, struct xcy_buf *out)
{
    static const char *const titles[] = {"  round",   "n",   "at most", "between",
                                         "more than", "p50", "p90",     "p99"};
    char cell[XCY_CELL_BYTES];
    struct xcy_table *table = table_of("lrrrrrrr", titles);
    for (size_t i = 0; i < g->n_rounds; i++) {
        const struct xcy_distribution *d = xcy_windows_of(g->rounds[i]);
        struct xcy_window_kinds kinds = xcy_window_kinds_of(d);
        xcy_table_add_cell(table, "  %s", g->rounds[i]->evidence.path);
        xcy_table_add_cell(table, "%" PRId64, xcy_distribution_size(d));
        xcy_table_add_cell(table, "%" PRId64, kinds.left);
        xcy_table_add_cell(table, "%" PRId64, kinds.interval);
        xcy_table_add_cell(table, "%" PRId64, kinds.right);
        for (size_t q = 0; q < XCY_N_QUANTILES; q++) {
            struct xcy_estimate e = xcy_estimate_of(d, xcy_quantiles[q]);
            xcy_cell_value(&e, cell);
            xcy_table_add_cell(table, "%s", cell);
        }
    }
    end_table(table, out);
    if (xcy_windows_differ(g)) {
        xcy_cell_p(g->between.is_found ? g->between.p : g->between_missed.p, cell);
        xcy_buf_addf(
            out,
            "\n  WARNING: these rounds differ by more than chance (%s%s): the intervals "
            "above, which take requests as independent, are too narrow; go by the rounds\n",
            cell, g->between.is_found ? "" : ", of the windows of inconsistent reads");
    }
}

static void add_upper_end(struct xcy_table *table, const struct xcy_sample *windows, double q)
{
    char text[XCY_DURATION_TEXT_BYTES] = "-";
    if (xcy_sample_size(windows) > 0) {
        xcy_duration_format(xcy_sample_quantile(windows, q), text);
    }
    xcy_table_add_cell(table, "%s", text);
}

static void add_block(struct xcy_table *table, const struct xcy_timeline *t, size_t i)
{
    const struct xcy_block *block = &t->blocks[i];
    xcy_table_add_cell(table, "  %.1f s", (double)i * (double)t->width_us / 1e6);
    xcy_table_add_cell(table, "%" PRId64, block->decided);
    xcy_table_add_cell(table, block->decided > 0 ? "%.1f%%" : "-",
                       percent(block->inconsistent, block->decided));
    for (size_t q = 0; q < 2; q++) {
        add_upper_end(table, &block->window, xcy_quantiles[q]);
    }
    add_upper_end(table, &block->missed, 0.5);
}

static void print_blocks(const struct xcy_summary *run, struct xcy_buf *out)
{
    static const char *const titles[] = {"  sent from", "n",           "inconsistent",
                                         "p50 at most", "p90 at most", "inconsistent, p50 at most"};
    const struct xcy_timeline *t = &run->evidence.timeline;
    struct xcy_table *table = table_of("rrrrrr", titles);
    for (size_t i = 0; i < t->n; i++) {
        add_block(table, t, i);
    }
    end_table(table, out);
}

/* Over time: of a single round, or where one was several in turn. */
static void print_times(const struct xcy_windows_group *g, struct xcy_buf *out)
{
    for (size_t i = 0; i < g->n_rounds; i++) {
        const struct xcy_summary *run = g->rounds[i];
        bool has_phase = xcy_summary_has_phase(run);
        if (g->n_rounds > 1 && has_phase) {
            xcy_buf_addf(out, "\n  %s", run->evidence.path);
        }
        if (g->n_rounds == 1 || has_phase) {
            print_blocks(run, out);
            xcy_summary_print_phases(run, out);
        }
    }
}

void xcy_windows_print(const struct xcy_windows *windows, struct xcy_buf *out)
{
    for (size_t i = 0; i < windows->n; i++) {
        const struct xcy_windows_group *g = &windows->groups[i];
        xcy_buf_add_text(out, i > 0 ? "\n" : "");
        print_head(g, out);
        print_percentiles(g, out);
        print_within(g, out);
        if (g->n_rounds > 1) {
            print_rounds(g, out);
        }
        print_times(g, out);
    }
}
