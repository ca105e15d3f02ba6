#include "tests/support/unit.h"

#include "common/base/buf.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/run/folder.h"
#include "common/run/manifest.h"
#include "common/run/records.h"
#include "common/run/requests.h"
#include "common/run/sent.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A folder of the test's own, removed afterwards. */
static int make_folder(void **state)
{
    char *folder = xcy_strdup("/tmp/xcy-run-test-XXXXXX");
    *state = mkdtemp(folder);
    return *state ? 0 : -1;
}

static int remove_folder(void **state)
{
    struct xcy_error err;
    enum xcy_status status = xcy_dir_remove(*state, &err);
    free(*state);
    return status == XCY_OK ? 0 : -1;
}

static void put_file(const char *folder, const char *name, const struct xcy_buf *text)
{
    struct xcy_error err;
    char *path = xcy_run_file(folder, name);
    assert_ok(xcy_file_replace(path, xcy_buf_bytes(text), 0644, &err), &err);
    free(path);
}

static struct xcy_request_row sample_row(void)
{
    struct xcy_request_row row = {
        .attempt = 1, .outcome = XCY_OUTCOME_THROTTLED, .http_status = 429};
    row.id.i = 17;
    row.id.client_sent_at_s = 1795100010.245589;
    strcpy(row.id.key, "17QXYZABCD");
    strcpy(row.reason, "Rate exceeded, \"really\"");
    row.points.us[XCY_POINT_DUE] = 1795100010245589;
    row.points.us[XCY_POINT_SENT] = 1795100010245600;
    return row;
}

static void requests_read_back_as_written(void **state)
{
    struct xcy_error err;
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 20);
    xcy_requests_header(&text);
    struct xcy_request_row row = sample_row();
    xcy_request_row_format(&row, &text);
    xcy_request_row_format(&row, &text);
    put_file(*state, "requests.csv", &text);
    struct xcy_requests *rows = NULL;
    bool torn = true;
    assert_ok(xcy_requests_read(*state, &rows, &torn, &err), &err);
    assert_false(torn);
    assert_int_equal(xcy_requests_count(rows), 2);
    assert_memory_equal(xcy_requests_at(rows, 1), &row, sizeof row);
    xcy_requests_free(rows);
    xcy_buf_clear(&text);
}

static void a_torn_last_line_is_dropped_and_told(void **state)
{
    struct xcy_error err;
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 20);
    xcy_requests_header(&text);
    struct xcy_request_row row = sample_row();
    xcy_request_row_format(&row, &text);
    size_t whole = text.len;
    xcy_request_row_format(&row, &text);
    for (size_t cut = whole + 1; cut < text.len; cut++) {
        struct xcy_buf part;
        xcy_buf_init(&part, 1 << 20);
        xcy_buf_add(&part, xcy_bytes(text.ptr, cut));
        put_file(*state, "requests.csv", &part);
        struct xcy_requests *rows = NULL;
        bool torn = false;
        assert_ok(xcy_requests_read(*state, &rows, &torn, &err), &err);
        assert_true(torn);
        assert_int_equal(xcy_requests_count(rows), 1);
        xcy_requests_free(rows);
        xcy_buf_clear(&part);
    }
    xcy_buf_clear(&text);
}

static void a_malformed_field_is_named_with_file_line_and_column(void **state)
{
    struct xcy_error err;
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 20);
    xcy_requests_header(&text);
    struct xcy_request_row row = sample_row();
    xcy_request_row_format(&row, &text);
    char *status = strstr(strstr(text.ptr, "17QXYZABCD"), "429");
    status[1] = 'x';
    put_file(*state, "requests.csv", &text);
    struct xcy_requests *rows = NULL;
    bool torn = false;
    assert_status(xcy_requests_read(*state, &rows, &torn, &err), XCY_EPARSE, &err);
    assert_non_null(strstr(err.text, "requests.csv:2: column http_status: '4x9'"));
    xcy_buf_clear(&text);
}

static void records_read_back_with_their_flags(void **state)
{
    struct xcy_error err;
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 20);
    xcy_records_header(&text);
    struct xcy_record written[2] = {{.i = 0, .klass = XCY_CLASS_INCONSISTENT},
                                    {.i = 1, .klass = XCY_CLASS_SKIPPED}};
    written[0].flags = XCY_FLAG_LATE | XCY_FLAG_POLLED | XCY_FLAG_NO_XCY;
    written[1].outcome = XCY_OUTCOME_SKIPPED;
    strcpy(written[0].class_reason, "a, b");
    for (int p = 0; p < XCY_N_POINTS; p++) {
        written[0].points.us[p] = 1795100010000000 + p;
    }
    xcy_record_format(&written[0], &text);
    xcy_record_format(&written[1], &text);
    put_file(*state, "records.csv", &text);
    struct xcy_record *records = NULL;
    size_t n = 0;
    assert_ok(xcy_records_read(*state, &records, &n, &err), &err);
    assert_int_equal(n, 2);
    assert_memory_equal(records, written, sizeof written);
    free(records);
    xcy_buf_clear(&text);
}

static void a_manifest_reads_back_as_written(void **state)
{
    struct xcy_error err;
    struct xcy_manifest m = {.format_version = 1,
                             .tag = xcy_strdup("eu-us__10__delay-0ms"),
                             .state = XCY_RUN_INTERRUPTED,
                             .seed = 42,
                             .endpoint = xcy_strdup("http://127.0.0.1:4566"),
                             .deployment = xcy_strdup("it's: #odd"),
                             .queue_name = xcy_strdup("evaluations"),
                             .writer_function = xcy_strdup("writer"),
                             .reader_function = xcy_strdup("reader"),
                             .time_scale = 0.1,
                             .is_async = true,
                             .planned = 10,
                             .rate_per_s = 0.01,
                             .version = xcy_strdup("0.1.0"),
                             .host = xcy_strdup("null"),
                             .verdict = XCY_VERDICT_TARGET_LIMITED,
                             .verdict_reason = xcy_strdup("2 throttled"),
                             .lag_p99_us = 123.456};
    strcpy(m.run, "0123456789abcdef");
    strcpy(m.boot_id, "unknown");
    m.combination.consistency = XCY_CONSISTENCY_ANTIPODE;
    m.combination.visibility = XCY_VISIBILITY_SAMPLE;
    m.combination.visibility_share = 0.25;
    strcpy(m.combination.writer_region, "eu-central-1");
    strcpy(m.combination.reader_region, "us-east-1");
    m.outcomes[XCY_OUTCOME_OK] = 8;
    m.outcomes[XCY_OUTCOME_THROTTLED] = 2;
    assert_ok(xcy_manifest_write(&m, *state, &err), &err);
    struct xcy_manifest got = {0};
    assert_ok(xcy_manifest_read(*state, &got, &err), &err);
    assert_string_equal(got.run, m.run);
    assert_string_equal(got.deployment, m.deployment);
    assert_string_equal(got.host, "null");
    assert_int_equal(got.state, XCY_RUN_INTERRUPTED);
    assert_int_equal(got.verdict, XCY_VERDICT_TARGET_LIMITED);
    assert_true(got.is_async);
    assert_true(got.lag_p99_us == 123.456 && got.rate_per_s == 0.01 && got.time_scale == 0.1);
    assert_true(xcy_combination_equal(&got.combination, &m.combination));
    assert_memory_equal(got.outcomes, m.outcomes, sizeof m.outcomes);
    xcy_manifest_clear(&got);
    xcy_manifest_clear(&m);
}

static void two_runs_of_one_second_have_two_folders_and_latest_is_the_newer(void **state)
{
    struct xcy_error err;
    struct xcy_combination c = {.consistency = XCY_CONSISTENCY_ANTIPODE, .delay_ms = 30};
    strcpy(c.writer_region, "eu-central-1");
    strcpy(c.reader_region, "us-east-1");
    char *root = xcy_run_file(*state, "runs");
    char *tag = xcy_run_default_tag(&c, 1000);
    assert_string_equal(tag, "antipode__eu-us__1000__delay-30ms");
    struct xcy_wall when = xcy_wall_from_us(1795100010245589);
    char *first = NULL;
    char *second = NULL;
    assert_ok(xcy_run_create(root, &c, tag, when, &first, &err), &err);
    assert_ok(xcy_run_create(root, &c, tag, when, &second, &err), &err);
    assert_non_null(strstr(first, "/dynamo-sns/antipode__eu-us__1000__delay-30ms-20261119"));
    assert_true(strlen(second) == strlen(first) + 2);
    char *found = NULL;
    assert_status(xcy_run_find(root, NULL, &found, &err), XCY_ENOTFOUND, &err);
    struct xcy_buf empty;
    xcy_buf_init(&empty, 10);
    put_file(second, "run.yml", &empty);
    assert_ok(xcy_run_find(root, NULL, &found, &err), &err);
    assert_string_equal(found, second);
    free(found);
    char *named = xcy_format("dynamo-sns/%s/", strrchr(second, '/') + 1);
    assert_ok(xcy_run_find(root, named, &found, &err), &err);
    assert_string_equal(found, second);
    xcy_buf_clear(&empty);
    free(named);
    free(found);
    free(second);
    free(first);
    free(tag);
    free(root);
}

static void a_text_that_outgrew_its_buffer_leaves_the_old_file(void **state)
{
    struct xcy_error err;
    struct xcy_buf text;
    struct xcy_buf got;
    xcy_buf_init(&text, 4);
    xcy_buf_init(&got, 100);
    xcy_buf_add_text(&text, "old");
    assert_ok(xcy_run_replace_file(*state, "derived", &text, &err), &err);
    xcy_buf_add_text(&text, " and too long");
    assert_status(xcy_run_replace_file(*state, "derived", &text, &err), XCY_EFULL, &err);
    assert_non_null(strstr(err.text, "/derived is larger than 4 bytes"));
    char *path = xcy_run_file(*state, "derived");
    assert_ok(xcy_file_read(path, &got, &err), &err);
    assert_string_equal(got.ptr, "old");
    free(path);
    xcy_buf_clear(&got);
    xcy_buf_clear(&text);
}

static void a_tag_that_is_no_folder_name_is_refused(void **state)
{
    struct xcy_error err;
    struct xcy_combination c = {0};
    char *path = NULL;
    static const char *const tags[] = {"", "../up", ".hidden", "a/b"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        assert_status(xcy_run_create(*state, &c, tags[i], xcy_wall_now(), &path, &err), XCY_EUSAGE,
                      &err);
    }
}

static void what_a_killed_process_sent_is_known(void **state)
{
    struct xcy_error err;
    pid_t pid = fork();
    if (pid == 0) {
        struct xcy_sent *sent = NULL;
        if (xcy_sent_create(*state, 1000, &sent, &err) != XCY_OK) {
            _exit(1);
        }
        xcy_sent_set(sent, 0, 1795100010245589);
        xcy_sent_set(sent, 999, 7);
        kill(getpid(), SIGKILL);
    }
    int code = 0;
    assert_int_equal(waitpid(pid, &code, 0), pid);
    assert_true(WIFSIGNALED(code));
    struct xcy_sent *sent = NULL;
    assert_ok(xcy_sent_open(*state, &sent, &err), &err);
    assert_int_equal(xcy_sent_slots(sent), 1000);
    assert_int_equal(xcy_sent_get(sent, 0), 1795100010245589);
    assert_int_equal(xcy_sent_get(sent, 1), 0);
    assert_int_equal(xcy_sent_get(sent, 999), 7);
    assert_false(xcy_sent_is_live(*state));
    xcy_sent_close(sent);
}

static void a_run_is_live_while_its_generator_holds_the_lock(void **state)
{
    struct xcy_error err;
    struct xcy_sent *sent = NULL;
    assert_false(xcy_sent_is_live(*state));
    assert_ok(xcy_sent_create(*state, 0, &sent, &err), &err);
    assert_true(xcy_sent_is_live(*state));
    xcy_sent_close(sent);
    assert_false(xcy_sent_is_live(*state));
}

int main(void)
{
#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(requests_read_back_as_written),
        WITH_FOLDER(a_torn_last_line_is_dropped_and_told),
        WITH_FOLDER(a_malformed_field_is_named_with_file_line_and_column),
        WITH_FOLDER(records_read_back_with_their_flags),
        WITH_FOLDER(a_manifest_reads_back_as_written),
        WITH_FOLDER(two_runs_of_one_second_have_two_folders_and_latest_is_the_newer),
        WITH_FOLDER(a_text_that_outgrew_its_buffer_leaves_the_old_file),
        WITH_FOLDER(a_tag_that_is_no_folder_name_is_refused),
        WITH_FOLDER(what_a_killed_process_sent_is_known),
        WITH_FOLDER(a_run_is_live_while_its_generator_holds_the_lock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
