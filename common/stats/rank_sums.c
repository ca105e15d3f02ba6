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

static size_t end_of_run(const struct xcy_ranked *items, size_t n, size_t first)
{
    size_t end = first;
    while (end < n && items[end].value == items[first].value) {
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
    for (size_t first = 0; first < n;) {
        xcy_assert(!isnan(items[first].value));
        size_t end = end_of_run(items, n, first);
        double count = (double)(end - first);
        double rank = (double)first + (count + 1) / 2;
        ties += count * (count * count - 1);
        for (; first < end; first++) {
            sums[items[first].group] += rank;
        }
    }
    return ties;
}
