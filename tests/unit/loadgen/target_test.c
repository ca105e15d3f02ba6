#include "common/base/mem.h"
#include "common/deployment/environment.h"
#include "common/net/server.h"
#include "common/time/clock.h"
#include "loadgen/plan/target.h"
#include "tests/support/keys.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

/* A Lambda that tells what its two functions run, and how an Invoke ends. */
struct lambda {
    struct xcy_server *server;
    struct xcy_json *writer; /* environments */
    struct xcy_json *reader;
    const char *state;
    int invoke_status;
    int n_dry_runs;
};

static const struct xcy_plan plan = {.connect_timeout_ns = 5 * XCY_NS_PER_S};

static void tell(const struct lambda *l, struct xcy_exchange *x, const struct xcy_json *environment)
{
    struct xcy_json *answer = xcy_json_new_object();
    struct xcy_json *c = xcy_json_put_object(answer, "Configuration");
    xcy_json_put_string(c, "FunctionArn", "arn:aws:lambda:x:1:function:f");
    xcy_json_put_string(c, "State", l->state);
    xcy_json_put_string(c, "LastUpdateStatus", "Successful");
    xcy_json_put(xcy_json_put_object(c, "Environment"), "Variables", xcy_json_copy(environment));
    char *text = xcy_json_text(answer);
    xcy_exchange_reply(x, 200, NULL, 0, xcy_bytes_of(text));
    free(text);
    xcy_json_free(answer);
}

static void on_request(void *ctx, struct xcy_exchange *x)
{
    struct lambda *l = ctx;
    const char *path = xcy_exchange_path(x);
    const char *type = xcy_exchange_header(x, "X-Amz-Invocation-Type");
    if (type) {
        l->n_dry_runs += strcmp(type, "DryRun") == 0;
        xcy_exchange_reply(x, l->invoke_status, NULL, 0, xcy_bytes_of(""));
    } else {
        tell(l, x, strstr(path, "/writer") ? l->writer : l->reader);
    }
}

static int start(void **state)
{
    struct lambda *l = xcy_alloc(sizeof *l);
    struct xcy_server_options options = {.handle = on_request, .ctx = l};
    struct xcy_error err;
    l->state = "Active";
    l->invoke_status = 204;
    *state = l;
    return xcy_server_start(&options, &l->server, &err) == XCY_OK ? 0 : -1;
}

static int stop(void **state)
{
    struct lambda *l = *state;
    xcy_server_stop(l->server);
    xcy_json_free(l->writer);
    xcy_json_free(l->reader);
    free(l);
    return 0;
}

static struct xcy_target target_at(const struct lambda *l)
{
    struct xcy_target target;
    struct xcy_error err;
    assert_ok(xcy_target_load("../../../samples/local.yml", &target, &err), &err);
    free(target.deployment->endpoint);
    target.deployment->endpoint =
        xcy_format("http://127.0.0.1:%u", (unsigned)xcy_server_port(l->server));
    target.keys = keys_of("XCYSANDBOXKEY", "not a secret");
    return target;
}

static void deploy(struct lambda *l, const struct xcy_target *t, enum xcy_consistency writer,
                   enum xcy_consistency reader)
{
    struct xcy_combination c = t->deployment->combination;
    struct xcy_error err;
    c.consistency = writer;
    assert_ok(xcy_environment_to_json(t->deployment, &c, &l->writer, &err), &err);
    c.consistency = reader;
    assert_ok(xcy_environment_to_json(t->deployment, &c, &l->reader, &err), &err);
}

static void the_combination_is_what_the_functions_say_not_the_file(void **state)
{
    struct lambda *l = *state;
    struct xcy_target t = target_at(l);
    struct xcy_error err;
    deploy(l, &t, XCY_CONSISTENCY_ANTIPODE, XCY_CONSISTENCY_ANTIPODE);
    assert_int_equal(t.combination.consistency, XCY_CONSISTENCY_NONE);
    assert_ok(xcy_target_check(&t, &plan, &err), &err);
    assert_int_equal(t.combination.consistency, XCY_CONSISTENCY_ANTIPODE);
    assert_int_equal(l->n_dry_runs, 1);
    xcy_target_clear(&t);
}

static void functions_that_disagree_are_refused(void **state)
{
    struct lambda *l = *state;
    struct xcy_target t = target_at(l);
    struct xcy_error err;
    deploy(l, &t, XCY_CONSISTENCY_ANTIPODE, XCY_CONSISTENCY_NONE);
    assert_status(xcy_target_check(&t, &plan, &err), XCY_EUSAGE, &err);
    assert_non_null(strstr(err.text, "disagree"));
    assert_non_null(strstr(err.text, "run deploy"));
    xcy_target_clear(&t);
}

static void functions_deployed_for_other_regions_are_refused(void **state)
{
    struct lambda *l = *state;
    struct xcy_target t = target_at(l);
    struct xcy_error err;
    deploy(l, &t, XCY_CONSISTENCY_NONE, XCY_CONSISTENCY_NONE);
    memcpy(t.deployment->reader.region, "ap-southeast-1", sizeof "ap-southeast-1");
    assert_status(xcy_target_check(&t, &plan, &err), XCY_EUSAGE, &err);
    assert_non_null(strstr(err.text, "ap-southeast-1"));
    xcy_target_clear(&t);
}

static void a_function_that_is_not_ready_is_refused(void **state)
{
    struct lambda *l = *state;
    struct xcy_target t = target_at(l);
    struct xcy_error err;
    deploy(l, &t, XCY_CONSISTENCY_NONE, XCY_CONSISTENCY_NONE);
    l->state = "Pending";
    assert_status(xcy_target_check(&t, &plan, &err), XCY_EFAIL, &err);
    assert_non_null(strstr(err.text, "Pending"));
    xcy_target_clear(&t);
}

static void a_function_without_a_combination_is_refused(void **state)
{
    struct lambda *l = *state;
    struct xcy_target t = target_at(l);
    struct xcy_error err;
    l->writer = xcy_json_new_object();
    l->reader = xcy_json_new_object();
    assert_status(xcy_target_check(&t, &plan, &err), XCY_EUSAGE, &err);
    assert_non_null(strstr(err.text, "run deploy"));
    xcy_target_clear(&t);
}

static void who_may_not_invoke_is_told_before_the_first_request(void **state)
{
    struct lambda *l = *state;
    struct xcy_target t = target_at(l);
    struct xcy_error err;
    deploy(l, &t, XCY_CONSISTENCY_NONE, XCY_CONSISTENCY_NONE);
    l->invoke_status = 403;
    assert_int_not_equal(xcy_target_check(&t, &plan, &err), XCY_OK);
    assert_non_null(strstr(err.text, "writer"));
    xcy_target_clear(&t);
}

static void an_endpoint_where_nobody_listens_fails_with_its_address(void **state)
{
    struct lambda *l = *state;
    struct xcy_target t = target_at(l);
    struct xcy_error err;
    free(t.deployment->endpoint);
    t.deployment->endpoint = xcy_strdup("http://127.0.0.1:1");
    assert_status(xcy_target_check(&t, &plan, &err), XCY_ENET, &err);
    assert_non_null(strstr(err.text, "127.0.0.1"));
    assert_int_equal(xcy_exit_code(err.status), 1);
    xcy_target_clear(&t);
}

#define WITH_LAMBDA(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LAMBDA(the_combination_is_what_the_functions_say_not_the_file),
        WITH_LAMBDA(functions_that_disagree_are_refused),
        WITH_LAMBDA(functions_deployed_for_other_regions_are_refused),
        WITH_LAMBDA(a_function_that_is_not_ready_is_refused),
        WITH_LAMBDA(a_function_without_a_combination_is_refused),
        WITH_LAMBDA(who_may_not_invoke_is_told_before_the_first_request),
        WITH_LAMBDA(an_endpoint_where_nobody_listens_fails_with_its_address),
    };
    return cmocka_run_group_tests_name("target", tests, NULL, NULL);
}
