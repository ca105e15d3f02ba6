#include "common/stats/isotonic.h"

#include "common/base/mem.h"

#include <stdlib.h>

struct pool {
    double mean;
    double weight;
    size_t n;
};

static struct pool merged(struct pool a, struct pool b)
{
    double weight = a.weight + b.weight;
    return (struct pool){(a.mean * a.weight + b.mean * b.weight) / weight, weight, a.n + b.n};
}

void xcy_isotonic(const double *y, const double *weights, size_t n, double *fitted)
{
    struct pool *pools = xcy_alloc_array(n, sizeof *pools);
    size_t n_pools = 0;
    for (size_t i = 0; i < n; i++) {
        struct pool last = {y[i], weights[i], 1};
        for (; n_pools > 0 && pools[n_pools - 1].mean >= last.mean; n_pools--) {
            last = merged(pools[n_pools - 1], last);
        }
        pools[n_pools++] = last;
    }
    for (size_t p = 0, i = 0; p < n_pools; p++) {
        for (size_t end = i + pools[p].n; i < end; i++) {
            fitted[i] = pools[p].mean;
        }
    }
    free(pools);
}
