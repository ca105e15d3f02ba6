#include "analyzers/compare/contrast_cells.h"
#include "analyzers/compare/undecided.h"
#include "analyzers/cost/cost.h"
#include "analyzers/duration.h"
#include "common/cli/table.h"
#include "common/stats/needed.h"

#include <math.h>
#include <string.h>

static const double us_per_ms = 1e3;

/* "0 of 600 inconsistent, <= 0.61%; undecided: none of 600 requests"; "359 of 590 inconsistent,
 * 56.8..64.8%; UNDECIDED: 10 of 600 requests (…)". */
static void add_share(const struct xcy_cost_setting *s, struct xcy_buf *out)
{
    xcy_buf_addf(out, "%lld of %lld inconsistent, ", (long long)s->share.events,
                 (long long)s->share.n);
    if (s->share.events == 0) {
        xcy_buf_addf(out, "<= %.2f%%", 100 * s->exact.high);
    } else {
        xcy_buf_addf(out, "%.2f..%.2f%%", 100 * s->exact.low, 100 * s->exact.high);
    }
    bool is_any = xcy_undecided_share(&s->counts).events > 0;
    xcy_buf_add_text(out, is_any ? "; UNDECIDED: " : "; undecided: ");
    xcy_undecided_add(&s->counts, out);
}

/* "99.0 ms..100 ms"; an infinite end lies beyond the polls. */
static void add_delays(struct xcy_interval us, struct xcy_buf *out)
{
    char low[XCY_DURATION_TEXT_BYTES];
    char high[XCY_DURATION_TEXT_BYTES];
    xcy_duration_format(us.low, low);
    xcy_duration_format(us.high, high);
    if (isinf(us.low)) {
        xcy_buf_add_text(out, "more than the polls tell");
    } else if (isinf(us.high)) {
        xcy_buf_addf(out, "more than %s", low);
    } else {
        xcy_buf_addf(out, us.low == us.high ? "%s" : "%s..%s", low, high);
    }
}

static const struct xcy_cost_setting *longest_of(const struct xcy_cost *c)
{
    const struct xcy_cost_setting *longest = &c->settings[0];
    for (size_t i = 1; i < c->n_settings; i++) {
        bool is_delay = c->settings[i].consistency == XCY_CONSISTENCY_NONE;
        longest = is_delay ? &c->settings[i] : longest;
    }
    return longest;
}

/* Why the longest delay, and so none, is enough. */
static void add_not_enough(const struct xcy_cost *c, struct xcy_buf *out)
{
    const struct xcy_cost_setting *s = longest_of(c);
    if (s->share.n == 0) {
        xcy_buf_addf(out, "behind the longest delay, %lld ms, no read was answered",
                     (long long)s->delay_ms);
    } else if (c->is_claimed && (double)s->share.events <= c->target * (double)s->share.n) {
        xcy_buf_addf(out,
                     "no delay that was run is shown to be enough: of %lld ms, which left %lld of "
                     "%lld, as little as of the barrier can be claimed from n >= %lld on",
                     (long long)s->delay_ms, (long long)s->share.events, (long long)s->share.n,
                     (long long)xcy_needed_for_share(s->share.events, c->target, XCY_CONFIDENCE));
    } else {
        xcy_buf_addf(out, "not even the longest delay that was run, %lld ms, left as little as %s",
                     (long long)s->delay_ms,
                     c->is_claimed ? "can be claimed of the barrier" : "the barrier");
    }
}

static void add_found(const struct xcy_cost *c, struct xcy_buf *out)
{
    const struct xcy_cost_setting *delay = c->remedies[XCY_REMEDY_DELAY];
    if (c->remedies[XCY_REMEDY_NONE]->is_enough) {
        xcy_buf_addf(out, "no remedy is needed: without one %s; ",
                     c->is_claimed ? "no more can be claimed to be left than with the barrier"
                                   : "no larger share was left than by the barrier");
    }
    if (delay) {
        xcy_buf_addf(
            out, "of the delays that were run %lld ms is the least %s, as of all longer ones",
            (long long)delay->delay_ms,
            c->is_claimed ? "of which no more can be claimed to be left than of the barrier"
                          : "of which no larger share was left than of the barrier");
    } else if (longest_of(c)->delay_ms > 0) {
        add_not_enough(c, out);
    } else {
        xcy_buf_add_text(out, "no run is behind a delay");
    }
}

static void add_curve(const struct xcy_cost *c, struct xcy_buf *out)
{
    const struct xcy_delay_needed *needed = &c->needed;
    if (!c->has_curve) {
        xcy_buf_add_text(out, "; the runs without either tell no margins, and so no delay");
        return;
    }
    xcy_buf_addf(out, "; for at most %.2f%% the curve of the runs without either asks for ",
                 100 * c->target);
    add_delays(needed->delay_us, out);
    if (needed->has_interval) {
        xcy_buf_add_text(out, " (95% CI ");
        add_delays(needed->interval_us, out);
        xcy_buf_add_char(out, ')');
    }
    if (!c->remedies[XCY_REMEDY_DELAY] && isfinite(needed->delay_us.high)) {
        xcy_buf_addf(out, ": run delay_ms: %.0f", ceil(needed->delay_us.high / us_per_ms));
    }
}

static double undecided_of(const struct xcy_cost_setting *s)
{
    return xcy_share_value(xcy_undecided_share(&s->counts));
}

/* A remedy that loses requests only seems to leave as little, and to cost as little. */
static void add_undecided(const struct xcy_cost *c, enum xcy_remedy remedy, struct xcy_buf *out)
{
    const struct xcy_cost_setting *none = c->remedies[XCY_REMEDY_NONE];
    const struct xcy_cost_setting *s = c->remedies[remedy];
    if (s && undecided_of(s) > undecided_of(none)) {
        xcy_buf_addf(out, "; with the %s ", xcy_remedy_names[remedy]);
        xcy_undecided_add(&s->counts, out);
        xcy_buf_add_text(out, " are undecided, without a remedy ");
        xcy_undecided_add(&none->counts, out);
        xcy_buf_addf(out, ": what is told to be left by the %s is of the others",
                     xcy_remedy_names[remedy]);
    }
}

void xcy_cost_words(const struct xcy_cost *c, struct xcy_buf *out)
{
    add_found(c, out);
    add_curve(c, out);
    add_undecided(c, XCY_REMEDY_DELAY, out);
    add_undecided(c, XCY_REMEDY_BARRIER, out);
}

static void add_settings(const struct xcy_cost *c, struct xcy_buf *out)
{
    for (size_t i = 0; i < c->n_settings; i++) {
        const struct xcy_cost_setting *s = &c->settings[i];
        if (s->consistency == XCY_CONSISTENCY_NONE) {
            xcy_buf_addf(out, "  delay %lld ms", (long long)s->delay_ms);
        } else {
            xcy_buf_addf(out, "  barrier %s", xcy_consistency_names[s->consistency]);
        }
        xcy_buf_addf(out, ", %zu run%s: ", s->side.n, s->side.n == 1 ? "" : "s");
        add_share(s, out);
        xcy_buf_addf(out, "%s\n",
                     s == c->remedies[XCY_REMEDY_DELAY] ? "; the least that is enough" : "");
    }
}

static void add_problems(const struct xcy_cost *c, struct xcy_buf *out)
{
    for (size_t i = 0; i < c->n_runs; i++) {
        if (c->runs[i].problem[0]) {
            xcy_buf_addf(out, "  NOT VALID: %s: %s\n", c->runs[i].evidence.path,
                         c->runs[i].problem);
        }
    }
}

/* Where one remedy has rounds, the others should have them; a pair of one run each is of requests. */
static void add_unit(const struct xcy_cost *c, struct xcy_buf *out)
{
    bool of_rounds = false;
    for (size_t remedy = 0; remedy < XCY_N_REMEDIES; remedy++) {
        const struct xcy_cost_setting *s = c->remedies[remedy];
        of_rounds = of_rounds || (s && s->side.n > 1);
    }
    xcy_contrast_unit(of_rounds, XCY_COST_QUANTILE, out);
}

static void add_head(const struct xcy_cost *c, struct xcy_buf *out)
{
    const struct xcy_combination *of = &c->runs[0].evidence.manifest.combination;
    xcy_buf_addf(out, "%s, %s, %s to %s: cost at equal residual inconsistency\n",
                 xcy_post_storage_names[of->post_storage],
                 xcy_notification_storage_names[of->notification_storage], of->writer_region,
                 of->reader_region);
    add_settings(c, out);
    add_unit(c, out);
    add_problems(c, out);
    xcy_buf_add_text(out, "  ");
    xcy_cost_words(c, out);
    xcy_buf_add_text(out, "\n\n");
}

/* "+100 ms (+99.7 ms..+101 ms)". */
static void add_shift(const struct xcy_cost *c, enum xcy_cost_pair pair, size_t figure,
                      struct xcy_table *table)
{
    char shift[XCY_CONTRAST_CELL_BYTES] = "-";
    char ci[XCY_CONTRAST_CELL_BYTES] = "-";
    if (c->has_pair[pair]) {
        xcy_contrast_cell(&c->figures[pair][figure], XCY_CONTRAST_SHIFT, shift);
        xcy_contrast_cell(&c->figures[pair][figure], XCY_CONTRAST_CI, ci);
    }
    bool has_width = strcmp(ci, "-") != 0 && strcmp(ci, shift) != 0;
    xcy_table_add_cell(table, has_width ? "%s (%s)" : "%s", shift, ci);
}

static void add_value(const struct xcy_cost *c, enum xcy_remedy remedy, size_t figure,
                      struct xcy_table *table)
{
    char text[XCY_CONTRAST_CELL_BYTES] = "-";
    size_t side = 0;
    const struct xcy_contrast *contrast = xcy_cost_figure(c, remedy, figure, &side);
    if (contrast) {
        xcy_contrast_side_cell(contrast, side, text);
    }
    xcy_table_add_cell(table, "%s", text);
}

static void add_titles(struct xcy_table *table)
{
    static const char *const titles[] = {"  figure",       "no remedy",    "delay",
                                         "barrier",        "delay - none", "barrier - none",
                                         "barrier - delay"};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        xcy_table_add_cell(table, "%s", titles[i]);
    }
    xcy_table_add_rule(table);
}

static void add_table(const struct xcy_cost *c, struct xcy_buf *out)
{
    char text[XCY_CONTRAST_CELL_BYTES];
    struct xcy_table *table = xcy_table_new("lrrrrrr");
    add_titles(table);
    for (size_t i = 0; i < c->n_figures; i++) {
        xcy_contrast_cell(&c->figures[XCY_COST_OF_BARRIER][i], XCY_CONTRAST_FIGURE, text);
        xcy_table_add_cell(table, "  %s", text);
        for (size_t remedy = 0; remedy < XCY_N_REMEDIES; remedy++) {
            add_value(c, (enum xcy_remedy)remedy, i, table);
        }
        for (size_t pair = 0; pair < XCY_N_COST_PAIRS; pair++) {
            add_shift(c, (enum xcy_cost_pair)pair, i, table);
        }
    }
    xcy_table_format(table, out);
    xcy_table_free(table);
}

/* The question itself: barrier or delay; where there is no delay, what the barrier costs. */
static void add_answers(const struct xcy_cost *c, struct xcy_buf *out)
{
    enum xcy_cost_pair pair =
        c->has_pair[XCY_COST_OF_CHOICE] ? XCY_COST_OF_CHOICE : XCY_COST_OF_BARRIER;
    xcy_buf_addf(out, "\n  A: %s, B: the barrier\n",
                 pair == XCY_COST_OF_CHOICE ? "the delay" : "no remedy");
    for (size_t i = 0; i < c->n_figures; i++) {
        xcy_buf_addf(out, "  %s: ", xcy_contrast_title(&c->figures[pair][i]));
        xcy_contrast_words(&c->figures[pair][i], 0, out);
        xcy_buf_add_char(out, '\n');
    }
    xcy_buf_add_text(out, "\ntests: ");
    xcy_tests_add(c->tests, out);
    xcy_buf_addf(out, "; found: p <= %g\n", XCY_COMPARE_ALPHA);
}

void xcy_cost_print(const struct xcy_cost *cost, struct xcy_buf *out)
{
    add_head(cost, out);
    add_table(cost, out);
    add_answers(cost, out);
}
