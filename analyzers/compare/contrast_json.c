#include "analyzers/compare/contrast_json.h"

#include "analyzers/compare/contrast_cells.h"

#include <math.h>

/* An end without a bound is null. */
static void put_interval(struct xcy_json *to, const char *low, const char *high,
                         struct xcy_interval interval, double scale)
{
    xcy_json_put_number(to, low, interval.low * scale);
    xcy_json_put_number(to, high, interval.high * scale);
}

static double percent(double log_ratio)
{
    return 100 * expm1(log_ratio);
}

static struct xcy_interval percents(struct xcy_interval log_ratio)
{
    return (struct xcy_interval){percent(log_ratio.low), percent(log_ratio.high)};
}

static void put_side(struct xcy_json *o, const char *name, const struct xcy_contrast *c,
                     size_t side)
{
    const struct xcy_estimate *e = &c->sides[side];
    bool has_values = c->n[side] > 0;
    struct xcy_interval none = {NAN, NAN};
    struct xcy_interval value = {e->low_us, e->high_us};
    struct xcy_interval ci = {e->ci_low_us, e->ci_high_us};
    struct xcy_json *to = xcy_json_put_object(o, name);
    xcy_json_put_int64(to, "n", c->n[side]);
    put_interval(to, "low", "high", has_values ? value : none, xcy_contrast_traits[c->kind].scale);
    put_interval(to, "ci95_low", "ci95_high", has_values && e->has_interval ? ci : none,
                 xcy_contrast_traits[c->kind].scale);
    put_interval(to, "spread_low", "spread_high", c->spread[side],
                 xcy_contrast_traits[c->kind].scale);
}

static void put_differences(struct xcy_json *o, const struct xcy_contrast *c)
{
    struct xcy_interval none = {NAN, NAN};
    double scale = xcy_contrast_traits[c->kind].scale;
    put_interval(o, "shift_low", "shift_high", c->shift.estimate, scale);
    put_interval(o, "shift_ci95_low", "shift_ci95_high", c->shift.exists ? c->shift.interval : none,
                 scale);
    put_interval(o, "clock_low", "clock_high", c->clock, scale);
    put_interval(o, "moved_ci95_low", "moved_ci95_high", c->moved.shift, scale);
    xcy_json_put_bool(o, "crosses_clocks", c->crosses_clocks);
    put_interval(o, "change_low_pct", "change_high_pct",
                 c->has_ratio ? percents(c->log_ratio.estimate) : none, 1);
    put_interval(o, "change_ci95_low_pct", "change_ci95_high_pct",
                 c->has_ratio && c->log_ratio.exists ? percents(c->log_ratio.interval) : none, 1);
}

void xcy_contrast_put(const struct xcy_contrast *c, double margin, struct xcy_json *o)
{
    struct xcy_buf words;
    xcy_buf_init(&words, 4096);
    xcy_contrast_words(c, margin, &words);
    xcy_json_put_string(o, "name", xcy_contrast_name(c));
    xcy_json_put_string(o, "unit", xcy_contrast_traits[c->kind].unit);
    put_side(o, "a", c, 0);
    put_side(o, "b", c, 1);
    put_differences(o, c);
    xcy_json_put_string(o, "test", c->test);
    xcy_json_put_number(o, "p", c->p);
    xcy_json_put_number(o, "p_adjusted", c->p_adjusted);
    xcy_json_put_number(o, "moved_p", c->moved.p);
    xcy_json_put_number(o, "moved_p_adjusted", c->moved.p_adjusted);
    xcy_json_put_string(o, "found", xcy_found_names[c->found]);
    xcy_json_put_string(o, "equivalence",
                        margin > 0 ? xcy_tost_verdict_names[c->equivalence] : NULL);
    if (c->needs_rounds > 0) {
        xcy_json_put_int64(o, "needs_rounds", c->needs_rounds);
    } else {
        xcy_json_put_null(o, "needs_rounds");
    }
    xcy_json_put_string(o, "words", words.ptr);
    xcy_buf_clear(&words);
}
