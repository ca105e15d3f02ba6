#ifndef XCY_NET_WATCH_H
#define XCY_NET_WATCH_H

/*
 * watch.h - which sockets a client waits on, for whom, and the waiting. Private to common/net.
 *
 * One epoll set, waited on to the nanosecond: epoll_wait and curl_multi_poll round to whole
 * milliseconds, epoll_pwait2 does not. Where the kernel has none (before 5.11, as under
 * Lambda), ppoll waits for the epoll set.
 *
 * Threads:  one owner.
 */

#include "common/time/clock.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

enum { XCY_WATCH_EVENTS = 16 }; /* at once; the rest comes with the next wait */

struct xcy_lane;

struct xcy_watched {
    struct xcy_lane *lane; /* NULL: not watched */
};

struct xcy_watch {
    int epoll_fd;
    int wake_fd; /* -1: none */
    bool has_no_pwait2;
    struct xcy_watched *by_fd;
    size_t n_fds;
    struct epoll_event events[XCY_WATCH_EVENTS]; /* of the last wait */
    int n_events;
};

void xcy_watch_open(struct xcy_watch *watch);
void xcy_watch_close(struct xcy_watch *watch);

/* Watches fd for the lane, for these events (EPOLLIN, EPOLLOUT), in place of what was before. */
void xcy_watch_set(struct xcy_watch *watch, int fd, struct xcy_lane *lane, uint32_t events);
void xcy_watch_drop(struct xcy_watch *watch, int fd);                   /* or not watched */
struct xcy_lane *xcy_watch_lane(const struct xcy_watch *watch, int fd); /* NULL: not watched */

/* Whose readability ends a wait; -1: nobody's. */
void xcy_watch_set_wake(struct xcy_watch *watch, int fd);

/* Fills `events`, waiting at most that long; true when wake_fd is readable. */
bool xcy_watch_wait(struct xcy_watch *watch, int64_t longest_ns);

#endif
