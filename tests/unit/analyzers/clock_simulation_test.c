/* clock_simulation_test.c - the bounds of the clocks, held against runs whose clocks are known. */

#include "tests/support/unit.h"

#include "analyzers/causality.h"
#include "common/base/mem.h"
#include "tests/unit/analyzers/simulated.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS = 1000 };

static const double allowed_ppm = 200;
static const double step_us = 100000;

static struct xcy_clocks *clocks_of(const struct simulated_run *run)
{
    return xcy_clocks_new(run->records, SIMULATED_REQUESTS, run->is_async, allowed_ppm);
}

static bool is_within(double value, struct xcy_clock_bound b)
{
    return value >= b.low_us && value <= b.high_us;
}

static double width_us(struct xcy_clock_bound b)
{
    return b.high_us - b.low_us;
}

/* What the bounds of one run were held against. */
struct count {
    size_t points;
    size_t outside;
    size_t bounded; /* from both sides */
};

static void check_thetas(const struct simulated_run *run, const struct xcy_clocks *clocks, size_t i,
                         struct count *n)
{
    for (enum xcy_point p = XCY_POINT_START; p < XCY_POINT_GOT; p++) {
        if (xcy_stamps_has(&run->records[i].points, p)) {
            struct xcy_clock_bound b = xcy_clocks_at(clocks, &run->records[i], p);
            n->points++;
            n->outside += is_within(run->theta_us[i][p], b) ? 0 : 1;
            n->bounded += isfinite(width_us(b)) ? 1 : 0;
        }
    }
}

/* Differences across clocks, corrected: the figures, and some of the generator's clock. */
static void check_durations(const struct simulated_run *run, const struct xcy_clocks *clocks,
                            size_t i, struct count *n)
{
    static const enum xcy_point pairs[][2] = {
        {XCY_POINT_START, XCY_POINT_READ},    {XCY_POINT_WROTE, XCY_POINT_MISSED},
        {XCY_POINT_WROTE, XCY_POINT_VISIBLE}, {XCY_POINT_NOTED, XCY_POINT_SEEN},
        {XCY_POINT_DUE, XCY_POINT_START},     {XCY_POINT_SEEN, XCY_POINT_ACKED},
    };
    const struct xcy_stamps *points = &run->records[i].points;
    for (size_t p = 0; p < sizeof pairs / sizeof *pairs; p++) {
        enum xcy_point from = pairs[p][0];
        enum xcy_point to = pairs[p][1];
        if (xcy_stamps_has(points, from) && xcy_stamps_has(points, to)) {
            struct xcy_clock_bound b = xcy_clocks_correction(clocks, &run->records[i], from, to);
            double measured_us = (double)(points->us[to] - points->us[from]);
            double true_us = run->when_us[i][to] - run->when_us[i][from];
            n->points++;
            n->outside += is_within(true_us - measured_us, b) ? 0 : 1;
        }
    }
}

/* The stamp at which an instance's interval is the narrowest is one of its own. */
static void check_narrowest(const struct simulated_run *run,
                            const struct xcy_clock_interval *interval, struct count *n)
{
    size_t n_found = 0;
    for (size_t i = 0; i < SIMULATED_REQUESTS; i++) {
        const struct xcy_record *r = &run->records[i];
        for (enum xcy_point p = XCY_POINT_START; p < XCY_POINT_GOT; p++) {
            const char *name =
                xcy_points[p].domain == XCY_DOMAIN_WRITER ? r->writer_instance : r->reader_instance;
            if (strcmp(name, interval->name) == 0 && (double)r->points.us[p] == interval->at_us) {
                n_found++;
                n->outside += is_within(run->theta_us[i][p], interval->theta) ? 0 : 1;
            }
        }
    }
    assert_true(n_found > 0);
}

static size_t count_disorders(const struct simulated_run *run, const struct xcy_clocks *clocks)
{
    size_t n = 0;
    for (size_t i = 0; i < SIMULATED_REQUESTS; i++) {
        struct xcy_disorder broken;
        struct xcy_clocks_view view;
        xcy_clocks_look(clocks, &run->records[i], &view);
        n += xcy_causality_holds(&view, &broken) ? 0 : 1;
    }
    return n;
}

static struct count check(const struct simulated_run *run, const struct xcy_clocks *clocks)
{
    struct count n = {0};
    for (size_t i = 0; i < SIMULATED_REQUESTS; i++) {
        check_thetas(run, clocks, i, &n);
        check_durations(run, clocks, i, &n);
    }
    for (size_t c = 0; c < xcy_clocks_found(clocks)->instances; c++) {
        struct xcy_clock_interval interval = xcy_clocks_interval(clocks, c);
        check_narrowest(run, &interval, &n);
    }
    return n;
}

/* In each of the runs: no point, no duration is outside, no step and no disorder is told. */
static void the_truth_is_in_every_interval(void **state)
{
    (void)state;
    struct simulated_run *run = xcy_alloc(sizeof *run);
    struct xcy_stream *stream = xcy_stream_new(11, "clock test");
    const struct simulated_setting setting = {.drift_ppm = allowed_ppm};
    size_t bounded = 0;
    size_t points = 0;
    for (int r = 0; r < RUNS; r++) {
        simulated_make(&setting, stream, run);
        struct xcy_clocks *clocks = clocks_of(run);
        struct count n = check(run, clocks);
        if (n.outside > 0 || xcy_clocks_found(clocks)->stepped > 0 ||
            count_disorders(run, clocks) > 0) {
            fail_msg("run %d: %zu of %zu outside, %zu steps, %zu disorders", r, n.outside, n.points,
                     xcy_clocks_found(clocks)->stepped, count_disorders(run, clocks));
        }
        bounded += n.bounded;
        points += n.points;
        xcy_clocks_free(clocks);
    }
    assert_true(bounded > points / 3); /* or there was nothing to hold */
    xcy_stream_free(stream);
    free(run);
}

/* The same with clocks twice as bad as allowed: the check above can fail. */
static void clocks_that_break_the_allowance_are_caught(void **state)
{
    (void)state;
    struct simulated_run *run = xcy_alloc(sizeof *run);
    struct xcy_stream *stream = xcy_stream_new(11, "clock test");
    const struct simulated_setting setting = {.drift_ppm = 2 * allowed_ppm};
    size_t told = 0;
    size_t outside = 0;
    for (int r = 0; r < RUNS; r++) {
        simulated_make(&setting, stream, run);
        struct xcy_clocks *clocks = clocks_of(run);
        told += xcy_clocks_found(clocks)->stepped > 0 ? 1 : 0;
        outside += check(run, clocks).outside > 0 ? 1 : 0;
        xcy_clocks_free(clocks);
    }
    assert_true(told > 0);
    assert_true(outside > 0);
    xcy_stream_free(stream);
    free(run);
}

static const struct xcy_stamps *stamps_of_invocation(const struct simulated_run *run, size_t i,
                                                     bool *is_writer)
{
    const struct xcy_record *r = &run->records[i];
    *is_writer = strcmp(r->writer_instance, run->stepped->id) == 0;
    bool is_reader = strcmp(r->reader_instance, run->stepped->id) == 0;
    return *is_writer || is_reader ? &r->points : NULL;
}

/* What one side of the step says alone: the bounds of that side's stamp nearest to it. */
static bool side_of_step(const struct simulated_run *run, bool is_after, double *at_us,
                         struct xcy_clock_bound *bound)
{
    struct xcy_record *kept = xcy_alloc(SIMULATED_REQUESTS * sizeof *kept);
    size_t n = 0;
    const struct xcy_record *nearest = NULL;
    enum xcy_point nearest_point = XCY_N_POINTS;
    for (size_t i = 0; i < SIMULATED_REQUESTS; i++) {
        bool is_writer = false;
        if (!stamps_of_invocation(run, i, &is_writer)) {
            continue;
        }
        enum xcy_point first = is_writer ? XCY_POINT_START : XCY_POINT_SEEN;
        enum xcy_point last = is_writer ? XCY_POINT_ENDED : XCY_POINT_REPORTED;
        if ((run->when_us[i][first] >= run->stepped->step_at_us) != is_after) {
            continue;
        }
        kept[n] = run->records[i];
        enum xcy_point point = is_after ? first : last;
        double t_us = run->when_us[i][point];
        if (!nearest || (is_after ? t_us < *at_us : t_us > *at_us)) {
            nearest = &kept[n];
            nearest_point = point;
            *at_us = t_us;
        }
        n++;
    }
    if (nearest) {
        struct xcy_clocks *clocks = xcy_clocks_new(kept, n, run->is_async, allowed_ppm);
        *bound = xcy_clocks_at(clocks, nearest, nearest_point);
        xcy_clocks_free(clocks);
    }
    free(kept);
    return nearest != NULL;
}

/* Before and after the step, the clock is within these; `apart_us` is what lies between the two. */
struct sides {
    bool are_there;
    struct xcy_clock_bound before;
    struct xcy_clock_bound after;
    double drift_us; /* that may have moved it from one to the other */
};

static struct sides sides_of(const struct simulated_run *run)
{
    struct sides s = {0};
    double before_us = 0;
    double after_us = 0;
    s.are_there = side_of_step(run, false, &before_us, &s.before) &&
                  side_of_step(run, true, &after_us, &s.after);
    double k = allowed_ppm / 1e6 / (1 - allowed_ppm / 1e6);
    s.drift_us = s.are_there ? (after_us - before_us + 2 * step_us) * k : 0;
    return s;
}

/* Bounds narrower than the step, together: they cannot both hold the same clock. */
static bool must_be_found(const struct sides *s)
{
    return s->are_there && width_us(s->before) + width_us(s->after) + 2 * s->drift_us < step_us;
}

/* No more than what drift allows lies between the two sides: nobody can tell. */
static bool cannot_be_found(const struct sides *s)
{
    return !s->are_there ||
           (s->after.low_us <= s->before.high_us && s->before.low_us <= s->after.high_us);
}

static void a_step_is_found_wherever_the_bounds_are_narrower(void **state)
{
    (void)state;
    struct simulated_run *run = xcy_alloc(sizeof *run);
    struct xcy_stream *stream = xcy_stream_new(12, "clock step test");
    size_t n_must = 0;
    size_t n_cannot = 0;
    for (int r = 0; r < RUNS; r++) {
        const struct simulated_setting setting = {.drift_ppm = allowed_ppm,
                                                  .step_us = r % 2 ? step_us : -step_us};
        simulated_make(&setting, stream, run);
        struct xcy_clocks *clocks = clocks_of(run);
        const struct xcy_clocks_found *found = xcy_clocks_found(clocks);
        struct sides s = sides_of(run);
        if (must_be_found(&s)) {
            n_must++;
            assert_int_equal(found->stepped, 1);
            assert_string_equal(found->worst.instance, run->stepped->id);
            assert_true(found->worst.by_us > 0 && found->worst.by_us <= step_us + s.drift_us);
        } else if (cannot_be_found(&s)) {
            n_cannot++;
            assert_int_equal(found->stepped, 0);
        }
        xcy_clocks_free(clocks);
    }
    assert_true(n_must > RUNS / 4 && n_cannot > RUNS / 20);
    xcy_stream_free(stream);
    free(run);
}

/* Sets of several threads, each with every third record, and the last ones first. */
static struct xcy_clocks *merged(const struct simulated_run *run)
{
    enum { THREADS = 3 };
    struct xcy_clocks *sets[THREADS];
    for (size_t t = 0; t < THREADS; t++) {
        sets[t] = xcy_clocks_begin(run->is_async, allowed_ppm);
        for (size_t i = SIMULATED_REQUESTS; i-- > 0;) {
            if (i % THREADS == t) {
                xcy_clocks_take(sets[t], &run->records[i]);
            }
        }
        if (t > 0) {
            xcy_clocks_merge(sets[0], sets[t]);
            xcy_clocks_free(sets[t]);
        }
    }
    xcy_clocks_settle(sets[0]);
    return sets[0];
}

static void the_bounds_do_not_hang_on_who_took_which_record(void **state)
{
    (void)state;
    struct simulated_run *run = xcy_alloc(sizeof *run);
    struct xcy_stream *stream = xcy_stream_new(12, "clock test");
    const struct simulated_setting setting = {.drift_ppm = 2 * allowed_ppm};
    size_t stepped = 0;
    for (int r = 0; r < RUNS / 10; r++) {
        simulated_make(&setting, stream, run);
        struct xcy_clocks *one = clocks_of(run);
        struct xcy_clocks *many = merged(run);
        assert_memory_equal(xcy_clocks_found(one), xcy_clocks_found(many),
                            sizeof(struct xcy_clocks_found));
        stepped += xcy_clocks_found(one)->stepped;
        for (size_t i = 0; i < SIMULATED_REQUESTS; i++) {
            for (enum xcy_point p = 0; p < XCY_N_POINTS; p++) {
                struct xcy_clock_bound a = xcy_clocks_at(one, &run->records[i], p);
                struct xcy_clock_bound b = xcy_clocks_at(many, &run->records[i], p);
                assert_true(a.low_us == b.low_us && a.high_us == b.high_us);
            }
        }
        xcy_clocks_free(one);
        xcy_clocks_free(many);
    }
    assert_true(stepped > 0);
    xcy_stream_free(stream);
    free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_truth_is_in_every_interval),
        cmocka_unit_test(clocks_that_break_the_allowance_are_caught),
        cmocka_unit_test(a_step_is_found_wherever_the_bounds_are_narrower),
        cmocka_unit_test(the_bounds_do_not_hang_on_who_took_which_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
