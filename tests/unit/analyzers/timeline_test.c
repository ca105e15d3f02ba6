#include "tests/support/unit.h"

#include "analyzers/timeline.h"
#include "common/stats/stream.h"

#include <math.h>

enum { REQUESTS = 2000, GAP_US = 10000, RUNS = 300 };

static const int64_t begin_us = INT64_C(1763720000000000);

/* A store whose lag is `slow` times as long from the middle to three quarters of the run; notifications
 * take `far` times as long there. Where only a `rare` share of the posts lags, the others are there at
 * once. */
struct system {
    double slow;
    double far;
    double rare; /* 0: all lag */
};

static struct xcy_record drawn(struct xcy_stream *stream, const struct system *system, int64_t i)
{
    bool is_phase = i >= REQUESTS / 2 && i < REQUESTS * 3 / 4;
    double lag_us = xcy_stream_lognormal(stream, 100000, 400000) * (is_phase ? system->slow : 1);
    if (system->rare > 0 && xcy_stream_uniform(stream) >= system->rare) {
        lag_us = 0;
    }
    double told_us = xcy_stream_lognormal(stream, 120000, 300000) * (is_phase ? system->far : 1);
    struct xcy_record r = {.i = i, .attempts = 1, .klass = XCY_CLASS_CONSISTENT};
    int64_t *us = r.points.us;
    us[XCY_POINT_SENT] = begin_us + i * GAP_US;
    us[XCY_POINT_WROTE] = us[XCY_POINT_SENT] + 10000;
    us[XCY_POINT_ASKED] = us[XCY_POINT_WROTE] + (int64_t)told_us;
    us[XCY_POINT_READ] = us[XCY_POINT_ASKED] + 1000;
    if (lag_us > told_us) {
        r.klass = XCY_CLASS_INCONSISTENT;
        us[XCY_POINT_MISSED] = us[XCY_POINT_ASKED];
        us[XCY_POINT_VISIBLE] = us[XCY_POINT_WROTE] + (int64_t)lag_us + 2000;
    }
    return r;
}

/* Two threads' parts, every other record each. */
static void draw(struct xcy_stream *stream, const struct system *system,
                 struct xcy_phase phases[XCY_N_PHASES])
{
    struct xcy_timeline parts[2];
    int64_t end_us = begin_us + (REQUESTS - 1) * (int64_t)GAP_US;
    for (size_t p = 0; p < 2; p++) {
        xcy_timeline_init(&parts[p], begin_us, end_us, REQUESTS);
    }
    for (int64_t i = 0; i < REQUESTS; i++) {
        struct xcy_record r = drawn(stream, system, i);
        xcy_timeline_take(&parts[i % 2], &r);
    }
    xcy_timeline_merge(&parts[0], &parts[1]);
    xcy_timeline_settle(&parts[0]);
    int64_t decided = 0;
    for (size_t b = 0; b < parts[0].n; b++) {
        assert_int_equal(parts[0].blocks[b].decided, REQUESTS / XCY_TIMELINE_BLOCKS);
        decided += parts[0].blocks[b].decided;
    }
    assert_int_equal(decided, REQUESTS);
    xcy_timeline_phases(&parts[0], phases);
    xcy_timeline_clear(&parts[0]);
    xcy_timeline_clear(&parts[1]);
}

/* At one in a thousand some runs of 300 may be wrong, hardly four. */
static void a_steady_system_has_no_phase(void **state)
{
    (void)state;
    const struct system steady = {1, 1, 0};
    struct xcy_stream *stream = xcy_stream_new(10, "timeline");
    int found = 0;
    for (int r = 0; r < RUNS; r++) {
        struct xcy_phase phases[XCY_N_PHASES];
        draw(stream, &steady, phases);
        bool is_found = false;
        for (size_t of = 0; of < XCY_N_PHASES; of++) {
            assert_true(phases[of].is_tested);
            is_found |= phases[of].is_found;
        }
        found += is_found ? 1 : 0;
    }
    xcy_stream_free(stream);
    assert_in_range(found, 0, 3);
}

static void check_found(const struct system *system, enum xcy_phase_of of)
{
    struct xcy_stream *stream = xcy_stream_new(11, "timeline");
    for (int r = 0; r < RUNS / 10; r++) {
        struct xcy_phase phases[XCY_N_PHASES];
        draw(stream, system, phases);
        assert_true(phases[of].is_found && phases[of].p < 0.001);
        assert_true(phases[of].most > phases[of].least);
    }
    xcy_stream_free(stream);
}

static void a_phase_in_the_lag_of_the_store_is_found(void **state)
{
    (void)state;
    const struct system lagging = {2.5, 1, 0};
    check_found(&lagging, XCY_PHASE_SHARE);
    check_found(&lagging, XCY_PHASE_WINDOW);
}

/* Four of five reads and more find their post: neither share nor median window has it. */
static void a_phase_in_the_lag_of_few_posts_is_found(void **state)
{
    (void)state;
    const struct system rarely = {10, 1, 0.2};
    check_found(&rarely, XCY_PHASE_MISSED);
    struct xcy_stream *stream = xcy_stream_new(13, "timeline");
    struct xcy_phase phases[XCY_N_PHASES];
    draw(stream, &rarely, phases);
    assert_true(phases[XCY_PHASE_MISSED].most > 3 * phases[XCY_PHASE_MISSED].least);
    assert_true(phases[XCY_PHASE_WINDOW].most < 3 * phases[XCY_PHASE_WINDOW].least);
    xcy_stream_free(stream);
}

static void a_phase_in_the_notifications_is_found(void **state)
{
    (void)state;
    const struct system late = {1, 3, 0};
    check_found(&late, XCY_PHASE_SHARE);
}

static void few_reads_are_not_tested(void **state)
{
    (void)state;
    const struct system steady = {1, 1, 0};
    struct xcy_stream *stream = xcy_stream_new(12, "timeline");
    struct xcy_timeline t;
    struct xcy_phase phases[XCY_N_PHASES];
    xcy_timeline_init(&t, begin_us, begin_us + 98 * (int64_t)GAP_US, 99);
    assert_int_equal(t.n, 1);
    for (int64_t i = 0; i < 99; i++) {
        struct xcy_record r = drawn(stream, &steady, i);
        xcy_timeline_take(&t, &r);
    }
    xcy_timeline_settle(&t);
    xcy_timeline_phases(&t, phases);
    assert_false(phases[XCY_PHASE_SHARE].is_tested || phases[XCY_PHASE_WINDOW].is_tested);
    assert_true(isnan(phases[XCY_PHASE_SHARE].p));
    assert_false(phases[XCY_PHASE_SHARE].is_found || phases[XCY_PHASE_WINDOW].is_found);
    xcy_timeline_clear(&t);
    xcy_stream_free(stream);
}

static void a_run_in_which_nothing_was_sent_has_one_empty_block(void **state)
{
    (void)state;
    struct xcy_timeline t;
    struct xcy_phase phases[XCY_N_PHASES];
    xcy_timeline_init(&t, 0, 0, 0);
    assert_int_equal(t.n, 1);
    xcy_timeline_settle(&t);
    xcy_timeline_phases(&t, phases);
    assert_false(phases[XCY_PHASE_SHARE].is_tested);
    assert_true(isnan(phases[XCY_PHASE_SHARE].least));
    xcy_timeline_clear(&t);
}

static void medians_are_apart_by_a_fifth_of_the_least_if_that_is_a_time(void **state)
{
    (void)state;
    assert_true(xcy_medians_apart(100, 120));
    assert_false(xcy_medians_apart(100, 119));
    assert_true(xcy_medians_apart(100, INFINITY));
    assert_false(xcy_medians_apart(INFINITY, INFINITY));
    assert_false(xcy_medians_apart(-52, -50));
    assert_false(xcy_medians_apart(0, 50));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_steady_system_has_no_phase),
        cmocka_unit_test(a_phase_in_the_lag_of_the_store_is_found),
        cmocka_unit_test(a_phase_in_the_lag_of_few_posts_is_found),
        cmocka_unit_test(a_phase_in_the_notifications_is_found),
        cmocka_unit_test(few_reads_are_not_tested),
        cmocka_unit_test(a_run_in_which_nothing_was_sent_has_one_empty_block),
        cmocka_unit_test(medians_are_apart_by_a_fifth_of_the_least_if_that_is_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
