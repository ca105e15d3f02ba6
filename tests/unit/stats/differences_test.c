#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/stats/differences.h"
#include "common/stats/quantile.h"
#include "common/stats/stream.h"

#include <math.h>
#include <stdlib.h>

enum { MANY = 40 };

/* Rounded, so that there are ties, zeros and both signs. */
static void draw(struct xcy_stream *stream, double *values, size_t n, double step)
{
    for (size_t i = 0; i < n; i++) {
        values[i] = round((xcy_stream_uniform(stream) - 0.5) * 10 / step) * step;
    }
    xcy_sort(values, n);
}

static void assert_every_rank(struct xcy_values from, struct xcy_values to)
{
    size_t n = from.n * to.n;
    double *all = xcy_alloc_array(n, sizeof *all);
    for (size_t i = 0; i < n; i++) {
        all[i] = to.at[i % to.n] - from.at[i / to.n];
    }
    xcy_sort(all, n);
    for (size_t k = 1; k <= n; k++) {
        double got = xcy_difference_select(from, to, k);
        if (got != all[k - 1] || signbit(got) != (got < 0)) {
            fail_msg("rank %zu: %.17g, expected %.17g", k, got, all[k - 1]);
        }
        if (k < n && xcy_difference_next(from, to, k, got) != all[k]) {
            fail_msg("after rank %zu: not %.17g", k, all[k]);
        }
    }
    free(all);
}

static void every_rank_is_that_of_all_differences(void **state)
{
    (void)state;
    struct xcy_stream *stream = xcy_stream_new(1, "differences");
    static const double steps[] = {1, 0.1, 1e-9};
    double from[MANY];
    double to[MANY];
    for (size_t i = 0; i < 12; i++) {
        draw(stream, from, MANY - 3 * i, steps[i % 3]);
        draw(stream, to, 1 + 3 * i, steps[i % 3]);
        assert_every_rank((struct xcy_values){from, MANY - 3 * i},
                          (struct xcy_values){to, 1 + 3 * i});
    }
    xcy_stream_free(stream);
}

static void infinite_values_are_the_first_and_last_ranks(void **state)
{
    (void)state;
    const double from[] = {1, 2, INFINITY};
    const double to[] = {-INFINITY, 5, 1e300};
    assert_every_rank((struct xcy_values){from, 3}, (struct xcy_values){to, 3});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rank_is_that_of_all_differences),
        cmocka_unit_test(infinite_values_are_the_first_and_last_ranks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
