#include "tests/support/unit.h"

#include "common/base/stop.h"
#include "common/net/http.h"
#include "tests/support/raw_server.h"

#include <pthread.h>
#include <stdio.h>

/* A stop is asked once in a process: so this is one test, in a program of its own. */

static void *ask_when_sent(void *server)
{
    xcy_raw_server_await(server, 1);
    xcy_stop_ask();
    return NULL;
}

static void a_stop_cancels_only_calls_that_are_stoppable(void **state)
{
    (void)state;
    static const struct xcy_raw_step steps[] = {{XCY_RAW_SILENCE, NULL},
                                                {XCY_RAW_ANSWER, XCY_RAW_OK}};
    struct xcy_raw_server *server = xcy_raw_server_start(steps, 2);
    struct xcy_http *http = xcy_http_open(NULL);
    struct xcy_http_reply reply = {0};
    struct xcy_error err;
    pthread_t asker;
    char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%u/", xcy_raw_server_port(server));
    struct xcy_http_request request = {.method = "GET", .url = url};
    xcy_stop_watch();
    assert_int_equal(pthread_create(&asker, NULL, ask_when_sent, server), 0);
    assert_ok(xcy_http_call(http, &request, true, &reply, &err), &err);
    pthread_join(asker, NULL);
    assert_int_equal(reply.result, XCY_HTTP_CANCELLED);
    assert_true(reply.was_sent);
    xcy_http_reply_clear(&reply);

    assert_ok(xcy_http_call(http, &request, true, &reply, &err), &err);
    assert_int_equal(reply.result, XCY_HTTP_CANCELLED);
    assert_false(reply.was_sent);
    xcy_http_reply_clear(&reply);

    assert_ok(xcy_http_call(http, &request, false, &reply, &err), &err);
    assert_int_equal(reply.result, XCY_HTTP_DONE);
    assert_int_equal(xcy_raw_server_requests(server), 2);
    xcy_http_reply_clear(&reply);
    xcy_http_close(http);
    xcy_raw_server_stop(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stop_cancels_only_calls_that_are_stoppable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
