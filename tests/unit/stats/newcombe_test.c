#include "tests/support/golden.h"
#include "tests/support/unit.h"

#include "common/stats/newcombe.h"

static void it_agrees_with_statsmodels(void **state)
{
    (void)state;
    struct golden *g = golden_open("stats/newcombe.csv");
    while (golden_next(g)) {
        struct xcy_share from = {golden_count(g, "events_from"), golden_count(g, "n_from")};
        struct xcy_share to = {golden_count(g, "events_to"), golden_count(g, "n_to")};
        struct xcy_interval got = xcy_newcombe(from, to, golden_number(g, "confidence"));
        golden_assert_near(g, "low", got.low, golden_number(g, "low"), 1e-9, 1e-3);
        golden_assert_near(g, "high", got.high, golden_number(g, "high"), 1e-9, 1e-3);
    }
    golden_close(g);
}

/* Newcombe (1998), table II, contrast (a): 56/70 - 48/80. */
static void it_gives_the_papers_own_example(void **state)
{
    (void)state;
    struct xcy_interval got =
        xcy_newcombe((struct xcy_share){48, 80}, (struct xcy_share){56, 70}, 0.95);
    assert_true(got.low > 0.05235 && got.low < 0.05245);
    assert_true(got.high > 0.33385 && got.high < 0.33395);
}

static void a_share_of_nothing_may_be_anything(void **state)
{
    (void)state;
    const struct xcy_share none = {0, 0};
    const struct xcy_share some = {500, 1000};
    struct xcy_interval one = xcy_newcombe(none, some, 0.95);
    struct xcy_interval two = xcy_newcombe(some, none, 0.95);
    assert_true(one.low == -1 && one.high == 1 && two.low == -1 && two.high == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_agrees_with_statsmodels),
        cmocka_unit_test(it_gives_the_papers_own_example),
        cmocka_unit_test(a_share_of_nothing_may_be_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
