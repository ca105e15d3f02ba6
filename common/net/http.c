#include "common/net/client.h"

#include "common/base/mem.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
    DEFAULT_MAX_REPLY_BYTES = 16 * 1024 * 1024,
    KEPT_CONNECTIONS = 16384, /* libcurl's own bound shrinks with the load */
};

void xcy_transfer_list_add(struct xcy_transfer_list *list, struct xcy_transfer *t)
{
    t->previous = list->last;
    t->next = NULL;
    if (list->last) {
        list->last->next = t;
    } else {
        list->first = t;
    }
    list->last = t;
}

void xcy_transfer_list_remove(struct xcy_transfer_list *list, struct xcy_transfer *t)
{
    if (t->previous) {
        t->previous->next = t->next;
    } else {
        list->first = t->next;
    }
    if (t->next) {
        t->next->previous = t->previous;
    } else {
        list->last = t->previous;
    }
}

static CURLM *multi_new(struct xcy_http *http)
{
    CURLM *multi = curl_multi_init();
    xcy_assert(multi != NULL);
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, xcy_http_on_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, http);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, xcy_http_on_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, http);
    curl_multi_setopt(multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)KEPT_CONNECTIONS);
    if (http->options.max_connections > 0) {
        curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS,
                          (long)http->options.max_connections);
    }
    return multi;
}

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
    http->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    xcy_assert(http->epoll_fd >= 0);
    http->multi = multi_new(http);
    return http;
}

static struct xcy_transfer *take_spare(struct xcy_http *http)
{
    struct xcy_transfer *t = http->spare.last; /* the one used last: its memory is warm */
    if (!t) {
        return xcy_transfer_new(http->options.max_reply_bytes, &http->first_byte);
    }
    xcy_transfer_list_remove(&http->spare, t);
    return t;
}

enum xcy_status xcy_http_start(struct xcy_http *http, const struct xcy_http_request *request,
                               xcy_http_sent_fn *on_sent, xcy_http_done_fn *done, void *ctx,
                               struct xcy_error *err)
{
    if (http->is_closing) {
        return xcy_fail(err, XCY_ESTOPPED, "the HTTP client is being closed");
    }
    enum xcy_status status = xcy_http_request_check(request, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_transfer *t = take_spare(http);
    status = xcy_transfer_prepare(t, &http->options, request, err);
    if (status != XCY_OK) {
        xcy_transfer_list_add(&http->spare, t);
        return status;
    }
    t->on_sent = on_sent;
    t->done = done;
    t->ctx = ctx;
    if (request->total_timeout_ns > 0) {
        xcy_deadlines_add(&http->total, &t->total,
                          xcy_mono_add(t->began, request->total_timeout_ns));
    }
    xcy_transfer_list_add(&http->active, t);
    http->n_running++;
    CURLMcode code = curl_multi_add_handle(http->multi, t->easy);
    xcy_assert(code == CURLM_OK);
    return XCY_OK;
}

void xcy_http_retire(struct xcy_http *http, struct xcy_transfer *t)
{
    CURLMcode code = curl_multi_remove_handle(http->multi, t->easy);
    xcy_assert(code == CURLM_OK);
    xcy_deadlines_remove(&http->first_byte, &t->first_byte);
    xcy_deadlines_remove(&http->total, &t->total);
    xcy_transfer_list_remove(&http->active, t);
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
    }
}

size_t xcy_http_running(const struct xcy_http *http)
{
    return http->n_running;
}

void xcy_http_cancel_all(struct xcy_http *http)
{
    while (http->active.first) {
        xcy_http_abandon(http, http->active.first, XCY_HTTP_CANCELLED);
    }
}

void xcy_http_cancel_by(struct xcy_http *http, const void *ctx)
{
    struct xcy_transfer *next = NULL;
    for (struct xcy_transfer *t = http->active.first; t; t = next) {
        next = t->next;
        if (t->ctx == ctx) {
            xcy_http_abandon(http, t, XCY_HTTP_CANCELLED);
        }
    }
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
    curl_multi_cleanup(http->multi);
    close(http->epoll_fd);
    free(http->ca_file);
    free(http->user_agent);
    free(http);
    curl_global_cleanup();
}
