#include "tests/support/unit.h"

#include "analyzers/compare/contrast.h"

#include <math.h>

enum { MOST_RUNS = 3 };

/* What a side's runs have of one metric. */
struct made {
    const struct xcy_metric *metric;
    struct xcy_metric_summary of[MOST_RUNS];
    struct xcy_distribution distributions[MOST_RUNS];
    struct xcy_summary runs[MOST_RUNS];
    size_t n;
};

static struct xcy_metric_set metrics;

static int read_metrics(void **state)
{
    struct xcy_error err;
    (void)state;
    assert_ok(xcy_metric_set_read(NULL, &metrics, &err), &err);
    return 0;
}

static int clear_metrics(void **state)
{
    (void)state;
    xcy_metric_set_clear(&metrics);
    return 0;
}

static void begin(struct made *made, const char *metric)
{
    *made = (struct made){.metric = xcy_metric_set_find(&metrics, metric)};
}

static struct xcy_distribution *add_run(struct made *made)
{
    size_t i = made->n++;
    struct xcy_distribution *d = &made->distributions[i];
    xcy_distribution_init(d, made->metric, XCY_CONSISTENCY_NONE);
    made->of[i] = (struct xcy_metric_summary){.metric = made->metric};
    made->runs[i] = (struct xcy_summary){.metrics = &made->of[i]};
    made->runs[i].evidence.distributions = d;
    return d;
}

/* So many values, each by a clock that may be off by clock_us. */
static void add_values(struct xcy_distribution *d, int n, int64_t value, int64_t clock_us)
{
    static const int64_t signs[XCY_N_ENDS] = {[XCY_END_LEAST] = -1, [XCY_END_MOST] = 1};
    for (int i = 0; i < n; i++) {
        for (enum xcy_end end = 0; end < XCY_N_ENDS; end++) {
            if (d->kept[end] == end) {
                xcy_sample_add(&d->ends[end], value + signs[end] * clock_us);
            }
        }
    }
}

static void settle(struct made *made)
{
    for (size_t i = 0; i < made->n; i++) {
        struct xcy_distribution *d = &made->distributions[i];
        xcy_distribution_settle(d);
        made->of[i].n = xcy_distribution_size(d);
        if (made->of[i].n > 0) {
            made->of[i].quantiles[0] = xcy_estimate_of(d, 0.5);
        }
    }
}

static void clear(struct made *made)
{
    for (size_t i = 0; i < made->n; i++) {
        xcy_distribution_clear(&made->distributions[i]);
    }
}

/* Takes both. */
static struct xcy_contrast contrast(struct made *a, struct made *b, double margin)
{
    const struct xcy_contrast_settings settings = {.quantile = 0.5, .margin = margin};
    settle(a);
    settle(b);
    struct xcy_contrast c =
        xcy_contrast_of_metric((struct xcy_compared_side){a->runs, a->n},
                               (struct xcy_compared_side){b->runs, b->n}, 0, &settings);
    clear(a);
    clear(b);
    return c;
}

/* 600 values of 400; and 420 of them with 180 of 460, whose mean is 418. */
static struct xcy_contrast tied(const char *metric, double margin)
{
    struct made a;
    struct made b;
    begin(&a, metric);
    begin(&b, metric);
    add_values(add_run(&a), 600, 400, 0);
    struct xcy_distribution *d = add_run(&b);
    add_values(d, 420, 400, 0);
    add_values(d, 180, 460, 0);
    return contrast(&a, &b, margin);
}

static void equal_values_do_not_turn_the_direction(void **state)
{
    (void)state;
    struct xcy_contrast c = tied("write_latency", 0.02);
    assert_true(c.shift.estimate.low == 0 && c.p < 0.001);
    assert_int_equal(c.found, XCY_FOUND_LARGER);
    assert_int_equal(c.equivalence, XCY_TOST_UNDECIDED);
    /* Nor is it shown by a difference that is none among many tests. */
    c.p_adjusted = 0.2;
    xcy_contrast_judge(&c, 0.02);
    assert_int_equal(c.found, XCY_FOUND_NO_DIFFERENCE);
    assert_int_equal(c.equivalence, XCY_TOST_UNDECIDED);
}

static void bytes_are_compared_by_their_means(void **state)
{
    (void)state;
    struct xcy_contrast c = tied("notification", 0.02);
    assert_string_equal(c.test, "welch");
    assert_int_equal(c.found, XCY_FOUND_LARGER);
    assert_true(c.sides[0].low_us == 400 && c.sides[1].low_us == 418);
    assert_true(c.sides[1].ci_low_us > 415 && c.sides[1].ci_high_us < 421);
    assert_true(c.shift.interval.low > 15 && c.shift.interval.high < 21);
    assert_int_equal(c.equivalence, XCY_TOST_DIFFERENT);
    assert_int_equal(tied("notification", 0.1).equivalence, XCY_TOST_EQUIVALENT);
}

/* Rounds of one value each, by clocks that may be so far off: B is 20 ms longer. */
static struct xcy_contrast by_clocks(int64_t clock_us, const int64_t a_us[3], double margin)
{
    struct made a;
    struct made b;
    begin(&a, "notification_latency");
    begin(&b, "notification_latency");
    for (size_t i = 0; i < 3; i++) {
        add_values(add_run(&a), 1, a_us[i], clock_us);
        add_values(add_run(&b), 1, a_us[i] + 20000, clock_us);
    }
    return contrast(&a, &b, margin);
}

/* Both sides may be 4 ms off, so that 12 ms are beyond the clocks. With a deviation of 6 ms a round the
 * standard error is 4.9 ms: 20 ms are 4.1 of them, 12 ms 2.4; 4 degrees of freedom ask for 2.8. */
static void what_chance_and_clocks_can_make_together_is_no_finding(void **state)
{
    (void)state;
    static const int64_t narrow_us[] = {99000, 100000, 101000};
    static const int64_t wide_us[] = {94000, 100000, 106000};
    struct xcy_contrast c = by_clocks(4000, narrow_us, 0);
    assert_int_equal(c.found, XCY_FOUND_LARGER);
    assert_true(c.moved.shift.low > 9000 && c.moved.shift.low < 10000);
    c = by_clocks(4000, wide_us, 0);
    assert_true(c.p < 0.05 && c.moved.p > 0.05);
    assert_true(c.shift.interval.low > 0 && c.moved.shift.low < 0);
    assert_true(c.shift.estimate.low + c.clock.low > 10000);
    assert_int_equal(c.found, XCY_FOUND_WITHIN_CLOCKS);
    assert_int_equal(by_clocks(0, wide_us, 0).found, XCY_FOUND_LARGER);
}

/* 600 values of each. */
static struct xcy_contrast constant(const char *metric, int64_t a_us, int64_t b_us)
{
    struct made a;
    struct made b;
    begin(&a, metric);
    begin(&b, metric);
    add_values(add_run(&a), 600, a_us, 0);
    add_values(add_run(&b), 600, b_us, 0);
    return contrast(&a, &b, 0.02);
}

static void more_than_nothing_is_beyond_any_margin(void **state)
{
    (void)state;
    struct xcy_contrast c = constant("context", 0, 111);
    assert_int_equal(c.found, XCY_FOUND_LARGER);
    assert_int_equal(c.equivalence, XCY_TOST_DIFFERENT);
    assert_true(xcy_contrast_is_beyond(&c, 10));
    c = constant("context", 111, 0);
    assert_int_equal(c.equivalence, XCY_TOST_DIFFERENT);
    assert_true(xcy_contrast_is_beyond(&c, 10));
    c = constant("context", 0, 0);
    assert_int_equal(c.equivalence, XCY_TOST_EQUIVALENT);
    assert_false(xcy_contrast_is_beyond(&c, 0));
}

/* Some of A's values are 0: there is no mean of logarithms, and yet 111 are more than 100.5. */
static void without_a_ratio_the_absolute_shift_decides(void **state)
{
    (void)state;
    struct made a;
    struct made b;
    begin(&a, "context");
    begin(&b, "context");
    struct xcy_distribution *d = add_run(&a);
    add_values(d, 10, 0, 0);
    add_values(d, 590, 100, 0);
    add_values(add_run(&b), 600, 111, 0);
    struct xcy_contrast c = contrast(&a, &b, 0.02);
    assert_true(isinf(c.moved.log_ratio.low));
    assert_int_equal(c.found, XCY_FOUND_LARGER);
    assert_true(xcy_contrast_is_beyond(&c, 0.02));
    assert_false(xcy_contrast_is_beyond(&c, 0.2));
}

static void of_values_that_may_be_negative_any_finding_is_beyond(void **state)
{
    (void)state;
    struct xcy_contrast c = constant("notification_latency", -1000, 5000);
    assert_int_equal(c.found, XCY_FOUND_LARGER);
    assert_int_equal(c.equivalence, XCY_TOST_UNDECIDED);
    assert_true(xcy_contrast_is_beyond(&c, 10));
    c = constant("notification_latency", -1000, -1000);
    assert_false(xcy_contrast_is_beyond(&c, 0.02));
}

/* As measured 20 % more, for certain; by the clocks perhaps 11 % only. */
static void a_margin_is_held_against_what_the_clocks_leave(void **state)
{
    (void)state;
    static const int64_t narrow_us[] = {99900, 100000, 100100};
    struct xcy_contrast c = by_clocks(4000, narrow_us, 0);
    assert_int_equal(c.found, XCY_FOUND_LARGER);
    assert_true(c.log_ratio.interval.low > log(1.19));
    assert_false(xcy_contrast_is_beyond(&c, 0.15));
    assert_true(xcy_contrast_is_beyond(&c, 0.10));
}

/* By itself larger beyond the margin; one of many tests it is no finding, and so no "different". */
static void what_is_not_found_is_not_different(void **state)
{
    (void)state;
    static const int64_t wide_us[] = {94000, 100000, 106000};
    struct xcy_contrast c = by_clocks(0, wide_us, 0.02);
    assert_int_equal(c.equivalence, XCY_TOST_DIFFERENT);
    c.p_adjusted = 0.2;
    xcy_contrast_judge(&c, 0.02);
    assert_int_equal(c.found, XCY_FOUND_NO_DIFFERENCE);
    assert_int_equal(c.equivalence, XCY_TOST_UNDECIDED);
}

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
    struct xcy_summary a[MOST_RUNS];
    struct xcy_summary b[MOST_RUNS];
    const struct xcy_contrast_settings settings = {.quantile = 0.5, .margin = margin};
    put_rounds(a, n, events_a, cases);
    put_rounds(b, n, events_b, cases);
    return xcy_contrast_of_share(XCY_KIND_INCONSISTENT, (struct xcy_compared_side){a, n},
                                 (struct xcy_compared_side){b, n}, &settings);
}

/* 120 requests with a warm-up of 20, of which one was lost; of the 100 others 5, 3 and 2 are undecided. */
static void undecided_are_those_that_were_not_read_of_all_but_the_warm_up(void **state)
{
    (void)state;
    const struct xcy_contrast_settings settings = {.quantile = 0.5};
    struct xcy_summary a = {.decided = 90};
    struct xcy_summary b = {.decided = 50};
    a.evidence.counts = (struct xcy_counts){
        .planned = 120,
        .warmup = 20,
        .classes = {[XCY_CLASS_CONSISTENT] = 80,
                    [XCY_CLASS_INCONSISTENT] = 10,
                    [XCY_CLASS_LOST] = 5,
                    [XCY_CLASS_FAILED] = 3,
                    [XCY_CLASS_SKIPPED] = 2},
    };
    b.evidence.counts =
        (struct xcy_counts){.planned = 50, .classes = {[XCY_CLASS_CONSISTENT] = 50}};
    struct xcy_contrast c =
        xcy_contrast_of_share(XCY_KIND_UNDECIDED, (struct xcy_compared_side){&a, 1},
                              (struct xcy_compared_side){&b, 1}, &settings);
    assert_true(c.events[0] == 10 && c.cases[0] == 100);
    assert_true(c.events[1] == 0 && c.cases[1] == 50);
    assert_true(c.sides[0].low_us == 0.1 && c.sides[1].low_us == 0);
    /* Fisher: with C(100, k) C(50, 10 - k) / C(150, 10), all 10 are A's in 0.01480, and no more than 3,
     * each as rare, in 0.01631. */
    assert_true(fabs(c.p - 0.0311) < 1e-4);
    assert_int_equal(c.found, XCY_FOUND_SMALLER);
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

/* 30 points more than none are no more than 50 points, though no ratio of shares is as large. */
static void a_margin_of_shares_is_of_points(void **state)
{
    (void)state;
    struct xcy_contrast c = shares(3, 0, 30, 100, 0.5);
    assert_int_equal(c.found, XCY_FOUND_LARGER);
    assert_int_equal(c.equivalence, XCY_TOST_EQUIVALENT);
    assert_false(xcy_contrast_is_beyond(&c, 0.5));
    assert_true(xcy_contrast_is_beyond(&c, 0.2));
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

static void of_one_round_only_counts_tell_an_interval(void **state)
{
    (void)state;
    struct xcy_summary a[1];
    struct xcy_summary b[3];
    const struct xcy_contrast_settings settings = {.quantile = 0.5};
    put_rounds(a, 1, 0, 30);
    put_rounds(b, 3, 5, 10);
    struct xcy_contrast c =
        xcy_contrast_of_share(XCY_KIND_INCONSISTENT, (struct xcy_compared_side){a, 1},
                              (struct xcy_compared_side){b, 3}, &settings);
    assert_int_equal(c.found, XCY_FOUND_TOO_FEW);
    assert_true(c.sides[0].has_interval && fabs(c.sides[0].ci_high_us - 0.1135) < 1e-4);
    /* Wilson of 15 of 30, though each round says one half. */
    assert_true(fabs(c.sides[1].ci_low_us - 0.3315) < 1e-4);
    struct made from;
    struct made to;
    begin(&from, "write_latency");
    begin(&to, "write_latency");
    add_values(add_run(&from), 1, 10000, 0);
    for (int i = 0; i < 3; i++) {
        add_values(add_run(&to), 1, 10000 + i, 0);
    }
    c = contrast(&from, &to, 0);
    assert_false(c.sides[0].has_interval);
    assert_true(c.sides[1].has_interval);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(undecided_are_those_that_were_not_read_of_all_but_the_warm_up),
        cmocka_unit_test(rounds_without_an_event_are_not_equal_beyond_what_counts_tell),
        cmocka_unit_test(so_many_reads_are_equal_within_what_counts_tell),
        cmocka_unit_test(rounds_that_do_not_vary_find_no_more_than_their_counts),
        cmocka_unit_test(equal_values_do_not_turn_the_direction),
        cmocka_unit_test(bytes_are_compared_by_their_means),
        cmocka_unit_test(what_chance_and_clocks_can_make_together_is_no_finding),
        cmocka_unit_test(more_than_nothing_is_beyond_any_margin),
        cmocka_unit_test(without_a_ratio_the_absolute_shift_decides),
        cmocka_unit_test(of_values_that_may_be_negative_any_finding_is_beyond),
        cmocka_unit_test(a_margin_is_held_against_what_the_clocks_leave),
        cmocka_unit_test(what_is_not_found_is_not_different),
        cmocka_unit_test(a_margin_of_shares_is_of_points),
        cmocka_unit_test(of_one_round_only_counts_tell_an_interval),
    };
    return cmocka_run_group_tests(tests, read_metrics, clear_metrics);
}
