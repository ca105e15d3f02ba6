#include "common/stats/needed.h"

#include "common/base/error.h"
#include "common/stats/dkw.h"
#include "common/stats/proportion.h"
#include "common/stats/quantile.h"

#include <stdbool.h>

/* What is wanted, as the functions below ask for it. */
struct claim {
    int64_t events;
    double bound; /* a quantile, a share or an epsilon */
    double confidence;
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

int64_t xcy_needed_for_quantile(double q, double confidence)
{
    struct claim claim = {.bound = q, .confidence = confidence};
    return least(has_quantile, &claim);
}

int64_t xcy_needed_for_share(int64_t events, double share, double confidence)
{
    struct claim claim = {events, share, confidence};
    return least(has_share, &claim);
}

int64_t xcy_needed_for_dkw(double epsilon, double confidence)
{
    struct claim claim = {.bound = epsilon, .confidence = confidence};
    return least(has_band, &claim);
}
