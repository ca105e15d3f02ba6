#include "tests/support/unit.h"

#include "collectors/reference.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/data/json.h"
#include "common/data/number.h"
#include "common/data/yaml.h"
#include "common/record/evaluation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define GOLDEN "../../golden/gather" /* examples of what the reference implementation writes */

static void text_of(const char *folder, const char *file, struct xcy_buf *text)
{
    struct xcy_error err;
    char *path = xcy_format("%s/%s", folder, file);
    xcy_buf_init(text, 16 << 20);
    assert_ok(xcy_file_read(path, text, &err), &err);
    free(path);
}

/* reply_at of a request, from the state file. */
static double reply_at(const struct xcy_yaml *latencies, int64_t i)
{
    char key[32];
    double seconds = 0;
    snprintf(key, sizeof key, "%lld", (long long)i);
    const char *value = xcy_yaml_text(xcy_yaml_get(latencies, key));
    assert_non_null(value);
    assert_true(xcy_double_parse(xcy_bytes_of(value), &seconds));
    return seconds;
}

static void add_message(struct xcy_reference *reference, const char *body,
                        const struct xcy_yaml *latencies)
{
    struct xcy_error err;
    struct xcy_evaluation e;
    assert_ok(xcy_evaluation_parse(xcy_bytes_of(body), &e, &err), &err);
    struct xcy_reference_row row = {
        .i = e.id.i,
        .client_sent_at_s = e.id.client_sent_at_s,
        .writer_start_at_s = e.writer_start_at_s,
        .reader_received_at_s = e.reader_received_at_s,
        .post_read_at_s = e.post_read_at_s,
        .has_reply = true,
        .reply_at_s = reply_at(latencies, e.id.i),
        .consistent_read = e.consistent_read,
        .notification_to_reader_spent_ms = (int64_t)e.notification_to_reader_spent_ms,
        .has_antipode_spent = e.has_antipode_spent,
        .antipode_spent_ms = (int64_t)e.antipode_spent_ms,
        .notification_size_bytes = (int64_t)e.notification_size_bytes,
    };
    xcy_reference_add(reference, &row);
}

static struct xcy_reference *read_messages(const char *folder, const struct xcy_yaml *latencies)
{
    struct xcy_error err;
    struct xcy_buf text;
    struct xcy_reference *reference = xcy_reference_new();
    char *rest = NULL;
    text_of(folder, "messages.jsonl", &text);
    for (char *line = strtok_r(text.ptr, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        struct xcy_json *message = NULL;
        assert_ok(xcy_json_parse(xcy_bytes_of(line), &message, &err), &err);
        add_message(reference, xcy_json_get_string(message, "body", NULL), latencies);
        xcy_json_free(message);
    }
    xcy_buf_clear(&text);
    return reference;
}

static void check_file(const char *folder, const char *file, struct xcy_buf *made)
{
    struct xcy_buf expected;
    text_of(folder, file, &expected);
    assert_string_equal(made->ptr, expected.ptr);
    assert_int_equal(made->len, expected.len);
    xcy_buf_clear(&expected);
    xcy_buf_reset(made);
}

static int64_t number_of(const struct xcy_yaml *state, const char *key)
{
    int64_t value = -1;
    assert_true(xcy_int64_parse(xcy_bytes_of(xcy_yaml_text(xcy_yaml_get(state, key))), &value));
    return value;
}

/* Sizes as the reference's constants give them: a post's, times requests. */
static void check_example(const char *name, double post_bytes)
{
    struct xcy_error err;
    struct xcy_yaml_doc *doc = NULL;
    struct xcy_buf made;
    char *folder = xcy_format(GOLDEN "/%s", name);
    char *state_path = xcy_format("%s/last.yml", folder);
    assert_ok(xcy_yaml_read(state_path, &doc, &err), &err);
    const struct xcy_yaml *state = xcy_yaml_root(doc);
    int64_t requests = number_of(state, "requests");
    struct xcy_reference *reference = read_messages(folder, xcy_yaml_get(state, "latencies"));
    struct xcy_reference_tags tags = {
        .antipode_enabled =
            strcmp(xcy_yaml_text(xcy_yaml_get(state, "antipode_enabled")), "true") == 0,
        .delay_ms = number_of(state, "delay"),
        .post_storage = xcy_yaml_text(xcy_yaml_get(state, "post_storage")),
        .notification_storage = xcy_yaml_text(xcy_yaml_get(state, "notification_storage")),
        .writer_region = xcy_yaml_text(xcy_yaml_get(state, "writer_region")),
        .reader_region = xcy_yaml_text(xcy_yaml_get(state, "reader_region")),
        .requested = requests,
        .avg_post_bytes = {.value = post_bytes},
        .total_post_bytes = {.value = post_bytes * (double)requests},
    };
    unsigned extra = tags.antipode_enabled ? XCY_REFERENCE_ANTIPODE : 0;
    xcy_buf_init(&made, 16 << 20);
    xcy_reference_traces(reference, extra, &made);
    check_file(folder, "traces.csv", &made);
    xcy_reference_info(reference, extra, &made);
    check_file(folder, "traces.info", &made);
    xcy_reference_tags(reference, &tags, &made);
    check_file(folder, "tags.yml", &made);
    xcy_buf_clear(&made);
    xcy_reference_free(reference);
    xcy_yaml_free(doc);
    free(state_path);
    free(folder);
}

static void the_files_of_a_plain_run_are_equal_to_the_byte(void **state)
{
    (void)state;
    check_example("plain-dynamo-sns", 350012);
}

static void so_are_those_with_antipode_and_destination_records(void **state)
{
    (void)state;
    check_example("destination-antipode-s3-mq", 1000320);
}

static void latencies_are_cut_towards_zero_after_subtracting_doubles(void **state)
{
    (void)state;
    assert_int_equal(xcy_reference_latency_ms(2.0019, 2.0), 1);
    assert_int_equal(xcy_reference_latency_ms(2.0, 2.0019), -1);
    assert_int_equal(xcy_reference_latency_ms(2.0, 2.0005), 0);
    /* In doubles 0.0009999275207519531: 0, where decimals say 1. */
    assert_int_equal(xcy_reference_latency_ms(1795100000.001, 1795100000.0), 0);
}

static struct xcy_reference_row row_of(int64_t i)
{
    return (struct xcy_reference_row){
        .i = i,
        .client_sent_at_s = 100 + (double)i,
        .writer_start_at_s = 100.5 + (double)i,
        .reader_received_at_s = 101 + (double)i,
        .post_read_at_s = 102 + (double)i,
        .has_reply = true,
        .reply_at_s = 101.25 + (double)i,
        .consistent_read = 1,
        .notification_to_reader_spent_ms = 7,
        .notification_size_bytes = 1000,
    };
}

static void a_request_twice_has_the_first_place_and_the_last_values(void **state)
{
    (void)state;
    struct xcy_reference *reference = xcy_reference_new();
    struct xcy_buf text;
    struct xcy_reference_row row = row_of(5);
    xcy_reference_add(reference, &row);
    row = row_of(3);
    xcy_reference_add(reference, &row);
    row = row_of(5);
    row.notification_to_reader_spent_ms = 99;
    row.consistent_read = 2;
    xcy_reference_add(reference, &row);
    xcy_buf_init(&text, 1 << 16);
    xcy_reference_traces(reference, 0, &text);
    assert_string_equal(
        text.ptr,
        ";reader_received_at;consistent_read;notification_to_reader_spent_ms;client_latency_ms;"
        "client_visibility_latency_ms;writer_latency_ms;writer_visibility_latency_ms\n"
        "0;106.0;2;99;1250;2000;750;1500\n"
        "1;104.0;1;7;1250;2000;750;1500\n");
    xcy_buf_clear(&text);
    xcy_reference_free(reference);
}

/* Checked with pandas: a missing value among integers makes floats of all. */
static void a_missing_reply_leaves_a_gap_and_makes_the_column_floats(void **state)
{
    (void)state;
    struct xcy_reference *reference = xcy_reference_new();
    struct xcy_buf text;
    struct xcy_reference_row row = row_of(0);
    xcy_reference_add(reference, &row);
    row = row_of(1);
    row.has_reply = false;
    xcy_reference_add(reference, &row);
    xcy_buf_init(&text, 1 << 16);
    xcy_reference_traces(reference, 0, &text);
    assert_non_null(strstr(text.ptr, "\n0;101.0;1;7;1250.0;2000;750.0;1500\n"
                                     "1;102.0;1;7;;2000;;1500\n"));
    xcy_buf_clear(&text);
    xcy_reference_free(reference);
}

static struct xcy_reference_tags plain_tags(void)
{
    return (struct xcy_reference_tags){
        .post_storage = "cache",
        .notification_storage = "sns",
        .writer_region = "eu-central-1",
        .reader_region = "us-east-1",
        .requested = 10,
        .avg_post_bytes = {.value = 2702002.608, .is_float = true},
        .total_post_bytes = {.value = 1351052538},
    };
}

static void tags_keep_the_requests_planned_and_whole_sizes_are_integers(void **state)
{
    (void)state;
    struct xcy_reference *reference = xcy_reference_new();
    struct xcy_buf text;
    for (int64_t i = 0; i < 4; i++) {
        struct xcy_reference_row row = row_of(i);
        row.consistent_read = i == 0 ? 0 : i; /* 2 and 3 are consistent too */
        row.notification_size_bytes = i == 0 ? 1001 : 1000;
        xcy_reference_add(reference, &row);
    }
    struct xcy_reference_tags tags = plain_tags();
    xcy_buf_init(&text, 1 << 16);
    xcy_reference_tags(reference, &tags, &text);
    assert_string_equal(text.ptr, "'%_INCONSISTENCIES': 0.25\n"
                                  "ANTIPODE_ENABLED: false\n"
                                  "AVG_NOTIFICATION_SIZE_BYTES: 1000.25\n"
                                  "AVG_POST_STORAGE_SIZE_BYTES: 2702002.608\n"
                                  "DELAY: 0\n"
                                  "NOTIFICATION_STORAGE: sns\n"
                                  "NUM_RESULTS: 4/10\n"
                                  "POST_STORAGE: cache\n"
                                  "READER_REGION: us-east-1\n"
                                  "THROUGHPUT_ON_CLIENT: 0.9411764705882353\n"
                                  "TOTAL_NOTIFICATION_SIZE_BYTES: 4001\n"
                                  "TOTAL_POST_STORAGE_SIZE_BYTES: 1351052538\n"
                                  "WRITER_REGION: eu-central-1\n");
    xcy_buf_clear(&text);
    xcy_reference_free(reference);
}

/* MySQL's statistics may be NULL, which Python and YAML show as null. */
static void a_size_that_the_store_does_not_know_is_null(void **state)
{
    (void)state;
    struct xcy_reference *reference = xcy_reference_new();
    struct xcy_reference_row row = row_of(0);
    struct xcy_reference_tags tags = plain_tags();
    struct xcy_buf text;
    tags.avg_post_bytes = (struct xcy_reference_number){.value = NAN};
    xcy_reference_add(reference, &row);
    xcy_buf_init(&text, 1 << 16);
    xcy_reference_tags(reference, &tags, &text);
    assert_non_null(strstr(text.ptr, "\nAVG_POST_STORAGE_SIZE_BYTES: null\n"));
    xcy_buf_clear(&text);
    xcy_reference_free(reference);
}

static void a_run_without_results_has_files_too(void **state)
{
    (void)state;
    struct xcy_reference *reference = xcy_reference_new();
    struct xcy_reference_tags tags = plain_tags();
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    xcy_reference_tags(reference, &tags, &text);
    assert_non_null(strstr(text.ptr, "'%_INCONSISTENCIES': .nan\n"));
    assert_non_null(strstr(text.ptr, "NUM_RESULTS: 0/10\n"));
    xcy_reference_info(reference, XCY_REFERENCE_ANTIPODE, &text);
    assert_non_null(strstr(text.ptr, "\ncount                 0.0 "));
    xcy_buf_clear(&text);
    xcy_reference_free(reference);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_files_of_a_plain_run_are_equal_to_the_byte),
        cmocka_unit_test(so_are_those_with_antipode_and_destination_records),
        cmocka_unit_test(latencies_are_cut_towards_zero_after_subtracting_doubles),
        cmocka_unit_test(a_request_twice_has_the_first_place_and_the_last_values),
        cmocka_unit_test(a_missing_reply_leaves_a_gap_and_makes_the_column_floats),
        cmocka_unit_test(tags_keep_the_requests_planned_and_whole_sizes_are_integers),
        cmocka_unit_test(a_size_that_the_store_does_not_know_is_null),
        cmocka_unit_test(a_run_without_results_has_files_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
