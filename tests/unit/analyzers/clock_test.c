#include "tests/support/unit.h"

#include "analyzers/causality.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double allowed_ppm = 200;

static bool holds(const struct xcy_record *record, const struct xcy_clocks *clocks,
                  struct xcy_disorder *broken)
{
    struct xcy_clocks_view view;
    xcy_clocks_look(clocks, record, &view);
    return xcy_causality_holds(&view, broken);
}

static double width_us(struct xcy_clock_bound b)
{
    return b.high_us - b.low_us;
}

/* One request, at an instant of the generator's and of the writer's clock. */
static struct xcy_record request(int64_t i, int64_t sent_us, int64_t start_us, int64_t ended_us,
                                 int64_t acked_us)
{
    struct xcy_record r = {.i = i, .attempts = 1, .outcome = XCY_OUTCOME_OK};
    memcpy(r.writer_instance, "writer", sizeof "writer");
    r.points.us[XCY_POINT_SENT] = sent_us;
    r.points.us[XCY_POINT_START] = start_us;
    r.points.us[XCY_POINT_ENDED] = ended_us;
    r.points.us[XCY_POINT_ACKED] = acked_us;
    return r;
}

/* Legs without a delay and a clock slow by exactly what is allowed: an hour later it is 720 ms behind,
 * and only 3599.28 s old by itself. Any less slack would tell of a step that was none. */
static void a_clock_slow_by_the_whole_allowance_is_no_step(void **state)
{
    (void)state;
    const int64_t t0 = INT64_C(1763720000000000);
    const int64_t hour = INT64_C(3600000000);
    const int64_t behind = 720000;
    const struct xcy_record records[] = {
        request(0, t0, t0, t0, t0),
        request(1, t0 + hour, t0 + hour - behind, t0 + hour - behind, t0 + hour)};
    struct xcy_clocks *clocks = xcy_clocks_new(records, 2, false, allowed_ppm);
    assert_int_equal(xcy_clocks_found(clocks)->stepped, 0);
    struct xcy_clock_bound b = xcy_clocks_at(clocks, &records[1], XCY_POINT_START);
    assert_true(b.low_us <= -720000 && b.high_us >= -720000);
    xcy_clocks_free(clocks);
    clocks = xcy_clocks_new(records, 2, false, allowed_ppm * 0.9999);
    const struct xcy_clocks_found *found = xcy_clocks_found(clocks);
    assert_int_equal(found->stepped, 1);
    assert_string_equal(found->worst.instance, "writer");
    assert_int_equal(found->worst.low_i, 0);
    assert_int_equal(found->worst.high_i, 1);
    /* A clock that stepped has no bounds. */
    b = xcy_clocks_at(clocks, &records[1], XCY_POINT_START);
    assert_true(isinf(b.low_us) && isinf(b.high_us));
    struct xcy_clock_interval interval = xcy_clocks_interval(clocks, 0);
    assert_true(interval.stepped && isinf(interval.theta.low_us) && isinf(interval.theta.high_us));
    xcy_clocks_free(clocks);
}

/* Within 1 s at first, within 10 ms an hour later: from there both bounds widen with the age alone, also
 * at an instant that is no constraint's. */
static void the_bounds_between_two_requests_come_from_both(void **state)
{
    (void)state;
    const int64_t t0 = INT64_C(1763720000000000);
    const int64_t hour = INT64_C(3600000000);
    const double k = allowed_ppm / 1e6 / (1 - allowed_ppm / 1e6);
    const double s = XCY_CLOCK_STAMPS_US;
    struct xcy_record records[] = {
        request(0, t0, t0 + 1000000, t0 + 1000000, t0 + 2000000),
        request(1, t0 + hour, t0 + hour + 10000, t0 + hour + 10000, t0 + hour + 20000)};
    records[0].points.us[XCY_POINT_WROTE] = t0 + hour / 2; /* before most of the constraints */
    records[1].points.us[XCY_POINT_WROTE] = t0 + 2 * hour; /* and after all */
    struct xcy_clocks *clocks = xcy_clocks_new(records, 2, false, allowed_ppm);
    for (size_t i = 0; i < 2; i++) {
        struct xcy_clock_bound b = xcy_clocks_at(clocks, &records[i], XCY_POINT_WROTE);
        double at_us = (double)records[i].points.us[XCY_POINT_WROTE];
        double age_us = fabs(at_us - (double)(t0 + hour + 10000));
        assert_true(fabs(b.high_us - (10000 + s + k * age_us)) < 1e-3);
        assert_true(fabs(b.low_us - (-10000 - s - k * age_us)) < 1e-3);
    }
    struct xcy_clock_interval narrowest = xcy_clocks_interval(clocks, 0);
    assert_true(narrowest.at_us == (double)(t0 + hour + 10000));
    assert_true(narrowest.theta.low_us == -10000 - s && narrowest.theta.high_us == 10000 + s);
    xcy_clocks_free(clocks);
}

/* Of two processes whose clocks were set; they are looked at by their names. */
static void of_several_contradictions_the_worst_is_told(void **state)
{
    (void)state;
    static const int64_t steps_us[][2] = {{1000000, 300000}, {300000, 1000000}};
    for (size_t order = 0; order < 2; order++) {
        struct xcy_record records[4];
        for (int64_t i = 0; i < 4; i++) {
            int64_t at = (1 + i) * 10000000;
            int64_t stamp = at + (i >= 2 ? steps_us[order][i % 2] : 0);
            records[i] = request(i, at, stamp, stamp, at);
            snprintf(records[i].writer_instance, sizeof records[i].writer_instance, "%s",
                     i % 2 == 0 ? "a" : "b");
        }
        struct xcy_clocks *clocks = xcy_clocks_new(records, 4, false, 0);
        const struct xcy_clock_contradiction *worst = &xcy_clocks_found(clocks)->worst;
        assert_int_equal(xcy_clocks_found(clocks)->stepped, 2);
        assert_string_equal(worst->instance, order == 0 ? "a" : "b");
        assert_true(fabs(worst->by_us - (1000000 - 2 * XCY_CLOCK_STAMPS_US)) < 1e-6);
        assert_int_equal(worst->high_i, order);
        assert_int_equal(worst->low_i, order + 2);
        xcy_clocks_free(clocks);
    }
}

/* All four stamps are equal, though each may have lost up to 1 us, and the anchor is off by up to 1 us. */
static void floored_stamps_claim_no_more_than_they_know(void **state)
{
    (void)state;
    const struct xcy_record exact = request(0, 1000010, 1000010, 1000010, 1000010);
    struct xcy_clocks *clocks = xcy_clocks_new(&exact, 1, false, 0);
    struct xcy_clock_bound b = xcy_clocks_at(clocks, &exact, XCY_POINT_START);
    assert_true(b.low_us <= -2 && b.high_us >= 2);
    assert_true(width_us(b) <= 2 * XCY_CLOCK_STAMPS_US);
    xcy_clocks_free(clocks);
}

static struct xcy_record whole_request(void)
{
    struct xcy_record r = request(0, 1000000, 1001000, 1004000, 1005000);
    memcpy(r.reader_instance, "reader", sizeof "reader");
    r.flags = XCY_FLAG_GOT_LIVE;
    r.points.us[XCY_POINT_NOTED] = 1003000;
    r.points.us[XCY_POINT_SEEN] = 1010000;
    r.points.us[XCY_POINT_REPORTED] = 1020000;
    r.points.us[XCY_POINT_GOT] = 1021000;
    return r;
}

/* The bounds that one record gives at start and at seen, and how many sides are open. */
static void assert_sides(const struct xcy_record *r, bool is_async, double writer_low_us,
                         double writer_high_us, double reader_low_us, double reader_high_us)
{
    struct xcy_clocks *clocks = xcy_clocks_new(r, 1, is_async, 0);
    struct xcy_clock_bound w = xcy_clocks_at(clocks, r, XCY_POINT_START);
    struct xcy_clock_bound d = xcy_clocks_at(clocks, r, XCY_POINT_SEEN);
    assert_true(w.low_us == writer_low_us && w.high_us == writer_high_us);
    assert_true(d.low_us == reader_low_us && d.high_us == reader_high_us);
    const struct xcy_clocks_found *found = xcy_clocks_found(clocks);
    assert_int_equal(found->instances, 2);
    assert_int_equal(found->without_low,
                     (isinf(writer_low_us) ? 1 : 0) + (isinf(reader_low_us) ? 1 : 0));
    assert_int_equal(found->without_high,
                     (isinf(writer_high_us) ? 1 : 0) + (isinf(reader_high_us) ? 1 : 0));
    xcy_clocks_free(clocks);
}

/* How many of the stamps of one record bound its writer, and its reader. */
static void assert_constraints(const struct xcy_record *r, bool is_async, size_t of_writer,
                               size_t of_reader)
{
    struct xcy_clocks *clocks = xcy_clocks_new(r, 1, is_async, 0);
    assert_int_equal(xcy_clocks_interval(clocks, 0).n, of_reader); /* sorted by their names */
    assert_int_equal(xcy_clocks_interval(clocks, 1).n, of_writer);
    xcy_clocks_free(clocks);
}

static void only_what_bounds_is_counted(void **state)
{
    (void)state;
    struct xcy_record r = whole_request();
    assert_constraints(&r, false, 3, 2);
    assert_constraints(&r, true, 2, 2);
    r.flags = 0;
    assert_constraints(&r, true, 1, 1);
    r.attempts = 2;
    assert_constraints(&r, false, 0, 0);
}

static void each_bound_comes_of_what_was_really_stamped(void **state)
{
    (void)state;
    const double s = XCY_CLOCK_STAMPS_US;
    struct xcy_record r = whole_request();
    assert_sides(&r, false, -1000 - s, 1000 + s, -1000 - s, 10000 + s);
    /* No reply: the evaluation that was taken is what bounds the writer. */
    assert_sides(&r, true, -18000 - s, 1000 + s, -1000 - s, 10000 + s);
    r.outcome = XCY_OUTCOME_TOTAL_TIMEOUT;
    assert_sides(&r, false, -18000 - s, 1000 + s, -1000 - s, 10000 + s);
    /* Sent again: `sent` and `acked` may be of another attempt than the stamps. */
    r = whole_request();
    r.attempts = 2;
    assert_sides(&r, false, -18000 - s, INFINITY, -1000 - s, INFINITY);
    /* Run twice: the reply may be of the other execution. */
    r = whole_request();
    r.flags |= XCY_FLAG_MANY_EXECS;
    assert_sides(&r, false, -18000 - s, 1000 + s, -1000 - s, 10000 + s);
    /* A message without stamps of ours says nothing of those that a reply brought. */
    r.flags = XCY_FLAG_GOT_LIVE | XCY_FLAG_NO_XCY;
    assert_sides(&r, true, -INFINITY, 1000 + s, -INFINITY, 10000 + s);
    /* Taken on another machine, or after the load. */
    r = whole_request();
    r.flags = 0;
    assert_sides(&r, false, -1000 - s, 1000 + s, -INFINITY, 10000 + s);
    assert_sides(&r, true, -INFINITY, 1000 + s, -INFINITY, 10000 + s);
    r.attempts = 0; /* the generator was killed: what it sent is known, not how often */
    assert_sides(&r, false, -INFINITY, INFINITY, -INFINITY, INFINITY);
}

static void points_of_one_clock_need_no_correction(void **state)
{
    (void)state;
    struct xcy_record record = {.attempts = 1};
    struct xcy_clocks *clocks = xcy_clocks_new(&record, 1, false, 200);
    struct xcy_clock_bound b =
        xcy_clocks_correction(clocks, &record, XCY_POINT_SEEN, XCY_POINT_READY);
    assert_true(b.low_us == 0 && b.high_us == 0);
    /* A process that does not name itself is any process. */
    b = xcy_clocks_correction(clocks, &record, XCY_POINT_NOTED, XCY_POINT_SEEN);
    assert_true(isinf(b.low_us) && isinf(b.high_us));
    xcy_clocks_free(clocks);
}

/* The second request was sent again, so nothing of its own bounds the reader: it was told 5 ms before
 * it was published, of which the bounds of the two clocks allow 2 ms (and stamps). */
static void an_order_beyond_the_bounds_is_found(void **state)
{
    (void)state;
    struct xcy_record records[2] = {whole_request(), whole_request()};
    int64_t *us = records[0].points.us;
    us[XCY_POINT_SEEN] = 1000500;
    us[XCY_POINT_REPORTED] = 1000500;
    us[XCY_POINT_GOT] = 1001000; /* the reader: -500..500 */
    us[XCY_POINT_NOTED] = us[XCY_POINT_START];
    records[1].i = 1;
    records[1].attempts = 2;
    us = records[1].points.us;
    us[XCY_POINT_SEEN] = 998000;
    us[XCY_POINT_REPORTED] = 998000;
    us[XCY_POINT_GOT] = 1021000;
    struct xcy_clocks *clocks = xcy_clocks_new(records, 2, false, 0);
    struct xcy_disorder broken = {0};
    assert_int_equal(xcy_clocks_found(clocks)->stepped, 0);
    assert_true(holds(&records[0], clocks, &broken));
    assert_false(holds(&records[1], clocks, &broken));
    assert_int_equal(broken.before, XCY_POINT_NOTED);
    assert_int_equal(broken.after, XCY_POINT_SEEN);
    /* 5 ms, less 1 ms of the writer, 0.5 ms of the reader and three times the stamps. */
    assert_true(fabs(broken.by_us - (5000 - 1500 - 3 * XCY_CLOCK_STAMPS_US)) < 1e-6);
    us[XCY_POINT_WROTE] = us[XCY_POINT_NOTED];
    us[XCY_POINT_NOTED] = 0; /* what is not known of the writer, another point tells */
    assert_false(holds(&records[1], clocks, &broken));
    assert_int_equal(broken.before, XCY_POINT_WROTE);
    us[XCY_POINT_START] = us[XCY_POINT_WROTE];
    us[XCY_POINT_WROTE] = 0;
    assert_false(holds(&records[1], clocks, &broken));
    assert_int_equal(broken.before, XCY_POINT_START);
    us[XCY_POINT_SEEN] = 1003000 - 1500;
    us[XCY_POINT_REPORTED] = us[XCY_POINT_SEEN];
    assert_true(holds(&records[1], clocks, &broken));
    xcy_clocks_free(clocks);
}

static void an_evaluation_taken_before_its_request_was_sent_is_found(void **state)
{
    (void)state;
    struct xcy_record r = whole_request();
    struct xcy_disorder broken = {0};
    r.writer_instance[0] = '\0';
    r.reader_instance[0] = '\0';
    struct xcy_clocks *clocks = xcy_clocks_new(&r, 1, false, 0);
    r.points.us[XCY_POINT_GOT] = r.points.us[XCY_POINT_SENT];
    assert_true(holds(&r, clocks, &broken));
    r.points.us[XCY_POINT_GOT]--;
    assert_false(holds(&r, clocks, &broken));
    assert_int_equal(broken.before, XCY_POINT_SENT);
    assert_int_equal(broken.after, XCY_POINT_GOT);
    r.flags = 0; /* another machine's clock */
    assert_true(holds(&r, clocks, &broken));
    xcy_clocks_free(clocks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_slow_by_the_whole_allowance_is_no_step),
        cmocka_unit_test(the_bounds_between_two_requests_come_from_both),
        cmocka_unit_test(of_several_contradictions_the_worst_is_told),
        cmocka_unit_test(floored_stamps_claim_no_more_than_they_know),
        cmocka_unit_test(each_bound_comes_of_what_was_really_stamped),
        cmocka_unit_test(only_what_bounds_is_counted),
        cmocka_unit_test(points_of_one_clock_need_no_correction),
        cmocka_unit_test(an_order_beyond_the_bounds_is_found),
        cmocka_unit_test(an_evaluation_taken_before_its_request_was_sent_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
