#include "tests/unit/plotconf/scratch_run.h"

#include "analyzers/clock.h"
#include "plotconf/measured.h"

#include <math.h>

#define HEAD                                                                                       \
    ";reader_received_at;consistent_read;notification_to_reader_spent_ms;client_latency_ms;"       \
    "client_visibility_latency_ms;writer_latency_ms;writer_visibility_latency_ms\n"

/* A request that writer and reader did at once: the clocks of both are bounded within 1 ms. */
static struct xcy_record record_of(int64_t i, int64_t start_us, int64_t window_us)
{
    struct xcy_record r = {.i = i, .attempts = 1, .flags = XCY_FLAG_GOT_LIVE};
    memcpy(r.writer_instance, "writer", sizeof "writer");
    memcpy(r.reader_instance, "reader", sizeof "reader");
    r.points.us[XCY_POINT_SENT] = start_us - 1000;
    r.points.us[XCY_POINT_START] = start_us;
    r.points.us[XCY_POINT_ENDED] = start_us;
    r.points.us[XCY_POINT_ACKED] = start_us + 1000;
    r.points.us[XCY_POINT_WROTE] = start_us + 200;
    r.points.us[XCY_POINT_SEEN] = start_us;
    r.points.us[XCY_POINT_READ] = start_us + window_us;
    r.points.us[XCY_POINT_REPORTED] = start_us + window_us;
    r.points.us[XCY_POINT_GOT] = start_us + window_us + 1000;
    return r;
}

static void read_rows(const char *folder, struct xcy_traces *traces)
{
    struct xcy_error err;
    assert_ok(xcy_traces_read(folder, "writer_visibility_latency_ms", traces, &err), &err);
}

static void bound_rows(const char *folder, struct xcy_traces *traces)
{
    struct xcy_measured *m = xcy_measured_open(folder, 0);
    assert_non_null(m);
    xcy_measured_bound(m, XCY_POINT_START, XCY_POINT_READ, traces);
    xcy_measured_free(m);
}

/* A batch: told of both at one instant, and the windows differ by less than a millisecond, so that either
 * row may be of either record. The second writer is bounded within 5 ms. */
static void a_row_that_may_be_of_several_records_has_the_widest_bound(void **state)
{
    (void)state;
    struct xcy_traces g;
    char *folder = folder_new();
    struct xcy_record records[] = {record_of(0, 1790002407000000, 12000),
                                   record_of(1, 1790002407000000, 12000),
                                   record_of(2, 1790002407000000, 20000)};
    memcpy(records[1].writer_instance, "second", sizeof "second");
    records[1].points.us[XCY_POINT_SENT] -= 4000;
    records[1].points.us[XCY_POINT_ACKED] += 4000;
    memcpy(records[2].writer_instance, "third", sizeof "third"); /* another window: not of these */
    records[2].points.us[XCY_POINT_SENT] -= 9000;
    records[2].points.us[XCY_POINT_ACKED] += 9000;
    for (int turn = 0; turn < 2; turn++) { /* whichever comes first */
        scratch_file(folder, "traces.csv", HEAD "0;1790002407.0;0;0;1;1;1;12\n");
        scratch_run(folder, 0, records, 3);
        read_rows(folder, &g);
        bound_rows(folder, &g);
        const double both_ms = 5 + 1 + 3 * XCY_CLOCK_STAMPS_US / 1000;
        assert_true(fabs(g.least_ms[0] - (12 - both_ms)) < 1e-6);
        assert_true(fabs(g.most_ms[0] - (12 + both_ms)) < 1e-6);
        xcy_traces_clear(&g);
        struct xcy_record first = records[0];
        records[0] = records[1];
        records[1] = first;
    }
    folder_free(folder);
}

/* Rows are whole milliseconds, cut, in another order than the records; the third is of a reader that
 * did not decide, the last of no time at all. */
static void rows_of_our_own_runs_are_bounded_by_their_clocks(void **state)
{
    (void)state;
    struct xcy_traces g;
    char *folder = folder_new();
    const struct xcy_record records[] = {record_of(0, 1790002407000000, 295700),
                                         record_of(1, 1790002408000000, 12000)};
    scratch_file(folder, "traces.csv",
                 HEAD "0;1790002408.0;0;0;1;1;1;12\n1;1790002407.0;0;0;1;1;1;295\n"
                      "2;1790002407.5;0;0;1;1;1;295\n3;1e300;0;0;1;1;1;295\n");
    read_rows(folder, &g);
    assert_null(xcy_measured_open(folder, 0)); /* not one of ours so far */
    assert_true(isinf(g.least_ms[1]) && isinf(g.most_ms[1]));
    xcy_traces_clear(&g);
    scratch_run(folder, 0, records, 2);
    read_rows(folder, &g);
    bound_rows(folder, &g);
    const double both_ms = 2 + 3 * XCY_CLOCK_STAMPS_US / 1000;
    assert_true(fabs(g.least_ms[0] - (12 - both_ms)) < 1e-6);
    assert_true(fabs(g.most_ms[0] - (12 + both_ms)) < 1e-6);
    assert_true(g.uncut_ms[0] == 12 && g.uncut_ms[1] == 295.7);
    assert_true(fabs(g.least_ms[1] - (295.7 - both_ms)) < 1e-6);
    assert_true(fabs(g.most_ms[1] - (295.7 + both_ms)) < 1e-6);
    for (size_t row = 2; row < 4; row++) {
        assert_true(isinf(g.least_ms[row]) && isinf(g.most_ms[row]) && isnan(g.uncut_ms[row]));
    }
    xcy_traces_clear(&g);
    folder_free(folder);
}

/* Rows as the reference's Rendezvous branch would have written them; both ends on one clock. */
static void rows_are_made_where_the_column_is_not_there(void **state)
{
    (void)state;
    struct xcy_traces rows = {0};
    char *folder = folder_new();
    struct xcy_record records[] = {record_of(0, 1790002407000000, 12000),
                                   record_of(1, 1790002408000000, 12000),
                                   record_of(2, 1790002409000000, 12000)};
    records[0].points.us[XCY_POINT_WROTE] = records[0].points.us[XCY_POINT_START] + 7900;
    records[1].klass = XCY_CLASS_LOST;
    records[2].flags |= XCY_FLAG_WARMUP;
    scratch_run(folder, 250, records, 3);
    struct xcy_measured *m = xcy_measured_open(folder, 0);
    assert_int_equal(xcy_measured_combination(m)->delay_ms, 250);
    xcy_measured_rows(m, XCY_POINT_START, XCY_POINT_WROTE, &rows);
    assert_int_equal(rows.n, 1);
    assert_true(rows.values_ms[0] == 7 && fabs(rows.uncut_ms[0] - 7.9) < 1e-9);
    assert_true(fabs(rows.least_ms[0] - 7.9) < 1e-9 && fabs(rows.most_ms[0] - 7.9) < 1e-9);
    xcy_measured_free(m);
    xcy_traces_clear(&rows);
    folder_free(folder);
}

/* From the acknowledged write, 0.2 ms after the start: found by the read at 12; missed at 10 and visible
 * at 15; never visible after a miss at 10. Of a writer that ran twice nothing is told. */
static void windows_are_from_write_to_visible(void **state)
{
    (void)state;
    struct xcy_spans spans = {0};
    char *folder = folder_new();
    struct xcy_record records[4];
    for (int i = 0; i < 4; i++) {
        const int64_t start_us = 1790002407000000 + (int64_t)i * 1000000;
        records[i] = record_of(i, start_us, 12000);
        if (i > 0) {
            records[i].klass = XCY_CLASS_INCONSISTENT;
            records[i].points.us[XCY_POINT_MISSED] = start_us + 10000;
        }
    }
    records[1].points.us[XCY_POINT_VISIBLE] = records[1].points.us[XCY_POINT_START] + 15000;
    records[3].flags |= XCY_FLAG_MANY_EXECS;
    scratch_run(folder, 0, records, 4);
    struct xcy_measured *m = xcy_measured_open(folder, 0);
    xcy_measured_windows(m, &spans);
    assert_int_equal(spans.n, 3);
    assert_true(spans.items[0].low_ms == 0 && spans.items[0].least_ms == 0);
    assert_true(fabs(spans.items[0].high_ms - 11.8) < 1e-9);
    assert_true(fabs(spans.items[1].low_ms - 9.8) < 1e-9);
    assert_true(fabs(spans.items[1].high_ms - 14.8) < 1e-9);
    assert_true(spans.items[1].least_ms < 9.8 && spans.items[1].most_ms > 14.8);
    assert_true(isinf(spans.items[2].high_ms) && isinf(spans.items[2].most_ms));
    xcy_measured_free(m);
    free(spans.items);
    folder_free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_our_own_runs_are_bounded_by_their_clocks),
        cmocka_unit_test(a_row_that_may_be_of_several_records_has_the_widest_bound),
        cmocka_unit_test(rows_are_made_where_the_column_is_not_there),
        cmocka_unit_test(windows_are_from_write_to_visible),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
