#include "common/net/client.h"

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <time.h>

/*
 * libcurl names the sockets to watch and one instant; we wait on an epoll set with
 * ppoll, whose timeout is in nanoseconds (epoll_wait and curl_multi_poll round to
 * whole milliseconds, epoll_pwait2 is missing in kernels that Lambda uses). Our own
 * deadlines stand beside libcurl's.
 */

enum { EVENTS_AT_ONCE = 64 };

#define LONGEST_WAIT_NS (3600 * XCY_NS_PER_S)

int xcy_http_on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *known)
{
    struct xcy_http *http = ctx;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(http->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
        return 0;
    }
    struct epoll_event event = {.data.fd = fd};
    event.events = (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
    int failed = epoll_ctl(http->epoll_fd, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
    if (failed && (errno == ENOENT || errno == EEXIST)) {
        failed = epoll_ctl(http->epoll_fd, known ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event);
    }
    xcy_assert(!failed);
    curl_multi_assign(http->multi, fd, http); /* any pointer: known from now on */
    return 0;
}

int xcy_http_on_timer(CURLM *multi, long timeout_ms, void *ctx)
{
    struct xcy_http *http = ctx;
    (void)multi;
    http->has_curl_time = timeout_ms >= 0;
    if (http->has_curl_time) {
        http->curl_time = xcy_mono_add(xcy_mono_now(), timeout_ms * XCY_NS_PER_MS);
    }
    return 0;
}

static void collect_finished(struct xcy_http *http)
{
    int left = 0;
    CURLMsg *message = NULL;
    while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
        char *owner = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
        struct xcy_transfer *t = (void *)owner;
        xcy_transfer_conclude(t, message->data.result);
        xcy_http_retire(http, t);
    }
}

/* Stamps what ended at once, not after the other sockets were served. */
static void act(struct xcy_http *http, curl_socket_t fd, int events)
{
    int running = 0;
    CURLMcode code = curl_multi_socket_action(http->multi, fd, events, &running);
    xcy_assert(code == CURLM_OK);
    collect_finished(http);
    xcy_http_deliver(http);
}

static void act_on_sockets(struct xcy_http *http)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    int n = epoll_wait(http->epoll_fd, events, EVENTS_AT_ONCE, 0);
    for (int i = 0; i < n; i++) {
        uint32_t got = events[i].events;
        int what = (got & EPOLLIN ? CURL_CSELECT_IN : 0) | (got & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                   (got & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
        act(http, events[i].data.fd, what);
    }
}

static void expire(struct xcy_http *http, struct xcy_deadlines *list, enum xcy_http_result result)
{
    if (!list->first) {
        return;
    }
    struct xcy_mono now = xcy_mono_now();
    while (list->first && !xcy_mono_before(now, list->first->when)) {
        xcy_http_abandon(http, list->first->owner, result);
    }
}

/* One round: everything that is ready now. What is to be sent goes before what came, since its
 * lateness is measured; replies go before timeouts, since one that is there is not late. */
static void pump(struct xcy_http *http)
{
    if (http->has_curl_time && !xcy_mono_before(xcy_mono_now(), http->curl_time)) {
        http->has_curl_time = false;
        act(http, CURL_SOCKET_TIMEOUT, 0);
    }
    act_on_sockets(http);
    expire(http, &http->first_byte, XCY_HTTP_FIRST_BYTE_TIMEOUT);
    expire(http, &http->total, XCY_HTTP_TOTAL_TIMEOUT);
    xcy_http_deliver(http);
}

static struct xcy_mono earlier(struct xcy_mono a, struct xcy_mono b)
{
    return xcy_mono_before(b, a) ? b : a;
}

/* False when wake_fd is readable. */
static bool wait_for_work(struct xcy_http *http, struct xcy_mono until, int wake_fd)
{
    struct xcy_mono when = until;
    if (http->has_curl_time) {
        when = earlier(when, http->curl_time);
    }
    if (http->first_byte.first) {
        when = earlier(when, http->first_byte.first->when);
    }
    if (http->total.first) {
        when = earlier(when, http->total.first->when);
    }
    int64_t now_ns = xcy_mono_now().ns;
    int64_t left_ns = when.ns > now_ns ? when.ns - now_ns : 0;
    if (left_ns > LONGEST_WAIT_NS) {
        left_ns = LONGEST_WAIT_NS;
    }
    struct timespec left = {.tv_sec = left_ns / XCY_NS_PER_S, .tv_nsec = left_ns % XCY_NS_PER_S};
    struct pollfd waited[2] = {{.fd = http->epoll_fd, .events = POLLIN},
                               {.fd = wake_fd, .events = POLLIN}};
    int n = ppoll(waited, 2, &left, NULL);
    xcy_assert(n >= 0 || errno == EINTR);
    return n <= 0 || waited[1].revents == 0;
}

void xcy_http_run(struct xcy_http *http, struct xcy_mono until, int wake_fd, bool once)
{
    size_t delivered_before = http->n_delivered;
    for (;;) {
        pump(http);
        if (once && (http->n_delivered != delivered_before || http->n_running == 0)) {
            return;
        }
        if (!xcy_mono_before(xcy_mono_now(), until) || !wait_for_work(http, until, wake_fd)) {
            return;
        }
    }
}
