#include "tests/support/unit.h"

#include "common/stats/isotonic.h"

#include <math.h>

static void neighbours_that_descend_become_their_weighted_mean(void **state)
{
    (void)state;
    static const struct {
        double y[5];
        double weights[5];
        double expected[5];
    } cases[] = {
        {{1, 2, 3, 4, 5}, {1, 1, 1, 1, 1}, {1, 2, 3, 4, 5}},
        {{5, 4, 3, 2, 1}, {1, 1, 1, 1, 1}, {3, 3, 3, 3, 3}},
        {{1, 4, 2, 3, 9}, {1, 1, 1, 1, 1}, {1, 3, 3, 3, 9}},
        {{1, 4, 2, 8, 6}, {1, 3, 1, 1, 3}, {1, 3.5, 3.5, 6.5, 6.5}},
        {{6, 1, 0, 7, 7}, {1, 2, 2, 1, 1}, {1.6, 1.6, 1.6, 7, 7}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double fitted[5];
        xcy_isotonic(cases[i].y, cases[i].weights, 5, fitted);
        for (size_t k = 0; k < 5; k++) {
            assert_true(fabs(fitted[k] - cases[i].expected[k]) < 1e-12);
        }
    }
}

static void it_may_write_over_its_input(void **state)
{
    (void)state;
    const double weights[] = {1, 1};
    double y[] = {2, 1};
    xcy_isotonic(y, weights, 2, y);
    assert_true(y[0] == 1.5 && y[1] == 1.5);
    xcy_isotonic(NULL, NULL, 0, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbours_that_descend_become_their_weighted_mean),
        cmocka_unit_test(it_may_write_over_its_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
