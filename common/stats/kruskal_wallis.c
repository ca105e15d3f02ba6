#include "common/stats/kruskal_wallis.h"

#include "common/base/mem.h"
#include "common/stats/rank_sums.h"

#include <gsl/gsl_cdf.h>
#include <stdlib.h>

static size_t count_of(const struct xcy_values *groups, size_t n_groups)
{
    size_t n = 0;
    for (size_t g = 0; g < n_groups; g++) {
        n += groups[g].n;
    }
    return n;
}

/* Each group's sum of ranks, and the ties' sum of t^3 - t. */
static double rank(const struct xcy_values *groups, size_t n_groups, double *sums)
{
    struct xcy_ranked *items = xcy_alloc_array(count_of(groups, n_groups), sizeof *items);
    size_t n = 0;
    for (size_t g = 0; g < n_groups; g++) {
        for (size_t i = 0; i < groups[g].n; i++) {
            items[n++] = (struct xcy_ranked){groups[g].at[i], g};
        }
    }
    double ties = xcy_rank_sums(items, n, sums);
    free(items);
    return ties;
}

/* H = 12 / (N (N + 1)) sum n_g (mean rank - (N + 1) / 2)^2 / (1 - sum(t^3 - t) / (N^3 - N)) */
struct xcy_kruskal_wallis xcy_kruskal_wallis(const struct xcy_values *groups, size_t n_groups)
{
    double *sums = xcy_alloc_array(n_groups, sizeof *sums);
    double ties = rank(groups, n_groups, sums);
    double n = (double)count_of(groups, n_groups);
    double used = 0;
    double squares = 0;
    for (size_t g = 0; g < n_groups; g++) {
        double size = (double)groups[g].n;
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
