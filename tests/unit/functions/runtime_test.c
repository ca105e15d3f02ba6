#include "common/base/mem.h"
#include "common/data/json.h"
#include "common/net/server.h"
#include "functions/runtime.h"
#include "tests/support/unit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_POSTS = 8 };

/* A Runtime API that hands out so many invocations and then, asked for the next, hangs up. */
struct host {
    struct xcy_server *server;
    char api[64];
    pthread_mutex_t lock;
    int n_left;
    int n_given;
    const char *deadline_ms;
    int next_status;   /* of `next`, 0: 200 */
    int answer_status; /* of posts, 0: 202 */
    int n_posts;
    char *paths[MAX_POSTS];
    char *bodies[MAX_POSTS];
    char *types[MAX_POSTS]; /* Lambda-Runtime-Function-Error-Type */
};

static void give_invocation(struct host *host, struct xcy_exchange *x)
{
    char id[32];
    snprintf(id, sizeof id, "request-%d", host->n_given++);
    const struct xcy_reply_header headers[] = {
        {"Lambda-Runtime-Aws-Request-Id", id},
        {"Lambda-Runtime-Deadline-Ms", host->deadline_ms},
        {"Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:1:function:writer"},
    };
    xcy_exchange_reply(x, host->next_status ? host->next_status : 200, headers, 3,
                       xcy_bytes_of("{\"n\": 1}"));
}

static void keep_post(struct host *host, struct xcy_exchange *x)
{
    struct xcy_bytes body = xcy_exchange_body(x);
    const char *type = xcy_exchange_header(x, "Lambda-Runtime-Function-Error-Type");
    xcy_assert(host->n_posts < MAX_POSTS);
    host->paths[host->n_posts] = xcy_strdup(xcy_exchange_path(x));
    host->bodies[host->n_posts] = xcy_strndup(body.ptr, body.len);
    host->types[host->n_posts++] = xcy_strdup(type ? type : "");
    xcy_exchange_reply(x, host->answer_status ? host->answer_status : 202, NULL, 0,
                       xcy_bytes_of(""));
}

static void handle_exchange(void *ctx, struct xcy_exchange *x)
{
    struct host *host = ctx;
    pthread_mutex_lock(&host->lock);
    bool is_next = strcmp(xcy_exchange_path(x), "/2018-06-01/runtime/invocation/next") == 0;
    if (!is_next) {
        keep_post(host, x);
    } else if (host->n_left-- > 0) {
        give_invocation(host, x);
    } else {
        xcy_exchange_drop(x);
    }
    pthread_mutex_unlock(&host->lock);
}

static void start_host(struct host *host, int n_invocations)
{
    *host = (struct host){.n_left = n_invocations, .deadline_ms = "4102444800000"};
    pthread_mutex_init(&host->lock, NULL);
    struct xcy_error err;
    struct xcy_server_options options = {.handle = handle_exchange, .ctx = host};
    assert_ok(xcy_server_start(&options, &host->server, &err), &err);
    snprintf(host->api, sizeof host->api, "127.0.0.1:%u", xcy_server_port(host->server));
}

static void stop_host(struct host *host)
{
    xcy_server_stop(host->server);
    for (int p = 0; p < host->n_posts; p++) {
        free(host->paths[p]);
        free(host->bodies[p]);
        free(host->types[p]);
    }
    pthread_mutex_destroy(&host->lock);
}

static const struct xcy_test_clock own_clock; /* the machine's */

/* What the handler of a test does, and what it saw. */
struct handled {
    enum xcy_status status;
    size_t n_reply_bytes;
    int n;
    char request_id[128];
    char arn[256];
    char payload[64];
    int64_t deadline_us;
    int64_t arrived_us;
    bool is_anchor_fresh;
};

static enum xcy_status handle(void *state, const struct xcy_invocation *invocation,
                              struct xcy_buf *reply, struct xcy_error *err)
{
    struct handled *h = state;
    h->n++;
    snprintf(h->request_id, sizeof h->request_id, "%s", invocation->request_id);
    snprintf(h->arn, sizeof h->arn, "%s", invocation->function_arn);
    snprintf(h->payload, sizeof h->payload, "%.*s", (int)invocation->payload.len,
             invocation->payload.ptr);
    h->arrived_us = xcy_invocation_us(invocation, invocation->anchor.mono);
    h->deadline_us = xcy_invocation_us(invocation, invocation->deadline);
    int64_t age_ns = xcy_mono_diff_ns(xcy_mono_now(), invocation->anchor.mono);
    h->is_anchor_fresh = age_ns >= 0 && age_ns < 10 * XCY_NS_PER_S;
    if (h->status != XCY_OK) {
        return xcy_fail(err, h->status, "it \"went\" wrong");
    }
    for (size_t b = 0; b < h->n_reply_bytes; b++) {
        xcy_buf_add_char(reply, 'x');
    }
    xcy_buf_add_text(reply, "{\"ok\": true}");
    return XCY_OK;
}

static void invocation_is_handled_and_its_answer_posted(void **state)
{
    (void)state;
    struct host host;
    struct handled h = {.status = XCY_OK};
    struct xcy_error err;
    start_host(&host, 1);
    assert_status(xcy_runtime_serve(host.api, &own_clock, handle, &h, &err), XCY_ENET, &err);
    assert_int_equal(h.n, 1);
    assert_string_equal(h.request_id, "request-0");
    assert_string_equal(h.arn, "arn:aws:lambda:eu-central-1:1:function:writer");
    assert_string_equal(h.payload, "{\"n\": 1}");
    assert_int_equal(h.deadline_us, INT64_C(4102444800000000));
    assert_true(h.is_anchor_fresh);
    assert_int_equal(host.n_posts, 1);
    assert_string_equal(host.paths[0], "/2018-06-01/runtime/invocation/request-0/response");
    assert_string_equal(host.bodies[0], "{\"ok\": true}");
    stop_host(&host);
}

static void a_test_clock_is_what_the_invocation_sees(void **state)
{
    (void)state;
    const struct xcy_test_clock hour_ahead = {.offset_us = INT64_C(3600000000)};
    struct host host;
    struct handled h = {.status = XCY_OK};
    struct xcy_error err;
    start_host(&host, 1);
    int64_t before_us = xcy_wall_us(xcy_wall_now());
    assert_status(xcy_runtime_serve(host.api, &hour_ahead, handle, &h, &err), XCY_ENET, &err);
    int64_t after_us = xcy_wall_us(xcy_wall_now());
    assert_in_range(h.arrived_us, before_us + hour_ahead.offset_us,
                    after_us + hour_ahead.offset_us);
    assert_int_equal(h.deadline_us, INT64_C(4102444800000000)); /* the host's, read by that clock */
    stop_host(&host);
}

static void loop_goes_on_until_the_runtime_api_is_gone(void **state)
{
    (void)state;
    struct host host;
    struct handled h = {.status = XCY_OK};
    struct xcy_error err;
    start_host(&host, 3);
    assert_status(xcy_runtime_serve(host.api, &own_clock, handle, &h, &err), XCY_ENET, &err);
    assert_int_equal(h.n, 3);
    assert_int_equal(host.n_posts, 3);
    assert_non_null(strstr(err.text, host.api));
    stop_host(&host);
}

static void failed_handler_is_a_function_error_and_the_loop_goes_on(void **state)
{
    (void)state;
    struct host host;
    struct handled h = {.status = XCY_EREMOTE};
    struct xcy_error err;
    start_host(&host, 2);
    assert_status(xcy_runtime_serve(host.api, &own_clock, handle, &h, &err), XCY_ENET, &err);
    assert_int_equal(h.n, 2);
    assert_string_equal(host.paths[0], "/2018-06-01/runtime/invocation/request-0/error");
    assert_string_equal(host.types[0], "RemoteError");
    struct xcy_json *body = NULL;
    assert_ok(xcy_json_parse(xcy_bytes_of(host.bodies[0]), &body, &err), &err);
    assert_string_equal(xcy_json_get_string(body, "errorMessage", ""), "it \"went\" wrong");
    assert_string_equal(xcy_json_get_string(body, "errorType", ""), "RemoteError");
    xcy_json_free(body);
    stop_host(&host);
}

static void answer_larger_than_lambda_takes_is_a_function_error(void **state)
{
    (void)state;
    struct host host;
    struct handled h = {.status = XCY_OK, .n_reply_bytes = 6291456};
    struct xcy_error err;
    start_host(&host, 1);
    assert_status(xcy_runtime_serve(host.api, &own_clock, handle, &h, &err), XCY_ENET, &err);
    assert_string_equal(host.paths[0], "/2018-06-01/runtime/invocation/request-0/error");
    assert_string_equal(host.types[0], "TooLarge");
    stop_host(&host);
}

static void answer_that_the_host_no_longer_wants_does_not_end_the_loop(void **state)
{
    (void)state;
    struct host host;
    struct handled h = {.status = XCY_OK};
    struct xcy_error err;
    start_host(&host, 2);
    host.answer_status = 400;
    assert_status(xcy_runtime_serve(host.api, &own_clock, handle, &h, &err), XCY_ENET, &err);
    assert_int_equal(h.n, 2);
    stop_host(&host);
}

static void answer_refused_by_a_broken_host_ends_the_loop(void **state)
{
    (void)state;
    struct host host;
    struct handled h = {.status = XCY_OK};
    struct xcy_error err;
    start_host(&host, 2);
    host.answer_status = 500;
    assert_status(xcy_runtime_serve(host.api, &own_clock, handle, &h, &err), XCY_EREMOTE, &err);
    assert_int_equal(h.n, 1);
    stop_host(&host);
}

static void refused_next_ends_the_loop(void **state)
{
    (void)state;
    struct host host;
    struct handled h = {.status = XCY_OK};
    struct xcy_error err;
    start_host(&host, 1);
    host.next_status = 403;
    assert_status(xcy_runtime_serve(host.api, &own_clock, handle, &h, &err), XCY_EREMOTE, &err);
    assert_non_null(strstr(err.text, "HTTP status 403"));
    assert_int_equal(h.n, 0);
    stop_host(&host);
}

static void deadline_that_is_no_instant_ends_the_loop(void **state)
{
    (void)state;
    const char *const bad[] = {"soon", "0", "-5", "99999999999999999"};
    for (size_t b = 0; b < sizeof bad / sizeof bad[0]; b++) {
        struct host host;
        struct handled h = {.status = XCY_OK};
        struct xcy_error err;
        start_host(&host, 1);
        host.deadline_ms = bad[b];
        assert_status(xcy_runtime_serve(host.api, &own_clock, handle, &h, &err), XCY_EREMOTE, &err);
        assert_non_null(strstr(err.text, bad[b]));
        assert_int_equal(h.n, 0);
        stop_host(&host);
    }
}

static void host_that_is_not_there_is_named(void **state)
{
    (void)state;
    struct handled h = {.status = XCY_OK};
    struct xcy_error err;
    assert_status(xcy_runtime_serve("127.0.0.1:1", &own_clock, handle, &h, &err), XCY_ENET, &err);
    assert_non_null(strstr(err.text, "127.0.0.1:1"));
}

static void failed_start_is_told_to_the_host(void **state)
{
    (void)state;
    struct host host;
    struct xcy_error why;
    struct xcy_error err;
    start_host(&host, 0);
    (void)xcy_fail(&why, XCY_EUSAGE, "POST_STORAGE must be one of ...");
    assert_ok(xcy_runtime_init_failed(host.api, &why, &err), &err);
    assert_int_equal(host.n_posts, 1);
    assert_string_equal(host.paths[0], "/2018-06-01/runtime/init/error");
    assert_string_equal(host.types[0], "Configuration");
    assert_non_null(strstr(host.bodies[0], "POST_STORAGE must be one of ..."));
    stop_host(&host);
}

static void every_status_has_an_error_type(void **state)
{
    (void)state;
    for (int s = XCY_EFAIL; s >= XCY_ESTOPPED; s--) {
        assert_true(strlen(xcy_runtime_error_type((enum xcy_status)s)) > 0);
    }
    assert_string_equal(xcy_runtime_error_type(XCY_EFAIL), "Failed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(invocation_is_handled_and_its_answer_posted),
        cmocka_unit_test(a_test_clock_is_what_the_invocation_sees),
        cmocka_unit_test(loop_goes_on_until_the_runtime_api_is_gone),
        cmocka_unit_test(failed_handler_is_a_function_error_and_the_loop_goes_on),
        cmocka_unit_test(answer_larger_than_lambda_takes_is_a_function_error),
        cmocka_unit_test(answer_that_the_host_no_longer_wants_does_not_end_the_loop),
        cmocka_unit_test(answer_refused_by_a_broken_host_ends_the_loop),
        cmocka_unit_test(refused_next_ends_the_loop),
        cmocka_unit_test(deadline_that_is_no_instant_ends_the_loop),
        cmocka_unit_test(host_that_is_not_there_is_named),
        cmocka_unit_test(failed_start_is_told_to_the_host),
        cmocka_unit_test(every_status_has_an_error_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
