#include "analyzers/compare/contrast.h"

#include <math.h>

bool xcy_contrast_has_enough(const struct xcy_contrast *c)
{
    int64_t least = c->of_rounds ? XCY_LEAST_ROUNDS : 1;
    return c->n[0] >= least && c->n[1] >= least;
}

static enum xcy_found found_of(const struct xcy_contrast *c)
{
    if (c->n[0] == 0 || c->n[1] == 0) {
        return XCY_FOUND_NO_VALUES;
    }
    if (!xcy_contrast_has_enough(c)) {
        return XCY_FOUND_TOO_FEW;
    }
    if (isnan(c->p_adjusted)) {
        return XCY_FOUND_UNBOUNDED;
    }
    if (c->p_adjusted > XCY_COMPARE_ALPHA) {
        return XCY_FOUND_NO_DIFFERENCE;
    }
    if (c->moved.p_adjusted > XCY_COMPARE_ALPHA) {
        return XCY_FOUND_WITHIN_CLOCKS;
    }
    return c->direction > 0 ? XCY_FOUND_LARGER : XCY_FOUND_SMALLER;
}

static bool is_found(const struct xcy_contrast *c)
{
    return c->found == XCY_FOUND_LARGER || c->found == XCY_FOUND_SMALLER;
}

/* Larger than nothing, or nothing where something was: beyond any ratio. */
static bool is_beyond_ratios(const struct xcy_contrast *c)
{
    bool has_ratio = xcy_contrast_traits[c->kind].has_ratio;
    return has_ratio && is_found(c) && c->is_zero[c->found == XCY_FOUND_LARGER ? 0 : 1];
}

/* Where the two sides differ by nothing at all, a ratio is not needed: 0 bytes and 0 bytes are equal.
 * Across clocks nothing is known to be nothing; nor is it of shares, which are of a sample. */
static bool is_same(const struct xcy_contrast *c)
{
    return xcy_contrast_traits[c->kind].has_ratio && !c->crosses_clocks && c->shift.exists &&
           c->shift.interval.low == 0 && c->shift.interval.high == 0;
}

static enum xcy_tost_verdict equivalence_of(const struct xcy_contrast *c, double margin)
{
    bool has_ratio = xcy_contrast_traits[c->kind].has_ratio;
    if (c->p <= XCY_COMPARE_ALPHA && c->near.low == 0 && c->near.high == 0) {
        return XCY_TOST_UNDECIDED; /* equal values hide from ranks by how much the others differ */
    }
    if (is_same(c)) {
        return XCY_TOST_EQUIVALENT;
    }
    if (is_beyond_ratios(c)) {
        return XCY_TOST_DIFFERENT;
    }
    /* Of shares the margin is the limit itself, not its logarithm. */
    enum xcy_tost_verdict verdict =
        xcy_tost_verdict_of(c->near, has_ratio ? margin : expm1(margin));
    /* That B differs at all is a claim among all that are tested. */
    return verdict == XCY_TOST_DIFFERENT && !is_found(c) ? XCY_TOST_UNDECIDED : verdict;
}

void xcy_contrast_judge(struct xcy_contrast *c, double margin)
{
    c->found = found_of(c);
    c->equivalence = XCY_TOST_UNDECIDED;
    if (margin > 0 && xcy_contrast_has_enough(c)) {
        c->equivalence = equivalence_of(c, margin);
    }
}

/* The least distance of what was found, in the direction in which it was. */
static double nearest_of(const struct xcy_contrast *c, struct xcy_interval interval)
{
    return c->found == XCY_FOUND_LARGER ? interval.low : -interval.high;
}

/* Without an interval of the ratio: how far values may lie apart at this margin, reckoned from what A
 * has at most, and of less from what it has at least. */
static double widest_of(const struct xcy_contrast *c, double margin)
{
    const struct xcy_estimate *a = &c->sides[0];
    bool is_larger = c->found == XCY_FOUND_LARGER;
    double low = a->has_interval ? a->ci_low_us : a->low_us;
    double high = a->has_interval ? a->ci_high_us : a->high_us;
    return is_larger ? margin * (high + c->clock.high) : (1 - 1 / (1 + margin)) * low;
}

bool xcy_contrast_is_beyond(const struct xcy_contrast *c, double margin)
{
    if (!is_found(c) || margin == 0 || is_beyond_ratios(c)) {
        return is_found(c);
    }
    if (!xcy_contrast_traits[c->kind].has_ratio) {
        return nearest_of(c, c->moved.shift) > margin;
    }
    double nearest = nearest_of(c, c->moved.log_ratio);
    if (isfinite(nearest)) {
        return nearest > log1p(margin);
    }
    return c->may_be_negative || nearest_of(c, c->moved.shift) > widest_of(c, margin);
}
