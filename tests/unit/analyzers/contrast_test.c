#include "tests/support/unit.h"

#include "analyzers/compare/contrast.h"
#include "common/base/mem.h"

#include <math.h>
#include <stdlib.h>

static void put_rounds(struct xcy_summary *runs, size_t n, int64_t events, int64_t cases)
{
    for (size_t i = 0; i < n; i++) {
        runs[i] = (struct xcy_summary){.decided = cases};
        runs[i].evidence.counts.classes[XCY_CLASS_INCONSISTENT] = events;
    }
}

/* Rounds of so many reads each, with so many of them inconsistent. */
static struct xcy_contrast shares(size_t n, int64_t events_a, int64_t events_b, int64_t cases,
                                  double margin)
{
    enum { MOST = 3 };
    struct xcy_summary a[MOST];
    struct xcy_summary b[MOST];
    const struct xcy_contrast_settings settings = {.quantile = 0.5, .margin = margin};
    put_rounds(a, n, events_a, cases);
    put_rounds(b, n, events_b, cases);
    return xcy_contrast_of_share((struct xcy_compared_side){a, n}, (struct xcy_compared_side){b, n},
                                 &settings);
}

/* Wilson's upper end of 0 of 30 is 1.96^2 / (30 + 1.96^2) = 11.4 %. */
static void rounds_without_an_event_are_not_equal_beyond_what_counts_tell(void **state)
{
    (void)state;
    struct xcy_contrast c = shares(3, 0, 0, 10, 0.001);
    assert_int_equal(c.found, XCY_FOUND_NO_DIFFERENCE);
    assert_int_equal(c.equivalence, XCY_TOST_UNDECIDED);
    for (size_t side = 0; side < 2; side++) {
        assert_true(c.sides[side].ci_low_us == 0);
        assert_true(fabs(c.sides[side].ci_high_us - 0.1135) < 1e-4);
    }
    assert_true(c.shift.interval.low < -0.11 && c.shift.interval.high > 0.11);
    /* z^2 / (10 k + z^2) <= 0.001 with z = 1.645, so that k >= 270.3 */
    assert_int_equal(c.needs_rounds, 271);
}

static void so_many_reads_are_equal_within_what_counts_tell(void **state)
{
    (void)state;
    assert_int_equal(shares(3, 0, 0, 1000, 0.001).equivalence, XCY_TOST_EQUIVALENT);
    assert_int_equal(shares(3, 0, 0, 100, 0.001).equivalence, XCY_TOST_UNDECIDED);
}

/* Fisher of 0 of 300 and 3 of 300: 2 * (300 * 299 * 298) / (600 * 599 * 598) = 0.2487. */
static void rounds_that_do_not_vary_find_no_more_than_their_counts(void **state)
{
    (void)state;
    struct xcy_contrast c = shares(3, 0, 1, 100, 0);
    assert_int_equal(c.found, XCY_FOUND_NO_DIFFERENCE);
    assert_string_equal(c.test, "fisher");
    assert_true(fabs(c.p - 0.2487) < 1e-4);
    assert_true(c.shift.interval.low < 0 && c.shift.interval.high > 0.02);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounds_without_an_event_are_not_equal_beyond_what_counts_tell),
        cmocka_unit_test(so_many_reads_are_equal_within_what_counts_tell),
        cmocka_unit_test(rounds_that_do_not_vary_find_no_more_than_their_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
