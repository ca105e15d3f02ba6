#include "common/stats/needed.h"

#include "common/base/error.h"
#include "common/stats/dkw.h"
#include "common/stats/proportion.h"
#include "common/stats/quantile.h"
#include "common/stats/welch.h"

#include <math.h>
#include <stdbool.h>

/* What is wanted, as the functions below ask for it. */
struct claim {
    int64_t events;
    double bound; /* a quantile, a share, an epsilon or a limit */
    double confidence;
    struct xcy_moments sides[2]; /* of rounds */
};

typedef bool is_made_function(const struct claim *claim, int64_t n);

/* Doubling, then halving: a claim that is made at n is made at n + 1, too. */
static int64_t least(is_made_function *is_made, const struct claim *claim)
{
    int64_t without = claim->events;
    int64_t with = claim->events + 1;
    while (!is_made(claim, with)) {
        xcy_assert(with < INT64_C(1) << 50);
        without = with;
        with *= 2;
    }
    while (with - without > 1) {
        int64_t middle = without + (with - without) / 2;
        if (is_made(claim, middle)) {
            with = middle;
        } else {
            without = middle;
        }
    }
    return with;
}

static bool has_quantile(const struct claim *claim, int64_t n)
{
    return xcy_quantile_ranks((size_t)n, claim->bound, claim->confidence).exists;
}

static bool has_share(const struct claim *claim, int64_t n)
{
    return xcy_clopper_pearson(claim->events, n, claim->confidence).high <= claim->bound;
}

static bool has_band(const struct claim *claim, int64_t n)
{
    return xcy_dkw_epsilon((size_t)n, claim->confidence) <= claim->bound;
}

static bool has_equal_rounds(const struct claim *claim, int64_t n)
{
    const size_t both[2] = {(size_t)n, (size_t)n};
    struct xcy_welch w =
        xcy_welch_of_moments(claim->sides[0], claim->sides[1], both, claim->confidence);
    return w.exists && w.interval.low >= -claim->bound && w.interval.high <= claim->bound;
}

int64_t xcy_needed_for_quantile(double q, double confidence)
{
    struct claim claim = {.bound = q, .confidence = confidence};
    return least(has_quantile, &claim);
}

int64_t xcy_needed_for_share(int64_t events, double share, double confidence)
{
    struct claim claim = {.events = events, .bound = share, .confidence = confidence};
    return least(has_share, &claim);
}

int64_t xcy_needed_for_dkw(double epsilon, double confidence)
{
    struct claim claim = {.bound = epsilon, .confidence = confidence};
    return least(has_band, &claim);
}

int64_t xcy_needed_rounds(struct xcy_moments from, struct xcy_moments to, double limit,
                          double confidence)
{
    struct claim claim = {.bound = limit, .confidence = confidence, .sides = {from, to}};
    xcy_assert(limit > 0 && isfinite(from.variance) && isfinite(to.variance));
    /* Beyond a million the difference is the limit, for all that doubles tell. */
    bool is_ever = has_equal_rounds(&claim, 1000000);
    return is_ever ? least(has_equal_rounds, &claim) : 0;
}
