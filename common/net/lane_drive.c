#include "common/net/client.h"

#include <string.h>

/*
 * Two ways of driving libcurl.
 *
 * Named: libcurl names the sockets and the instant to wait for (curl_multi_socket_action). Right for
 * everything; it costs libcurl 2 to 3 us a request to keep its tables, and us two calls of epoll_ctl.
 *
 * Plain: a request on a kept connection is written at once, and then nothing but its reply can come,
 * on a socket that is watched anyway: curl_multi_perform when something is there. What else may
 * happen: it is not written whole (then we watch for that, too); the connection was dead, and libcurl
 * makes another (then the request begins anew, named); the connection is closed before a reply, and
 * libcurl would send again (then the transfer is over).
 */

enum {
    MAX_PLAIN_BODY = 1024 * 1024,    /* above, libcurl waits for "100 Continue" */
    MAX_PLAIN_EMPTY_HEAD = 4 * 1024, /* without a body we cannot tell how much is written */
};

static void collect(struct xcy_lane *lane)
{
    int left = 0;
    CURLMsg *message = NULL;
    while ((message = curl_multi_info_read(lane->multi, &left)) != NULL) {
        char *owner = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
        struct xcy_transfer *t = (void *)owner;
        xcy_transfer_conclude(t, message->data.result);
        xcy_http_retire(lane->http, t);
    }
}

static void set_timer(struct xcy_lane *lane)
{
    long ms = -1;
    curl_multi_timeout(lane->multi, &ms);
    xcy_deadlines_remove(&lane->http->timers, &lane->timer);
    if (ms >= 0) {
        xcy_deadlines_add(&lane->http->timers, &lane->timer,
                          xcy_mono_add(xcy_mono_now(), ms * XCY_NS_PER_MS));
    }
}

/* After libcurl was called: what ended, else when it wants to be called again. */
static void settle(struct xcy_lane *lane, CURLMcode code, int running)
{
    xcy_assert(code == CURLM_OK);
    if (running < lane->n_transfers) {
        collect(lane);
    }
    if (lane->n_transfers > 0) {
        set_timer(lane);
    }
}

static void act_named(struct xcy_lane *lane, int fd, int events)
{
    int running = 0;
    CURLMcode code = curl_multi_socket_action(lane->multi, fd, events, &running);
    settle(lane, code, running);
}

static void forget_kept(struct xcy_lane *lane)
{
    if (lane->kept_fd >= 0) {
        xcy_watch_drop(&lane->http->watch, lane->kept_fd);
        lane->kept_fd = -1;
    }
}

static void keep(struct xcy_lane *lane, int fd, uint32_t events)
{
    lane->kept_fd = fd;
    xcy_watch_set(&lane->http->watch, fd, lane, events);
}

static void begin_named(struct xcy_lane *lane)
{
    forget_kept(lane);
    lane->is_named = true;
    act_named(lane, CURL_SOCKET_TIMEOUT, 0);
}

/* The kept connection was dead; nothing was sent. */
static void begin_anew(struct xcy_lane *lane, struct xcy_transfer *t)
{
    CURLMcode code = curl_multi_remove_handle(lane->multi, t->easy);
    xcy_assert(code == CURLM_OK);
    code = curl_multi_add_handle(lane->multi, t->easy);
    xcy_assert(code == CURLM_OK);
    begin_named(lane);
}

/* A transfer that goes on: is the request on its way? */
static void watch_writing(struct xcy_lane *lane)
{
    bool is_writing = !xcy_transfer_is_written(lane->transfer);
    if (lane->kept_fd < 0) { /* the dead connection was replaced at once */
        keep(lane, lane->opened_fd, is_writing ? EPOLLIN | EPOLLOUT : EPOLLIN);
    } else if (is_writing != lane->is_writing) {
        keep(lane, lane->kept_fd, is_writing ? EPOLLIN | EPOLLOUT : EPOLLIN);
    }
    lane->is_writing = is_writing;
}

static void act_plain(struct xcy_lane *lane, bool is_first)
{
    struct xcy_transfer *t = lane->transfer;
    int running = 0;
    CURLMcode code = curl_multi_perform(lane->multi, &running);
    xcy_assert(code == CURLM_OK);
    if (running == 0) {
        collect(lane);
    } else if (lane->kept_fd < 0 && !t->reply.was_sent) {
        begin_anew(lane, t);
    } else if (lane->kept_fd < 0 && t->was_on_kept) {
        xcy_transfer_stop_resend(t);
        xcy_http_retire(lane->http, t);
    } else {
        if (is_first || lane->is_writing) {
            watch_writing(lane);
        }
        if (!is_first) {
            set_timer(lane);
        }
    }
}

static bool may_be_plain(const struct xcy_lane *lane, const struct xcy_transfer *t)
{
    return xcy_lane_fits(lane, t->prepared->authority) && t->body.len <= MAX_PLAIN_BODY &&
           (t->body.len > 0 || t->prepared->head_bytes <= MAX_PLAIN_EMPTY_HEAD);
}

static void begin_alone(struct xcy_lane *lane, struct xcy_transfer *t)
{
    bool is_plain = may_be_plain(lane, t);
    lane->transfer = t;
    lane->is_writing = false;
    if (is_plain) {
        lane->is_named = false;
        act_plain(lane, true);
    } else {
        memcpy(lane->authority, t->prepared->authority, sizeof lane->authority);
        begin_named(lane);
    }
}

void xcy_lane_begin(struct xcy_lane *lane, struct xcy_transfer *t)
{
    xcy_transfer_set_lane(t, lane);
    lane->n_transfers++;
    CURLMcode code = curl_multi_add_handle(lane->multi, t->easy);
    xcy_assert(code == CURLM_OK);
    if (lane->is_shared) { /* libcurl is called once for all that begin now */
        xcy_deadlines_remove(&lane->http->timers, &lane->timer);
        xcy_deadlines_add(&lane->http->timers, &lane->timer, (struct xcy_mono){0});
    } else {
        begin_alone(lane, t);
    }
}

void xcy_lane_act(struct xcy_lane *lane, int fd, uint32_t events)
{
    if (lane->n_transfers == 0 && !lane->is_shared) {
        xcy_http_drop_lane(lane->http, lane);
    } else if (lane->is_named) {
        act_named(lane, fd,
                  (events & EPOLLIN ? CURL_CSELECT_IN : 0) |
                      (events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                      (events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0));
    } else {
        act_plain(lane, false);
    }
}

void xcy_lane_act_on_time(struct xcy_lane *lane)
{
    xcy_deadlines_remove(&lane->http->timers, &lane->timer);
    if (lane->is_named) {
        act_named(lane, CURL_SOCKET_TIMEOUT, 0);
    } else {
        act_plain(lane, false);
    }
}

/* The socket of the connection that a finished transfer leaves behind, or -1. */
static int kept_by(struct xcy_transfer *t)
{
    curl_socket_t fd = CURL_SOCKET_BAD;
    if (t->reply.result != XCY_HTTP_DONE ||
        curl_easy_getinfo(t->easy, CURLINFO_ACTIVESOCKET, &fd) != CURLE_OK) {
        return -1;
    }
    return fd == CURL_SOCKET_BAD ? -1 : fd;
}

void xcy_lane_leave(struct xcy_lane *lane, struct xcy_transfer *t)
{
    int fd = !lane->is_shared && lane->is_named ? kept_by(t) : -1;
    CURLMcode code = curl_multi_remove_handle(lane->multi, t->easy);
    xcy_assert(code == CURLM_OK);
    t->lane = NULL;
    lane->n_transfers--;
    if (lane->n_transfers == 0) {
        xcy_deadlines_remove(&lane->http->timers, &lane->timer);
    }
    if (lane->is_shared) {
        return;
    }
    lane->transfer = NULL;
    lane->idle_since = t->reply.acked;
    if (fd >= 0) {
        keep(lane, fd, EPOLLIN);
    } else if (lane->is_writing && lane->kept_fd >= 0) { /* answered before it was written whole */
        keep(lane, lane->kept_fd, EPOLLIN);
    }
}
