#include "tests/support/golden.h"
#include "tests/support/unit.h"

#include "common/stats/kruskal_wallis.h"
#include "common/stats/stream.h"

#include <math.h>

enum { MAX_GROUPS = 8 };

/* An empty group in front of them must change nothing. */
static size_t split(struct xcy_values values, struct xcy_values sizes, struct xcy_values *groups)
{
    size_t n = 1;
    size_t used = 0;
    groups[0] = (struct xcy_values){NULL, 0};
    for (size_t i = 0; i < sizes.n; i++) {
        groups[n++] = (struct xcy_values){values.at + used, (size_t)sizes.at[i]};
        used += (size_t)sizes.at[i];
    }
    assert_int_equal(used, values.n);
    return n;
}

static void it_agrees_with_r(void **state)
{
    (void)state;
    struct golden *g = golden_open("stats/kruskal_wallis.csv");
    while (golden_next(g)) {
        struct xcy_values groups[MAX_GROUPS];
        size_t n = split(golden_values(g, "values"), golden_values(g, "sizes"), groups);
        struct xcy_kruskal_wallis got = xcy_kruskal_wallis(groups, n);
        golden_assert_near(g, "h", got.h, golden_number(g, "h"), 1e-9, 0);
        golden_assert_near(g, "freedom", got.freedom, golden_number(g, "freedom"), 0, 0);
        golden_assert_near(g, "p", got.p, golden_number(g, "p"), 1e-9, 0);
    }
    golden_close(g);
}

/* Whole values, many of them equal, two of them censored. */
static void samples_give_what_their_values_give(void **state)
{
    (void)state;
    enum { GROUPS = 3, VALUES = 400 };
    static double values[GROUPS][VALUES];
    struct xcy_sample samples[GROUPS] = {{.steps = NULL}};
    const struct xcy_sample *borrowed[GROUPS];
    struct xcy_values groups[GROUPS];
    struct xcy_stream *stream = xcy_stream_new(1, "kruskal_wallis");
    for (size_t g = 0; g < GROUPS; g++) {
        for (size_t i = 0; i < VALUES; i++) {
            int64_t value = (int64_t)xcy_stream_exponential(stream, 50 + 5 * (double)g);
            bool is_censored = i + 2 >= VALUES;
            values[g][i] = is_censored ? INFINITY : (double)value;
            xcy_sample_add(&samples[g], is_censored ? XCY_SAMPLE_ABOVE : value);
        }
        xcy_sample_settle(&samples[g]);
        borrowed[g] = &samples[g];
        groups[g] = (struct xcy_values){values[g], VALUES};
    }
    struct xcy_kruskal_wallis expected = xcy_kruskal_wallis(groups, GROUPS);
    struct xcy_kruskal_wallis got = xcy_kruskal_wallis_samples(borrowed, GROUPS);
    assert_true(fabs(got.h - expected.h) < 1e-9 * expected.h);
    assert_true(got.freedom == 2 && fabs(got.p - expected.p) < 1e-9 && got.p < 1);
    for (size_t g = 0; g < GROUPS; g++) {
        xcy_sample_clear(&samples[g]);
    }
    xcy_stream_free(stream);
}

static void what_cannot_differ_has_p_1(void **state)
{
    (void)state;
    const double values[] = {7, 7, INFINITY, INFINITY};
    const struct xcy_values same[] = {{values, 1}, {values + 1, 1}};
    const struct xcy_values alone[] = {{values, 3}, {NULL, 0}};
    const struct xcy_values censored[] = {{values + 2, 1}, {values + 3, 1}};
    assert_true(xcy_kruskal_wallis(same, 2).p == 1 && xcy_kruskal_wallis(same, 2).h == 0);
    assert_true(xcy_kruskal_wallis(alone, 2).p == 1 && xcy_kruskal_wallis(alone, 2).freedom == 0);
    assert_true(xcy_kruskal_wallis(censored, 2).p == 1);
    assert_true(xcy_kruskal_wallis(NULL, 0).p == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_agrees_with_r),
        cmocka_unit_test(samples_give_what_their_values_give),
        cmocka_unit_test(what_cannot_differ_has_p_1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
