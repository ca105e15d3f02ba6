#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/net/http.h"
#include "tests/unit/net/tcp_ends.h"
#include "tests/unit/net/tls_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MS XCY_NS_PER_MS

enum { BURST = 64 };

struct tally {
    size_t n_done;
    size_t n_sent;
    size_t n_of[XCY_HTTP_CANCELLED + 1];
    int n_versions[21];
};

struct fixture {
    struct xcy_tls_server server;
    struct xcy_http *http;
    struct xcy_http_request request;
    struct xcy_http_reply reply;
    struct tally tally;
    struct xcy_error err;
};

static void open_client(struct fixture *f, const struct xcy_http_options *options)
{
    xcy_http_close(f->http);
    f->http = xcy_http_open(options);
}

/* A client that trusts the server. */
static void setup(struct fixture *f, enum xcy_tls_protocol protocol,
                  enum xcy_tls_certificate certificate)
{
    *f = (struct fixture){0};
    if (!xcy_tls_server_start(&f->server, protocol, certificate)) {
        skip();
    }
    open_client(f,
                &(struct xcy_http_options){.version = XCY_HTTP_AUTO, .ca_file = f->server.ca_file});
    f->request = (struct xcy_http_request){
        .method = "POST", .url = f->server.url, .body = xcy_bytes_of("given back")};
}

static void teardown(struct fixture *f)
{
    xcy_http_reply_clear(&f->reply);
    xcy_http_close(f->http);
    xcy_tls_server_stop(&f->server);
}

static enum xcy_http_result call(struct fixture *f)
{
    xcy_http_reply_clear(&f->reply);
    assert_ok(xcy_http_call(f->http, &f->request, false, &f->reply, &f->err), &f->err);
    return f->reply.result;
}

static void count_sent(void *ctx, struct xcy_mono sent)
{
    struct tally *tally = ctx;
    assert_true(sent.ns <= xcy_mono_now().ns);
    tally->n_sent++;
}

static void count_done(void *ctx, const struct xcy_http_reply *reply)
{
    struct tally *tally = ctx;
    tally->n_of[reply->result]++;
    tally->n_versions[reply->http_version]++;
    if (reply->was_sent) {
        assert_true(reply->sent.ns <= reply->acked.ns);
    }
    tally->n_done++;
}

static void start(struct fixture *f)
{
    assert_ok(xcy_http_start(f->http, &f->request, count_sent, count_done, &f->tally, &f->err),
              &f->err);
}

static void start_many(struct fixture *f, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        start(f);
    }
}

static void run_until_sent(struct fixture *f, size_t n)
{
    while (f->tally.n_sent < n) {
        xcy_http_run(f->http, xcy_mono_add(xcy_mono_now(), MS), -1, false);
    }
}

static void run_until_over(struct fixture *f)
{
    while (xcy_http_running(f->http) > 0) {
        xcy_http_run(f->http, (struct xcy_mono){INT64_MAX}, -1, true);
    }
}

static void http_2_is_spoken_where_the_server_has_it(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, XCY_TLS_HTTP_2, XCY_TLS_GOOD);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(call(&f), XCY_HTTP_DONE);
        assert_int_equal(f.reply.http_version, 20);
        assert_int_equal(f.reply.status, 200);
        assert_string_equal(f.reply.body.ptr, "given back");
        assert_true(f.reply.was_sent && f.reply.sent.ns <= f.reply.acked.ns);
        char value[32];
        assert_true(xcy_http_reply_header(&f.reply, "Nghttpd-Response", value, sizeof value));
        assert_string_equal(value, "echo");
    }
    teardown(&f);
}

static void authorities_that_were_read_are_not_read_again(void **state)
{
    (void)state;
    for (int is_read = 0; is_read < 2; is_read++) {
        struct fixture f;
        setup(&f, XCY_TLS_HTTP_2, XCY_TLS_GOOD);
        char *elsewhere = xcy_format("%s.moved", f.server.ca_file);
        if (is_read) {
            xcy_http_read_authorities(f.http);
        }
        assert_int_equal(xcy_tcp_ends(0), 0);
        assert_int_equal(rename(f.server.ca_file, elsewhere), 0);
        assert_int_equal(call(&f), is_read ? XCY_HTTP_DONE : XCY_HTTP_TLS);
        assert_int_equal(rename(elsewhere, f.server.ca_file), 0);
        free(elsewhere);
        teardown(&f);
    }
}

static void a_burst_shares_one_http_2_connection(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, XCY_TLS_HTTP_2, XCY_TLS_GOOD);
    start_many(&f, BURST);
    run_until_over(&f);
    assert_int_equal(f.tally.n_of[XCY_HTTP_DONE], BURST);
    assert_int_equal(f.tally.n_sent, BURST);
    assert_int_equal(f.tally.n_versions[20], BURST);
    assert_int_equal(xcy_tcp_ends(f.server.port), 1);
    start_many(&f, BURST);
    run_until_over(&f);
    assert_int_equal(f.tally.n_of[XCY_HTTP_DONE], 2 * BURST);
    assert_int_equal(xcy_tcp_ends(f.server.port), 1);
    teardown(&f);
}

static void more_than_a_connection_takes_are_spread_over_as_few_as_can_be(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, XCY_TLS_HTTP_2, XCY_TLS_GOOD);
    assert_int_equal(call(&f), XCY_HTTP_DONE);
    xcy_tls_server_freeze(&f.server);
    start_many(&f, 150);
    run_until_sent(&f, 100); /* the next one waits for a second connection, the others for it */
    for (int i = 0; i < 5; i++) {
        xcy_http_run(f.http, xcy_mono_add(xcy_mono_now(), MS), -1, false);
    }
    assert_int_equal(f.tally.n_sent, 100);
    assert_int_equal(xcy_tcp_ends(f.server.port), 2);
    xcy_tls_server_thaw(&f.server);
    run_until_over(&f);
    assert_int_equal(f.tally.n_of[XCY_HTTP_DONE], 150);
    assert_int_equal(xcy_tcp_ends(f.server.port), 2);
    teardown(&f);
}

static void a_server_without_http_2_is_spoken_to_as_it_can(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, XCY_TLS_HTTP_1_0, XCY_TLS_GOOD);
    f.request.method = "GET";
    f.request.body = xcy_bytes_of("");
    start_many(&f, 5);
    run_until_over(&f);
    assert_int_equal(f.tally.n_of[XCY_HTTP_DONE], 5);
    assert_int_equal(f.tally.n_sent, 5);
    assert_int_equal(f.tally.n_versions[10], 5);
    teardown(&f);
}

static void http_2_must_be_asked_for(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, XCY_TLS_HTTP_2, XCY_TLS_GOOD); /* it speaks nothing else */
    open_client(&f, &(struct xcy_http_options){.ca_file = f.server.ca_file});
    assert_int_not_equal(call(&f), XCY_HTTP_DONE);
    assert_int_equal(f.reply.http_version, 0);
    teardown(&f);
}

static void refused(struct fixture *f)
{
    assert_int_equal(call(f), XCY_HTTP_TLS);
    assert_false(f->reply.was_sent);
    assert_non_null(strstr(f->reply.message, "127.0.0.1:"));
}

static void a_server_that_nobody_vouches_for_is_refused_unless_that_is_wanted(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, XCY_TLS_HTTP_2, XCY_TLS_GOOD);
    open_client(&f, &(struct xcy_http_options){.version = XCY_HTTP_AUTO});
    refused(&f);
    open_client(&f, NULL);
    refused(&f);
    open_client(&f, &(struct xcy_http_options){.version = XCY_HTTP_AUTO, .insecure = true});
    assert_int_equal(call(&f), XCY_HTTP_DONE);
    teardown(&f);
}

static void a_file_of_authorities_that_is_not_there_is_a_tls_failure(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, XCY_TLS_HTTP_2, XCY_TLS_GOOD);
    open_client(&f, &(struct xcy_http_options){.ca_file = "/nonexistent/ca.pem"});
    refused(&f);
    teardown(&f);
}

static void a_certificate_for_another_name_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, XCY_TLS_HTTP_2, XCY_TLS_ELSEWHERE);
    refused(&f);
    open_client(&f, &(struct xcy_http_options){.version = XCY_HTTP_AUTO, .insecure = true});
    assert_int_equal(call(&f), XCY_HTTP_DONE);
    teardown(&f);
}

static void a_certificate_that_is_over_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, XCY_TLS_HTTP_2, XCY_TLS_EXPIRED);
    refused(&f);
    teardown(&f);
}

/* Takes connections and says nothing: the first waits for TLS, the others for its connection. */
static void requests_that_wait_for_a_connection_time_out_together(void **state)
{
    (void)state;
    struct fixture f = {0};
    char url[64];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, SOMAXCONN), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    snprintf(url, sizeof url, "https://127.0.0.1:%u/", ntohs(address.sin_port));
    open_client(&f, &(struct xcy_http_options){.version = XCY_HTTP_AUTO});
    f.request =
        (struct xcy_http_request){.method = "GET", .url = url, .connect_timeout_ns = 300 * MS};
    start_many(&f, 8);
    run_until_over(&f);
    assert_int_equal(f.tally.n_sent, 0);
    assert_int_equal(f.tally.n_of[XCY_HTTP_TLS] + f.tally.n_of[XCY_HTTP_CONNECT], 8);
    assert_true(f.tally.n_of[XCY_HTTP_TLS] >= 1);
    xcy_http_close(f.http);
    close(listener);
}

static void a_stream_that_times_out_leaves_the_others_their_connection(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, XCY_TLS_HTTP_2, XCY_TLS_GOOD);
    assert_int_equal(call(&f), XCY_HTTP_DONE);
    xcy_tls_server_freeze(&f.server);
    f.request.total_timeout_ns = 20 * MS;
    start(&f);
    f.request.total_timeout_ns = 0;
    f.request.first_byte_timeout_ns = 20 * MS;
    start(&f);
    f.request.first_byte_timeout_ns = 0;
    start_many(&f, 3);
    while (f.tally.n_done < 2) {
        xcy_http_run(f.http, (struct xcy_mono){INT64_MAX}, -1, true);
    }
    assert_int_equal(f.tally.n_sent, 5);
    assert_int_equal(f.tally.n_of[XCY_HTTP_TOTAL_TIMEOUT], 1);
    assert_int_equal(f.tally.n_of[XCY_HTTP_FIRST_BYTE_TIMEOUT], 1);
    xcy_tls_server_thaw(&f.server);
    run_until_over(&f);
    assert_int_equal(f.tally.n_of[XCY_HTTP_DONE], 3);
    assert_int_equal(xcy_tcp_ends(f.server.port), 1);
    teardown(&f);
}

static void cancelled_streams_end_and_new_ones_are_answered(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, XCY_TLS_HTTP_2, XCY_TLS_GOOD);
    assert_int_equal(call(&f), XCY_HTTP_DONE);
    xcy_tls_server_freeze(&f.server);
    start_many(&f, 4);
    run_until_sent(&f, 4);
    xcy_http_cancel_all(f.http);
    run_until_over(&f);
    assert_int_equal(f.tally.n_of[XCY_HTTP_CANCELLED], 4);
    xcy_tls_server_thaw(&f.server);
    assert_int_equal(call(&f), XCY_HTTP_DONE);
    teardown(&f);
}

static void streams_of_a_server_that_dies_are_resets(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, XCY_TLS_HTTP_2, XCY_TLS_GOOD);
    assert_int_equal(call(&f), XCY_HTTP_DONE);
    xcy_tls_server_freeze(&f.server);
    start_many(&f, 4);
    run_until_sent(&f, 4);
    xcy_tls_server_kill(&f.server);
    run_until_over(&f);
    assert_int_equal(f.tally.n_of[XCY_HTTP_RESET], 4);
    assert_int_equal(f.tally.n_sent, 4);
    teardown(&f);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(http_2_is_spoken_where_the_server_has_it),
        cmocka_unit_test(authorities_that_were_read_are_not_read_again),
        cmocka_unit_test(a_burst_shares_one_http_2_connection),
        cmocka_unit_test(more_than_a_connection_takes_are_spread_over_as_few_as_can_be),
        cmocka_unit_test(a_server_without_http_2_is_spoken_to_as_it_can),
        cmocka_unit_test(http_2_must_be_asked_for),
        cmocka_unit_test(a_server_that_nobody_vouches_for_is_refused_unless_that_is_wanted),
        cmocka_unit_test(a_file_of_authorities_that_is_not_there_is_a_tls_failure),
        cmocka_unit_test(a_certificate_for_another_name_is_refused),
        cmocka_unit_test(a_certificate_that_is_over_is_refused),
        cmocka_unit_test(requests_that_wait_for_a_connection_time_out_together),
        cmocka_unit_test(a_stream_that_times_out_leaves_the_others_their_connection),
        cmocka_unit_test(cancelled_streams_end_and_new_ones_are_answered),
        cmocka_unit_test(streams_of_a_server_that_dies_are_resets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
