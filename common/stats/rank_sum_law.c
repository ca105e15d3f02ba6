#include "common/stats/rank_sum_law.h"

#include "common/base/mem.h"

#include <stdlib.h>

/*
 * P(n, m, u): the largest of all values is one of the first sample with chance n / (n + m), and is
 * then above all m of the second; else it is one of the second and counts nothing:
 *     P(n, m, u) = n / (n + m) P(n - 1, m, u - m) + m / (n + m) P(n, m - 1, u),
 *     P(0, m, u) = P(n, 0, u) = 1 if u = 0, else 0.
 * Row after row of n, in place: `law` has a row of u = 0 .. most for each m.
 */
static void fill_row(double *row, const double *shorter, size_t i, size_t j, size_t most)
{
    double first = (double)i / (double)(i + j);
    double second = (double)j / (double)(i + j);
    for (size_t u = most + 1; u-- > 0;) {
        row[u] = second * shorter[u] + (u >= j ? first * row[u - j] : 0);
    }
}

/* The probabilities of u = 0 .. most. Owned by the caller; release with free(). */
static double *law_of(size_t n, size_t m, size_t most)
{
    xcy_assert(n >= 1 && m >= 1);
    size_t width = most + 1;
    double *law = xcy_alloc_array((m + 1) * width, sizeof *law);
    for (size_t j = 0; j <= m; j++) {
        law[j * width] = 1;
    }
    for (size_t i = 1; i <= n; i++) {
        for (size_t j = 1; j <= m; j++) {
            fill_row(law + j * width, law + (j - 1) * width, i, j, most);
        }
    }
    for (size_t u = 0; u < width; u++) {
        law[u] = law[m * width + u];
    }
    return law;
}

double xcy_rank_sum_at_most(size_t u, size_t n, size_t m)
{
    if (u >= n * m) {
        return 1;
    }
    /* The other tail where it has fewer terms. */
    size_t most = u < n * m / 2 ? u : n * m - u - 1;
    double *law = law_of(n, m, most);
    double sum = 0;
    for (size_t i = 0; i <= most; i++) {
        sum += law[i];
    }
    free(law);
    return most == u ? sum : 1 - sum;
}

size_t xcy_rank_sum_ranks(double tail, size_t n, size_t m)
{
    xcy_assert(tail > 0 && tail < 0.5);
    double *law = law_of(n, m, n * m / 2);
    size_t k = 0;
    double sum = law[0];
    /* Rounding must not take away a rank whose tail is just as large as allowed. */
    while (sum <= tail * (1 + 1e-12)) {
        k++;
        sum += law[k];
    }
    free(law);
    return k;
}
