#include "scratch.h"

#include "common/run/records.h"
#include "common/run/requests.h"

static struct xcy_request_row sample_row(void)
{
    struct xcy_request_row row = {
        .attempt = 2, .is_warmup = 1, .outcome = XCY_OUTCOME_THROTTLED, .http_status = 429};
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

static void a_column_that_earlier_releases_did_not_write_reads_as_zero(void **state)
{
    struct xcy_error err;
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 20);
    xcy_requests_header(&text);
    struct xcy_request_row row = sample_row();
    xcy_request_row_format(&row, &text);
    assert_non_null(strstr(text.ptr, "\n17,2,1,"));
    strstr(text.ptr, "warmup")[0] = 'x'; /* "xarmup" is a column that nobody knows */
    put_file(*state, "requests.csv", &text);
    struct xcy_requests *rows = NULL;
    bool torn = true;
    assert_ok(xcy_requests_read(*state, &rows, &torn, &err), &err);
    const struct xcy_request_row *read = xcy_requests_at(rows, 0);
    assert_int_equal(read->is_warmup, 0);
    assert_int_equal(read->attempt, 2);
    assert_string_equal(read->id.key, row.id.key);
    xcy_requests_free(rows);
    strstr(text.ptr, "attempt")[0] = 'x';
    put_file(*state, "requests.csv", &text);
    assert_status(xcy_requests_read(*state, &rows, &torn, &err), XCY_EPARSE, &err);
    assert_non_null(strstr(err.text, "requests.csv:1: no column 'attempt'"));
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

/* A stamp that no difference could be taken of. */
static void a_time_that_cannot_be_is_refused(void **state)
{
    static const char *const times[] = {"9223372036854775807", "-9223372036854775808", "-1"};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        struct xcy_error err;
        struct xcy_buf text;
        struct xcy_record *rows = NULL;
        size_t n = 0;
        xcy_buf_init(&text, 1 << 20);
        xcy_records_header(&text);
        xcy_buf_addf(&text, "0,0,,consistent,ok,200,1,,%s,,,,,,,,,,,,,,,0,0,0,0,0,,,,,\n",
                     times[i]);
        put_file(*state, "records.csv", &text);
        assert_status(xcy_records_read(*state, &rows, &n, &err), XCY_EPARSE, &err);
        assert_non_null(strstr(err.text, "records.csv:2: column due_us: '"));
        xcy_buf_clear(&text);
    }
}

static void records_read_back_with_their_flags(void **state)
{
    struct xcy_error err;
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 20);
    xcy_records_header(&text);
    struct xcy_record written[2] = {{.i = 0, .klass = XCY_CLASS_INCONSISTENT},
                                    {.i = 1, .klass = XCY_CLASS_SKIPPED}};
    written[0].flags = XCY_FLAG_LATE | XCY_FLAG_POLLED | XCY_FLAG_WARMUP;
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
    assert_ok(xcy_run_create(root, "dynamo-sns", tag, when, &first, &err), &err);
    assert_ok(xcy_run_create(root, "dynamo-sns", tag, when, &second, &err), &err);
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
    char *path = NULL;
    static const char *const tags[] = {"", "../up", ".hidden", "a/b"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        assert_status(xcy_run_create(*state, "dynamo-sns", tags[i], xcy_wall_now(), &path, &err),
                      XCY_EUSAGE, &err);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(requests_read_back_as_written),
        WITH_FOLDER(a_column_that_earlier_releases_did_not_write_reads_as_zero),
        WITH_FOLDER(a_torn_last_line_is_dropped_and_told),
        WITH_FOLDER(a_malformed_field_is_named_with_file_line_and_column),
        WITH_FOLDER(a_time_that_cannot_be_is_refused),
        WITH_FOLDER(records_read_back_with_their_flags),
        WITH_FOLDER(two_runs_of_one_second_have_two_folders_and_latest_is_the_newer),
        WITH_FOLDER(a_text_that_outgrew_its_buffer_leaves_the_old_file),
        WITH_FOLDER(a_tag_that_is_no_folder_name_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
