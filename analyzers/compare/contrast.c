#include "analyzers/compare/contrast.h"

#include "analyzers/compare/shares.h"
#include "analyzers/compare/values.h"
#include "common/stats/rounds.h"

#include <math.h>

const char *const xcy_found_names[] = {"no_values", "too_few_rounds", "unbounded",     "larger",
                                       "smaller",   "within_clocks",  "no_difference", NULL};

const struct xcy_contrast_traits xcy_contrast_traits[XCY_N_KINDS] = {
    [XCY_KIND_INCONSISTENT] = {"inconsistent", "inconsistent", "share", 1, "higher", "lower", false,
                               false},
    [XCY_KIND_UNDECIDED] = {"undecided", "undecided", "share", 1, "higher", "lower", false, false},
    [XCY_KIND_THROUGHPUT] = {"throughput", "throughput", "per_s", 1, "higher", "lower", true, true},
    [XCY_KIND_DURATION] = {NULL, NULL, "ms", 1e-3, "longer", "shorter", true, false},
    [XCY_KIND_BYTES] = {NULL, NULL, "bytes", 1, "larger", "smaller", true, false},
};

static struct xcy_contrast begin(enum xcy_contrast_kind kind, struct xcy_compared_side a,
                                 struct xcy_compared_side b)
{
    static const struct xcy_shift unknown = {{-INFINITY, INFINITY}, {-INFINITY, INFINITY}, false};
    return (struct xcy_contrast){
        .kind = kind,
        .of_rounds = kind == XCY_KIND_THROUGHPUT || a.n > 1 || b.n > 1,
        .shift = unknown,
        .log_ratio = unknown,
        .spread = {{NAN, NAN}, {NAN, NAN}},
        .moved = {unknown.interval, unknown.interval, NAN, NAN},
        .near = unknown.interval,
        .p = NAN,
        .p_adjusted = NAN,
    };
}

/* Of so few rounds only how far the means lie apart. */
static void without_interval(struct xcy_contrast *c)
{
    c->shift.interval = (struct xcy_interval){-INFINITY, INFINITY};
    c->shift.exists = false;
    c->log_ratio.interval = c->shift.interval;
    c->log_ratio.exists = false;
    c->moved.shift = c->shift.interval;
    c->moved.log_ratio = c->shift.interval;
}

/* How far the estimate moves when every value is as far to one side as its clocks allow. */
static struct xcy_interval clock_of(const struct xcy_contrast *c, struct xcy_interval moved)
{
    const struct xcy_interval *from = &c->shift.estimate;
    return (struct xcy_interval){
        .low = isinf(moved.low) ? -INFINITY : moved.low - from->low,
        .high = isinf(moved.high) ? INFINITY : moved.high - from->high,
    };
}

/* Equivalence is a claim: it has to hold wherever the clocks may have moved the values to. */
static struct xcy_interval near_of(const struct xcy_contrast *c, const struct xcy_method *method,
                                   struct xcy_ends a, struct xcy_ends b)
{
    struct xcy_shift near = {.interval = {-INFINITY, INFINITY}};
    if (!xcy_contrast_traits[c->kind].has_ratio) {
        near = xcy_shift_of(method, a, b, XCY_NEAR_CONFIDENCE);
    } else if (!xcy_shift_of_logs(method, a, b, XCY_NEAR_CONFIDENCE, &near)) {
        near.interval = (struct xcy_interval){-INFINITY, INFINITY};
    }
    return near.interval;
}

/* Never less than as measured: rounds may vary less when they are moved. */
static double moved_p(const struct xcy_contrast *c, const struct xcy_method *method,
                      struct xcy_ends a, struct xcy_ends b)
{
    struct xcy_shift_test test = xcy_shift_test_of(method, a, b);
    bool is_same_direction = !isnan(test.p) && test.direction * c->direction > 0;
    return is_same_direction ? fmax(test.p, c->p) : 1;
}

static void move(struct xcy_contrast *c, const struct xcy_method *method, struct xcy_ends a,
                 struct xcy_ends b)
{
    struct xcy_shift logs;
    struct xcy_shift shift = xcy_shift_of(method, a, b, XCY_CONFIDENCE);
    c->clock = clock_of(c, shift.estimate);
    if (shift.exists) {
        c->moved.shift = shift.interval;
    }
    if (xcy_shift_of_logs(method, a, b, XCY_CONFIDENCE, &logs) && logs.exists) {
        c->moved.log_ratio = logs.interval;
    }
    if (!isnan(c->p)) {
        c->moved.p = moved_p(c, method, a, b);
    }
}

static bool are_zero(struct xcy_ends ends)
{
    return ends.low.at[0] == 0 && ends.high.at[ends.high.n - 1] == 0;
}

static void compare(struct xcy_contrast *c, const struct xcy_method *method,
                    const struct xcy_side_values *from, const struct xcy_side_values *to)
{
    struct xcy_ends a = xcy_owned_ends_get(&from->measured);
    struct xcy_ends b = xcy_owned_ends_get(&to->measured);
    struct xcy_ends a_moved = xcy_owned_ends_get(&from->moved);
    struct xcy_ends b_moved = xcy_owned_ends_get(&to->moved);
    c->shift = xcy_shift_of(method, a, b, XCY_CONFIDENCE);
    c->has_ratio = xcy_contrast_traits[c->kind].has_ratio &&
                   xcy_shift_of_logs(method, a, b, XCY_CONFIDENCE, &c->log_ratio);
    c->may_be_negative = a_moved.low.at[0] < 0 || b_moved.low.at[0] < 0;
    c->is_zero[0] = are_zero(a_moved);
    c->is_zero[1] = are_zero(b_moved);
    if (xcy_contrast_has_enough(c)) {
        struct xcy_shift_test test = xcy_shift_test_of(method, a, b);
        c->test = xcy_method_name(method);
        c->p = test.p;
        c->direction = test.direction;
    }
    if (c->crosses_clocks) {
        move(c, method, a_moved, b_moved);
    }
    if (!xcy_contrast_has_enough(c)) {
        without_interval(c);
        return;
    }
    c->near = near_of(c, method, a_moved, b_moved);
}

/* A mean of lower ends that are all no more than what is certain anyway tells nothing. */
static bool is_left(const struct xcy_metric *metric, double low_us)
{
    return metric && metric->kind == XCY_METRIC_VISIBILITY && low_us <= metric->floor_us;
}

/* A round's mean with the interval of the rounds; where one has no bound, neither has the mean. */
static struct xcy_estimate estimate_of_rounds(const struct xcy_contrast *c, struct xcy_ends ends)
{
    struct xcy_estimate e = {.low_us = -INFINITY, .high_us = INFINITY};
    if (ends.low.n == 0) {
        return e;
    }
    bool has_low = isfinite(ends.low.at[0]) && isfinite(ends.low.at[ends.low.n - 1]);
    bool has_high = isfinite(ends.high.at[0]) && isfinite(ends.high.at[ends.high.n - 1]);
    if (has_low) {
        struct xcy_rounds low = xcy_rounds_of(ends.low.at, ends.low.n, XCY_CONFIDENCE);
        e.low_us = low.mean;
        e.ci_low_us = low.low;
    }
    if (has_high) {
        struct xcy_rounds high = xcy_rounds_of(ends.high.at, ends.high.n, XCY_CONFIDENCE);
        e.high_us = high.mean;
        e.ci_high_us = high.high;
    }
    e.has_interval = has_low && has_high && ends.low.n >= XCY_LEAST_ROUNDS;
    e.is_left = is_left(c->metric, e.low_us);
    return e;
}

/* Two rounds have no interval, but a least and a most. */
static struct xcy_interval spread_of(struct xcy_ends ends)
{
    bool is_spread = ends.low.n == XCY_LEAST_ROUNDS - 1;
    return is_spread ? (struct xcy_interval){ends.low.at[0], ends.high.at[ends.high.n - 1]}
                     : (struct xcy_interval){NAN, NAN};
}

/* Of bytes most values are one: a median would hide the others. */
static struct xcy_estimate estimate_of_bytes(const struct xcy_owned_ends *ends)
{
    struct xcy_moments m = xcy_moments_of(xcy_owned_ends_get(ends).low);
    struct xcy_estimate e = {.low_us = m.mean, .high_us = m.mean, .has_interval = ends->n >= 2};
    if (e.has_interval) {
        struct xcy_interval t = xcy_student_interval(m, ends->n, XCY_CONFIDENCE);
        e.ci_low_us = t.low;
        e.ci_high_us = t.high;
    }
    return e;
}

/* Of one value on a side there is no variance; its rank is something. */
static const struct xcy_method *method_of_requests(const struct xcy_contrast *c)
{
    bool is_mean = c->kind == XCY_KIND_BYTES && c->n[0] > 1 && c->n[1] > 1;
    return is_mean ? &xcy_method_means : &xcy_method_ranks;
}

static void compare_requests(struct xcy_contrast *c, struct xcy_compared_side a,
                             struct xcy_compared_side b, size_t metric)
{
    const struct xcy_summary *runs[2] = {a.runs, b.runs};
    struct xcy_side_values values[2];
    for (size_t side = 0; side < 2; side++) {
        values[side] = xcy_values_of_requests(&runs[side]->evidence.distributions[metric]);
        c->n[side] = (int64_t)values[side].measured.n;
        c->sides[side] = c->kind == XCY_KIND_BYTES ? estimate_of_bytes(&values[side].measured)
                                                   : runs[side]->metrics[metric].quantiles[0];
    }
    if (c->n[0] > 0 && c->n[1] > 0) {
        compare(c, method_of_requests(c), &values[0], &values[1]);
    }
    xcy_side_values_clear(&values[0]);
    xcy_side_values_clear(&values[1]);
}

/* Clocks may have moved values, and more rounds do not tell by how much: then no number is told. */
static int64_t needs_rounds(const struct xcy_contrast *c, const struct xcy_side_values *a,
                            const struct xcy_side_values *b, double margin)
{
    bool is_log = xcy_contrast_traits[c->kind].has_ratio;
    return xcy_shift_needs_rounds(xcy_owned_ends_get(&a->moved), xcy_owned_ends_get(&b->moved),
                                  is_log, is_log ? log1p(margin) : margin, XCY_NEAR_CONFIDENCE);
}

static void compare_rounds(struct xcy_contrast *c, struct xcy_side_values a,
                           struct xcy_side_values b, const struct xcy_contrast_settings *settings)
{
    const struct xcy_side_values *values[2] = {&a, &b};
    for (size_t side = 0; side < 2; side++) {
        struct xcy_ends ends = xcy_owned_ends_get(&values[side]->measured);
        c->n[side] = (int64_t)ends.low.n;
        c->sides[side] = estimate_of_rounds(c, ends);
        c->spread[side] = spread_of(ends);
    }
    if (c->n[0] > 0 && c->n[1] > 0) {
        compare(c, &xcy_method_means, &a, &b);
    }
    if (settings->margin > 0 && xcy_contrast_has_enough(c)) {
        c->needs_rounds = needs_rounds(c, &a, &b, settings->margin);
    }
    xcy_side_values_clear(&a);
    xcy_side_values_clear(&b);
}

static struct xcy_contrast ended(struct xcy_contrast c,
                                 const struct xcy_contrast_settings *settings)
{
    if (!c.crosses_clocks) {
        c.moved = (struct xcy_contrast_moved){c.shift.interval, c.log_ratio.interval, c.p, NAN};
    }
    c.p_adjusted = c.p;
    c.moved.p_adjusted = c.moved.p;
    xcy_contrast_judge(&c, settings->margin);
    return c;
}

struct xcy_contrast xcy_contrast_of_metric(struct xcy_compared_side a, struct xcy_compared_side b,
                                           size_t metric,
                                           const struct xcy_contrast_settings *settings)
{
    const struct xcy_metric *of = a.runs[0].metrics[metric].metric;
    bool is_bytes = of->kind == XCY_METRIC_BYTES;
    struct xcy_contrast c = begin(is_bytes ? XCY_KIND_BYTES : XCY_KIND_DURATION, a, b);
    c.metric = of;
    c.crosses_clocks = xcy_metric_crosses_clocks(of);
    if (c.of_rounds) {
        compare_rounds(&c, xcy_values_of_rounds(a, metric, settings->quantile),
                       xcy_values_of_rounds(b, metric, settings->quantile), settings);
    } else {
        compare_requests(&c, a, b, metric);
    }
    return ended(c, settings);
}

static void count(struct xcy_contrast *c, size_t side, struct xcy_compared_side runs)
{
    for (size_t i = 0; i < runs.n; i++) {
        struct xcy_share share = xcy_share_of_run(c->kind, &runs.runs[i]);
        c->events[side] += share.events;
        c->cases[side] += share.n;
    }
}

/* Neither rounds nor counts may be too few for what is told. */
static int64_t larger_need(int64_t of_rounds, int64_t of_counts)
{
    bool is_possible = of_rounds > 0 && of_counts > 0;
    int64_t larger = of_rounds > of_counts ? of_rounds : of_counts;
    return is_possible ? larger : 0;
}

static void compare_shares_of_rounds(struct xcy_contrast *c, struct xcy_compared_side a,
                                     struct xcy_compared_side b,
                                     const struct xcy_contrast_settings *settings)
{
    compare_rounds(c, xcy_values_of_runs(a, c->kind), xcy_values_of_runs(b, c->kind), settings);
    xcy_shares_widen_sides(c);
    if (!xcy_contrast_has_enough(c)) {
        return;
    }
    xcy_shares_widen(c);
    if (settings->margin > 0) {
        c->needs_rounds = larger_need(c->needs_rounds, xcy_shares_need_rounds(c, settings->margin));
    }
}

struct xcy_contrast xcy_contrast_of_share(enum xcy_contrast_kind kind, struct xcy_compared_side a,
                                          struct xcy_compared_side b,
                                          const struct xcy_contrast_settings *settings)
{
    struct xcy_contrast c = begin(kind, a, b);
    count(&c, 0, a);
    count(&c, 1, b);
    if (c.of_rounds) {
        compare_shares_of_rounds(&c, a, b, settings);
    } else {
        c.n[0] = c.cases[0];
        c.n[1] = c.cases[1];
        if (c.n[0] > 0 && c.n[1] > 0) {
            xcy_shares_compare(&c);
        }
    }
    return ended(c, settings);
}

struct xcy_contrast xcy_contrast_of_throughput(struct xcy_compared_side a,
                                               struct xcy_compared_side b,
                                               const struct xcy_contrast_settings *settings)
{
    struct xcy_contrast c = begin(XCY_KIND_THROUGHPUT, a, b);
    compare_rounds(&c, xcy_values_of_runs(a, c.kind), xcy_values_of_runs(b, c.kind), settings);
    return ended(c, settings);
}
