#include "tests/support/unit.h"

#include "common/deployment/environment.h"

#include <stdlib.h>
#include <string.h>

/* NULL takes the variable away. Tests have one thread. */
static void set_variable(const char *name, const char *value)
{
    if (value) {
        setenv(name, value, 1); /* NOLINT(concurrency-mt-unsafe) */
    } else {
        unsetenv(name); /* NOLINT(concurrency-mt-unsafe) */
    }
}

struct variable {
    const char *name;
    const char *value;
};

static const struct variable sample[] = {
    {"POST_STORAGE", "cache"},
    {"NOTIFICATION_STORAGE", "sns"},
    {"WRITER_REGION", "eu"},
    {"READER_REGION", "ap-southeast-1"},
    {"ANTIPODE", "1"},
    {"DELAY_MS", "50"},
    {"XCY_POST_BYTES", "2000"},
    {"XCY_VISIBILITY", "sample:0.25"},
    {"XCY_VISIBILITY_DEADLINE_MS", "3000"},
    {"XCY_BARRIER_DEADLINE_MS", "2500"},
    {"XCY_POLL_FIRST_MS", "3"},
    {"XCY_POLL_MAX_MS", "30"},
    {"XCY_QUEUE", "q"},
    {"XCY_TOPIC_ARN", "arn:aws:sns:eu-central-1:000000000000:t"},
    {"XCY_DYNAMO_TABLE", "tbl"},
    {"XCY_CACHE_WRITER", "a:1"},
    {"XCY_CACHE_READER", "b:2"},
};

enum { N_SAMPLE = sizeof sample / sizeof sample[0] };

static void clear_variables(void)
{
    for (size_t n = 0; n < N_SAMPLE; n++) {
        set_variable(sample[n].name, NULL);
    }
}

static void set_variables(void)
{
    for (size_t n = 0; n < N_SAMPLE; n++) {
        set_variable(sample[n].name, sample[n].value);
    }
}

static int teardown(void **state)
{
    (void)state;
    clear_variables();
    return 0;
}

static void every_variable_is_read(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_environment e;
    set_variables();
    assert_ok(xcy_environment_read(getenv, &e, &err), &err);
    assert_int_equal(e.combination.post_storage, XCY_POST_CACHE);
    assert_int_equal(e.combination.notification_storage, XCY_NOTIFICATION_SNS);
    assert_int_equal(e.combination.consistency, XCY_CONSISTENCY_ANTIPODE);
    assert_string_equal(e.combination.writer_region, "eu-central-1");
    assert_string_equal(e.combination.reader_region, "ap-southeast-1");
    assert_int_equal(e.combination.delay_ms, 50);
    assert_int_equal(e.combination.post_bytes, 2000);
    assert_int_equal(e.combination.visibility, XCY_VISIBILITY_SAMPLE);
    assert_true(e.combination.visibility_share == 0.25);
    assert_int_equal(e.visibility_deadline_ms, 3000);
    assert_int_equal(e.barrier_deadline_ms, 2500);
    assert_int_equal(e.poll_first_ms, 3);
    assert_int_equal(e.poll_max_ms, 30);
    assert_string_equal(e.queue_name, "q");
    assert_string_equal(e.topic_arn, "arn:aws:sns:eu-central-1:000000000000:t");
    assert_string_equal(e.dynamo_table, "tbl");
    assert_string_equal(e.cache.writer, "a:1");
    assert_string_equal(e.cache.reader, "b:2");
    xcy_environment_clear(&e);
    assert_null(e.queue_name);
}

static void the_references_variables_suffice(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_environment e;
    clear_variables();
    set_variable("POST_STORAGE", "dynamo");
    set_variable("NOTIFICATION_STORAGE", "mq");
    set_variable("WRITER_REGION", "eu-central-1");
    set_variable("READER_REGION", "us-east-1");
    assert_ok(xcy_environment_read(getenv, &e, &err), &err);
    assert_int_equal(e.combination.consistency, XCY_CONSISTENCY_NONE);
    assert_int_equal(e.combination.delay_ms, 0);
    assert_int_equal(e.combination.post_bytes, 1000);
    assert_int_equal(e.combination.visibility, XCY_VISIBILITY_OFF);
    assert_string_equal(e.queue_name, "evaluations");
    assert_string_equal(e.cache.writer, "");
    xcy_environment_clear(&e);
}

static void wrong_values_name_the_variable(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"POST_STORAGE", NULL, "POST_STORAGE is not set; expected dynamo, s3, mysql or cache"},
        {"POST_STORAGE", "disk", "POST_STORAGE must be dynamo, s3, mysql or cache, got \"disk\""},
        {"NOTIFICATION_STORAGE", "", "NOTIFICATION_STORAGE must be sns, dynamo or mq, got \"\""},
        {"WRITER_REGION", "", "WRITER_REGION must be a region, got \"\""},
        {"READER_REGION", "a-region-that-is-far-too-long-to-be-one",
         "READER_REGION must be a region, got"},
        {"ANTIPODE", "true", "ANTIPODE must be 0 or 1, got \"true\""},
        {"DELAY_MS", "-5", "DELAY_MS must be milliseconds, got \"-5\""},
        {"DELAY_MS", "1.5", "DELAY_MS must be milliseconds, got \"1.5\""},
        {"XCY_POST_BYTES", "many", "XCY_POST_BYTES must be a number of bytes, got \"many\""},
        {"XCY_VISIBILITY", "on", "XCY_VISIBILITY must be off, inline or sample:P, got \"on\""},
        {"XCY_POLL_MAX_MS", "", "XCY_POLL_MAX_MS must be milliseconds, got \"\""},
    };
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct xcy_error err;
        struct xcy_environment e = {.poll_max_ms = 77};
        set_variables();
        if (cases[n][1]) {
            set_variable(cases[n][0], cases[n][1]);
        } else {
            set_variable(cases[n][0], NULL);
        }
        assert_status(xcy_environment_read(getenv, &e, &err), XCY_EUSAGE, &err);
        if (strncmp(err.text, cases[n][2], strlen(cases[n][2])) != 0) {
            fail_msg("%s", err.text);
        }
        assert_int_equal(e.poll_max_ms, 77);
    }
}

static void what_deploy_writes_the_functions_read(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_deployment *d = NULL;
    struct xcy_environment e;
    clear_variables();
    set_variable("XCY_CONFIG", NULL);
    set_variable("AWS_ENDPOINT_URL", NULL);
    assert_ok(xcy_deployment_load("../../../samples/aws-eu-us.yml", &d, &err), &err);
    struct xcy_combination c = d->combination;
    c.post_storage = XCY_POST_CACHE;
    c.consistency = XCY_CONSISTENCY_ANTIPODE;
    c.delay_ms = 25;
    c.visibility = XCY_VISIBILITY_SAMPLE;
    c.visibility_share = 0.1;
    struct xcy_json *json = NULL;
    assert_ok(xcy_environment_to_json(d, &c, &json, &err), &err);
    const struct xcy_json *child = xcy_json_first(json);
    for (; child; child = xcy_json_next(child)) {
        set_variable(xcy_json_name(child), xcy_json_string(child));
    }
    assert_ok(xcy_environment_read(getenv, &e, &err), &err);
    assert_true(xcy_combination_equal(&e.combination, &c));
    assert_int_equal(e.visibility_deadline_ms, d->visibility_deadline_ms);
    assert_int_equal(e.barrier_deadline_ms, d->barrier_deadline_ms);
    assert_int_equal(e.poll_first_ms, d->poll_first_ms);
    assert_int_equal(e.poll_max_ms, d->poll_max_ms);
    assert_string_equal(e.queue_name, d->queue_name);
    assert_string_equal(e.topic_arn, d->sns.topic);
    assert_string_equal(e.dynamo_table, d->dynamo.table);
    assert_string_equal(e.cache.writer, d->cache.writer_address);
    assert_string_equal(e.cache.reader, d->cache.reader_address);
    xcy_environment_clear(&e);
    xcy_json_free(json);
    xcy_deployment_free(d);
}

static void a_password_comes_from_the_variable_named_and_only_where_it_is_needed(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_deployment *d = NULL;
    struct xcy_json *json = NULL;
    clear_variables();
    set_variable("AWS_ENDPOINT_URL", NULL);
    set_variable("MYSQL_PASSWORD", NULL);
    set_variable("MQ_PASSWORD", NULL);
    assert_ok(xcy_deployment_load("../../../samples/aws-eu-us.yml", &d, &err), &err);
    struct xcy_combination c = d->combination;
    assert_ok(xcy_environment_to_json(d, &c, &json, &err), &err);
    assert_null(xcy_json_get(json, "XCY_MYSQL_PASSWORD"));
    xcy_json_free(json);
    c.post_storage = XCY_POST_MYSQL;
    assert_status(xcy_environment_to_json(d, &c, &json, &err), XCY_EUSAGE, &err);
    assert_string_equal(err.text,
                        "backends.mysql.password_variable: MYSQL_PASSWORD is not set; export it");
    set_variable("MYSQL_PASSWORD", "open sesame");
    assert_ok(xcy_environment_to_json(d, &c, &json, &err), &err);
    assert_string_equal(xcy_json_get_string(json, "XCY_MYSQL_PASSWORD", ""), "open sesame");
    assert_string_equal(xcy_json_get_string(json, "XCY_MYSQL_TLS", ""), "1");
    assert_string_equal(xcy_json_get_string(json, "XCY_MYSQL_USER", ""), "xcybench");
    assert_null(xcy_json_get(json, "XCY_MQ_PASSWORD"));
    set_variable("MYSQL_PASSWORD", NULL);
    xcy_json_free(json);
    xcy_deployment_free(d);
}

static void addresses_that_the_host_supplies_are_not_written(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_deployment *d = NULL;
    set_variable("AWS_ENDPOINT_URL", NULL);
    assert_ok(xcy_deployment_load("../../../samples/local.yml", &d, &err), &err);
    struct xcy_json *json = NULL;
    assert_ok(xcy_environment_to_json(d, &d->combination, &json, &err), &err);
    assert_null(xcy_json_get(json, "XCY_CACHE_WRITER"));
    assert_null(xcy_json_get(json, "XCY_CACHE_READER"));
    assert_string_equal(xcy_json_get_string(json, "ANTIPODE", ""), "0");
    assert_string_equal(xcy_json_get_string(json, "WRITER_REGION", ""), "eu-central-1");
    xcy_json_free(json);
    xcy_deployment_free(d);
}

static void a_functions_variables_give_its_combination(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_combination c;
    struct xcy_json *json = xcy_json_new_object();
    for (size_t n = 0; n < N_SAMPLE; n++) {
        xcy_json_put_string(json, sample[n].name, sample[n].value);
    }
    xcy_json_put_string(json, "XCY_POLL_MAX_MS", "not looked at");
    assert_ok(xcy_environment_combination(json, &c, &err), &err);
    assert_int_equal(c.post_storage, XCY_POST_CACHE);
    assert_true(c.visibility_share == 0.25);
    xcy_json_put_string(json, "ANTIPODE", "2");
    assert_status(xcy_environment_combination(json, &c, &err), XCY_EUSAGE, &err);
    assert_status(xcy_environment_combination(NULL, &c, &err), XCY_EUSAGE, &err);
    xcy_json_free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_variable_is_read, teardown),
        cmocka_unit_test_teardown(the_references_variables_suffice, teardown),
        cmocka_unit_test_teardown(wrong_values_name_the_variable, teardown),
        cmocka_unit_test_teardown(what_deploy_writes_the_functions_read, teardown),
        cmocka_unit_test_teardown(
            a_password_comes_from_the_variable_named_and_only_where_it_is_needed, teardown),
        cmocka_unit_test(addresses_that_the_host_supplies_are_not_written),
        cmocka_unit_test(a_functions_variables_give_its_combination),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
