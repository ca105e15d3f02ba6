#include "common/stats/holm.h"

#include "common/base/mem.h"

#include <math.h>
#include <stdlib.h>

struct entry {
    double p;
    size_t place;
};

static int compare(const void *a, const void *b)
{
    double x = ((const struct entry *)a)->p;
    double y = ((const struct entry *)b)->p;
    return (x > y) - (x < y);
}

/* The i-th smallest of k, from 0: the largest of (k - j) p_j over j <= i, at most 1. */
void xcy_holm(const double *p, size_t n, double *adjusted)
{
    struct entry *entries = xcy_alloc_array(n, sizeof *entries);
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        adjusted[i] = p[i];
        if (!isnan(p[i])) {
            xcy_assert(p[i] >= 0 && p[i] <= 1);
            entries[count] = (struct entry){p[i], i};
            count++;
        }
    }
    if (count > 1) {
        qsort(entries, count, sizeof *entries, compare);
    }
    double largest = 0;
    for (size_t i = 0; i < count; i++) {
        largest = fmax(largest, (double)(count - i) * entries[i].p);
        adjusted[entries[i].place] = fmin(1, largest);
    }
    free(entries);
}
