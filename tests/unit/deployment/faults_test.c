#include "tests/support/unit.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/deployment/faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum xcy_status parse(const char *text, struct xcy_fault_settings *settings,
                             struct xcy_error *err)
{
    struct xcy_yaml_doc *doc = NULL;
    enum xcy_status status = xcy_yaml_parse("a.yml", xcy_bytes_of(text), &doc, err);
    if (!status) {
        status = xcy_fault_settings_parse(xcy_yaml_root(doc), settings, err);
    }
    xcy_yaml_free(doc);
    return status;
}

static void each_setting_of_a_file_goes_to_its_fault(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_fault_settings s;
    xcy_fault_settings_preset(&s);
    assert_ok(parse("sqs:\n  duplicated: 0.25\n  throttled: 1\n  stalled_ms: 20\n"
                    "replication: {stalled: true}\n"
                    "s3: {throttled: 0.5}\n"
                    "clocks: {reader_step_ms: -70}\n",
                    &s, &err),
              &err);
    struct xcy_fault_settings expected;
    xcy_fault_settings_preset(&expected);
    expected.of[XCY_FAULT_SQS_DUPLICATED] = 0.25;
    expected.of[XCY_FAULT_SQS + XCY_CALL_THROTTLED] = 1;
    expected.of[XCY_FAULT_SQS + XCY_CALL_STALLED_MS] = 20;
    expected.of[XCY_FAULT_REPLICATION_STALLED] = 1;
    expected.of[XCY_FAULT_S3 + XCY_CALL_THROTTLED] = 0.5;
    expected.of[XCY_FAULT_READER_CLOCK + XCY_CLOCK_STEP_MS] = -70;
    for (size_t i = 0; i < XCY_N_FAULTS; i++) {
        assert_true(s.of[i] == expected.of[i]);
    }
}

static void what_is_wrong_in_a_file_is_named_and_changes_nothing(void **state)
{
    static const char *const cases[][2] = {
        {"sqs: {duplicate: 0.1}", "a.yml:1: unknown key 'duplicate'; did you mean 'duplicated'?"},
        {"lamda: {throttled: 0.1}", "a.yml:1: unknown key 'lamda'; did you mean 'lambda'?"},
        {"\nsqs:\n  duplicated: 1.5", "a.yml:3: duplicated must be 0..1, got 1.5"},
        {"sqs: {duplicated: true}", "a.yml:1: duplicated must be a number, got 'true'"},
        {"replication: {stalled: 1}", "a.yml:1: replication.stalled must be true or false, got 1"},
        {"sqs: {duplicated: 0.5}\nsns: {purged: 1}", "a.yml:2: unknown key 'purged'"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct xcy_error err;
        struct xcy_fault_settings s;
        xcy_fault_settings_preset(&s);
        assert_status(parse(cases[i][0], &s, &err), XCY_EUSAGE, &err);
        if (strncmp(err.text, cases[i][1], strlen(cases[i][1])) != 0) {
            fail_msg("%s: %s", cases[i][0], err.text);
        }
        assert_true(s.of[XCY_FAULT_SQS_DUPLICATED] == 0);
    }
}

static enum xcy_status merge(const char *text, struct xcy_fault_settings *s, struct xcy_error *err)
{
    struct xcy_json *change = NULL;
    enum xcy_status status = xcy_json_parse(xcy_bytes_of(text), &change, err);
    if (!status) {
        status = xcy_fault_settings_merge(s, change, err);
    }
    xcy_json_free(change);
    return status;
}

static void a_change_leaves_what_it_does_not_name(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_fault_settings s;
    xcy_fault_settings_preset(&s);
    assert_ok(merge("{\"sqs\":{\"duplicated\":0.5},\"replication\":{\"stalled\":true}}", &s, &err),
              &err);
    assert_ok(merge("{\"sqs\":{\"reordered\":0.25}}", &s, &err), &err);
    assert_true(s.of[XCY_FAULT_SQS_DUPLICATED] == 0.5);
    assert_true(s.of[XCY_FAULT_SQS_REORDERED] == 0.25);
    assert_true(s.of[XCY_FAULT_REPLICATION_STALLED] == 1);
}

static void a_wrong_change_changes_nothing(void **state)
{
    static const char *const cases[][2] = {
        {"{\"sqs\":{\"duplicated\":0.5,\"reorderd\":1}}",
         "unknown fault 'sqs.reorderd'; did you mean 'sqs.reordered'?"},
        {"{\"sqs\":{\"duplicated\":0.5},\"sns\":{\"throttled\":-0.1}}",
         "sns.throttled must be a number, 0..1, got -0.1"},
        {"{\"sqs\":{\"duplicated\":0.5,\"reordered\":true}}",
         "sqs.reordered must be a number, 0..1, got true"},
        {"{\"sqs\":{\"duplicated\":0.5},\"replication\":{\"stalled\":1}}",
         "replication.stalled must be true or false, got 1"},
        {"{\"sqs\":{\"duplicated\":\"0.5\"}}",
         "sqs.duplicated must be a number, 0..1, got \"0.5\""},
        {"{\"sqs\":{\"duplicated\":null}}", "sqs.duplicated must be a number, 0..1, got null"},
        {"{\"sqs\":0.5}", "sqs must be an object"},
        {"[]", "a change of faults must be an object"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct xcy_error err;
        struct xcy_fault_settings s;
        xcy_fault_settings_preset(&s);
        assert_status(merge(cases[i][0], &s, &err), XCY_EUSAGE, &err);
        if (strncmp(err.text, cases[i][1], strlen(cases[i][1])) != 0) {
            fail_msg("%s: %s", cases[i][0], err.text);
        }
        assert_true(s.of[XCY_FAULT_SQS_DUPLICATED] == 0);
    }
}

/* The rows of one scope stand together, and each call fault is at its place behind its scope. */
static void the_table_is_in_the_order_of_its_enums(void **state)
{
    static const enum xcy_fault services[] = {XCY_FAULT_LAMBDA, XCY_FAULT_SQS, XCY_FAULT_SNS,
                                              XCY_FAULT_DYNAMODB, XCY_FAULT_S3};
    (void)state;
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        const struct xcy_fault_row *rows = &xcy_fault_rows[services[i]];
        for (size_t n = 0; n < XCY_N_CALL_FAULTS; n++) {
            assert_string_equal(rows[n].scope, rows[0].scope);
            assert_string_equal(rows[n].name, xcy_fault_rows[n].name);
        }
    }
    assert_string_equal(xcy_fault_rows[XCY_FAULT_SQS_CHECKSUM_WRONG].name, "checksum_wrong");
    assert_string_equal(xcy_fault_rows[XCY_FAULT_EVALUATIONS_MALFORMED].name, "malformed");
    assert_string_equal(xcy_fault_rows[XCY_FAULT_READER + XCY_FUNCTION_GARBAGE].name,
                        "reader_garbage");
    assert_string_equal(xcy_fault_rows[XCY_FAULT_REPLICATION_STALLED].scope, "replication");
    assert_string_equal(xcy_fault_rows[XCY_FAULT_READER_CLOCK + XCY_CLOCK_STEP_AFTER_S].name,
                        "reader_step_after_s");
}

static void each_fault_is_found_by_its_name_and_reads_what_it_writes(void **state)
{
    (void)state;
    for (size_t i = 0; i < XCY_N_FAULTS; i++) {
        const struct xcy_fault_row *row = &xcy_fault_rows[i];
        const double settings[] = {row->min, row->max, row->preset};
        char name[XCY_FAULT_NAME_BYTES];
        struct xcy_error err;
        enum xcy_fault found;
        xcy_fault_name((enum xcy_fault)i, name);
        assert_ok(xcy_fault_find(name, &found, &err), &err);
        assert_int_equal(found, i);
        for (size_t n = 0; n < 3; n++) {
            char text[XCY_FAULT_TEXT_BYTES];
            double read = -1e99;
            xcy_fault_format(found, settings[n], text);
            assert_ok(xcy_fault_read(found, text, &read, &err), &err);
            assert_true(read == settings[n]);
        }
    }
}

static char *document_row(enum xcy_fault fault)
{
    const struct xcy_fault_row *row = &xcy_fault_rows[fault];
    char name[XCY_FAULT_NAME_BYTES];
    char min[XCY_FAULT_TEXT_BYTES];
    char max[XCY_FAULT_TEXT_BYTES];
    char preset[XCY_FAULT_TEXT_BYTES];
    const char *between = row->kind == XCY_FAULT_SWITCH ? ", " : "..";
    xcy_fault_name(fault, name);
    xcy_fault_format(fault, row->kind == XCY_FAULT_SWITCH ? 1 : row->min, min);
    xcy_fault_format(fault, row->kind == XCY_FAULT_SWITCH ? 0 : row->max, max);
    xcy_fault_format(fault, row->preset, preset);
    return xcy_format("| `%s` | %s | %s%s%s | %s | %s |\n", name, xcy_fault_kind_names[row->kind],
                      min, between, max, preset, row->help);
}

static void the_document_has_each_row_and_no_other(void **state)
{
    static const char head[] =
        "| fault | kind | range | preset | what |\n| --- | --- | --- | --- | --- |\n";
    (void)state;
    struct xcy_error err;
    struct xcy_buf text;
    struct xcy_buf expected;
    xcy_buf_init(&text, 1 << 20);
    xcy_buf_init(&expected, 1 << 20);
    assert_ok(xcy_file_read("../../../docs/faults.md", &text, &err), &err);
    xcy_buf_add_text(&expected, head);
    for (size_t i = 0; i < XCY_N_FAULTS; i++) {
        char *row = document_row((enum xcy_fault)i);
        xcy_buf_add_text(&expected, row);
        free(row);
    }
    struct xcy_bytes bytes = xcy_buf_bytes(&expected);
    char *words = xcy_strndup(bytes.ptr, bytes.len);
    bytes = xcy_buf_bytes(&text);
    char *document = xcy_strndup(bytes.ptr, bytes.len);
    char *table = strstr(document, head);
    assert_non_null(table);
    size_t n = strlen(words);
    if (strncmp(table, words, n) != 0 || table[n] == '|') {
        fail_msg("docs/faults.md should have:\n%s", words);
    }
    free(document);
    free(words);
    xcy_buf_clear(&expected);
    xcy_buf_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_setting_of_a_file_goes_to_its_fault),
        cmocka_unit_test(what_is_wrong_in_a_file_is_named_and_changes_nothing),
        cmocka_unit_test(a_change_leaves_what_it_does_not_name),
        cmocka_unit_test(a_wrong_change_changes_nothing),
        cmocka_unit_test(the_table_is_in_the_order_of_its_enums),
        cmocka_unit_test(each_fault_is_found_by_its_name_and_reads_what_it_writes),
        cmocka_unit_test(the_document_has_each_row_and_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
