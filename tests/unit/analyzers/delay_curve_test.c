#include "margins.h"
#include "tests/support/unit.h"

#include "analyzers/delay_check.h"
#include "common/stats/needed.h"
#include "common/stats/stream.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double confidence = 0.95;

static struct xcy_delay_curve curve_of(struct margins *m)
{
    struct xcy_error err;
    struct xcy_delay_curve curve;
    margins_settle(m);
    assert_ok(xcy_delay_curve_make(&m->evidence, confidence, &curve, &err), &err);
    return curve;
}

static bool is_share(struct xcy_interval share, double low, double high)
{
    return fabs(share.low - low) < 1e-12 && fabs(share.high - high) < 1e-12;
}

/* Found; visible within (10, 16], (0, 5] and (20, …): the shares worked by hand. */
static void the_curve_has_a_lower_and_an_upper_end(void **state)
{
    (void)state;
    static const struct margin margins[] = {
        {-1, -1, false}, {10, 16, true}, {0, 5, true}, {20, -1, true}};
    static const struct {
        int64_t delay_us;
        double low;
        double high;
    } cases[] = {{0, 0.75, 0.75},  {1, 0.5, 0.75},  {4, 0.5, 0.75},  {5, 0.5, 0.5},
                 {10, 0.5, 0.5},   {11, 0.25, 0.5}, {15, 0.25, 0.5}, {16, 0.25, 0.25},
                 {20, 0.25, 0.25}, {21, 0, 0.25},   {1000, 0, 0.25}};
    struct margins m;
    margins_init(&m);
    for (size_t i = 0; i < 4; i++) {
        margins_add(&m, margins[i]);
    }
    m.evidence.counts.classes[XCY_CLASS_LOST] = 1;
    struct xcy_delay_curve curve = curve_of(&m);
    assert_int_equal(curve.basis, XCY_DELAY_WHOLE);
    assert_int_equal(curve.reads.share.events, 3);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct xcy_delay_point p = xcy_delay_curve_at(&curve, cases[i].delay_us);
        assert_true(is_share(p.share, cases[i].low, cases[i].high));
        assert_true(p.band.low <= p.share.low && p.band.high >= p.share.high);
        assert_true(is_share(p.range, cases[i].low * 4 / 5, (cases[i].high * 4 + 1) / 5));
    }
    assert_true(curve.defined_to_us == 16); /* from there on the upper end stays */
    struct xcy_delay_needed needed = xcy_delay_curve_needed(&curve, 0.5);
    assert_true(is_share(needed.delay_us, 0, 5));
    assert_false(needed.has_interval); /* of four reads */
    needed = xcy_delay_curve_needed(&curve, 0.3);
    assert_true(is_share(needed.delay_us, 10, 16));
    needed = xcy_delay_curve_needed(&curve, 0.1);
    assert_true(needed.delay_us.low == 20 && isinf(needed.delay_us.high));
    needed = xcy_delay_curve_needed(&curve, 0.8);
    assert_true(is_share(needed.delay_us, 0, 0));
    margins_clear(&m);
}

/* Of three reads that have a margin two are inconsistent; of all eight four. */
static void curve_and_sweep_leave_out_reads_without_a_margin_and_count_them(void **state)
{
    (void)state;
    struct margins m;
    struct xcy_record twice = {.klass = XCY_CLASS_INCONSISTENT, .flags = XCY_FLAG_MANY_EXECS};
    struct xcy_record untold = {.klass = XCY_CLASS_CONSISTENT};
    struct xcy_record lost = {.klass = XCY_CLASS_LOST, .flags = XCY_FLAG_MANY_EXECS};
    twice.points.us[XCY_POINT_ASKED] = 1000;
    twice.points.us[XCY_POINT_READ] = 1000;
    margins_init(&m);
    margins_add(&m, (struct margin){-1, -1, false});
    margins_add(&m, (struct margin){10, 16, true});
    margins_add(&m, (struct margin){0, 5, true});
    margins_add_record(&m, &twice);
    margins_add_record(&m, &twice);
    margins_add_record(&m, &untold);
    margins_add_record(&m, &untold);
    margins_add_record(&m, &untold);
    margins_add_record(&m, &lost); /* never read, and told as that */
    struct xcy_delay_curve curve = curve_of(&m);
    assert_true(is_share(xcy_delay_curve_at(&curve, 0).share, 2.0 / 3, 2.0 / 3));
    struct xcy_delay_reads reads = xcy_delay_reads_of(&m.evidence);
    xcy_delay_reads_add(&reads, &curve.reads);
    assert_int_equal(reads.share.events, 2 * 2);
    assert_int_equal(reads.share.n, 2 * 3);
    assert_int_equal(reads.many_execs, 2 * 2);
    assert_int_equal(reads.untold, 2 * 3);
    assert_int_equal(curve.unknown, 1);
    margins_clear(&m);
}

static void where_every_writer_ran_twice_there_is_no_curve(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_delay_curve curve;
    struct margins m;
    struct xcy_record twice = {.klass = XCY_CLASS_CONSISTENT, .flags = XCY_FLAG_MANY_EXECS};
    twice.points.us[XCY_POINT_ASKED] = 1000;
    margins_init(&m);
    margins_add_record(&m, &twice);
    margins_settle(&m);
    assert_status(xcy_delay_curve_make(&m.evidence, confidence, &curve, &err), XCY_EUSAGE, &err);
    assert_non_null(strstr(err.text, "the writer of each read ran more than once"));
    margins_clear(&m);
}

static void without_polls_only_the_share_without_delay_is_known(void **state)
{
    (void)state;
    struct margins m;
    margins_init(&m);
    for (int i = 0; i < 100; i++) {
        margins_add(&m, (struct margin){i < 40 ? 0 : -1, -1, false});
    }
    struct xcy_delay_curve curve = curve_of(&m);
    assert_int_equal(curve.basis, XCY_DELAY_AT_ZERO);
    assert_true(is_share(xcy_delay_curve_at(&curve, 0).share, 0.4, 0.4));
    assert_true(is_share(xcy_delay_curve_at(&curve, 5).share, 0, 0.4));
    struct xcy_delay_needed needed = xcy_delay_curve_needed(&curve, 0.1);
    assert_true(isinf(needed.delay_us.high) && !needed.has_interval);
    assert_int_equal(needed.needs_n, 0); /* 40 % stay, however many they are */
    needed = xcy_delay_curve_needed(&curve, 0.5);
    assert_true(is_share(needed.delay_us, 0, 0) && !needed.has_interval);
    assert_int_equal(needed.needs_n, xcy_needed_for_dkw(0.1, confidence));
    margins_clear(&m);
}

/* Of ten reads six are inconsistent, and of these three polled, the last of them in vain if so asked. */
static struct xcy_delay_needed needed_of_tens(int64_t n, bool gives_up, double target)
{
    struct margins m;
    margins_init(&m);
    for (int64_t i = 0; i < n; i++) {
        bool is_missed = i % 10 < 6;
        bool is_polled = i % 10 < 3;
        bool is_given_up = gives_up && i % 10 == 2;
        margins_add(&m, (struct margin){is_missed ? 0 : -1, is_given_up ? -1 : 5, is_polled});
    }
    struct xcy_delay_curve curve = curve_of(&m);
    assert_int_equal(curve.basis, XCY_DELAY_SAMPLED);
    struct xcy_delay_needed needed = xcy_delay_curve_needed(&curve, target);
    margins_clear(&m);
    return needed;
}

static void a_sampled_run_says_how_many_reads_an_interval_takes(void **state)
{
    (void)state;
    struct xcy_delay_needed needed = needed_of_tens(100, false, 0.1);
    assert_false(needed.has_interval);
    int64_t tens = needed.needs_n / 10;
    assert_in_range(tens, 11, 100);
    assert_false(needed_of_tens(10 * (tens - 1), false, 0.1).has_interval);
    struct xcy_delay_needed enough = needed_of_tens(10 * (tens + 1), false, 0.1);
    assert_true(enough.has_interval);
    assert_true(llabs(enough.needs_n - needed.needs_n) < 10);
    /* A third of the misses, 20 %, is never seen to become visible. */
    assert_int_equal(needed_of_tens(100, true, 0.1).needs_n, 0);
    assert_true(needed_of_tens(100, true, 0.3).needs_n > 100);
}

static void a_run_behind_a_barrier_has_no_curve(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_delay_curve curve;
    struct margins m;
    margins_init(&m);
    margins_settle(&m);
    assert_status(xcy_delay_curve_make(&m.evidence, confidence, &curve, &err), XCY_EUSAGE, &err);
    assert_non_null(strstr(err.text, "no read tells when it was asked"));
    m.evidence.manifest.combination.consistency = XCY_CONSISTENCY_ANTIPODE;
    assert_status(xcy_delay_curve_make(&m.evidence, confidence, &curve, &err), XCY_EUSAGE, &err);
    assert_non_null(strstr(err.text, "behind a barrier"));
    margins_clear(&m);
}

/* The truth: a share of reads is early, by an exponential time; polls find out to the next multiple of
 * 7 ms. */
enum { RUNS = 300, READS = 500, POLL_US = 7000 };
static const double early = 0.4;
static const double mean_us = 60000;

static double true_share(double delay_us)
{
    return early * exp(-delay_us / mean_us);
}

/* A margin of `delayed_us` less: what a real delay leaves. */
static struct margin drawn(struct xcy_stream *stream, double polled_share, int64_t delayed_us)
{
    bool is_early = xcy_stream_uniform(stream) < early;
    double margin_us = xcy_stream_exponential(stream, mean_us) - (double)delayed_us;
    bool is_polled = xcy_stream_uniform(stream) < polled_share;
    if (!is_early || margin_us <= 0) {
        return (struct margin){-1, -1, false};
    }
    int64_t polls = (int64_t)(margin_us / POLL_US);
    return (struct margin){polls * POLL_US, (polls + 1) * POLL_US, is_polled};
}

static void draw_run(struct xcy_stream *stream, double polled_share, struct margins *m)
{
    margins_init(m);
    for (int i = 0; i < READS; i++) {
        margins_add(m, drawn(stream, polled_share, 0));
    }
}

static bool band_holds(const struct xcy_delay_curve *curve)
{
    for (int64_t delay_us = 0; delay_us < 400000; delay_us += 1500) {
        struct xcy_delay_point p = xcy_delay_curve_at(curve, delay_us);
        double share = true_share((double)delay_us);
        if (share < p.band.low || share > p.band.high) {
            return false;
        }
    }
    return true;
}

/* 95 % of runs, less four standard errors of so many. */
static bool is_covered(int held)
{
    return held >= RUNS * (confidence - 4 * sqrt(confidence * (1 - confidence) / RUNS));
}

static void check_coverage(double polled_share, enum xcy_delay_basis basis)
{
    struct xcy_stream *stream = xcy_stream_new(8, "delay curve");
    int held = 0;
    int found = 0;
    int n_intervals = 0;
    const double target = 0.1;
    const double needed_us = mean_us * log(early / target);
    for (int r = 0; r < RUNS; r++) {
        struct margins m;
        draw_run(stream, polled_share, &m);
        struct xcy_delay_curve curve = curve_of(&m);
        assert_int_equal(curve.basis, basis);
        held += band_holds(&curve) ? 1 : 0;
        struct xcy_delay_needed needed = xcy_delay_curve_needed(&curve, target);
        n_intervals += needed.has_interval ? 1 : 0;
        found +=
            needed.interval_us.low <= needed_us && needed.interval_us.high >= needed_us ? 1 : 0;
        margins_clear(&m);
    }
    xcy_stream_free(stream);
    assert_true(is_covered(held));
    assert_int_equal(n_intervals, RUNS);
    assert_true(is_covered(found));
}

static void the_true_curve_is_in_the_band_and_the_true_delay_in_its_interval(void **state)
{
    (void)state;
    check_coverage(1, XCY_DELAY_WHOLE);
}

static void so_they_are_where_only_half_of_the_misses_were_polled(void **state)
{
    (void)state;
    check_coverage(0.5, XCY_DELAY_SAMPLED);
}

/* A sweep at 0, 30, … ms, whose delays are really `factor` times that. */
static bool sweep_agrees(struct xcy_stream *stream, double factor)
{
    enum { POINTS = 5, STEP_US = 30000 };
    struct margins m;
    draw_run(stream, 1, &m);
    struct xcy_delay_curve curve = curve_of(&m);
    bool agrees = true;
    for (int64_t p = 0; p < POINTS; p++) {
        struct xcy_delay_reads reads = {.share.n = READS};
        for (int i = 0; i < READS; i++) {
            struct margin margin = drawn(stream, 1, (int64_t)((double)(p * STEP_US) * factor));
            reads.share.events += margin.low_us >= 0 ? 1 : 0;
        }
        agrees = xcy_delay_check(&curve, p * STEP_US, reads, POINTS).agrees && agrees;
    }
    margins_clear(&m);
    return agrees;
}

static void a_sweep_agrees_unless_its_delay_did_something_else(void **state)
{
    (void)state;
    struct xcy_stream *stream = xcy_stream_new(9, "sweep");
    int agreeing = 0;
    int caught = 0;
    for (int r = 0; r < RUNS; r++) {
        agreeing += sweep_agrees(stream, 1) ? 1 : 0;
        caught += sweep_agrees(stream, 0) ? 0 : 1;
    }
    xcy_stream_free(stream);
    assert_true(is_covered(agreeing));
    assert_true(caught > RUNS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_curve_has_a_lower_and_an_upper_end),
        cmocka_unit_test(curve_and_sweep_leave_out_reads_without_a_margin_and_count_them),
        cmocka_unit_test(where_every_writer_ran_twice_there_is_no_curve),
        cmocka_unit_test(without_polls_only_the_share_without_delay_is_known),
        cmocka_unit_test(a_sampled_run_says_how_many_reads_an_interval_takes),
        cmocka_unit_test(a_run_behind_a_barrier_has_no_curve),
        cmocka_unit_test(the_true_curve_is_in_the_band_and_the_true_delay_in_its_interval),
        cmocka_unit_test(so_they_are_where_only_half_of_the_misses_were_polled),
        cmocka_unit_test(a_sweep_agrees_unless_its_delay_did_something_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
