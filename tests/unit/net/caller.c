#include "tests/unit/net/caller.h"

#include "tests/support/unit.h"

#include <stdio.h>

void caller_open(struct caller *c, const struct xcy_raw_step *steps, size_t n)
{
    *c = (struct caller){.server = xcy_raw_server_start(steps, n), .http = xcy_http_open(NULL)};
    snprintf(c->url, sizeof c->url, "http://127.0.0.1:%u/", xcy_raw_server_port(c->server));
    c->request = (struct xcy_http_request){.method = "GET", .url = c->url};
}

void caller_reopen(struct caller *c, const struct xcy_http_options *options)
{
    xcy_http_close(c->http);
    c->http = xcy_http_open(options);
}

void caller_close(struct caller *c)
{
    xcy_http_reply_clear(&c->reply);
    xcy_http_close(c->http);
    xcy_raw_server_stop(c->server);
}

enum xcy_http_result caller_call(struct caller *c)
{
    xcy_http_reply_clear(&c->reply);
    assert_ok(xcy_http_call(c->http, &c->request, false, &c->reply, &c->err), &c->err);
    return c->reply.result;
}

void caller_count_sent(void *caller, struct xcy_mono sent)
{
    struct caller *c = caller;
    assert_true(sent.ns <= xcy_mono_now().ns);
    c->n_sent++;
}

void caller_count_done(void *caller, const struct xcy_http_reply *reply)
{
    struct caller *c = caller;
    c->n_of[reply->result]++;
    c->n_done++;
}

void caller_start(struct caller *c)
{
    assert_ok(
        xcy_http_start(c->http, &c->request, caller_count_sent, caller_count_done, c, &c->err),
        &c->err);
}

void caller_run_a_little(struct caller *c)
{
    xcy_http_run(c->http, xcy_mono_add(xcy_mono_now(), XCY_NS_PER_MS), -1, false);
}

void caller_finish(struct caller *c)
{
    while (xcy_http_running(c->http) > 0) {
        xcy_http_run(c->http, (struct xcy_mono){INT64_MAX}, -1, true);
    }
}
