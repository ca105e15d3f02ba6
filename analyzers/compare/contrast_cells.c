#include "analyzers/compare/contrast_cells.h"

#include "analyzers/cells.h"
#include "analyzers/duration.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const xcy_contrast_columns[XCY_N_CONTRAST_COLUMNS] = {
    [XCY_CONTRAST_FIGURE] = "figure",
    [XCY_CONTRAST_A] = "A",
    [XCY_CONTRAST_B] = "B",
    [XCY_CONTRAST_SHIFT] = "shift",
    [XCY_CONTRAST_CI] = "95% CI",
    [XCY_CONTRAST_CHANGE] = "change",
    [XCY_CONTRAST_CHANGE_CI] = "95% CI",
    [XCY_CONTRAST_CLOCK] = "clock",
    [XCY_CONTRAST_P] = "p",
    [XCY_CONTRAST_VERDICT] = "verdict",
};

enum { TEXT_BYTES = 64, RANGE_BYTES = 2 * TEXT_BYTES + 4 };

const char *xcy_contrast_name(const struct xcy_contrast *c)
{
    return c->metric ? c->metric->name : xcy_contrast_traits[c->kind].name;
}

const char *xcy_contrast_title(const struct xcy_contrast *c)
{
    return c->metric ? c->metric->title : xcy_contrast_traits[c->kind].title;
}

/* A share's difference. */
static void format_points(double value, char to[TEXT_BYTES])
{
    snprintf(to, TEXT_BYTES, "%.*f pts", fabs(value) < 0.01 ? 2 : 1, 100 * value);
}

static void format_rate(double value, char to[TEXT_BYTES])
{
    snprintf(to, TEXT_BYTES, "%.*f/s", fabs(value) < 10 ? 2 : 1, value);
}

static void format_duration(double value, char to[TEXT_BYTES])
{
    char duration[XCY_DURATION_TEXT_BYTES];
    xcy_duration_format(value, duration);
    snprintf(to, TEXT_BYTES, "%s", duration);
}

static void format_bytes(double value, char to[TEXT_BYTES])
{
    snprintf(to, TEXT_BYTES, "%.*f", value == rint(value) ? 0 : 1, value);
}

/* "57.1 pts", "99.8/s", "101 ms", "412.5". */
static void format_size(const struct xcy_contrast *c, double value, char to[TEXT_BYTES])
{
    static void (*const formats[XCY_N_KINDS])(double, char[TEXT_BYTES]) = {
        [XCY_KIND_INCONSISTENT] = format_points, [XCY_KIND_UNDECIDED] = format_points,
        [XCY_KIND_THROUGHPUT] = format_rate,     [XCY_KIND_DURATION] = format_duration,
        [XCY_KIND_BYTES] = format_bytes,
    };
    formats[c->kind](value, to);
}

/* As a size; but a share is no difference. */
static void format_value(const struct xcy_contrast *c, double value, char to[TEXT_BYTES])
{
    if (!xcy_contrast_traits[c->kind].has_ratio) {
        snprintf(to, TEXT_BYTES, "%.1f%%", 100 * value);
    } else {
        format_size(c, value, to);
    }
}

/* "+57.1 ms"; a bound that is none as "no bound". */
static void format_signed(const struct xcy_contrast *c, double value, char to[TEXT_BYTES])
{
    char size[TEXT_BYTES];
    if (isinf(value)) {
        snprintf(to, TEXT_BYTES, "no bound");
        return;
    }
    format_size(c, value, size);
    snprintf(to, TEXT_BYTES, "%s%.60s", value >= 0 ? "+" : "", size);
}

static void join(const char *low, const char *high, char to[XCY_CONTRAST_CELL_BYTES])
{
    bool is_one = strcmp(low, high) == 0;
    snprintf(to, XCY_CONTRAST_CELL_BYTES, "%.64s%s%.64s", low, is_one ? "" : "..",
             is_one ? "" : high);
}

static void format_interval(const struct xcy_contrast *c, struct xcy_interval interval,
                            char to[XCY_CONTRAST_CELL_BYTES])
{
    char low[TEXT_BYTES];
    char high[TEXT_BYTES];
    format_signed(c, interval.low, low);
    format_signed(c, interval.high, high);
    join(low, high, to);
}

static void format_percent(double log_ratio, char to[TEXT_BYTES])
{
    double percent = 100 * expm1(log_ratio);
    if (isfinite(percent)) {
        snprintf(to, TEXT_BYTES, "%+.*f%%", fabs(percent) < 10 ? 2 : 1, percent + 0.0);
    } else {
        snprintf(to, TEXT_BYTES, "no bound");
    }
}

static void format_change(struct xcy_interval log_ratio, char to[XCY_CONTRAST_CELL_BYTES])
{
    char low[TEXT_BYTES];
    char high[TEXT_BYTES];
    format_percent(log_ratio.low, low);
    format_percent(log_ratio.high, high);
    join(low, high, to);
}

/* Nothing of it is known but zeroes: no logarithm is finite. */
static bool has_change(const struct xcy_contrast *c)
{
    return c->has_ratio &&
           (isfinite(c->log_ratio.estimate.low) || isfinite(c->log_ratio.estimate.high));
}

static void figure_cell(const struct xcy_contrast *c, char to[XCY_CONTRAST_CELL_BYTES])
{
    snprintf(to, XCY_CONTRAST_CELL_BYTES, "%s%s", xcy_contrast_title(c),
             c->kind == XCY_KIND_BYTES ? " (bytes)" : "");
}

static void share_value(const struct xcy_contrast *c, size_t side, char to[XCY_CONTRAST_CELL_BYTES])
{
    if (c->events[side] == 0) {
        snprintf(to, XCY_CONTRAST_CELL_BYTES, "0 of %lld", (long long)c->cases[side]);
    } else {
        char value[TEXT_BYTES];
        format_value(c, c->sides[side].low_us, value);
        snprintf(to, XCY_CONTRAST_CELL_BYTES, "%s", value);
    }
}

static void duration_value(const struct xcy_contrast *c, size_t side,
                           char to[XCY_CONTRAST_CELL_BYTES])
{
    char value[XCY_CELL_BYTES];
    xcy_cell_value(&c->sides[side], value);
    snprintf(to, XCY_CONTRAST_CELL_BYTES, "%s", value);
}

static void size_value(const struct xcy_contrast *c, size_t side, char to[XCY_CONTRAST_CELL_BYTES])
{
    char value[TEXT_BYTES];
    format_size(c, c->sides[side].low_us, value);
    snprintf(to, XCY_CONTRAST_CELL_BYTES, "%s", value);
}

/* " (57.2..62.4%)", ", <= 0.61%". */
static void share_interval(const struct xcy_contrast *c, size_t side,
                           char to[XCY_CONTRAST_CELL_BYTES])
{
    const struct xcy_estimate *e = &c->sides[side];
    if (c->events[side] == 0) {
        double most = xcy_clopper_pearson(0, c->cases[side], XCY_CONFIDENCE).high;
        snprintf(to, XCY_CONTRAST_CELL_BYTES, ", <= %.2f%%", 100 * most);
    } else {
        snprintf(to, XCY_CONTRAST_CELL_BYTES, " (%.1f..%.1f%%)", 100 * e->ci_low_us,
                 100 * e->ci_high_us);
    }
}

static void duration_interval(const struct xcy_contrast *c, size_t side,
                              char to[XCY_CONTRAST_CELL_BYTES])
{
    char ci[XCY_CELL_BYTES];
    if (c->sides[side].has_interval) {
        xcy_cell_ci(&c->sides[side], ci);
        snprintf(to, XCY_CONTRAST_CELL_BYTES, " (%s)", ci);
    }
}

typedef void format_fn(const struct xcy_contrast *c, double value, char to[TEXT_BYTES]);

/* "9.66 ms..13.8 ms"; false: both ends read alike. */
static bool format_range(const struct xcy_contrast *c, format_fn *format, struct xcy_interval range,
                         char to[RANGE_BYTES])
{
    char low[TEXT_BYTES];
    char high[TEXT_BYTES];
    format(c, range.low, low);
    format(c, range.high, high);
    snprintf(to, RANGE_BYTES, "%s..%s", low, high);
    return strcmp(low, high) != 0;
}

/* One value throughout has no interval to tell. */
static void size_interval(const struct xcy_contrast *c, size_t side,
                          char to[XCY_CONTRAST_CELL_BYTES])
{
    char range[RANGE_BYTES];
    const struct xcy_interval ci = {c->sides[side].ci_low_us, c->sides[side].ci_high_us};
    if (c->sides[side].has_interval && format_range(c, format_size, ci, range)) {
        snprintf(to, XCY_CONTRAST_CELL_BYTES, " (%s)", range);
    }
}

/* " (2 rounds: 9.66 ms..13.8 ms)", " (1 round)". */
static void rounds_spread(const struct xcy_contrast *c, size_t side,
                          char to[XCY_CONTRAST_CELL_BYTES])
{
    char range[RANGE_BYTES];
    bool is_known = isfinite(c->spread[side].low) && isfinite(c->spread[side].high);
    if (is_known && format_range(c, format_value, c->spread[side], range)) {
        snprintf(to, XCY_CONTRAST_CELL_BYTES, " (%lld rounds: %s)", (long long)c->n[side], range);
    } else {
        snprintf(to, XCY_CONTRAST_CELL_BYTES, " (%lld round%s)", (long long)c->n[side],
                 c->n[side] == 1 ? "" : "s");
    }
}

typedef void side_fn(const struct xcy_contrast *c, size_t side, char to[XCY_CONTRAST_CELL_BYTES]);

static const struct {
    side_fn *value;
    side_fn *interval;
} side_kinds[XCY_N_KINDS] = {
    [XCY_KIND_INCONSISTENT] = {share_value, share_interval},
    [XCY_KIND_UNDECIDED] = {share_value, share_interval},
    [XCY_KIND_THROUGHPUT] = {size_value, size_interval},
    [XCY_KIND_DURATION] = {duration_value, duration_interval},
    [XCY_KIND_BYTES] = {size_value, size_interval},
};

void xcy_contrast_value(const struct xcy_contrast *c, size_t side, char to[XCY_CONTRAST_CELL_BYTES])
{
    snprintf(to, XCY_CONTRAST_CELL_BYTES, "-");
    if (c->n[side] > 0) {
        side_kinds[c->kind].value(c, side, to);
    }
}

void xcy_contrast_side_cell(const struct xcy_contrast *c, size_t side,
                            char to[XCY_CONTRAST_CELL_BYTES])
{
    char value[XCY_CONTRAST_CELL_BYTES];
    char interval[XCY_CONTRAST_CELL_BYTES] = "";
    xcy_contrast_value(c, side, value);
    bool is_spread = c->of_rounds && c->n[side] < XCY_LEAST_ROUNDS && !c->sides[side].has_interval;
    if (c->n[side] > 0) {
        (is_spread ? rounds_spread : side_kinds[c->kind].interval)(c, side, interval);
    }
    snprintf(to, XCY_CONTRAST_CELL_BYTES, "%.90s%.90s", value, interval);
}

static void a_cell(const struct xcy_contrast *c, char to[XCY_CONTRAST_CELL_BYTES])
{
    xcy_contrast_side_cell(c, 0, to);
}

static void b_cell(const struct xcy_contrast *c, char to[XCY_CONTRAST_CELL_BYTES])
{
    xcy_contrast_side_cell(c, 1, to);
}

static bool has_both(const struct xcy_contrast *c)
{
    return c->n[0] > 0 && c->n[1] > 0;
}

static void nothing(char to[XCY_CONTRAST_CELL_BYTES])
{
    snprintf(to, XCY_CONTRAST_CELL_BYTES, "-");
}

static void shift_cell(const struct xcy_contrast *c, char to[XCY_CONTRAST_CELL_BYTES])
{
    nothing(to);
    if (has_both(c)) {
        format_interval(c, c->shift.estimate, to);
    }
}

static void ci_cell(const struct xcy_contrast *c, char to[XCY_CONTRAST_CELL_BYTES])
{
    nothing(to);
    if (c->shift.exists) {
        format_interval(c, c->shift.interval, to);
    }
}

static void change_cell(const struct xcy_contrast *c, char to[XCY_CONTRAST_CELL_BYTES])
{
    nothing(to);
    if (has_change(c)) {
        format_change(c->log_ratio.estimate, to);
    }
}

static void change_ci_cell(const struct xcy_contrast *c, char to[XCY_CONTRAST_CELL_BYTES])
{
    nothing(to);
    if (has_change(c) && c->log_ratio.exists) {
        format_change(c->log_ratio.interval, to);
    }
}

static void clock_cell(const struct xcy_contrast *c, char to[XCY_CONTRAST_CELL_BYTES])
{
    nothing(to);
    if (has_both(c) && c->crosses_clocks) {
        char bound[XCY_CELL_BYTES];
        xcy_cell_bound(c->clock.low, c->clock.high, bound);
        snprintf(to, XCY_CONTRAST_CELL_BYTES, "%s", bound);
    }
}

static void p_cell(const struct xcy_contrast *c, char to[XCY_CONTRAST_CELL_BYTES])
{
    nothing(to);
    if (c->p_adjusted < 0.001) {
        snprintf(to, XCY_CONTRAST_CELL_BYTES, "<0.001");
    } else if (!isnan(c->p_adjusted)) {
        snprintf(to, XCY_CONTRAST_CELL_BYTES, "%.3f", c->p_adjusted);
    }
}

const char *xcy_contrast_comparative(const struct xcy_contrast *c)
{
    const struct xcy_contrast_traits *traits = &xcy_contrast_traits[c->kind];
    if (c->found == XCY_FOUND_LARGER) {
        return traits->larger;
    }
    return c->found == XCY_FOUND_SMALLER ? traits->smaller : "";
}

/* What was found, in as few words as possible. */
static void verdict_cell(const struct xcy_contrast *c, char to[XCY_CONTRAST_CELL_BYTES])
{
    static const char *const words[XCY_N_FOUND] = {
        [XCY_FOUND_NO_VALUES] = "one side only",
        [XCY_FOUND_TOO_FEW] = "too few rounds",
        [XCY_FOUND_UNBOUNDED] = "too much is censored",
        [XCY_FOUND_LARGER] = "B is ",
        [XCY_FOUND_SMALLER] = "B is ",
        [XCY_FOUND_WITHIN_CLOCKS] = "clocks can make it",
        [XCY_FOUND_NO_DIFFERENCE] = "no difference found",
    };
    static const char *const equivalence[] = {
        [XCY_TOST_UNDECIDED] = "",
        [XCY_TOST_EQUIVALENT] = ", within the margin",
        [XCY_TOST_DIFFERENT] = ", beyond the margin",
    };
    snprintf(to, XCY_CONTRAST_CELL_BYTES, "%s%s%s", words[c->found], xcy_contrast_comparative(c),
             equivalence[c->equivalence]);
}

void xcy_contrast_cell(const struct xcy_contrast *c, enum xcy_contrast_column column,
                       char to[XCY_CONTRAST_CELL_BYTES])
{
    static void (*const cells[XCY_N_CONTRAST_COLUMNS])(const struct xcy_contrast *,
                                                       char[XCY_CONTRAST_CELL_BYTES]) = {
        [XCY_CONTRAST_FIGURE] = figure_cell,
        [XCY_CONTRAST_A] = a_cell,
        [XCY_CONTRAST_B] = b_cell,
        [XCY_CONTRAST_SHIFT] = shift_cell,
        [XCY_CONTRAST_CI] = ci_cell,
        [XCY_CONTRAST_CHANGE] = change_cell,
        [XCY_CONTRAST_CHANGE_CI] = change_ci_cell,
        [XCY_CONTRAST_CLOCK] = clock_cell,
        [XCY_CONTRAST_P] = p_cell,
        [XCY_CONTRAST_VERDICT] = verdict_cell,
    };
    cells[column](c, to);
}
