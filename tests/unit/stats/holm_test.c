#include "tests/support/golden.h"
#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/stats/holm.h"

#include <stdlib.h>

static void it_agrees_with_r_and_leaves_out_what_was_not_tested(void **state)
{
    (void)state;
    struct golden *g = golden_open("stats/holm.csv");
    while (golden_next(g)) {
        struct xcy_values p = golden_values(g, "p");
        struct xcy_values expected = golden_values(g, "adjusted");
        assert_int_equal(p.n, expected.n);
        double *got = xcy_alloc_array(p.n, sizeof *got);
        xcy_holm(p.at, p.n, got);
        for (size_t i = 0; i < p.n; i++) {
            golden_assert_near(g, "adjusted p", got[i], expected.at[i], 1e-12, 0);
        }
        free(got);
    }
    golden_close(g);
}

static void it_may_write_over_its_input(void **state)
{
    (void)state;
    double p[] = {0.01, 0.04, 0.03};
    xcy_holm(p, 3, p);
    assert_true(p[0] == 0.03 && p[1] == 0.06 && p[2] == 0.06);
    xcy_holm(NULL, 0, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_agrees_with_r_and_leaves_out_what_was_not_tested),
        cmocka_unit_test(it_may_write_over_its_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
