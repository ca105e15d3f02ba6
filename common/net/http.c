#include "common/net/client.h"

#include "common/base/mem.h"

#include <stdlib.h>

enum { DEFAULT_MAX_REPLY_BYTES = 16 * 1024 * 1024 };

struct xcy_http *xcy_http_open(const struct xcy_http_options *options)
{
    CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT); /* counted, and safe between threads */
    xcy_assert(code == CURLE_OK);
    struct xcy_http *http = xcy_alloc(sizeof *http);
    if (options) {
        http->options = *options;
    }
    http->ca_file = xcy_strdup(http->options.ca_file);
    http->options.ca_file = http->ca_file;
    http->user_agent = xcy_strdup(http->options.user_agent);
    http->options.user_agent = http->user_agent;
    if (http->options.max_reply_bytes == 0) {
        http->options.max_reply_bytes = DEFAULT_MAX_REPLY_BYTES;
    }
    http->share = curl_share_init();
    xcy_assert(http->share != NULL);
    CURLSHcode shared = curl_share_setopt(http->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    xcy_assert(shared == CURLSHE_OK);
    xcy_watch_open(&http->watch);
    return http;
}

static struct xcy_transfer *take_spare(struct xcy_http *http)
{
    struct xcy_transfer *t = http->spare.last; /* the one used last: its memory is warm */
    if (!t) {
        return xcy_transfer_new(http);
    }
    xcy_transfer_list_remove(&http->spare, t);
    return t;
}

static void set_connect_deadline(struct xcy_transfer *t, struct xcy_mono from)
{
    xcy_deadlines_add(&t->http->connect, &t->connect,
                      xcy_mono_add(from, t->prepared->connect_timeout_ns));
}

enum xcy_status xcy_http_start_prepared(struct xcy_http *http, struct xcy_http_prepared *prepared,
                                        struct xcy_bytes body, xcy_http_sent_fn *on_sent,
                                        xcy_http_done_fn *done, void *ctx, struct xcy_error *err)
{
    xcy_assert(prepared->http == http);
    if (http->is_closing) {
        return xcy_fail(err, XCY_ESTOPPED, "the HTTP client is being closed");
    }
    if (body.len > 0 && prepared->body_rule == XCY_BODY_NEVER) {
        return xcy_fail(err, XCY_EUSAGE, "%s takes no body", prepared->method);
    }
    struct xcy_transfer *t = take_spare(http);
    enum xcy_status status = xcy_transfer_ready(t, prepared, body, err);
    if (status != XCY_OK) {
        xcy_transfer_list_add(&http->spare, t);
        return status;
    }
    prepared->n_users++;
    t->on_sent = on_sent;
    t->done = done;
    t->ctx = ctx;
    if (prepared->total_timeout_ns > 0) {
        xcy_deadlines_add(&http->total, &t->total,
                          xcy_mono_add(t->began, prepared->total_timeout_ns));
    }
    if (prepared->is_https) {
        set_connect_deadline(t, t->began);
    }
    xcy_transfer_list_add(&http->waiting[prepared->is_https], t);
    http->n_running++;
    http->may_begin = true;
    return XCY_OK;
}

enum xcy_status xcy_http_start(struct xcy_http *http, const struct xcy_http_request *request,
                               xcy_http_sent_fn *on_sent, xcy_http_done_fn *done, void *ctx,
                               struct xcy_error *err)
{
    struct xcy_http_prepared *prepared = NULL;
    enum xcy_status status = xcy_http_prepare(http, request, &prepared, err);
    if (status != XCY_OK) {
        return status;
    }
    prepared->is_for_one = true;
    status = xcy_http_start_prepared(http, prepared, request->body, on_sent, done, ctx, err);
    xcy_http_prepared_free(prepared);
    return status;
}

enum xcy_status xcy_http_prepare(struct xcy_http *http, const struct xcy_http_request *request,
                                 struct xcy_http_prepared **prepared, struct xcy_error *err)
{
    enum xcy_status status = xcy_http_request_check(request, err);
    return status == XCY_OK ? xcy_prepared_new(http, request, prepared, err) : status;
}

/* A spare transfer must not be taken for one that was told what next stands at this address. */
static void release(struct xcy_http_prepared *prepared)
{
    struct xcy_http *http = prepared->http;
    bool is_for_one = prepared->is_for_one;
    if (!xcy_prepared_release(prepared)) {
        return;
    }
    for (struct xcy_transfer *t = http->spare.last; t; t = t->previous) {
        if (t->prepared == prepared) {
            t->prepared = NULL;
            if (is_for_one) {
                return;
            }
        }
    }
}

void xcy_http_prepared_free(struct xcy_http_prepared *prepared)
{
    if (prepared) {
        release(prepared);
    }
}

static void begin(struct xcy_http *http, struct xcy_transfer_list *waiting)
{
    while (waiting->first) {
        struct xcy_transfer *t = waiting->first;
        struct xcy_lane *lane = xcy_http_take_lane(http, t);
        if (!lane) {
            return;
        }
        xcy_transfer_list_remove(waiting, t);
        xcy_transfer_list_add(&http->active, t);
        if (lane->is_shared && !t->connect.is_set) {
            set_connect_deadline(t, xcy_mono_now());
        }
        xcy_lane_begin(lane, t);
    }
}

void xcy_http_begin(struct xcy_http *http)
{
    http->may_begin = false;
    begin(http, &http->waiting[0]);
    begin(http, &http->waiting[1]);
}

void xcy_http_retire(struct xcy_http *http, struct xcy_transfer *t)
{
    struct xcy_lane *lane = t->lane;
    if (lane) {
        xcy_lane_leave(lane, t);
        xcy_http_give_lane(http, lane);
        xcy_transfer_list_remove(&http->active, t);
    } else {
        xcy_transfer_list_remove(&http->waiting[t->prepared->is_https], t);
    }
    xcy_deadlines_remove(&http->connect, &t->connect);
    xcy_deadlines_remove(&http->first_byte, &t->first_byte);
    xcy_deadlines_remove(&http->total, &t->total);
    xcy_transfer_list_add(&http->ended, t);
}

void xcy_http_abandon(struct xcy_http *http, struct xcy_transfer *t, enum xcy_http_result result)
{
    xcy_transfer_abandon(t, result);
    xcy_http_retire(http, t);
}

void xcy_http_deliver(struct xcy_http *http)
{
    while (http->ended.first) {
        struct xcy_transfer *t = http->ended.first;
        xcy_transfer_list_remove(&http->ended, t);
        http->n_running--;
        http->n_delivered++;
        t->done(t->ctx, &t->reply);
        xcy_transfer_list_add(&http->spare, t);
        release(t->prepared);
    }
}

size_t xcy_http_running(const struct xcy_http *http)
{
    return http->n_running;
}

/* All of them where ctx is NULL. */
static void cancel_in(struct xcy_http *http, struct xcy_transfer_list *list, const void *ctx)
{
    struct xcy_transfer *next = NULL;
    for (struct xcy_transfer *t = list->first; t; t = next) {
        next = t->next;
        if (!ctx || t->ctx == ctx) {
            xcy_http_abandon(http, t, XCY_HTTP_CANCELLED);
        }
    }
}

void xcy_http_cancel_all(struct xcy_http *http)
{
    cancel_in(http, &http->active, NULL);
    cancel_in(http, &http->waiting[0], NULL);
    cancel_in(http, &http->waiting[1], NULL);
}

void xcy_http_cancel_by(struct xcy_http *http, const void *ctx)
{
    cancel_in(http, &http->active, ctx);
    cancel_in(http, &http->waiting[0], ctx);
    cancel_in(http, &http->waiting[1], ctx);
}

void xcy_http_close(struct xcy_http *http)
{
    if (!http) {
        return;
    }
    http->is_closing = true;
    xcy_http_cancel_all(http);
    xcy_http_deliver(http);
    while (http->spare.first) {
        struct xcy_transfer *t = http->spare.first;
        xcy_transfer_list_remove(&http->spare, t);
        xcy_transfer_free(t);
    }
    while (http->idle.first) {
        xcy_http_drop_lane(http, http->idle.first);
    }
    xcy_lane_free(http->shared_lane);
    curl_share_cleanup(http->share);
    xcy_watch_close(&http->watch);
    free(http->ca_file);
    free(http->user_agent);
    free(http);
    curl_global_cleanup();
}
