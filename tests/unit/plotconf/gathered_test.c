#include "tests/unit/plotconf/scratch.h"

#include "analyzers/clock.h"
#include "common/run/manifest.h"
#include "plotconf/gathered.h"

#include <math.h>

#define HEAD                                                                                       \
    ";reader_received_at;consistent_read;notification_to_reader_spent_ms;client_latency_ms;"       \
    "client_visibility_latency_ms;writer_latency_ms;writer_visibility_latency_ms\n"
#define ROW "1790002407.296556;0;208;186;342;139;"
#define TAGS                                                                                       \
    "'%_INCONSISTENCIES': 0.5\nANTIPODE_ENABLED: false\nAVG_NOTIFICATION_SIZE_BYTES: 1982\n"       \
    "AVG_POST_STORAGE_SIZE_BYTES: 350012\nDELAY: 250\nNOTIFICATION_STORAGE: sns\n"                 \
    "NUM_RESULTS: 2/2\nPOST_STORAGE: dynamo\nREADER_REGION: us\n"

static enum xcy_status read_of(const char *tags, const char *traces, struct xcy_gathered *g,
                               struct xcy_error *err)
{
    char *folder = scratch_make();
    if (tags) {
        scratch_file(folder, "tags.yml", tags);
    }
    if (traces) {
        scratch_file(folder, "traces.csv", traces);
    }
    enum xcy_status status = xcy_gathered_read(folder, g, err);
    scratch_remove(folder);
    return status;
}

static void check_refused(const char *tags, const char *traces, enum xcy_status expected,
                          const char *words)
{
    struct xcy_error err;
    struct xcy_gathered g = {.n = 7};
    assert_status(read_of(tags, traces, &g, &err), expected, &err);
    assert_says(&err, words);
    assert_int_equal(g.n, 7);
}

static void the_files_of_the_reference_are_read(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_gathered g;
    assert_ok(read_of(TAGS, HEAD "0;" ROW "295\n1;" ROW "-3\n", &g, &err), &err);
    assert_int_equal(g.post_storage, XCY_POST_DYNAMO);
    assert_int_equal(g.notification_storage, XCY_NOTIFICATION_SNS);
    assert_false(g.has_antipode);
    assert_int_equal(g.delay_ms, 250);
    assert_int_equal(g.n, 2);
    assert_true(g.window_ms[0] == 295 && g.window_ms[1] == -3);
    xcy_gathered_clear(&g);
}

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
    r.points.us[XCY_POINT_SEEN] = start_us;
    r.points.us[XCY_POINT_READ] = start_us + window_us;
    r.points.us[XCY_POINT_REPORTED] = start_us + window_us;
    r.points.us[XCY_POINT_GOT] = start_us + window_us + 1000;
    return r;
}

static void write_run(const char *folder, const struct xcy_record *records, size_t n)
{
    struct xcy_error err;
    struct xcy_buf text;
    struct xcy_manifest manifest = {.format_version = 1, .run = "r", .planned = (int64_t)n};
    assert_ok(xcy_manifest_write(&manifest, folder, &err), &err);
    xcy_buf_init(&text, 1 << 16);
    xcy_records_header(&text);
    for (size_t i = 0; i < n; i++) {
        xcy_record_format(&records[i], &text);
    }
    scratch_file(folder, "records.csv", text.ptr);
    xcy_buf_clear(&text);
}

/* A batch: told of both at one instant, and the windows differ by less than a millisecond, so that either
 * row may be of either record. The second writer is bounded within 5 ms. */
static void a_row_that_may_be_of_several_records_has_the_widest_bound(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_gathered g;
    char *folder = scratch_make();
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
        scratch_file(folder, "tags.yml", TAGS);
        scratch_file(folder, "traces.csv", HEAD "0;1790002407.0;0;0;1;1;1;12\n");
        write_run(folder, records, 3);
        assert_ok(xcy_gathered_read(folder, &g, &err), &err);
        xcy_gathered_bound(&g, 0);
        const double both_ms = 5 + 1 + 3 * XCY_CLOCK_STAMPS_US / 1000;
        assert_true(fabs(g.least_ms[0] - (12 - both_ms)) < 1e-6);
        assert_true(fabs(g.most_ms[0] - (12 + both_ms)) < 1e-6);
        xcy_gathered_clear(&g);
        struct xcy_record first = records[0];
        records[0] = records[1];
        records[1] = first;
    }
    scratch_remove(folder);
}

/* Rows are whole milliseconds, cut, in another order than the records; the third is of a reader that
 * did not decide, the last of no time at all. */
static void rows_of_our_own_runs_are_bounded_by_their_clocks(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_gathered g;
    char *folder = scratch_make();
    const struct xcy_record records[] = {record_of(0, 1790002407000000, 295700),
                                         record_of(1, 1790002408000000, 12000)};
    scratch_file(folder, "tags.yml", TAGS);
    scratch_file(folder, "traces.csv",
                 HEAD "0;1790002408.0;0;0;1;1;1;12\n1;1790002407.0;0;0;1;1;1;295\n"
                      "2;1790002407.5;0;0;1;1;1;295\n3;1e300;0;0;1;1;1;295\n");
    assert_ok(xcy_gathered_read(folder, &g, &err), &err);
    xcy_gathered_bound(&g, 0); /* not one of ours so far */
    assert_true(isinf(g.least_ms[1]) && isinf(g.most_ms[1]));
    xcy_gathered_clear(&g);
    write_run(folder, records, 2);
    assert_ok(xcy_gathered_read(folder, &g, &err), &err);
    xcy_gathered_bound(&g, 0);
    const double both_ms = 2 + 3 * XCY_CLOCK_STAMPS_US / 1000;
    assert_true(fabs(g.least_ms[0] - (12 - both_ms)) < 1e-6);
    assert_true(fabs(g.most_ms[0] - (12 + both_ms)) < 1e-6);
    assert_true(fabs(g.least_ms[1] - (295.7 - both_ms)) < 1e-6);
    assert_true(fabs(g.most_ms[1] - (295.7 + both_ms)) < 1e-6);
    for (size_t row = 2; row < 4; row++) {
        assert_true(isinf(g.least_ms[row]) && isinf(g.most_ms[row]));
    }
    xcy_gathered_clear(&g);
    scratch_remove(folder);
}

static void its_rendezvous_branch_adds_columns_and_tags_that_do_no_harm(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_gathered g;
    assert_ok(read_of("'%_INCONSISTENCIES': 0.0\n'%_PREVENTED_INCONSISTENCIES': 0.25\n"
                      "ANTIPODE_ENABLED: true\nDELAY: 0\nNOTIFICATION_STORAGE: sns\n"
                      "POST_STORAGE: s3\nRENDEZVOUS_ENABLED: true\nRENDEZVOUS_NCC: false\n",
                      ";reader_received_at;consistent_read;notification_to_reader_spent_ms;"
                      "write_post_spent_ms;antipode_spent_ms;rendezvous_call_writer_spent_ms;"
                      "rendezvous_prevented_inconsistency;writer_visibility_latency_ms;"
                      "writer_latency_ms\r\n0;1.5;1;171;12;474;3;1;724;9\r\n",
                      &g, &err),
              &err);
    assert_int_equal(g.post_storage, XCY_POST_S3);
    assert_true(g.has_antipode);
    assert_int_equal(g.n, 1);
    assert_true(g.window_ms[0] == 724);
    xcy_gathered_clear(&g);
}

static void a_header_alone_is_a_run_without_rows(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_gathered g;
    assert_ok(read_of(TAGS, HEAD, &g, &err), &err);
    assert_int_equal(g.n, 0);
    xcy_gathered_clear(&g);
}

static void more_rows_than_fit_at_first_are_all_read(void **state)
{
    (void)state;
    enum { N = 3000 };
    struct xcy_error err;
    struct xcy_gathered g;
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 20);
    xcy_buf_add_text(&text, HEAD);
    for (int i = 0; i < N; i++) {
        xcy_buf_addf(&text, "%d;" ROW "%d\n", i, i);
    }
    assert_ok(read_of(TAGS, text.ptr, &g, &err), &err);
    assert_int_equal(g.n, N);
    for (int i = 0; i < N; i++) {
        assert_true(g.window_ms[i] == i);
    }
    xcy_gathered_clear(&g);
    xcy_buf_clear(&text);
}

static void malformed_traces_are_named_by_file_and_line(void **state)
{
    (void)state;
    static const struct {
        const char *traces;
        const char *words;
    } cases[] = {
        {"", "traces.csv: "},
        {";a;b\n0;1;2\n", "traces.csv:1: no column writer_visibility_latency_ms"},
        {HEAD "0;" ROW "295\n1;" ROW "soon\n",
         "traces.csv:3: writer_visibility_latency_ms: 'soon'"},
        {HEAD "0;" ROW "\n", "traces.csv:2: writer_visibility_latency_ms: ''"},
        {HEAD "0;" ROW "nan\n", "traces.csv:2: writer_visibility_latency_ms: 'nan'"},
        {HEAD "0;" ROW "-inf\n", "traces.csv:2: writer_visibility_latency_ms: '-inf'"},
        {HEAD "0;" ROW "295\n1;1;2\n", "traces.csv:3: "},
        {HEAD "0;" ROW "295;9\n", "traces.csv:2: "},
        {HEAD "0;" ROW "295\n1;" ROW "29", "traces.csv: the last line is cut off"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_refused(TAGS, cases[i].traces, XCY_EPARSE, cases[i].words);
    }
}

static void malformed_tags_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *tags;
        const char *words;
    } cases[] = {
        {"", "tags.yml: no key POST_STORAGE"},
        {"NOTIFICATION_STORAGE: sns\n", "tags.yml: no key POST_STORAGE"},
        {"POST_STORAGE: [s3]\n", "tags.yml: no key POST_STORAGE"},
        {"DELAY: 0\nPOST_STORAGE: redis\n", "tags.yml:2: POST_STORAGE: 'redis' is not known"},
        {"POST_STORAGE: s3\nNOTIFICATION_STORAGE: sqs\n",
         "tags.yml:2: NOTIFICATION_STORAGE: 'sqs'"},
        {"POST_STORAGE: s3\nNOTIFICATION_STORAGE: sns\nANTIPODE_ENABLED: 1\n",
         "tags.yml:3: ANTIPODE_ENABLED: '1'"},
        {"POST_STORAGE: s3\nNOTIFICATION_STORAGE: sns\nANTIPODE_ENABLED: true\n",
         "tags.yml: no key DELAY"},
        {"POST_STORAGE: s3\nNOTIFICATION_STORAGE: sns\nANTIPODE_ENABLED: true\nDELAY: 0.5\n",
         "tags.yml:4: DELAY must be whole milliseconds, got '0.5'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct xcy_error err;
        struct xcy_gathered g = {.n = 7};
        assert_true(read_of(cases[i].tags, HEAD, &g, &err) != XCY_OK);
        assert_says(&err, cases[i].words);
        assert_int_equal(g.n, 7);
    }
}

static void the_file_that_is_missing_is_named(void **state)
{
    (void)state;
    check_refused(NULL, HEAD, XCY_ENOTFOUND, "/tags.yml");
    check_refused(TAGS, NULL, XCY_ENOTFOUND, "/traces.csv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_files_of_the_reference_are_read),
        cmocka_unit_test(rows_of_our_own_runs_are_bounded_by_their_clocks),
        cmocka_unit_test(a_row_that_may_be_of_several_records_has_the_widest_bound),
        cmocka_unit_test(its_rendezvous_branch_adds_columns_and_tags_that_do_no_harm),
        cmocka_unit_test(a_header_alone_is_a_run_without_rows),
        cmocka_unit_test(more_rows_than_fit_at_first_are_all_read),
        cmocka_unit_test(malformed_traces_are_named_by_file_and_line),
        cmocka_unit_test(malformed_tags_are_named),
        cmocka_unit_test(the_file_that_is_missing_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
