#include "common/net/lane.h"

#include "common/base/mem.h"
#include "common/net/client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* What a lane is: its handle, its sockets. How it is driven stands in lane_drive.c. */

enum {
    KEPT_CONNECTIONS = 16384, /* of a shared lane; libcurl's own bound shrinks with the load */
    STREAMS = 100,            /* on a connection: what most servers allow */
    SPARE_DESCRIPTORS = 256,
};

#define TRUSTED_IDLE_NS XCY_NS_PER_MS

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *known)
{
    struct xcy_lane *lane = ctx;
    (void)easy;
    (void)known;
    if (what == CURL_POLL_REMOVE) {
        xcy_watch_drop(&lane->http->watch, fd);
    } else {
        xcy_watch_set(&lane->http->watch, fd, lane,
                      (what & CURL_POLL_IN ? EPOLLIN : 0u) |
                          (what & CURL_POLL_OUT ? EPOLLOUT : 0u));
    }
    return 0;
}

static CURLM *multi_new(struct xcy_lane *lane)
{
    CURLM *multi = curl_multi_init();
    xcy_assert(multi != NULL);
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, lane);
    if (!lane->is_shared) {
        curl_multi_setopt(multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
        curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 1L);
    } else {
        curl_multi_setopt(multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
        curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)KEPT_CONNECTIONS);
        curl_multi_setopt(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, (long)STREAMS);
    }
    int bound = lane->http->options.max_connections;
    if (bound > 0) {
        curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS,
                          lane->is_shared ? (long)bound : 1L);
    }
    return multi;
}

struct xcy_lane *xcy_lane_new(struct xcy_http *http, bool is_shared)
{
    struct xcy_lane *lane = xcy_alloc(sizeof *lane);
    *lane = (struct xcy_lane){
        .http = http, .is_shared = is_shared, .is_named = true, .kept_fd = -1, .opened_fd = -1};
    lane->timer.owner = lane;
    lane->multi = multi_new(lane);
    return lane;
}

void xcy_lane_free(struct xcy_lane *lane)
{
    if (lane) {
        xcy_deadlines_remove(&lane->http->timers, &lane->timer);
        curl_multi_cleanup(lane->multi);
        free(lane);
    }
}

bool xcy_lane_fits(const struct xcy_lane *lane, const char *authority)
{
    return lane->kept_fd >= 0 && strcmp(lane->authority, authority) == 0;
}

/* A client that is not run meanwhile does not see that its connections are closed. */
bool xcy_lane_is_alive(const struct xcy_lane *lane, struct xcy_mono now)
{
    char byte = 0;
    return xcy_mono_diff_ns(now, lane->idle_since) < TRUSTED_IDLE_NS ||
           (recv(lane->kept_fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
            (errno == EAGAIN || errno == EINTR));
}

/* libcurl opens a connection for each transfer that finds none with room, or none yet: it is given one
 * transfer too many, and more when that one's connection stands. (Without HTTP/2 each makes its own:
 * they wait for the first one only.) */
bool xcy_lane_has_room(const struct xcy_lane *lane)
{
    return lane->n_transfers <= STREAMS * lane->n_ready;
}

/* Most systems let a process have 1024 descriptors at first and many more if it asks; the kernel gives
 * the lowest free one. */
static void raise_limit(int fd)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && (rlim_t)fd + SPARE_DESCRIPTORS > limit.rlim_cur &&
        limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

void xcy_lane_opened(struct xcy_lane *lane, int fd)
{
    lane->opened_fd = fd;
    lane->n_open++;
    raise_limit(fd);
}

void xcy_lane_ready(struct xcy_lane *lane)
{
    lane->n_ready++;
    lane->http->may_begin = true;
}

void xcy_lane_close(struct xcy_lane *lane, int fd)
{
    if (lane->kept_fd == fd) {
        lane->kept_fd = -1;
    }
    lane->n_open--;
    if (lane->n_ready > lane->n_open) {
        lane->n_ready = lane->n_open;
    }
    xcy_watch_drop(&lane->http->watch, fd);
    close(fd);
}
