#include "common/stats/fisher.h"

#include "common/base/error.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

/* A table of the same sums: k events in the first share, with weight proportional to its
 * probability. */
struct table {
    double k;
    double weight;
};

/* Of all tables: `events` among one + two cases. Doubles hold these whole numbers exactly. */
struct sums {
    double one;
    double two;
    double events;
};

static struct table next(const struct sums *s, struct table t)
{
    double up = (s->one - t.k) * (s->events - t.k);
    double down = (t.k + 1) * (s->two - s->events + t.k + 1);
    return (struct table){t.k + 1, t.weight * up / down};
}

static struct table previous(const struct sums *s, struct table t)
{
    double up = t.k * (s->two - s->events + t.k);
    double down = (s->one - t.k + 1) * (s->events - t.k + 1);
    return (struct table){t.k - 1, t.weight * up / down};
}

typedef struct table step_function(const struct sums *s, struct table t);

/* The weight of the table with k events. Ratios of neighbours, from the likeliest on: products of
 * logarithms of factorials would lose digits where n is large. */
static double weight_of(const struct sums *s, struct table from, double k)
{
    step_function *step = k > from.k ? next : previous;
    while (from.k != k && from.weight > 0) {
        from = step(s, from);
    }
    return from.weight;
}

/* The weights up to the limit, from `from` on, until they are no more. */
static double sum_of(const struct sums *s, struct table from, step_function *step, double limit)
{
    double sum = 0;
    while (from.weight > DBL_MIN) {
        sum += from.weight <= limit ? from.weight : 0;
        from = step(s, from);
    }
    return sum;
}

double xcy_fisher(struct xcy_share one, struct xcy_share two)
{
    const int64_t most = 1000000000;
    xcy_assert(one.events >= 0 && one.events <= one.n && one.n <= most);
    xcy_assert(two.events >= 0 && two.events <= two.n && two.n <= most);
    struct sums s = {(double)one.n, (double)two.n, (double)(one.events + two.events)};
    /* The likeliest. */
    struct table top = {floor((s.one + 1) * (s.events + 1) / (s.one + s.two + 2)), 1};
    struct table below = previous(&s, top);
    double seen = weight_of(&s, top, (double)one.events) * (1 + 1e-7);
    double tail = sum_of(&s, top, next, seen) + sum_of(&s, below, previous, seen);
    double all = sum_of(&s, top, next, INFINITY) + sum_of(&s, below, previous, INFINITY);
    return fmin(1, tail / all);
}
