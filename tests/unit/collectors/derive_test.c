#include "scratch.h"

#include "collectors/derive.h"
#include "collectors/missing.h"
#include "collectors/report.h"

#include "common/data/json.h"
#include "common/run/records.h"

enum { PLANNED = 8 };

/*
 * A gathered run: 0 and 1 consistent, 2 inconsistent, 3 past its barrier, 4 lost, 5 throttled,
 * 6 skipped, 7 timed out at the client and yet evaluated.
 */
struct world {
    char *folder;
    struct xcy_manifest manifest;
    struct xcy_ledger *ledger;
};

static void put(struct world *w, const struct xcy_evaluation *e)
{
    struct xcy_error err;
    char *body = xcy_evaluation_format(e);
    struct xcy_journal_entry entry = {.at_us = started_us + 1000000 + e->id.i,
                                      .message_id = e->eval,
                                      .receive_count = 1,
                                      .body = body};
    xcy_ledger_add(w->ledger, &entry);
    assert_ok(xcy_ledger_commit(w->ledger, &err), &err);
    free(body);
}

static int set_up(void **state)
{
    static const enum xcy_outcome outcomes[PLANNED] = {
        XCY_OUTCOME_OK, XCY_OUTCOME_OK,        XCY_OUTCOME_OK,      XCY_OUTCOME_OK,
        XCY_OUTCOME_OK, XCY_OUTCOME_THROTTLED, XCY_OUTCOME_SKIPPED, XCY_OUTCOME_TOTAL_TIMEOUT};
    struct world *w = xcy_alloc(sizeof *w);
    struct xcy_error err;
    struct xcy_request_row rows[PLANNED];
    w->folder = folder_new();
    w->manifest = plain_manifest(PLANNED);
    for (int64_t i = 0; i < PLANNED; i++) {
        rows[i] = plain_row(i, outcomes[i]);
    }
    write_requests(w->folder, rows, PLANNED);
    assert_ok(xcy_ledger_open(w->folder, &w->ledger, &err), &err);
    struct xcy_evaluation e = plain_evaluation(2, false);
    put(w, &e);
    e = plain_evaluation(0, true);
    put(w, &e);
    e = plain_evaluation(3, true);
    e.barrier_timed_out = true;
    put(w, &e);
    e = plain_evaluation(7, true);
    put(w, &e);
    e = plain_evaluation(1, true);
    put(w, &e);
    put(w, &e);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    xcy_ledger_close(w->ledger);
    folder_free(w->folder);
    free(w);
    return 0;
}

static struct xcy_derived derive(struct world *w, int64_t foreign)
{
    struct xcy_error err;
    struct xcy_derived derived;
    assert_ok(xcy_derive(w->folder, &w->manifest, w->ledger, foreign, &derived, &err), &err);
    return derived;
}

static char *file_of(const struct world *w, const char *file)
{
    struct xcy_error err;
    struct xcy_buf text;
    char *path = xcy_run_file(w->folder, file);
    xcy_buf_init(&text, 1 << 20);
    assert_ok(xcy_file_read(path, &text, &err), &err);
    free(path);
    char *taken = xcy_buf_take(&text);
    return taken;
}

static void put_file(const struct world *w, const char *file, const char *text)
{
    struct xcy_error err;
    char *path = xcy_run_file(w->folder, file);
    assert_ok(xcy_file_replace(path, xcy_bytes_of(text), 0644, &err), &err);
    free(path);
}

static void both_sums_hold(void **state)
{
    struct world *w = *state;
    struct xcy_derived d = derive(w, 3);
    static const int64_t classes[XCY_N_CLASSES] = {3, 1, 1, 2, 1};
    static const int64_t kinds[XCY_N_MESSAGE_KINDS] = {5, 1, 3, 0};
    for (size_t c = 0; c < XCY_N_CLASSES; c++) {
        assert_int_equal(d.joined.counts[c], classes[c]);
    }
    for (size_t k = 0; k < XCY_N_MESSAGE_KINDS; k++) {
        assert_int_equal(d.tally.counts[k], kinds[k]);
    }
    assert_int_equal(d.tally.received, 9);
    assert_int_equal(d.n_missing, 1);
    assert_true(d.is_valid);
    xcy_derived_clear(&d);
}

static void the_records_can_be_read_back(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    struct xcy_record *records = NULL;
    size_t n = 0;
    struct xcy_derived d = derive(w, 0);
    assert_ok(xcy_records_read(w->folder, &records, &n, &err), &err);
    assert_int_equal(n, PLANNED);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(records[i].i, (int64_t)i);
        assert_int_equal(records[i].klass, d.joined.records[i].klass);
        assert_int_equal(records[i].flags, d.joined.records[i].flags);
        assert_memory_equal(&records[i].points, &d.joined.records[i].points,
                            sizeof records[i].points);
        assert_string_equal(records[i].class_reason, d.joined.records[i].class_reason);
    }
    free(records);
    xcy_derived_clear(&d);
}

/* In order of arrival; the failed barrier is not there; the timed-out one has no reply. */
static void the_traces_hold_what_was_compared(void **state)
{
    struct world *w = *state;
    struct xcy_derived d = derive(w, 0);
    char *traces = file_of(w, "traces.csv");
    assert_string_equal(
        traces,
        ";reader_received_at;consistent_read;notification_to_reader_spent_ms;client_latency_ms;"
        "client_visibility_latency_ms;writer_latency_ms;writer_visibility_latency_ms\n"
        "0;1795100000.102;0;90;49.0;104;49.0;104\n"
        "1;1795100000.1;1;90;49.0;104;49.0;104\n"
        "2;1795100000.107;1;90;;104;;104\n"
        "3;1795100000.101;1;90;49.0;104;49.0;103\n"); /* 103.99985 in doubles */
    char *tags = file_of(w, "tags.yml");
    assert_non_null(strstr(tags, "'%_INCONSISTENCIES': 0.25\n"));
    assert_non_null(strstr(tags, "NUM_RESULTS: 4/8\n"));
    free(tags);
    free(traces);
    xcy_derived_clear(&d);
}

/* Requests 0..2 were warm-up: their messages are matched, and no figure knows of them. */
static void what_the_warm_up_showed_stands_in_records_csv_alone(void **state)
{
    struct world *w = *state;
    w->manifest.warmup_slots = 3;
    struct xcy_request_row rows[PLANNED];
    for (int64_t i = 0; i < PLANNED; i++) {
        rows[i] = plain_row(i, i == 6 ? XCY_OUTCOME_SKIPPED : XCY_OUTCOME_OK);
        rows[i].is_warmup = i < 3;
    }
    write_requests(w->folder, rows, PLANNED);
    struct xcy_derived d = derive(w, 0);
    static const int64_t classes[XCY_N_CLASSES] = {1, 0, 2, 1, 1};
    assert_memory_equal(d.joined.counts, classes, sizeof classes);
    assert_int_equal(d.joined.n_warmup, 3);
    assert_int_equal(d.tally.counts[XCY_MESSAGE_MATCHED], 5);
    assert_true(d.is_valid);
    char *traces = file_of(w, "traces.csv");
    assert_non_null(strstr(traces, "\n0;1795100000.107;1;90;49;104;49;104\n"));
    assert_null(strstr(traces, "\n1;")); /* request 7 alone was measured and compared */
    char *tags = file_of(w, "tags.yml");
    assert_non_null(strstr(tags, "'%_INCONSISTENCIES': 0.0\n"));
    assert_non_null(strstr(tags, "NUM_RESULTS: 1/5\n"));
    struct xcy_buf text;
    struct xcy_gathered gathered = {.ended = "complete"};
    struct xcy_report_facts facts = {
        .run_path = "runs/x", .manifest = &w->manifest, .derived = &d, .gathered = &gathered};
    xcy_buf_init(&text, 1 << 16);
    xcy_report_text(&facts, &text);
    assert_non_null(strstr(text.ptr, "lost                 2  40.0 %\n"));
    assert_non_null(strstr(text.ptr, "\nplanned = warm-up + consistent + inconsistent + lost + "
                                     "failed + skipped: 8 = 3 + 1 + 0 + 2 + 1 + 1\n"));
    xcy_buf_reset(&text);
    xcy_report_json(&facts, &text);
    assert_non_null(strstr(text.ptr, "\"planned\":8,\"warmup\":3,"));
    xcy_buf_clear(&text);
    free(tags);
    free(traces);
    xcy_derived_clear(&d);
}

static void sizes_come_from_the_stats_of_the_store(void **state)
{
    struct world *w = *state;
    put_file(w, "stats.json",
             "{\"statusCode\":200,\"body\":{\"stats\":{\"dataset.bytes\":8100,"
             "\"dataset.avg_bytes\":1012.5,\"items\":8}}}\n");
    struct xcy_derived d = derive(w, 0);
    char *tags = file_of(w, "tags.yml");
    assert_true(d.has_sizes);
    assert_non_null(strstr(tags, "\nAVG_POST_STORAGE_SIZE_BYTES: 1012.5\n"));
    assert_non_null(strstr(tags, "\nTOTAL_POST_STORAGE_SIZE_BYTES: 8100\n"));
    free(tags);
    xcy_derived_clear(&d);
}

static void else_from_what_the_reads_saw(void **state)
{
    struct world *w = *state;
    put_file(w, "stats.json", "rubbish");
    struct xcy_derived d = derive(w, 0);
    char *tags = file_of(w, "tags.yml");
    assert_false(d.has_sizes);
    assert_true(d.sizes_note[0] != '\0');
    assert_non_null(strstr(tags, "\nAVG_POST_STORAGE_SIZE_BYTES: 1012\n"));
    assert_non_null(strstr(tags, "\nTOTAL_POST_STORAGE_SIZE_BYTES: 6072\n")); /* six written */
    free(tags);
    xcy_derived_clear(&d);
}

static void deriving_again_gives_the_same_bytes(void **state)
{
    struct world *w = *state;
    static const char *const files[] = {"records.csv", "traces.csv", "traces.info", "tags.yml"};
    char *before[4];
    struct xcy_derived d = derive(w, 0);
    xcy_derived_clear(&d);
    for (size_t f = 0; f < 4; f++) {
        before[f] = file_of(w, files[f]);
    }
    d = derive(w, 0);
    xcy_derived_clear(&d);
    for (size_t f = 0; f < 4; f++) {
        char *after = file_of(w, files[f]);
        assert_string_equal(after, before[f]);
        free(after);
        free(before[f]);
    }
}

static void what_is_missing_is_named_with_its_last_known_point(void **state)
{
    struct world *w = *state;
    struct xcy_derived d = derive(w, 0);
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    xcy_missing_format(&d, XCY_MISSING_SHOWN, &text);
    char *expected = xcy_format("request 4 (key 4ABCDEF): outcome ok, last known: %s, 11.950 ms "
                                "after it was sent by the writer's clock (execution exec-4)\n",
                                xcy_points[XCY_POINT_ENDED].meaning);
    assert_string_equal(text.ptr, expected);
    free(expected);
    xcy_buf_clear(&text);
    xcy_derived_clear(&d);
}

static void many_missing_are_cut_short_unless_all_are_wanted(void **state)
{
    struct world *w = *state;
    struct xcy_derived d = derive(w, 0);
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    d.collection->n_slots = 0; /* as if nobody had reported */
    xcy_missing_format(&d, 2, &text);
    assert_non_null(strstr(text.ptr, "request 1 "));
    assert_null(strstr(text.ptr, "request 2 "));
    assert_non_null(strstr(text.ptr, "and 4 more (all with --missing)\n"));
    xcy_buf_reset(&text);
    xcy_missing_format(&d, 0, &text);
    assert_non_null(strstr(text.ptr, "request 7 "));
    assert_null(strstr(text.ptr, "request 5 ")); /* throttled: it cannot report */
    xcy_buf_clear(&text);
    xcy_derived_clear(&d);
}

static size_t named_at_most(const struct xcy_derived *d, int64_t max)
{
    struct xcy_json *array = xcy_json_new_array();
    xcy_missing_put(d, max, array);
    size_t n = xcy_json_size(array);
    xcy_json_free(array);
    return n;
}

static void machines_are_told_what_is_missing_too(void **state)
{
    struct world *w = *state;
    struct xcy_derived d = derive(w, 0);
    struct xcy_json *array = xcy_json_new_array();
    xcy_missing_put(&d, 0, array);
    char *text = xcy_json_text(array);
    assert_string_equal(text, "[{\"i\":4,\"key\":\"4ABCDEF\",\"outcome\":\"ok\",\"last\":\"ended\","
                              "\"after_us\":11950,\"exec\":\"exec-4\"}]");
    free(text);
    xcy_json_free(array);
    d.collection->n_slots = 0; /* as if nobody had reported */
    assert_int_equal(named_at_most(&d, 2), 2);
    assert_int_equal(named_at_most(&d, 6), 6);
    assert_int_equal(named_at_most(&d, 7), 6);
    assert_int_equal(named_at_most(&d, 0), 6);
    xcy_derived_clear(&d);
}

static void the_report_prints_the_classes_and_both_sums(void **state)
{
    struct world *w = *state;
    struct xcy_derived d = derive(w, 3);
    struct xcy_buf text;
    struct xcy_gathered gathered = {.ended = "complete"};
    struct xcy_report_facts facts = {
        .run_path = "runs/x", .manifest = &w->manifest, .derived = &d, .gathered = &gathered};
    xcy_buf_init(&text, 1 << 16);
    xcy_report_text(&facts, &text);
    assert_non_null(strstr(text.ptr, "inconsistent         1  12.5 %\n"));
    assert_non_null(strstr(text.ptr,
                           "\nplanned = consistent + inconsistent + lost + failed + skipped: "
                           "8 = 3 + 1 + 1 + 2 + 1\n"
                           "received = matched + duplicate + foreign + malformed: "
                           "9 = 5 + 1 + 3 + 0\n"
                           "run   runs/x\nnext  analyze runs/x\n"));
    xcy_buf_clear(&text);
    xcy_derived_clear(&d);
}

static void as_json_it_is_one_line_for_machines(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    struct xcy_json *json = NULL;
    struct xcy_derived d = derive(w, 0);
    struct xcy_buf text;
    struct xcy_gathered gathered = {.ended = "quiet"};
    struct xcy_report_facts facts = {
        .run_path = "runs/x", .manifest = &w->manifest, .derived = &d, .gathered = &gathered};
    xcy_buf_init(&text, 1 << 16);
    xcy_report_json(&facts, &text);
    assert_ptr_equal(strchr(text.ptr, '\n'), text.ptr + text.len - 1);
    assert_ok(xcy_json_parse(xcy_buf_bytes(&text), &json, &err), &err);
    assert_int_equal(xcy_json_get_int64(xcy_json_get(json, "classes"), "consistent", -1), 3);
    assert_int_equal(xcy_json_get_int64(xcy_json_get(json, "failed"), "barrier", -1), 1);
    assert_int_equal(xcy_json_get_int64(xcy_json_get(json, "failed"), "throttled", -1), 1);
    assert_int_equal(xcy_json_get_int64(xcy_json_get(json, "messages"), "duplicate", -1), 1);
    assert_int_equal(xcy_json_get_int64(json, "missing", -1), 1);
    assert_true(xcy_json_get_bool(json, "valid", false));
    assert_string_equal(xcy_json_get_string(json, "ended", ""), "quiet");
    xcy_json_free(json);
    xcy_buf_clear(&text);
    xcy_derived_clear(&d);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(both_sums_hold),
        TEST(the_records_can_be_read_back),
        TEST(the_traces_hold_what_was_compared),
        TEST(what_the_warm_up_showed_stands_in_records_csv_alone),
        TEST(sizes_come_from_the_stats_of_the_store),
        TEST(else_from_what_the_reads_saw),
        TEST(deriving_again_gives_the_same_bytes),
        TEST(what_is_missing_is_named_with_its_last_known_point),
        TEST(many_missing_are_cut_short_unless_all_are_wanted),
        TEST(machines_are_told_what_is_missing_too),
        TEST(the_report_prints_the_classes_and_both_sums),
        TEST(as_json_it_is_one_line_for_machines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
