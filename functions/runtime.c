#include "functions/runtime.h"

#include "common/base/log.h"
#include "common/base/stop.h"
#include "common/data/json.h"
#include "common/net/http.h"
#include "common/net/url.h"

#include <stdlib.h>

enum {
    REPLY_MAX_BYTES = 6 * 1024 * 1024, /* Lambda's own limit */
    URL_MAX_BYTES = 2048,
};

struct runtime {
    const char *api;
    const struct xcy_test_clock *clock; /* NULL: asks for no work */
    struct xcy_http *http;
    struct xcy_buf url;
};

static const struct {
    enum xcy_status status;
    const char *type;
} error_types[] = {
    {XCY_EUSAGE, "Configuration"}, {XCY_EPARSE, "BadPayload"},   {XCY_EIO, "Input"},
    {XCY_ENET, "Unreachable"},     {XCY_EAUTH, "AccessDenied"},  {XCY_ENOTFOUND, "NotFound"},
    {XCY_ETIMEOUT, "Timeout"},     {XCY_EREMOTE, "RemoteError"}, {XCY_EFULL, "TooLarge"},
    {XCY_ESTOPPED, "Stopped"},
};

const char *xcy_runtime_error_type(enum xcy_status status)
{
    for (size_t i = 0; i < sizeof error_types / sizeof error_types[0]; i++) {
        if (error_types[i].status == status) {
            return error_types[i].type;
        }
    }
    return "Failed";
}

/* "http://<api>/2018-06-01/runtime/<first>[<id><last>]", in the runtime's own buffer. */
static const char *url_of(struct runtime *runtime, const char *first, const char *id,
                          const char *last)
{
    xcy_buf_reset(&runtime->url);
    xcy_buf_addf(&runtime->url, "http://%s/2018-06-01/runtime/%s", runtime->api, first);
    if (id) {
        xcy_url_encode(&runtime->url, xcy_bytes_of(id));
        xcy_buf_add_text(&runtime->url, last);
    }
    return runtime->url.ptr;
}

/* An answer that is not there, or 5xx, means that the host is gone. */
static enum xcy_status check_answer(const struct runtime *runtime,
                                    const struct xcy_http_reply *reply, const char *what,
                                    struct xcy_error *err)
{
    if (reply->result != XCY_HTTP_DONE) {
        return xcy_fail(err, XCY_ENET, "Runtime API at %s: %s: %s", runtime->api, what,
                        reply->message);
    }
    if (reply->status >= 500) {
        return xcy_fail(err, XCY_EREMOTE, "Runtime API at %s: %s: HTTP status %d", runtime->api,
                        what, reply->status);
    }
    return XCY_OK;
}

static enum xcy_status post(struct runtime *runtime, const char *url, struct xcy_bytes body,
                            const char *error_type, int *http_status, struct xcy_error *err)
{
    struct xcy_http_request request = {
        .method = "POST",
        .url = url,
        .headers = {{"Content-Type", "application/json"},
                    {"Lambda-Runtime-Function-Error-Type", error_type}},
        .n_headers = error_type ? 2 : 1,
        .body = body,
    };
    struct xcy_http_reply reply;
    enum xcy_status status = xcy_http_call(runtime->http, &request, false, &reply, err);
    if (status != XCY_OK) {
        return status;
    }
    status = check_answer(runtime, &reply, "posting an answer", err);
    *http_status = reply.status;
    xcy_http_reply_clear(&reply);
    return status;
}

static enum xcy_status post_error(struct runtime *runtime, const char *url,
                                  const struct xcy_error *why, int *http_status,
                                  struct xcy_error *err)
{
    const char *type = xcy_runtime_error_type(why->status);
    struct xcy_json *body = xcy_json_new_object();
    xcy_json_put_string(body, "errorMessage", why->text);
    xcy_json_put_string(body, "errorType", type);
    char *text = xcy_json_text(body);
    enum xcy_status status = post(runtime, url, xcy_bytes_of(text), type, http_status, err);
    free(text);
    xcy_json_free(body);
    return status;
}

static enum xcy_status read_invocation(const struct xcy_test_clock *clock,
                                       const struct xcy_http_reply *reply,
                                       struct xcy_invocation *invocation, struct xcy_error *err)
{
    struct xcy_anchor anchor = xcy_test_clock_bend(clock, xcy_anchor_now());
    char deadline_text[32];
    if (!xcy_http_reply_header(reply, "Lambda-Runtime-Aws-Request-Id", invocation->request_id,
                               sizeof invocation->request_id) ||
        !xcy_http_reply_header(reply, "Lambda-Runtime-Deadline-Ms", deadline_text,
                               sizeof deadline_text)) {
        return xcy_fail(err, XCY_EREMOTE,
                        "the Runtime API gave an invocation without request id or deadline");
    }
    char *end = NULL;
    long long deadline_ms = strtoll(deadline_text, &end, 10);
    if (end == deadline_text || deadline_ms <= 0 || deadline_ms > INT64_MAX / XCY_NS_PER_MS) {
        return xcy_fail(err, XCY_EREMOTE, "the Runtime API gave the deadline '%s'", deadline_text);
    }
    if (!xcy_http_reply_header(reply, "Lambda-Runtime-Invoked-Function-Arn",
                               invocation->function_arn, sizeof invocation->function_arn)) {
        invocation->function_arn[0] = '\0';
    }
    struct xcy_wall deadline = {deadline_ms * XCY_NS_PER_MS};
    invocation->anchor = anchor;
    invocation->drift = clock->drift;
    invocation->deadline = xcy_mono_at(anchor, deadline);
    invocation->payload = xcy_buf_bytes(&reply->body);
    return XCY_OK;
}

/* Handles one invocation and posts what came of it. */
static enum xcy_status answer(struct runtime *runtime, const struct xcy_invocation *invocation,
                              xcy_invocation_fn *handle, void *state, struct xcy_error *err)
{
    struct xcy_buf reply;
    xcy_buf_init(&reply, REPLY_MAX_BYTES);
    struct xcy_error why;
    enum xcy_status outcome = handle(state, invocation, &reply, &why);
    if (outcome == XCY_OK) {
        outcome = xcy_buf_check(&reply, "the function's answer", &why);
    }
    bool is_ok = outcome == XCY_OK;
    const char *url =
        url_of(runtime, "invocation/", invocation->request_id, is_ok ? "/response" : "/error");
    int http_status = 0;
    enum xcy_status status =
        is_ok ? post(runtime, url, xcy_buf_bytes(&reply), NULL, &http_status, err)
              : post_error(runtime, url, &why, &http_status, err);
    /* The host has given this one up (its time was over): the next may still come. */
    if (status == XCY_OK && http_status >= 400) {
        xcy_log(XCY_LOG_WARNING, "answer not taken by the host request=%s status=%d",
                invocation->request_id, http_status);
    }
    xcy_buf_clear(&reply);
    return status;
}

/* One round; *is_over when a stop ended the wait. `next` has no time limit: a frozen function
 * waits as long as it likes. */
static enum xcy_status serve_one(struct runtime *runtime, xcy_invocation_fn *handle, void *state,
                                 bool *is_over, struct xcy_error *err)
{
    struct xcy_http_request request = {.method = "GET",
                                       .url = url_of(runtime, "invocation/next", NULL, NULL)};
    struct xcy_http_reply reply;
    enum xcy_status status = xcy_http_call(runtime->http, &request, true, &reply, err);
    if (status != XCY_OK) {
        return status;
    }
    *is_over = reply.result == XCY_HTTP_CANCELLED && xcy_stop_asked();
    if (*is_over) {
        goto out;
    }
    status = check_answer(runtime, &reply, "next", err);
    if (status == XCY_OK && reply.status != 200) {
        status = xcy_fail(err, XCY_EREMOTE, "Runtime API at %s: next: HTTP status %d", runtime->api,
                          reply.status);
    }
    if (status != XCY_OK) {
        goto out;
    }
    struct xcy_invocation invocation;
    status = read_invocation(runtime->clock, &reply, &invocation, err);
    if (status == XCY_OK) {
        status = answer(runtime, &invocation, handle, state, err);
    }
out:
    xcy_http_reply_clear(&reply);
    return status;
}

static void open_runtime(const char *api, struct runtime *runtime)
{
    runtime->api = api;
    runtime->clock = NULL;
    runtime->http = xcy_http_open(NULL);
    xcy_buf_init(&runtime->url, URL_MAX_BYTES);
}

static void close_runtime(struct runtime *runtime)
{
    xcy_http_close(runtime->http);
    xcy_buf_clear(&runtime->url);
}

enum xcy_status xcy_runtime_serve(const char *api, const struct xcy_test_clock *clock,
                                  xcy_invocation_fn *handle, void *state, struct xcy_error *err)
{
    struct runtime runtime;
    open_runtime(api, &runtime);
    runtime.clock = clock;
    enum xcy_status status = XCY_OK;
    bool is_over = false;
    while (status == XCY_OK && !is_over && !xcy_stop_asked()) {
        status = serve_one(&runtime, handle, state, &is_over, err);
    }
    close_runtime(&runtime);
    return status;
}

enum xcy_status xcy_runtime_init_failed(const char *api, const struct xcy_error *why,
                                        struct xcy_error *err)
{
    struct runtime runtime;
    open_runtime(api, &runtime);
    int http_status = 0;
    const char *url = url_of(&runtime, "init/error", NULL, NULL);
    enum xcy_status status = post_error(&runtime, url, why, &http_status, err);
    close_runtime(&runtime);
    return status;
}
