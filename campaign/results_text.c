#include "campaign/results.h"

#include "common/cli/table.h"

#include <math.h>
#include <stdio.h>

enum { CELL_BYTES = 80 };

/* Three digits: 0.42, 12.3, 155. */
static int digits_of(double value)
{
    return fabs(value) < 10 ? 2 : fabs(value) < 100 ? 1 : 0;
}

static void add_figure(struct xcy_table *table, const struct xcy_rounds *r)
{
    if (r->n == 0) {
        xcy_table_add_cell(table, "-");
        return;
    }
    xcy_table_add_cell(table, "%.*f", digits_of(r->mean), r->mean);
}

/* "101 (95..107)": over rounds; of one round alone, the value. */
static void add_over_rounds(struct xcy_table *table, const struct xcy_rounds *r)
{
    int digits = digits_of(r->mean);
    if (r->n < 2) {
        add_figure(table, r);
    } else {
        xcy_table_add_cell(table, "%.*f (%.*f..%.*f)", digits, r->mean, digits, r->low, digits,
                           r->high);
    }
}

static void add_share(struct xcy_table *table, const struct xcy_cell_result *c)
{
    int64_t events = c->counts[XCY_COUNT_INCONSISTENT];
    if (c->decided == 0) {
        xcy_table_add_cell(table, "-");
    } else if (events == 0) {
        xcy_table_add_cell(table, "none, <= %.2g%%", 100 * c->share_upper);
    } else {
        xcy_table_add_cell(table, "%.1f%% (%.1f..%.1f%%)",
                           100 * (double)events / (double)c->decided, 100 * c->share.low,
                           100 * c->share.high);
    }
}

/* An interval of a share means nothing beyond 0..1. */
static void add_share_over_rounds(struct xcy_table *table, const struct xcy_cell_result *c)
{
    struct xcy_rounds r = c->figures[XCY_FIGURE_SHARE];
    r.low = fmax(r.low, 0);
    r.high = fmin(r.high, 1);
    if (r.n < 2) {
        xcy_table_add_cell(table, "-");
    } else if (r.low == r.high) { /* no spread is seen, which is no interval without width */
        xcy_table_add_cell(table, "%.1f each", 100 * r.mean);
    } else {
        xcy_table_add_cell(table, "%.1f..%.1f %s", 100 * r.low, 100 * r.high,
                           xcy_rounds_kind_names[r.kind]);
    }
}

/* The upper end; "<=" where the first reads found the post already. */
static void add_window(struct xcy_table *table, const struct xcy_cell_result *c)
{
    const struct xcy_rounds *high = &c->figures[XCY_FIGURE_WINDOW];
    const struct xcy_rounds *low = &c->figures[XCY_FIGURE_WINDOW_LOW];
    if (high->n == 0) {
        xcy_table_add_cell(table, "-");
        return;
    }
    bool is_bound = low->n == 0 || low->mean <= 0;
    xcy_table_add_cell(table, "%s%.*f", is_bound ? "<= " : "", digits_of(high->mean), high->mean);
}

/* What the clocks leave open of the columns before, in any round. */
static void add_clock(struct xcy_table *table, bool is_there, const struct xcy_interval *clock)
{
    if (is_there) {
        xcy_table_add_bound(table, clock->low, clock->high);
    } else {
        xcy_table_add_cell(table, "-");
    }
}

static void add_verdict(struct xcy_table *table, const struct xcy_cell_result *c)
{
    char text[CELL_BYTES] = "";
    size_t n_invalid = c->n_done - c->n_valid;
    size_t n_to_do = c->n_runs - c->n_done - c->n_failed;
    const struct {
        size_t n;
        const char *words;
    } parts[] = {{n_invalid, "NOT VALID"}, {c->n_failed, "FAILED"}, {n_to_do, "to do"}};
    size_t at = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].n > 0) {
            at += (size_t)snprintf(text + at, sizeof text - at, "%s%zu %s", at > 0 ? ", " : "",
                                   parts[i].n, parts[i].words);
        }
    }
    xcy_table_add_cell(table, "%s", at > 0 ? text : "valid");
}

static void add_row(struct xcy_table *table, const struct xcy_cell_result *c)
{
    const struct xcy_cell *cell = c->cell;
    xcy_table_add_cell(table, "%s-%s", xcy_post_storage_names[cell->post_storage],
                       xcy_notification_storage_names[cell->notification_storage]);
    xcy_table_add_cell(table, "%s", xcy_consistency_names[cell->consistency]);
    xcy_table_add_cell(table, "%lld", (long long)cell->delay_ms);
    xcy_table_add_cell(table, "%zu", c->n_used);
    xcy_table_add_cell(table, "%lld of %lld", (long long)c->decided,
                       (long long)c->counts[XCY_COUNT_PLANNED]);
    add_share(table, c);
    add_share_over_rounds(table, c);
    add_over_rounds(table, &c->figures[XCY_FIGURE_PUBLISHED]);
    add_window(table, c);
    add_clock(table, c->n_used > 0, &c->clock);
    add_figure(table, &c->figures[XCY_FIGURE_WRITE]);
    add_figure(table, &c->figures[XCY_FIGURE_RESPONSE]);
    add_figure(table, &c->figures[XCY_FIGURE_THROUGHPUT]);
    add_over_rounds(table, &c->overhead);
    add_clock(table, c->has_overhead, &c->overhead_clock);
    xcy_table_add_cell(table, "%lld", (long long)c->counts[XCY_COUNT_LOST]);
    xcy_table_add_cell(table, "%lld", (long long)c->counts[XCY_COUNT_FAILED]);
    xcy_table_add_cell(table, "%lld", (long long)c->counts[XCY_COUNT_SKIPPED]);
    add_verdict(table, c);
}

static void add_notes(const struct xcy_campaign_state *state, struct xcy_buf *out)
{
    for (size_t i = 0; i < state->plan.n_runs; i++) {
        const struct xcy_run_record *r = &state->runs[i];
        bool is_failed = r->progress == XCY_RUN_FAILED;
        if (is_failed || (r->progress == XCY_RUN_DONE && !r->is_valid)) {
            char label[XCY_CELL_LABEL_BYTES];
            xcy_cell_label(&state->plan.cells[state->plan.runs[i].cell], label);
            xcy_buf_addf(out, "%s: run %zu (%s, round %lld): %s%s%s\n",
                         is_failed ? "FAILED" : "NOT VALID", i + 1, label,
                         (long long)state->plan.runs[i].round, r->reason ? r->reason : "",
                         r->log ? "; log: " : "", r->log ? r->log : "");
        }
    }
}

void xcy_campaign_results_text(const struct xcy_campaign_results *results, struct xcy_buf *out)
{
    static const char *const titles[] = {
        "stores",      "consistency",  "delay ms",  "rounds",   "decided",  "inconsistent (95% CI)",
        "% by rounds", "published ms", "window ms", "clock ms", "write ms", "response ms",
        "ok/s",        "overhead ms",  "clock ms",  "lost",     "failed",   "skipped",
        "verdict"};
    struct xcy_table *table = xcy_table_new("llrrrllrrrrrrrrrrrl");
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        xcy_table_add_cell(table, "%s", titles[i]);
    }
    xcy_table_add_rule(table);
    for (size_t i = 0; i < results->state->plan.n_cells; i++) {
        add_row(table, &results->cells[i]);
    }
    xcy_table_format(table, out);
    xcy_table_free(table);
    add_notes(results->state, out);
}
