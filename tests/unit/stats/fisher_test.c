#include "tests/support/golden.h"
#include "tests/support/unit.h"

#include "common/stats/fisher.h"

static void it_agrees_with_r(void **state)
{
    (void)state;
    struct golden *g = golden_open("stats/fisher.csv");
    while (golden_next(g)) {
        struct xcy_share one = {golden_count(g, "events_one"), golden_count(g, "n_one")};
        struct xcy_share two = {golden_count(g, "events_two"), golden_count(g, "n_two")};
        double expected = golden_number(g, "p");
        golden_assert_near(g, "p", xcy_fisher(one, two), expected, 1e-9, 1e-290);
        golden_assert_near(g, "p the other way round", xcy_fisher(two, one), expected, 1e-9,
                           1e-290);
    }
    golden_close(g);
}

static void what_cannot_differ_has_p_1(void **state)
{
    (void)state;
    assert_true(xcy_fisher((struct xcy_share){0, 0}, (struct xcy_share){3, 10}) == 1);
    assert_true(xcy_fisher((struct xcy_share){0, 10}, (struct xcy_share){0, 999}) == 1);
    assert_true(xcy_fisher((struct xcy_share){10, 10}, (struct xcy_share){7, 7}) == 1);
}

/* p of k events among n and none among m >> n is near (n / m)^k for such rare events: choose(n, k)
 * / choose(n + m, k), as no other table is as unlikely. Of 10^9 cases that takes no memory and no
 * time. */
static void large_samples_keep_their_digits(void **state)
{
    (void)state;
    double p = xcy_fisher((struct xcy_share){2, 1000}, (struct xcy_share){0, 999999000});
    double expected = 1000.0 * 999 / (1e9 * (1e9 - 1));
    assert_true(p > expected * (1 - 1e-9) && p < expected * (1 + 1e-9));
    assert_true(xcy_fisher((struct xcy_share){500000, 1000000000},
                           (struct xcy_share){500000, 1000000000}) == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_agrees_with_r),
        cmocka_unit_test(what_cannot_differ_has_p_1),
        cmocka_unit_test(large_samples_keep_their_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
