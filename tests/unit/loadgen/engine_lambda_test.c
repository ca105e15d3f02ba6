#include "common/base/mem.h"
#include "loadgen/engines/engine.h"
#include "tests/support/changing_keys.h"
#include "tests/support/keys.h"
#include "tests/support/raw_server.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The lambda engine, and what was heard from it. */
struct rig {
    struct xcy_plan plan;
    struct xcy_deployment deployment;
    struct xcy_target target;
    struct xcy_engine_setting setting;
    char endpoint[64];
    struct xcy_answer answer; /* the last */
    int n_sent;
    int n_done;
    struct xcy_error err;
};

static void on_sent(void *ctx, struct xcy_call *call, struct xcy_mono sent)
{
    struct rig *r = ctx;
    call->sent = sent;
    r->n_sent++;
}

static void on_done(void *ctx, struct xcy_call *call, const struct xcy_answer *answer)
{
    struct rig *r = ctx;
    assert_true(call->id.i == 7 || call->id.i == 8);
    r->answer = *answer;
    r->n_done++;
}

static void rig_init(struct rig *r, const struct xcy_raw_server *server, const char *function)
{
    memset(r, 0, sizeof *r);
    snprintf(r->endpoint, sizeof r->endpoint, "http://127.0.0.1:%u", xcy_raw_server_port(server));
    r->deployment.endpoint = r->endpoint;
    memcpy(r->deployment.writer.region, "eu-central-1", sizeof "eu-central-1");
    r->deployment.writer.function = xcy_strdup(function);
    r->target.deployment = &r->deployment;
    r->target.keys = keys_of("XCYSANDBOXKEY", "not a secret");
    r->plan.connect_timeout_ns = 60 * XCY_NS_PER_S;
    r->plan.total_timeout_ns = 60 * XCY_NS_PER_S;
    r->plan.is_async = true;
    r->setting = (struct xcy_engine_setting){
        .plan = &r->plan, .target = &r->target, .sent = on_sent, .done = on_done, .ctx = r};
}

static void rig_clear(struct rig *r)
{
    xcy_key_source_close(r->target.keys);
    free(r->deployment.writer.function);
}

static void ask(struct rig *r, void *engine, struct xcy_call *call)
{
    int n_before = r->n_done;
    assert_ok(xcy_engine_lambda.start(engine, call, &r->err), &r->err);
    while (r->n_done == n_before) {
        xcy_engine_lambda.run(engine, (struct xcy_mono){INT64_MAX}, -1, true);
    }
}

/* The body of the n-th request; free with free(). */
static char *body_of(struct xcy_raw_server *server, size_t n)
{
    char *text = xcy_raw_server_request(server, n);
    char *body = xcy_strdup(strstr(text, "\r\n\r\n") + 4);
    free(text);
    return body;
}

static void a_repeated_attempt_carries_the_payload_of_the_first(void **state)
{
    (void)state;
    static const struct xcy_raw_step steps[] = {
        {XCY_RAW_ANSWER, "HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n"},
        {XCY_RAW_ANSWER, "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"}};
    struct xcy_raw_server *server = xcy_raw_server_start(steps, 2);
    struct xcy_call call = {
        .id = {.i = 7, .key = "7ABCDEFGHI", .client_sent_at_s = 1.5, .run = "r"}, .attempt = 1};
    struct xcy_call other = {
        .id = {.i = 8, .key = "8ABCDEFGHI", .client_sent_at_s = 2.5, .run = "r"}, .attempt = 1};
    struct rig r;
    rig_init(&r, server, "writer");
    void *engine = xcy_engine_lambda.open(&r.setting);
    ask(&r, engine, &call);
    assert_int_equal(r.answer.outcome, XCY_OUTCOME_SERVER_ERROR);
    ask(&r, engine, &other);
    call.attempt = 2;
    ask(&r, engine, &call);
    assert_int_equal(r.answer.outcome, XCY_OUTCOME_OK);
    assert_int_equal(r.n_sent, 3);
    char *bodies[] = {body_of(server, 0), body_of(server, 1), body_of(server, 2)};
    char *expected = xcy_payload_format(&call.id);
    assert_string_equal(bodies[0], expected);
    assert_string_equal(bodies[2], expected);
    assert_non_null(strstr(bodies[1], "8ABCDEFGHI"));
    for (size_t b = 0; b < 3; b++) {
        free(bodies[b]);
    }
    free(expected);
    xcy_engine_lambda.close(engine);
    rig_clear(&r);
    xcy_raw_server_stop(server);
}

static void each_invocation_goes_to_the_function_as_the_plan_says(void **state)
{
    (void)state;
    static const struct xcy_raw_step step = {XCY_RAW_ANSWER,
                                             "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"};
    static const char path[] =
        "POST /2015-03-31/functions/writer/invocations?Qualifier=%24LATEST HTTP/1.1\r\n";
    struct xcy_raw_server *server = xcy_raw_server_start(&step, 1);
    struct xcy_call call = {.id = {.i = 7, .key = "7ABCDEFGHI", .run = "r"}, .attempt = 1};
    struct rig r;
    rig_init(&r, server, "writer:$LATEST");
    for (size_t i = 0; i < 2; i++) {
        r.plan.is_async = i == 0;
        void *engine = xcy_engine_lambda.open(&r.setting);
        ask(&r, engine, &call);
        ask(&r, engine, &call);
        xcy_engine_lambda.close(engine);
        assert_int_equal(r.answer.outcome, i == 0 ? XCY_OUTCOME_OK : XCY_OUTCOME_BAD_REPLY);
        char *text = xcy_raw_server_request(server, 2 * i + 1);
        assert_ptr_equal(strstr(text, path), text);
        assert_non_null(strstr(text, i == 0 ? "\r\nX-Amz-Invocation-Type: Event\r\n"
                                            : "\r\nX-Amz-Invocation-Type: RequestResponse\r\n"));
        assert_non_null(strstr(text, "\r\nContent-Type: application/json\r\n"));
        assert_non_null(strstr(text, "\r\nAuthorization: AWS4-HMAC-SHA256 "));
        free(text);
    }
    rig_clear(&r);
    xcy_raw_server_stop(server);
}

static void a_request_that_cannot_be_built_fails_at_start_not_later(void **state)
{
    (void)state;
    static const struct xcy_raw_step step = {XCY_RAW_ANSWER, XCY_RAW_OK};
    struct xcy_raw_server *server = xcy_raw_server_start(&step, 1);
    struct xcy_call call = {.id = {.i = 7, .key = "7ABCDEFGHI"}, .attempt = 1};
    struct rig r;
    rig_init(&r, server, "");
    void *engine = xcy_engine_lambda.open(&r.setting);
    assert_status(xcy_engine_lambda.start(engine, &call, &r.err), XCY_EUSAGE, &r.err);
    assert_non_null(strstr(r.err.text, "is not a function's name"));
    xcy_engine_lambda.run(engine, (struct xcy_mono){INT64_MAX}, -1, true);
    xcy_engine_lambda.run(engine, (struct xcy_mono){0}, -1, false);
    xcy_engine_lambda.cancel(engine);
    assert_int_equal(r.n_sent + r.n_done, 0);
    xcy_engine_lambda.close(engine);
    rig_clear(&r);
    xcy_raw_server_stop(server);
}

static void requests_are_signed_with_the_keys_in_force(void **state)
{
    (void)state;
    static const struct xcy_raw_step step = {XCY_RAW_ANSWER,
                                             "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"};
    struct xcy_raw_server *server = xcy_raw_server_start(&step, 1);
    struct xcy_call call = {.id = {.i = 7, .key = "7ABCDEFGHI", .run = "r"}, .attempt = 1};
    struct changing_keys changing;
    struct rig r;
    rig_init(&r, server, "writer");
    xcy_key_source_close(r.target.keys);
    changing_keys_open(&changing, "0.4");
    assert_ok(xcy_key_source_open(r.endpoint, &r.target.keys, &r.err), &r.err);
    void *engine = xcy_engine_lambda.open(&r.setting);
    ask(&r, engine, &call);
    changing_keys_write(&changing, "life", "3600"); /* of the next ones */
    int lasting = changing_keys_await_lasting(r.target.keys);
    ask(&r, engine, &call);
    ask(&r, engine, &call);
    assert_int_equal(r.answer.outcome, XCY_OUTCOME_OK);
    assert_true(changing_keys_signer(server, 0) >= 1 && changing_keys_signer(server, 0) < lasting);
    assert_int_equal(changing_keys_signer(server, 1), lasting);
    assert_int_equal(changing_keys_signer(server, 2), lasting);
    xcy_engine_lambda.close(engine);
    rig_clear(&r);
    xcy_raw_server_stop(server);
    changing_keys_close(&changing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_repeated_attempt_carries_the_payload_of_the_first),
        cmocka_unit_test(each_invocation_goes_to_the_function_as_the_plan_says),
        cmocka_unit_test(a_request_that_cannot_be_built_fails_at_start_not_later),
        cmocka_unit_test(requests_are_signed_with_the_keys_in_force),
    };
    return cmocka_run_group_tests_name("engine_lambda", tests, NULL, NULL);
}
