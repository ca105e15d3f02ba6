#include "common/base/mem.h"
#include "loadgen/engines/engine.h"
#include "tests/support/changing_keys.h"
#include "tests/support/environment.h"
#include "tests/support/raw_server.h"
#include "tests/support/unit.h"
#include "tests/unit/aws/verifier.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* One call at a time through the http engine, and what was heard of it. */
struct rig {
    struct xcy_plan plan;
    struct xcy_web web;
    struct xcy_engine_setting setting;
    void *state;
    struct xcy_call call;
    struct xcy_answer answer;
    int n_sent;
    int n_done;
    char url[64];
    struct xcy_error err;
};

static const struct xcy_mono never = {INT64_MAX};

static void on_sent(void *ctx, struct xcy_call *call, struct xcy_mono sent)
{
    struct rig *r = ctx;
    assert_ptr_equal(call, &r->call);
    assert_int_equal(r->n_done, 0);
    call->sent = sent;
    r->n_sent++;
}

static void on_done(void *ctx, struct xcy_call *call, const struct xcy_answer *answer)
{
    struct rig *r = ctx;
    assert_ptr_equal(call, &r->call);
    r->answer = *answer;
    r->n_done++;
}

/* The URL is of this machine unless the options have one. */
static void rig_open(struct rig *r, struct xcy_web_options options, uint16_t port)
{
    memset(r, 0, sizeof *r);
    snprintf(r->url, sizeof r->url, "http://127.0.0.1:%u/path?a=1&b=%%24x", (unsigned)port);
    if (!options.url) {
        options.url = r->url;
    }
    assert_ok(xcy_web_resolve(&options, &r->web, &r->err), &r->err);
    r->plan.connect_timeout_ns = 60 * XCY_NS_PER_S;
    r->plan.total_timeout_ns = 60 * XCY_NS_PER_S;
    r->setting = (struct xcy_engine_setting){
        .plan = &r->plan, .web = &r->web, .sent = on_sent, .done = on_done, .ctx = r};
}

static void rig_close(struct rig *r)
{
    if (r->state) {
        xcy_engine_http.close(r->state);
    }
    xcy_web_clear(&r->web);
}

static void start(struct rig *r)
{
    if (!r->state) {
        r->state = xcy_engine_http.open(&r->setting);
    }
    r->n_sent = 0;
    r->n_done = 0;
    r->call = (struct xcy_call){.id.i = 7, .attempt = 1, .started = xcy_mono_now()};
    assert_ok(xcy_engine_http.start(r->state, &r->call, &r->err), &r->err);
    assert_int_equal(r->n_sent + r->n_done, 0);
}

static enum xcy_outcome ask(struct rig *r)
{
    start(r);
    while (r->n_done == 0) {
        xcy_engine_http.run(r->state, never, -1, true);
    }
    assert_int_equal(r->n_done, 1);
    assert_int_equal(r->n_sent, r->answer.was_sent);
    if (r->answer.was_sent) {
        assert_int_equal(r->call.sent.ns, r->answer.sent.ns);
        assert_true(r->answer.sent.ns >= r->call.started.ns);
        assert_true(r->answer.acked.ns >= r->answer.sent.ns);
    }
    return r->answer.outcome;
}

static void each_status_has_its_outcome(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int status;
        enum xcy_outcome outcome;
        const char *reason;
    } cases[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, XCY_OUTCOME_OK, ""},
        {"HTTP/1.1 204 No Content\r\n\r\n", 204, XCY_OUTCOME_OK, ""},
        {"HTTP/1.1 301 Moved Permanently\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", 301,
         XCY_OUTCOME_STATUS, "Moved Permanently"},
        {"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", 401, XCY_OUTCOME_AUTH,
         "Unauthorized"},
        {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 404, XCY_OUTCOME_STATUS,
         "Not Found"},
        {"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n", 429, XCY_OUTCOME_THROTTLED,
         "Too Many Requests"},
        {"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", 503,
         XCY_OUTCOME_SERVER_ERROR, "Service Unavailable"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, XCY_OUTCOME_OK, ""},
    };
    enum { N = sizeof cases / sizeof cases[0] };
    struct xcy_raw_step steps[N];
    struct rig r;
    for (size_t c = 0; c < N; c++) {
        steps[c] = (struct xcy_raw_step){XCY_RAW_ANSWER, cases[c].text};
    }
    struct xcy_raw_server *server = xcy_raw_server_start(steps, N);
    rig_open(&r, (struct xcy_web_options){0}, xcy_raw_server_port(server));
    for (size_t c = 0; c < N; c++) {
        assert_int_equal(ask(&r), cases[c].outcome);
        assert_int_equal(r.answer.http_status, cases[c].status);
        assert_string_equal(r.answer.reason, cases[c].reason);
        assert_false(r.answer.has_event);
    }
    assert_int_equal(xcy_raw_server_connections(server), 1);
    rig_close(&r);
    xcy_raw_server_stop(server);
}

/* A port on which nobody listens, kept from others by a socket that only holds it. */
static uint16_t closed_port(int *fd)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    *fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(*fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(*fd, (struct sockaddr *)&address, &size), 0);
    return ntohs(address.sin_port);
}

static void a_refused_connection_is_outcome_connect_and_was_not_sent(void **state)
{
    (void)state;
    struct rig r;
    int fd = -1;
    rig_open(&r, (struct xcy_web_options){0}, closed_port(&fd));
    assert_int_equal(ask(&r), XCY_OUTCOME_CONNECT);
    assert_false(r.answer.was_sent);
    assert_int_equal(r.answer.http_status, 0);
    assert_non_null(strstr(r.answer.reason, "127.0.0.1"));
    rig_close(&r);
    close(fd);
}

static void a_host_without_an_address_is_outcome_dns(void **state)
{
    (void)state;
    struct rig r;
    rig_open(&r, (struct xcy_web_options){.url = "http://nowhere.invalid/"}, 1);
    assert_int_equal(ask(&r), XCY_OUTCOME_DNS);
    assert_false(r.answer.was_sent);
    rig_close(&r);
}

/* Answers whatever comes first, a TLS hello, with plain words. */
static void *speak_plainly(void *ctx)
{
    const int *listener = ctx;
    char hello[1024];
    int fd = accept4(*listener, NULL, NULL, SOCK_CLOEXEC);
    ssize_t n = recv(fd, hello, sizeof hello, 0);
    n = n > 0 ? send(fd, XCY_RAW_OK, strlen(XCY_RAW_OK), MSG_NOSIGNAL) : n;
    close(fd);
    return n > 0 ? ctx : NULL;
}

static void a_server_that_speaks_no_tls_is_outcome_tls(void **state)
{
    (void)state;
    struct rig r;
    pthread_t thread;
    int fd = -1;
    char url[64];
    void *answered = NULL;
    snprintf(url, sizeof url, "https://127.0.0.1:%u/", closed_port(&fd));
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(pthread_create(&thread, NULL, speak_plainly, &fd), 0);
    rig_open(&r, (struct xcy_web_options){.url = url}, 0);
    assert_int_equal(ask(&r), XCY_OUTCOME_TLS);
    assert_false(r.answer.was_sent);
    pthread_join(thread, &answered);
    assert_non_null(answered);
    rig_close(&r);
    close(fd);
}

static void transfers_that_break_off_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        struct xcy_raw_step step;
        int64_t first_byte_timeout_ns;
        int64_t total_timeout_ns;
        enum xcy_outcome outcome;
    } cases[] = {
        {{XCY_RAW_ANSWER_CLOSE, ""}, 0, 0, XCY_OUTCOME_RESET},
        {{XCY_RAW_ANSWER_CLOSE, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"},
         0,
         0,
         XCY_OUTCOME_RESET},
        {{XCY_RAW_ANSWER_CLOSE, "SSH-2.0-x\r\n"}, 0, 0, XCY_OUTCOME_BAD_REPLY},
        {{XCY_RAW_SILENCE, ""}, 20 * XCY_NS_PER_MS, 0, XCY_OUTCOME_FIRST_BYTE_TIMEOUT},
        {{XCY_RAW_SILENCE, ""}, 0, 500 * XCY_NS_PER_MS, XCY_OUTCOME_TOTAL_TIMEOUT},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct rig r;
        struct xcy_raw_server *server = xcy_raw_server_start(&cases[c].step, 1);
        rig_open(&r, (struct xcy_web_options){0}, xcy_raw_server_port(server));
        r.plan.first_byte_timeout_ns = cases[c].first_byte_timeout_ns;
        if (cases[c].total_timeout_ns > 0) {
            r.plan.total_timeout_ns = cases[c].total_timeout_ns;
        }
        assert_int_equal(ask(&r), cases[c].outcome);
        assert_true(r.answer.reason[0] != '\0');
        rig_close(&r);
        xcy_raw_server_stop(server);
    }
}

static void what_is_cancelled_ends_with_outcome_generator(void **state)
{
    (void)state;
    static const struct xcy_raw_step silence = {XCY_RAW_SILENCE, ""};
    struct rig r;
    struct xcy_raw_server *server = xcy_raw_server_start(&silence, 1);
    rig_open(&r, (struct xcy_web_options){0}, xcy_raw_server_port(server));
    start(&r);
    while (r.n_sent == 0) {
        xcy_engine_http.run(r.state, xcy_mono_add(xcy_mono_now(), XCY_NS_PER_MS), -1, false);
    }
    xcy_raw_server_await(server, 1);
    xcy_engine_http.cancel(r.state);
    assert_int_equal(r.n_done, 1);
    assert_int_equal(r.answer.outcome, XCY_OUTCOME_GENERATOR);
    assert_true(r.answer.was_sent);
    rig_close(&r);
    xcy_raw_server_stop(server);
}

static void what_was_asked_for_arrives_each_time(void **state)
{
    (void)state;
    static const struct xcy_raw_step answer = {XCY_RAW_ANSWER, XCY_RAW_OK};
    const char *headers[] = {"X-One: 1", "Authorization: Bearer abc", "User-Agent: mine"};
    struct xcy_web_options options = {
        .method = "PUT", .body = "{\"a\":1}", .headers = {.items = headers, .n = 3}};
    struct rig r;
    struct xcy_raw_server *server = xcy_raw_server_start(&answer, 1);
    rig_open(&r, options, xcy_raw_server_port(server));
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(ask(&r), XCY_OUTCOME_OK);
        char *text = xcy_raw_server_request(server, i);
        assert_ptr_equal(strstr(text, "PUT /path?a=1&b=%24x HTTP/1.1\r\n"), text);
        assert_non_null(strstr(text, "\r\nX-One: 1\r\n"));
        assert_non_null(strstr(text, "\r\nAuthorization: Bearer abc\r\n"));
        assert_non_null(strstr(text, "\r\nUser-Agent: mine\r\n"));
        assert_null(strstr(text, "xcybench"));
        assert_non_null(strstr(text, "\r\nContent-Type: application/json\r\n"));
        assert_non_null(strstr(text, "\r\nContent-Length: 7\r\n"));
        assert_string_equal(strstr(text, "\r\n\r\n"), "\r\n\r\n{\"a\":1}");
        free(text);
    }
    assert_int_equal(xcy_raw_server_connections(server), 1);
    rig_close(&r);
    xcy_raw_server_stop(server);
}

static void the_client_is_opened_with_the_options_of_the_run(void **state)
{
    (void)state;
    static const struct xcy_raw_step answer = {XCY_RAW_ANSWER, XCY_RAW_OK};
    struct rig r;
    struct xcy_raw_server *server = xcy_raw_server_start(&answer, 1);
    rig_open(&r, (struct xcy_web_options){0}, xcy_raw_server_port(server));
    r.setting.http = (struct xcy_http_options){.user_agent = "as told", .max_reply_bytes = 1};
    assert_int_equal(ask(&r), XCY_OUTCOME_BAD_REPLY);
    assert_non_null(strstr(r.answer.reason, "larger than 1 byte"));
    char *text = xcy_raw_server_request(server, 0);
    assert_non_null(strstr(text, "\r\nUser-Agent: as told\r\n"));
    free(text);
    rig_close(&r);
    xcy_raw_server_stop(server);
}

#define SANDBOX_KEY    "XCYSANDBOXKEY"
#define SANDBOX_SECRET "a secret"

static void give_sandbox_key(void)
{
    put_variable("AWS_ACCESS_KEY_ID", SANDBOX_KEY);
    put_variable("AWS_SECRET_ACCESS_KEY", SANDBOX_SECRET);
}

/* What a server that verifies found wrong with the last request; "" when it was right. */
struct judge {
    struct xcy_verifier_key key;
    char problem[2000];
    int n_requests;
};

static void verify(void *ctx, struct xcy_exchange *x)
{
    struct judge *j = ctx;
    xcy_verify_signature(x, &j->key, j->problem, sizeof j->problem);
    j->n_requests++;
    xcy_exchange_reply(x, j->problem[0] ? 403 : 200, NULL, 0, xcy_bytes_of("{}"));
}

static void a_signed_request_is_signed_as_the_specification_says(void **state)
{
    (void)state;
    struct judge judge = {.key = {SANDBOX_KEY, SANDBOX_SECRET, NULL}};
    struct xcy_server *server = NULL;
    struct rig r;
    struct xcy_server_options options = {.handle = verify, .ctx = &judge, .threads = 1};
    const char *headers[] = {"X-Amz-Target: AmazonSQS.SendMessage", "X-One: 1"};
    assert_ok(xcy_server_start(&options, &server, &r.err), &r.err);
    give_sandbox_key();
    rig_open(&r,
             (struct xcy_web_options){.body = "{\"a\":1}",
                                      .sign = "sqs:eu-central-1",
                                      .headers = {.items = headers, .n = 2}},
             xcy_server_port(server));
    for (int i = 0; i < 3; i++) {
        enum xcy_outcome outcome = ask(&r);
        assert_string_equal(judge.problem, "");
        assert_int_equal(outcome, XCY_OUTCOME_OK);
    }
    assert_int_equal(judge.n_requests, 3);
    rig_close(&r);
    xcy_server_stop(server);
}

static void a_refused_signature_is_outcome_auth_in_the_servers_words(void **state)
{
    (void)state;
    static const struct xcy_raw_step refusal = {
        XCY_RAW_ANSWER, "HTTP/1.1 400 Bad Request\r\nContent-Length: 63\r\n\r\n"
                        "{\"__type\":\"InvalidSignatureException\",\"message\":\"not matching\"}"};
    struct rig r;
    struct xcy_raw_server *server = xcy_raw_server_start(&refusal, 1);
    give_sandbox_key();
    rig_open(&r, (struct xcy_web_options){.body = "{}", .sign = "lambda"},
             xcy_raw_server_port(server));
    assert_int_equal(ask(&r), XCY_OUTCOME_AUTH);
    assert_string_equal(r.answer.reason, "InvalidSignatureException: not matching");
    assert_int_equal(r.answer.http_status, 400);
    rig_close(&r);
    xcy_raw_server_stop(server);
}

static void keys_that_were_replaced_sign_the_next_request(void **state)
{
    (void)state;
    static const struct xcy_raw_step step = {XCY_RAW_ANSWER, XCY_RAW_OK};
    struct xcy_raw_server *server = xcy_raw_server_start(&step, 1);
    struct changing_keys changing;
    struct rig r;
    changing_keys_open(&changing, "0.4");
    rig_open(&r, (struct xcy_web_options){.body = "{}", .sign = "lambda"},
             xcy_raw_server_port(server));
    assert_int_equal(ask(&r), XCY_OUTCOME_OK);
    changing_keys_write(&changing, "life", "3600"); /* of the next ones */
    int lasting = changing_keys_await_lasting(r.web.keys);
    assert_int_equal(ask(&r), XCY_OUTCOME_OK);
    assert_int_equal(ask(&r), XCY_OUTCOME_OK);
    assert_true(changing_keys_signer(server, 0) < lasting);
    assert_int_equal(changing_keys_signer(server, 1), lasting);
    assert_int_equal(changing_keys_signer(server, 2), lasting);
    rig_close(&r);
    xcy_raw_server_stop(server);
    changing_keys_close(&changing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_status_has_its_outcome),
        cmocka_unit_test(a_refused_connection_is_outcome_connect_and_was_not_sent),
        cmocka_unit_test(a_host_without_an_address_is_outcome_dns),
        cmocka_unit_test(a_server_that_speaks_no_tls_is_outcome_tls),
        cmocka_unit_test(transfers_that_break_off_are_told_apart),
        cmocka_unit_test(what_is_cancelled_ends_with_outcome_generator),
        cmocka_unit_test(what_was_asked_for_arrives_each_time),
        cmocka_unit_test(the_client_is_opened_with_the_options_of_the_run),
        cmocka_unit_test(a_signed_request_is_signed_as_the_specification_says),
        cmocka_unit_test(a_refused_signature_is_outcome_auth_in_the_servers_words),
        cmocka_unit_test(keys_that_were_replaced_sign_the_next_request),
    };
    return cmocka_run_group_tests_name("engine_http", tests, NULL, NULL);
}
