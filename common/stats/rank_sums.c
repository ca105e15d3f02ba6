#include "common/stats/rank_sums.h"

#include "common/base/error.h"

#include <math.h>
#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    double x = ((const struct xcy_ranked *)a)->value;
    double y = ((const struct xcy_ranked *)b)->value;
    return (x > y) - (x < y);
}

/* The end of the items that are equal to the first one; *times: how many values they are. */
static size_t end_of_run(const struct xcy_ranked *items, size_t n, size_t first, double *times)
{
    size_t end = first;
    *times = 0;
    while (end < n && items[end].value == items[first].value) {
        *times += items[end].times;
        end++;
    }
    return end;
}

double xcy_rank_sums(struct xcy_ranked *items, size_t n, double *sums)
{
    if (n > 1) {
        qsort(items, n, sizeof *items, compare);
    }
    double ties = 0;
    double before = 0;
    for (size_t first = 0; first < n;) {
        xcy_assert(!isnan(items[first].value));
        double times = 0;
        size_t end = end_of_run(items, n, first, &times);
        double rank = before + (times + 1) / 2;
        ties += times * (times * times - 1);
        for (; first < end; first++) {
            sums[items[first].group] += rank * items[first].times;
        }
        before += times;
    }
    return ties;
}
