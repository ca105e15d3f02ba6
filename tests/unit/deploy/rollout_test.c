#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/deployment/environment.h"
#include "common/net/server.h"
#include "common/time/clock.h"
#include "deploy/rollout.h"
#include "tests/support/folder.h"
#include "tests/support/keys.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char deployment_text[] = "endpoint: http://127.0.0.1:%u\n"
                                      "queue: evaluations\n"
                                      "writer: {region: eu, function: a-writer}\n"
                                      "reader: {region: us, function: a-reader}\n"
                                      "post_storage: dynamo\n"
                                      "notification_storage: sns\n"
                                      "consistency: none\n"
                                      "backends: {dynamo: {}, cache: {}, sns: {}}\n";

/* A function as a scripted Lambda keeps it. */
struct scripted_function {
    const char *name;
    const char *region;
    struct xcy_json *variables;
    int n_conflicts;     /* updates refused first */
    int n_in_progress;   /* looks after the update that find it under way */
    bool update_fails;   /* ends as LastUpdateStatus Failed */
    bool update_is_lost; /* accepted, but nothing changes */
    bool is_missing;
    int n_updates;
    int n_looks;
    int n_wrong_region;
};

struct lambda {
    struct xcy_server *server;
    struct xcy_deployment *deployment;
    struct xcy_key_source *keys;
    pthread_mutex_t lock;
    struct scripted_function functions[2]; /* writer, reader */
};

static void reply_error(struct xcy_exchange *x, int status, const char *code)
{
    char body[160];
    snprintf(body, sizeof body, "{\"Type\": \"User\", \"message\": \"scripted\"}");
    const struct xcy_reply_header headers[] = {{"x-amzn-errortype", code}};
    xcy_exchange_reply(x, status, headers, 1, xcy_bytes_of(body));
}

static void reply_function(struct xcy_exchange *x, struct scripted_function *f)
{
    bool is_running = f->n_updates > 0 && f->n_in_progress > 0;
    f->n_in_progress -= is_running ? 1 : 0;
    const char *update = is_running ? "InProgress" : "Successful";
    if (f->n_updates > 0 && f->update_fails) {
        update = "Failed";
    }
    struct xcy_json *object = xcy_json_new_object();
    struct xcy_json *c = xcy_json_put_object(object, "Configuration");
    char *arn = xcy_format("arn:aws:lambda:%s:000000000000:function:%s", f->region, f->name);
    xcy_json_put_string(c, "FunctionArn", arn);
    xcy_json_put_string(c, "State", "Active");
    xcy_json_put_string(c, "LastUpdateStatus", update);
    xcy_json_put(xcy_json_put_object(c, "Environment"), "Variables", xcy_json_copy(f->variables));
    char *text = xcy_json_text(object);
    xcy_exchange_reply(x, 200, NULL, 0, xcy_bytes_of(text));
    free(text);
    free(arn);
    xcy_json_free(object);
}

static void take_update(struct xcy_exchange *x, struct scripted_function *f)
{
    if (f->n_conflicts > 0) {
        f->n_conflicts--;
        reply_error(x, 409, "ResourceConflictException");
        return;
    }
    struct xcy_json *body = NULL;
    struct xcy_error err;
    xcy_assert(xcy_json_parse(xcy_exchange_body(x), &body, &err) == XCY_OK);
    f->n_updates++;
    if (!f->update_is_lost) {
        xcy_json_free(f->variables);
        f->variables = xcy_json_copy(xcy_json_get(xcy_json_get(body, "Environment"), "Variables"));
    }
    xcy_json_free(body);
    xcy_exchange_reply(x, 200, NULL, 0, xcy_bytes_of("{}"));
}

static void handle(void *ctx, struct xcy_exchange *x)
{
    struct lambda *lambda = ctx;
    pthread_mutex_lock(&lambda->lock);
    bool is_writer = strstr(xcy_exchange_path(x), "a-writer") != NULL;
    struct scripted_function *f = &lambda->functions[is_writer ? 0 : 1];
    const char *authorization = xcy_exchange_header(x, "Authorization");
    f->n_wrong_region += authorization && strstr(authorization, f->region) ? 0 : 1;
    bool is_look = strcmp(xcy_exchange_method(x), "GET") == 0;
    f->n_looks += is_look ? 1 : 0;
    if (f->is_missing) {
        reply_error(x, 404, "ResourceNotFoundException");
    } else if (is_look) {
        reply_function(x, f);
    } else {
        take_update(x, f);
    }
    pthread_mutex_unlock(&lambda->lock);
}

static struct xcy_deployment *load_deployment(unsigned port)
{
    char *folder = folder_new();
    char *path = xcy_format("%s/deployment.yml", folder);
    char text[1024];
    int len = snprintf(text, sizeof text, deployment_text, port);
    struct xcy_error err;
    struct xcy_deployment *d = NULL;
    assert_ok(xcy_file_replace(path, xcy_bytes(text, (size_t)len), 0644, &err), &err);
    assert_ok(xcy_deployment_load(path, &d, &err), &err);
    folder_free(folder);
    free(path);
    return d;
}

static void start_lambda(struct lambda *lambda)
{
    unsetenv("AWS_ENDPOINT_URL"); // NOLINT(concurrency-mt-unsafe): before the server starts
    *lambda = (struct lambda){
        .functions = {{.name = "a-writer", .region = "eu-central-1"},
                      {.name = "a-reader", .region = "us-east-1"}},
        .keys = keys_of("XCYSANDBOXKEY", "a-secret"),
    };
    pthread_mutex_init(&lambda->lock, NULL);
    struct xcy_error err;
    struct xcy_server_options options = {.handle = handle, .ctx = lambda};
    assert_ok(xcy_server_start(&options, &lambda->server, &err), &err);
    lambda->deployment = load_deployment(xcy_server_port(lambda->server));
    for (int f = 0; f < 2; f++) {
        lambda->functions[f].variables = xcy_json_new_object();
        xcy_json_put_string(lambda->functions[f].variables, "XCY_SLOTS", "4");
    }
}

static void stop_lambda(struct lambda *lambda)
{
    xcy_server_stop(lambda->server);
    for (int f = 0; f < 2; f++) {
        assert_int_equal(lambda->functions[f].n_wrong_region, 0);
        xcy_json_free(lambda->functions[f].variables);
    }
    xcy_deployment_free(lambda->deployment);
    xcy_key_source_close(lambda->keys);
    pthread_mutex_destroy(&lambda->lock);
}

static struct xcy_combination wanted_of(const struct lambda *lambda)
{
    struct xcy_combination c = lambda->deployment->combination;
    c.post_storage = XCY_POST_CACHE;
    c.consistency = XCY_CONSISTENCY_ANTIPODE;
    c.delay_ms = 20;
    return c;
}

static enum xcy_status roll_out(const struct lambda *lambda, const struct xcy_combination *c,
                                struct xcy_rollout *rollout, struct xcy_error *err)
{
    const struct xcy_rollout_options options = {
        .deployment = lambda->deployment,
        .combination = c,
        .keys = lambda->keys,
        .timeout_ns = 30 * XCY_NS_PER_S,
        .poll_ns = XCY_NS_PER_MS,
    };
    return xcy_rollout_run(&options, rollout, err);
}

static void both_functions_get_the_combination(void **state)
{
    (void)state;
    struct lambda lambda;
    start_lambda(&lambda);
    struct xcy_combination wanted = wanted_of(&lambda);
    struct xcy_rollout rollout;
    struct xcy_error err;
    assert_ok(roll_out(&lambda, &wanted, &rollout, &err), &err);
    assert_true(xcy_combination_equal(&rollout.active, &wanted));
    assert_true(rollout.writer.changed && rollout.reader.changed);
    assert_string_equal(rollout.writer.arn,
                        "arn:aws:lambda:eu-central-1:000000000000:function:a-writer");
    for (int f = 0; f < 2; f++) {
        struct xcy_combination c;
        assert_ok(xcy_environment_combination(lambda.functions[f].variables, &c, &err), &err);
        assert_true(xcy_combination_equal(&c, &wanted));
        assert_int_equal(lambda.functions[f].n_updates, 1);
    }
    stop_lambda(&lambda);
}

static void variables_of_others_stay(void **state)
{
    (void)state;
    struct lambda lambda;
    start_lambda(&lambda);
    struct xcy_combination wanted = wanted_of(&lambda);
    struct xcy_rollout rollout;
    struct xcy_error err;
    assert_ok(roll_out(&lambda, &wanted, &rollout, &err), &err);
    assert_string_equal(xcy_json_get_string(lambda.functions[0].variables, "XCY_SLOTS", ""), "4");
    stop_lambda(&lambda);
}

static void functions_that_run_it_already_are_left_alone(void **state)
{
    (void)state;
    struct lambda lambda;
    start_lambda(&lambda);
    struct xcy_combination wanted = wanted_of(&lambda);
    struct xcy_rollout rollout;
    struct xcy_error err;
    assert_ok(roll_out(&lambda, &wanted, &rollout, &err), &err);
    assert_ok(roll_out(&lambda, &wanted, &rollout, &err), &err);
    assert_false(rollout.writer.changed || rollout.reader.changed);
    assert_int_equal(lambda.functions[0].n_updates, 1);
    assert_int_equal(lambda.functions[1].n_updates, 1);
    stop_lambda(&lambda);
}

static void update_under_way_is_waited_for(void **state)
{
    (void)state;
    struct lambda lambda;
    start_lambda(&lambda);
    lambda.functions[1].n_in_progress = 3;
    struct xcy_combination wanted = wanted_of(&lambda);
    struct xcy_rollout rollout;
    struct xcy_error err;
    assert_ok(roll_out(&lambda, &wanted, &rollout, &err), &err);
    assert_int_equal(lambda.functions[1].n_looks, 5);
    stop_lambda(&lambda);
}

static void conflicting_update_is_tried_again(void **state)
{
    (void)state;
    struct lambda lambda;
    start_lambda(&lambda);
    lambda.functions[0].n_conflicts = 2;
    struct xcy_combination wanted = wanted_of(&lambda);
    struct xcy_rollout rollout;
    struct xcy_error err;
    assert_ok(roll_out(&lambda, &wanted, &rollout, &err), &err);
    assert_int_equal(lambda.functions[0].n_updates, 1);
    stop_lambda(&lambda);
}

static enum xcy_status roll_out_in_no_time(const struct lambda *lambda, struct xcy_error *err)
{
    struct xcy_combination wanted = wanted_of(lambda);
    struct xcy_rollout rollout;
    const struct xcy_rollout_options options = {
        .deployment = lambda->deployment,
        .combination = &wanted,
        .keys = lambda->keys,
        .timeout_ns = 50 * XCY_NS_PER_MS,
        .poll_ns = XCY_NS_PER_MS,
    };
    return xcy_rollout_run(&options, &rollout, err);
}

static void update_that_never_ends_fails_at_the_timeout(void **state)
{
    (void)state;
    struct lambda lambda;
    start_lambda(&lambda);
    lambda.functions[0].n_in_progress = 1000000;
    struct xcy_error err;
    assert_status(roll_out_in_no_time(&lambda, &err), XCY_ETIMEOUT, &err);
    assert_non_null(strstr(err.text, "a-writer"));
    assert_non_null(strstr(err.text, "run deploy again"));
    stop_lambda(&lambda);
}

static void conflict_that_never_ends_fails_at_the_timeout(void **state)
{
    (void)state;
    struct lambda lambda;
    start_lambda(&lambda);
    lambda.functions[0].n_conflicts = 1000000;
    struct xcy_error err;
    assert_status(roll_out_in_no_time(&lambda, &err), XCY_ETIMEOUT, &err);
    assert_null(strstr(err.text, "run deploy again"));
    stop_lambda(&lambda);
}

static void update_that_lambda_calls_failed_is_a_failure(void **state)
{
    (void)state;
    struct lambda lambda;
    start_lambda(&lambda);
    lambda.functions[1].update_fails = true;
    struct xcy_combination wanted = wanted_of(&lambda);
    struct xcy_rollout rollout;
    struct xcy_error err;
    assert_status(roll_out(&lambda, &wanted, &rollout, &err), XCY_EREMOTE, &err);
    assert_non_null(strstr(err.text, "reader function a-reader"));
    stop_lambda(&lambda);
}

static void environment_that_is_not_as_asked_afterwards_is_a_failure(void **state)
{
    (void)state;
    struct lambda lambda;
    start_lambda(&lambda);
    lambda.functions[0].update_is_lost = true;
    struct xcy_combination wanted = wanted_of(&lambda);
    struct xcy_rollout rollout;
    struct xcy_error err;
    assert_status(roll_out(&lambda, &wanted, &rollout, &err), XCY_EFAIL, &err);
    assert_non_null(strstr(err.text, "POST_STORAGE is ''"));
    assert_non_null(strstr(err.text, "'cache'"));
    stop_lambda(&lambda);
}

static void missing_function_is_named_with_its_region(void **state)
{
    (void)state;
    struct lambda lambda;
    start_lambda(&lambda);
    lambda.functions[1].is_missing = true;
    struct xcy_combination wanted = wanted_of(&lambda);
    struct xcy_rollout rollout;
    struct xcy_error err;
    assert_status(roll_out(&lambda, &wanted, &rollout, &err), XCY_ENOTFOUND, &err);
    assert_non_null(strstr(err.text, "reader function a-reader in us-east-1"));
    assert_non_null(strstr(err.text, "writer and reader may now differ"));
    stop_lambda(&lambda);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_functions_get_the_combination),
        cmocka_unit_test(variables_of_others_stay),
        cmocka_unit_test(functions_that_run_it_already_are_left_alone),
        cmocka_unit_test(update_under_way_is_waited_for),
        cmocka_unit_test(conflicting_update_is_tried_again),
        cmocka_unit_test(update_that_never_ends_fails_at_the_timeout),
        cmocka_unit_test(conflict_that_never_ends_fails_at_the_timeout),
        cmocka_unit_test(update_that_lambda_calls_failed_is_a_failure),
        cmocka_unit_test(environment_that_is_not_as_asked_afterwards_is_a_failure),
        cmocka_unit_test(missing_function_is_named_with_its_region),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
