#include "common/stats/kruskal_wallis.h"

#include "common/base/mem.h"
#include "common/stats/rank_sums.h"

#include <gsl/gsl_cdf.h>
#include <stdlib.h>

/* All groups' values, and how many each group has. */
struct pool {
    struct xcy_ranked *items;
    size_t n;
    double *sizes;
    size_t n_groups;
};

static struct pool pool_new(size_t n_items, size_t n_groups)
{
    return (struct pool){.items = xcy_alloc_array(n_items, sizeof(struct xcy_ranked)),
                         .sizes = xcy_alloc_array(n_groups, sizeof(double)),
                         .n_groups = n_groups};
}

static void put(struct pool *pool, size_t group, double value, double times)
{
    pool->items[pool->n++] = (struct xcy_ranked){value, times, group};
    pool->sizes[group] += times;
}

/* H = 12 / (N (N + 1)) sum n_g (mean rank - (N + 1) / 2)^2 / (1 - sum(t^3 - t) / (N^3 - N)) */
static struct xcy_kruskal_wallis test(const struct pool *pool)
{
    double *sums = xcy_alloc_array(pool->n_groups, sizeof *sums);
    double ties = xcy_rank_sums(pool->items, pool->n, sums);
    double n = 0;
    for (size_t g = 0; g < pool->n_groups; g++) {
        n += pool->sizes[g];
    }
    double used = 0;
    double squares = 0;
    for (size_t g = 0; g < pool->n_groups; g++) {
        double size = pool->sizes[g];
        double distance = size > 0 ? sums[g] / size - (n + 1) / 2 : 0;
        squares += size * distance * distance;
        used += size > 0 ? 1 : 0;
    }
    free(sums);
    double untied = n * n * n - n - ties;
    struct xcy_kruskal_wallis r = {.freedom = used > 1 ? used - 1 : 0, .p = 1};
    if (used > 1 && untied > 0) {
        r.h = 12 * (n - 1) * squares / untied;
        r.p = gsl_cdf_chisq_Q(r.h, r.freedom);
    }
    return r;
}

static struct xcy_kruskal_wallis test_and_clear(struct pool *pool)
{
    struct xcy_kruskal_wallis r = test(pool);
    free(pool->items);
    free(pool->sizes);
    return r;
}

struct xcy_kruskal_wallis xcy_kruskal_wallis(const struct xcy_values *groups, size_t n_groups)
{
    size_t n = 0;
    for (size_t g = 0; g < n_groups; g++) {
        n += groups[g].n;
    }
    struct pool pool = pool_new(n, n_groups);
    for (size_t g = 0; g < n_groups; g++) {
        for (size_t i = 0; i < groups[g].n; i++) {
            put(&pool, g, groups[g].at[i], 1);
        }
    }
    return test_and_clear(&pool);
}

struct xcy_kruskal_wallis xcy_kruskal_wallis_samples(const struct xcy_sample *const *groups,
                                                     size_t n_groups)
{
    size_t n = 0;
    for (size_t g = 0; g < n_groups; g++) {
        n += groups[g]->n_steps;
    }
    struct pool pool = pool_new(n, n_groups);
    for (size_t g = 0; g < n_groups; g++) {
        int64_t before = 0;
        for (size_t i = 0; i < groups[g]->n_steps; i++) {
            const struct xcy_sample_step *step = &groups[g]->steps[i];
            put(&pool, g, xcy_sample_at(groups[g], before), (double)(step->up_to - before));
            before = step->up_to;
        }
    }
    return test_and_clear(&pool);
}
