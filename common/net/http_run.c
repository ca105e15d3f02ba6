#include "common/net/client.h"

/* The rounds of a client. What is to be sent goes before what came, since its lateness is measured;
 * replies go before timeouts, since one that is there is not late. */

/* Stamps what ended at once, not after the other lanes were served. */
static void act_on_timers(struct xcy_http *http)
{
    if (!http->timers.first) {
        return;
    }
    struct xcy_mono now = xcy_mono_now();
    while (http->timers.first && !xcy_mono_before(now, http->timers.first->when)) {
        xcy_lane_act_on_time(http->timers.first->owner);
        xcy_http_deliver(http);
    }
}

static void act_on_sockets(struct xcy_http *http)
{
    for (int i = 0; i < http->watch.n_events; i++) {
        int fd = http->watch.events[i].data.fd;
        struct xcy_lane *lane = xcy_watch_lane(&http->watch, fd);
        if (lane) { /* else it went while another was served */
            xcy_lane_act(lane, fd, http->watch.events[i].events);
            xcy_http_deliver(http);
            xcy_http_begin(http); /* what `done` started, while the lane's memory is warm */
        }
    }
}

static void expire_connect(struct xcy_http *http, struct xcy_transfer *t)
{
    if (!t->lane && http->shared_lane && http->shared_lane->n_ready > 0) {
        xcy_deadlines_remove(&http->connect, &t->connect); /* it waits for its turn */
        return;
    }
    xcy_transfer_conclude(t, CURLE_OPERATION_TIMEDOUT);
    xcy_http_retire(http, t);
}

static void expire_first_byte(struct xcy_http *http, struct xcy_transfer *t)
{
    xcy_http_abandon(http, t, XCY_HTTP_FIRST_BYTE_TIMEOUT);
}

static void expire_total(struct xcy_http *http, struct xcy_transfer *t)
{
    xcy_http_abandon(http, t, XCY_HTTP_TOTAL_TIMEOUT);
}

static void expire(struct xcy_http *http, struct xcy_deadlines *list,
                   void (*end)(struct xcy_http *http, struct xcy_transfer *t))
{
    if (!list->first) {
        return;
    }
    struct xcy_mono now = xcy_mono_now();
    while (list->first && !xcy_mono_before(now, list->first->when)) {
        end(http, list->first->owner);
    }
}

static void keep_earlier(struct xcy_mono *when, const struct xcy_deadlines *list)
{
    if (list->first && xcy_mono_before(list->first->when, *when)) {
        *when = list->first->when;
    }
}

static int64_t longest_wait_ns(const struct xcy_http *http, struct xcy_mono until)
{
    if (http->may_begin && (http->waiting[0].first || http->waiting[1].first)) {
        return 0;
    }
    struct xcy_mono when = until;
    keep_earlier(&when, &http->timers);
    keep_earlier(&when, &http->connect);
    keep_earlier(&when, &http->first_byte);
    keep_earlier(&when, &http->total);
    struct xcy_mono now = xcy_mono_now();
    return xcy_mono_before(now, when) ? xcy_mono_diff_ns(when, now) : 0;
}

void xcy_http_run(struct xcy_http *http, struct xcy_mono until, int wake_fd, bool once)
{
    size_t delivered_before = http->n_delivered;
    bool is_woken = false;
    xcy_watch_set_wake(&http->watch, wake_fd);
    do {
        xcy_http_begin(http);
        act_on_timers(http);
        xcy_http_deliver(http);
        if (once && (http->n_delivered != delivered_before || http->n_running == 0)) {
            return;
        }
        is_woken = xcy_watch_wait(&http->watch, longest_wait_ns(http, until));
        act_on_sockets(http);
        expire(http, &http->connect, expire_connect);
        expire(http, &http->first_byte, expire_first_byte);
        expire(http, &http->total, expire_total);
        xcy_http_deliver(http);
        if (once && (http->n_delivered != delivered_before || http->n_running == 0)) {
            return;
        }
    } while (!is_woken && xcy_mono_before(xcy_mono_now(), until));
}
