#include "analyzers/compare/shares.h"

#include "common/stats/fisher.h"
#include "common/stats/newcombe.h"
#include "common/stats/proportion.h"

#include <math.h>

static const int64_t most_rounds = 1000000;

static struct xcy_share share_of(const struct xcy_contrast *c, size_t side)
{
    return (struct xcy_share){c->events[side], c->cases[side]};
}

static struct xcy_interval difference(const struct xcy_contrast *c, double confidence)
{
    return xcy_newcombe(share_of(c, 0), share_of(c, 1), confidence);
}

static struct xcy_interval hull(struct xcy_interval a, struct xcy_interval b)
{
    return (struct xcy_interval){fmin(a.low, b.low), fmax(a.high, b.high)};
}

static struct xcy_interval wilson_of(const struct xcy_contrast *c, size_t side)
{
    return xcy_wilson(c->events[side], c->cases[side], XCY_CONFIDENCE);
}

static struct xcy_estimate estimate_of(const struct xcy_contrast *c, size_t side)
{
    struct xcy_interval wilson = wilson_of(c, side);
    double value = (double)c->events[side] / (double)c->cases[side];
    return (struct xcy_estimate){.low_us = value,
                                 .high_us = value,
                                 .has_interval = true,
                                 .ci_low_us = wilson.low,
                                 .ci_high_us = wilson.high};
}

void xcy_shares_compare(struct xcy_contrast *c)
{
    for (size_t side = 0; side < 2; side++) {
        c->sides[side] = estimate_of(c, side);
    }
    double shift = c->sides[1].low_us - c->sides[0].low_us;
    c->shift = (struct xcy_shift){{shift, shift}, difference(c, XCY_CONFIDENCE), true};
    c->near = difference(c, XCY_NEAR_CONFIDENCE);
    c->test = "fisher";
    c->direction = shift;
    c->p = xcy_fisher(share_of(c, 0), share_of(c, 1));
}

void xcy_shares_widen_sides(struct xcy_contrast *c)
{
    for (size_t side = 0; side < 2; side++) {
        struct xcy_estimate *e = &c->sides[side];
        struct xcy_interval of_rounds = {e->ci_low_us, e->ci_high_us};
        if (c->n[side] == 1) {
            *e = estimate_of(c, side);
        } else if (e->has_interval) {
            struct xcy_interval widened = hull(of_rounds, wilson_of(c, side));
            e->ci_low_us = widened.low;
            e->ci_high_us = widened.high;
        }
    }
}

void xcy_shares_widen(struct xcy_contrast *c)
{
    double p = xcy_fisher(share_of(c, 0), share_of(c, 1));
    c->shift.interval = hull(c->shift.interval, difference(c, XCY_CONFIDENCE));
    c->near = hull(c->near, difference(c, XCY_NEAR_CONFIDENCE));
    if (p > c->p) {
        c->p = p;
        c->test = "fisher";
    }
}

/* As many reads as so many rounds would have, of the same share. */
static struct xcy_share scaled(const struct xcy_contrast *c, size_t side, int64_t rounds)
{
    double factor = (double)rounds / (double)c->n[side];
    return (struct xcy_share){llround(factor * (double)c->events[side]),
                              llround(factor * (double)c->cases[side])};
}

static bool is_within(const struct xcy_contrast *c, int64_t rounds, double margin)
{
    struct xcy_interval near =
        xcy_newcombe(scaled(c, 0, rounds), scaled(c, 1, rounds), XCY_NEAR_CONFIDENCE);
    return near.low >= -margin && near.high <= margin;
}

int64_t xcy_shares_need_rounds(const struct xcy_contrast *c, double margin)
{
    int64_t too_few = 0;
    int64_t enough = most_rounds;
    if (!is_within(c, enough, margin)) {
        return 0;
    }
    while (enough - too_few > 1) {
        int64_t middle = (too_few + enough) / 2;
        if (is_within(c, middle, margin)) {
            enough = middle;
        } else {
            too_few = middle;
        }
    }
    return enough;
}
