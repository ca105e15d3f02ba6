#include "common/net/server.h"
#include "functions/setup.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* value NULL: not set. Nothing else runs that asks for it. */
static void set(const char *name, const char *value)
{
    if (value) {
        setenv(name, value, 1); // NOLINT(concurrency-mt-unsafe)
    } else {
        unsetenv(name); // NOLINT(concurrency-mt-unsafe)
    }
}

/* Opens with this environment; the tests set what they need. */
static void set_environment(const char *endpoint)
{
    const char *const variables[][2] = {
        {"POST_STORAGE", "dynamo"},
        {"NOTIFICATION_STORAGE", "sns"},
        {"WRITER_REGION", "eu-central-1"},
        {"READER_REGION", "us-east-1"},
        {"ANTIPODE", "1"},
        {"DELAY_MS", "0"},
        {"XCY_QUEUE", "evaluations"},
        {"AWS_ACCESS_KEY_ID", "XCYSANDBOX1234"},
        {"AWS_SECRET_ACCESS_KEY", "a-secret"},
        {"AWS_ENDPOINT_URL", endpoint},
    };
    for (size_t v = 0; v < sizeof variables / sizeof variables[0]; v++) {
        set(variables[v][0], variables[v][1]);
    }
    set("AWS_REGION", NULL);
    set("XCY_SLOTS", NULL);
    set("XCY_TEST_CLOCK", NULL);
}

static void writer_takes_its_region_and_asks_for_no_queue(void **state)
{
    (void)state;
    set_environment("http://127.0.0.1:1");
    struct xcy_setup setup;
    struct xcy_error err;
    assert_ok(xcy_setup_open(XCY_SIDE_WRITER, getenv, &setup, &err), &err);
    assert_string_equal(setup.region, "eu-central-1");
    assert_ptr_equal(setup.region, setup.environment.combination.writer_region);
    assert_int_equal(setup.environment.combination.consistency, XCY_CONSISTENCY_ANTIPODE);
    assert_int_equal(strlen(setup.instance), 36);
    assert_null(setup.queue_url);
    assert_int_equal(setup.n_slots, 1);
    xcy_setup_close(&setup);
}

static void each_process_has_an_instance_of_its_own(void **state)
{
    (void)state;
    set_environment("http://127.0.0.1:1");
    struct xcy_setup a;
    struct xcy_setup b;
    struct xcy_error err;
    assert_ok(xcy_setup_open(XCY_SIDE_WRITER, getenv, &a, &err), &err);
    assert_ok(xcy_setup_open(XCY_SIDE_WRITER, getenv, &b, &err), &err);
    assert_string_not_equal(a.instance, b.instance);
    xcy_setup_close(&a);
    xcy_setup_close(&b);
}

static void a_test_clock_names_the_instance(void **state)
{
    (void)state;
    set_environment("http://127.0.0.1:1");
    struct xcy_setup setup;
    struct xcy_error err;
    assert_ok(xcy_setup_open(XCY_SIDE_WRITER, getenv, &setup, &err), &err);
    assert_int_equal(setup.clock.offset_us, 0);
    xcy_setup_close(&setup);
    set("XCY_TEST_CLOCK", "11111111-2222-4333-8444-555555555555:5:-6:7.5:8:9");
    assert_ok(xcy_setup_open(XCY_SIDE_WRITER, getenv, &setup, &err), &err);
    assert_string_equal(setup.instance, "11111111-2222-4333-8444-555555555555");
    assert_int_equal(setup.clock.offset_us, -6);
    xcy_setup_close(&setup);
    set("XCY_TEST_CLOCK", NULL);
}

static void wrong_environments_are_refused_by_name(void **state)
{
    (void)state;
    const struct {
        const char *name;
        const char *value; /* NULL: not set */
        const char *told;
    } cases[] = {
        {"POST_STORAGE", NULL, "POST_STORAGE"},
        {"POST_STORAGE", "floppy", "floppy"},
        {"NOTIFICATION_STORAGE", "pigeon", "pigeon"},
        {"XCY_SLOTS", "0", "XCY_SLOTS must be 1..1024, got '0'"},
        {"XCY_SLOTS", "many", "'many'"},
        {"XCY_SLOTS", "1025", "'1025'"},
        {"XCY_TEST_CLOCK", "wrong", "XCY_TEST_CLOCK must be <instance>"},
        {"AWS_REGION", "us-east-1", "WRITER_REGION is eu-central-1 but the function runs in"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        set_environment("http://127.0.0.1:1");
        set(cases[i].name, cases[i].value);
        struct xcy_setup setup;
        struct xcy_error err;
        assert_status(xcy_setup_open(XCY_SIDE_WRITER, getenv, &setup, &err), XCY_EUSAGE, &err);
        assert_non_null(strstr(err.text, cases[i].told));
    }
}

static void slots_are_as_many_as_told(void **state)
{
    (void)state;
    set_environment("http://127.0.0.1:1");
    set("XCY_SLOTS", "16");
    struct xcy_setup setup;
    struct xcy_error err;
    assert_ok(xcy_setup_open(XCY_SIDE_WRITER, getenv, &setup, &err), &err);
    assert_int_equal(setup.n_slots, 16);
    xcy_setup_close(&setup);
}

static void answer_queue_url(void *ctx, struct xcy_exchange *x)
{
    const char *authorization = xcy_exchange_header(x, "Authorization");
    bool *is_there = ctx;
    bool is_right = *is_there && authorization && strstr(authorization, "/us-east-1/sqs/");
    const char *body = is_right ? "{\"QueueUrl\": \"http://q/000000000000/evaluations\"}"
                                : "{\"__type\": \"com.amazonaws.sqs#QueueDoesNotExist\"}";
    xcy_exchange_reply(x, is_right ? 200 : 400, NULL, 0, xcy_bytes_of(body));
}

static enum xcy_status open_reader(bool has_queue, struct xcy_setup *setup, struct xcy_error *err)
{
    struct xcy_server *server = NULL;
    struct xcy_server_options options = {.handle = answer_queue_url, .ctx = &has_queue};
    struct xcy_error failure;
    assert_ok(xcy_server_start(&options, &server, &failure), &failure);
    char endpoint[64];
    snprintf(endpoint, sizeof endpoint, "http://127.0.0.1:%u", xcy_server_port(server));
    set_environment(endpoint);
    enum xcy_status status = xcy_setup_open(XCY_SIDE_READER, getenv, setup, err);
    xcy_server_stop(server);
    return status;
}

static void reader_looks_the_queue_up_in_its_region(void **state)
{
    (void)state;
    struct xcy_setup setup;
    struct xcy_error err;
    assert_ok(open_reader(true, &setup, &err), &err);
    assert_string_equal(setup.region, "us-east-1");
    assert_string_equal(setup.queue_url, "http://q/000000000000/evaluations");
    xcy_setup_close(&setup);
}

static void missing_queue_is_named(void **state)
{
    (void)state;
    struct xcy_setup setup;
    struct xcy_error err;
    assert_status(open_reader(false, &setup, &err), XCY_ENOTFOUND, &err);
    assert_memory_equal(err.text, "evaluation queue evaluations: ", 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writer_takes_its_region_and_asks_for_no_queue),
        cmocka_unit_test(each_process_has_an_instance_of_its_own),
        cmocka_unit_test(a_test_clock_names_the_instance),
        cmocka_unit_test(wrong_environments_are_refused_by_name),
        cmocka_unit_test(slots_are_as_many_as_told),
        cmocka_unit_test(reader_looks_the_queue_up_in_its_region),
        cmocka_unit_test(missing_queue_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
