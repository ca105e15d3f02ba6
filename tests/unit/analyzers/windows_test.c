#include "margins.h"
#include "tests/support/unit.h"

#include "analyzers/windows/windows.h"
#include "common/base/mem.h"
#include "common/stats/stream.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REQUESTS = 500, RUNS = 400, POLL_US = 20000, GIVEN_UP_US = 600000 };

static const int64_t begin_us = INT64_C(1763720000000000);
static int64_t skew_us = 40000; /* of the reader's clock, ahead */

/* A run whose posts' true windows are known. */
struct made {
    struct margins m;
    struct xcy_summary summary;
    double true_us[REQUESTS];
};

/* How the store replicates: all posts so much slower than usual, and a share of them slower again. */
struct store {
    double slow;
    double rare;
    double rare_slow;
};

static double lag_us(struct xcy_stream *stream, const struct store *store)
{
    bool is_rare = xcy_stream_uniform(stream) < store->rare;
    double usual_us = xcy_stream_lognormal(stream, 100000, 400000);
    return usual_us * store->slow * (is_rare ? store->rare_slow : 1);
}

/* What a reader stamps of a post that becomes visible so long after the write. */
static void read_post(struct xcy_record *r, int64_t lag, int64_t told)
{
    int64_t *us = r->points.us;
    int64_t visible = us[XCY_POINT_WROTE] + lag + skew_us;
    us[XCY_POINT_SEEN] = us[XCY_POINT_WROTE] + told + skew_us;
    us[XCY_POINT_ASKED] = us[XCY_POINT_SEEN];
    us[XCY_POINT_READ] = us[XCY_POINT_ASKED] + 1000;
    int64_t last = us[XCY_POINT_READ];
    r->klass = XCY_CLASS_CONSISTENT;
    if (visible > us[XCY_POINT_ASKED]) {
        r->klass = XCY_CLASS_INCONSISTENT;
        r->flags |= XCY_FLAG_POLLED;
        int64_t polls = (visible - us[XCY_POINT_ASKED] - 1) / POLL_US; /* those that missed */
        int64_t most = GIVEN_UP_US / POLL_US;
        us[XCY_POINT_MISSED] = us[XCY_POINT_ASKED] + (polls < most ? polls : most) * POLL_US;
        if (polls < most) {
            us[XCY_POINT_VISIBLE] = us[XCY_POINT_MISSED] + POLL_US;
        }
        last = us[XCY_POINT_MISSED] + POLL_US;
    }
    us[XCY_POINT_REPORTED] = last + 100;
    us[XCY_POINT_GOT] = us[XCY_POINT_REPORTED] - skew_us + 5000;
}

static struct xcy_record drawn(struct xcy_stream *stream, int64_t i, const struct store *store,
                               double *true_us)
{
    struct xcy_record r = {.i = i, .attempts = 1, .flags = XCY_FLAG_GOT_LIVE};
    int64_t *us = r.points.us;
    us[XCY_POINT_SENT] = begin_us + i * 1000;
    us[XCY_POINT_START] = us[XCY_POINT_SENT] + 3000;
    us[XCY_POINT_WROTE] = us[XCY_POINT_START] + 8000;
    us[XCY_POINT_NOTED] = us[XCY_POINT_WROTE] + 20;
    us[XCY_POINT_ENDED] = us[XCY_POINT_NOTED] + 500;
    us[XCY_POINT_ACKED] = us[XCY_POINT_ENDED] + 3000;
    snprintf(r.writer_instance, sizeof r.writer_instance, "writer");
    snprintf(r.reader_instance, sizeof r.reader_instance, "reader");
    int64_t lag = (int64_t)lag_us(stream, store);
    read_post(&r, lag, (int64_t)xcy_stream_lognormal(stream, 120000, 300000));
    *true_us = (double)lag;
    return r;
}

static void make_of(struct made *made, struct xcy_stream *stream, const struct store *store)
{
    struct xcy_record records[REQUESTS];
    margins_init(&made->m);
    for (int64_t i = 0; i < REQUESTS; i++) {
        records[i] = drawn(stream, i, store, &made->true_us[i]);
    }
    struct xcy_evidence *e = &made->m.evidence;
    xcy_timeline_init(&e->timeline, begin_us, records[REQUESTS - 1].points.us[XCY_POINT_SENT],
                      REQUESTS);
    e->clocks = xcy_clocks_new(records, REQUESTS, false, XCY_DEFAULT_DRIFT_PPM);
    size_t window = (size_t)(xcy_metric_find("window") - xcy_metrics);
    for (size_t i = 0; i < REQUESTS; i++) {
        struct xcy_clocks_view view;
        xcy_clocks_look(e->clocks, &records[i], &view);
        xcy_distribution_take(&e->distributions[window], &view);
        xcy_timeline_take(&e->timeline, &records[i]);
    }
    margins_settle(&made->m);
    xcy_timeline_settle(&e->timeline);
    made->summary = (struct xcy_summary){.evidence = *e};
}

static void make(struct made *made, struct xcy_stream *stream, double slow)
{
    make_of(made, stream, &(struct store){.slow = slow});
}

/* The share of these posts that was visible within the time. */
static double true_share(const struct made *made, double at_us)
{
    double n = 0;
    for (size_t i = 0; i < REQUESTS; i++) {
        n += made->true_us[i] <= at_us ? 1 : 0;
    }
    return n / REQUESTS;
}

static void the_envelope_has_the_truth_of_these_posts_everywhere(void **state)
{
    (void)state;
    struct xcy_stream *stream = xcy_stream_new(1, "windows");
    struct made made;
    make(&made, stream, 1);
    const struct xcy_distribution *d = xcy_windows_of(&made.summary);
    size_t n_without_clocks = 0;
    for (int64_t at_us = 0; at_us < 3000000; at_us += 997) {
        double truth = true_share(&made, (double)at_us);
        struct xcy_within w = xcy_within_at(d, at_us, XCY_CONFIDENCE);
        assert_true(w.clocks.low <= truth && truth <= w.clocks.high);
        assert_true(w.band.low <= w.clocks.low && w.clocks.high <= w.band.high);
        n_without_clocks += w.polling.low <= truth && truth <= w.polling.high ? 0 : 1;
    }
    assert_true(n_without_clocks > 0); /* the reader's clock is 40 ms ahead: polling is not all */
    margins_clear(&made.m);
    xcy_stream_free(stream);
}

/* The true windows lie beyond the measured ones, and so does what is told. */
static void what_is_told_ends_where_the_clocks_do(void **state)
{
    (void)state;
    struct xcy_stream *stream = xcy_stream_new(7, "windows");
    struct made made;
    skew_us = -300000;
    make(&made, stream, 1);
    skew_us = 40000;
    const struct xcy_distribution *d = xcy_windows_of(&made.summary);
    int64_t last_us = (int64_t)xcy_within_last_us(d);
    struct xcy_within before = xcy_within_at(d, last_us - 1, XCY_CONFIDENCE);
    struct xcy_within last = xcy_within_at(d, last_us, XCY_CONFIDENCE);
    assert_true(before.clocks.low < last.clocks.low && before.polling.low == last.polling.low);
    assert_true(last.clocks.low == last.polling.low);
    margins_clear(&made.m);
    xcy_stream_free(stream);
}

/* The store's own distribution, of which a run is a sample: P(lag <= at). */
static double store_share(double at_us)
{
    double sigma = log(4) / 2.3263478740408408; /* p99 is four times p50 */
    return 0.5 * erfc(-log(at_us / 100000) / sigma / sqrt(2));
}

static void the_band_has_the_store_in_more_than_its_confidence_of_runs(void **state)
{
    (void)state;
    struct xcy_stream *stream = xcy_stream_new(2, "windows");
    int n_outside = 0;
    for (int run = 0; run < RUNS; run++) {
        struct made made;
        make(&made, stream, 1);
        bool is_inside = true;
        for (int64_t at_us = 1000; at_us < 1000000; at_us += 9973) {
            struct xcy_within w = xcy_within_at(xcy_windows_of(&made.summary), at_us, 0.95);
            double share = store_share((double)at_us);
            is_inside = is_inside && w.band.low <= share && share <= w.band.high;
        }
        n_outside += is_inside ? 0 : 1;
        margins_clear(&made.m);
    }
    assert_true(n_outside <= RUNS / 20);
    xcy_stream_free(stream);
}

/* A slow store has some that were given up; one that is ten times as fast, most at the first read. */
static void the_three_kinds_are_kept_apart(void **state)
{
    (void)state;
    struct xcy_stream *stream = xcy_stream_new(3, "windows");
    struct made made;
    make(&made, stream, 3);
    const struct xcy_distribution *d = xcy_windows_of(&made.summary);
    struct xcy_window_kinds kinds = xcy_window_kinds_of(d);
    int64_t n_late = 0;
    for (size_t i = 0; i < REQUESTS; i++) {
        n_late += made.true_us[i] > GIVEN_UP_US + 300000.0 * 3 ? 1 : 0;
    }
    assert_int_equal(kinds.left + kinds.interval + kinds.right, REQUESTS);
    assert_true(kinds.left > 0 && kinds.interval > 0);
    assert_true(kinds.right >= n_late && kinds.right > 0);
    struct xcy_estimate high = xcy_estimate_of(d, 0.9999);
    assert_true(isinf(high.high_us) && !isinf(high.low_us) && !high.is_left);
    margins_clear(&made.m);
    make(&made, stream, 0.1);
    struct xcy_estimate left = xcy_estimate_of(xcy_windows_of(&made.summary), 0.5);
    assert_true(left.is_left && left.low_us == 0 && left.high_us > 0);
    margins_clear(&made.m);
    xcy_stream_free(stream);
}

static bool rounds_differ(struct xcy_stream *stream, const struct store *usual,
                          const struct store *second)
{
    enum { ROUNDS = 3 };
    struct made made[ROUNDS];
    struct xcy_summary runs[ROUNDS];
    for (size_t i = 0; i < ROUNDS; i++) {
        make_of(&made[i], stream, i == 1 ? second : usual);
        runs[i] = made[i].summary;
    }
    struct xcy_windows windows;
    struct xcy_error err;
    assert_ok(xcy_windows_make(runs, ROUNDS, &windows, &err), &err);
    assert_int_equal(windows.n, 1);
    const struct xcy_windows_group *g = &windows.groups[0];
    assert_int_equal(g->n_rounds, ROUNDS);
    assert_int_equal(xcy_distribution_size(&g->windows), ROUNDS * REQUESTS);
    struct xcy_interval spread = xcy_windows_spread(g, 0.5);
    double pooled = xcy_estimate_of(&g->windows, 0.5).high_us;
    assert_true(spread.low <= pooled && pooled <= spread.high);
    bool differ = xcy_windows_differ(g);
    xcy_windows_clear(&windows);
    for (size_t i = 0; i < ROUNDS; i++) {
        margins_clear(&made[i].m);
    }
    return differ;
}

static void rounds_that_differ_are_told_and_others_are_not(void **state)
{
    (void)state;
    const struct store usual = {.slow = 1};
    const struct store slower = {.slow = 2};
    struct xcy_stream *stream = xcy_stream_new(4, "windows");
    for (int i = 0; i < 50; i++) {
        assert_false(rounds_differ(stream, &usual, &usual));
    }
    for (int i = 0; i < 50; i++) {
        assert_true(rounds_differ(stream, &usual, &slower));
    }
    xcy_stream_free(stream);
}

/* Four of five reads find their post: the median window says when they were made. */
static void rounds_differ_also_where_few_reads_tell_of_the_lag(void **state)
{
    (void)state;
    const struct store usual = {.slow = 0.1, .rare = 0.2, .rare_slow = 20};
    const struct store slower = {.slow = 0.1, .rare = 0.2, .rare_slow = 60};
    struct xcy_stream *stream = xcy_stream_new(6, "windows");
    for (int i = 0; i < 20; i++) {
        assert_false(rounds_differ(stream, &usual, &usual));
        assert_true(rounds_differ(stream, &usual, &slower));
    }
    xcy_stream_free(stream);
}

/* Two combinations, and the first under another load. */
static void each_combination_under_one_load_is_a_group(void **state)
{
    (void)state;
    enum { N = 3 };
    struct xcy_stream *stream = xcy_stream_new(5, "windows");
    struct made made[N];
    struct xcy_summary runs[N + 1];
    for (size_t i = 0; i < N; i++) {
        make(&made[i], stream, 1);
        runs[i] = made[i].summary;
        runs[i].evidence.manifest.combination.post_storage = (enum xcy_post_storage)(i % 2);
        runs[i].evidence.manifest.rate_per_s = i < 2 ? 10 : 500;
    }
    struct margins none;
    margins_init(&none);
    runs[N] = (struct xcy_summary){.evidence = none.evidence};
    struct xcy_windows windows;
    struct xcy_error err;
    assert_ok(xcy_windows_make(runs, N + 1, &windows, &err), &err);
    assert_int_equal(windows.n, N);
    assert_int_equal(windows.groups[1].combination->post_storage, 1);
    assert_false(windows.groups[0].between.is_tested || xcy_windows_differ(&windows.groups[0]));
    xcy_windows_clear(&windows);
    assert_int_equal(xcy_windows_make(&runs[N], 1, &windows, &err), XCY_EUSAGE);
    assert_non_null(strstr(err.text, "no window"));
    margins_clear(&none);
    for (size_t i = 0; i < N; i++) {
        margins_clear(&made[i].m);
    }
    xcy_stream_free(stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_envelope_has_the_truth_of_these_posts_everywhere),
        cmocka_unit_test(what_is_told_ends_where_the_clocks_do),
        cmocka_unit_test(the_band_has_the_store_in_more_than_its_confidence_of_runs),
        cmocka_unit_test(the_three_kinds_are_kept_apart),
        cmocka_unit_test(rounds_that_differ_are_told_and_others_are_not),
        cmocka_unit_test(rounds_differ_also_where_few_reads_tell_of_the_lag),
        cmocka_unit_test(each_combination_under_one_load_is_a_group),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
