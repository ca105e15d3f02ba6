#include "common/stats/rank_sums.h"

#include "common/base/error.h"
#include "common/base/mem.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Where the ascending run ends that begins here. */
static size_t end_of_ascent(const struct xcy_ranked *items, size_t n, size_t first)
{
    size_t end = first + 1;
    while (end < n && items[end - 1].value <= items[end].value) {
        end++;
    }
    return end < n ? end : n;
}

static void merge(const struct xcy_ranked *items, size_t first, size_t middle, size_t end,
                  struct xcy_ranked *to)
{
    size_t left = first;
    size_t right = middle;
    for (size_t i = first; i < end; i++) {
        bool is_left = right == end || (left < middle && items[left].value <= items[right].value);
        to[i] = items[is_left ? left++ : right++];
    }
}

/* By value, runs of them at a time: groups mostly come sorted. */
static void sort(struct xcy_ranked *items, size_t n)
{
    struct xcy_ranked *spare = xcy_alloc_array(n, sizeof *spare);
    while (end_of_ascent(items, n, 0) < n) {
        for (size_t first = 0; first < n;) {
            size_t middle = end_of_ascent(items, n, first);
            size_t end = middle < n ? end_of_ascent(items, n, middle) : n;
            merge(items, first, middle, end, spare);
            first = end;
        }
        memcpy(items, spare, n * sizeof *items);
    }
    free(spare);
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
    sort(items, n);
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
