#include "common/net/watch.h"

#include "common/base/mem.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define LONGEST_WAIT_NS (3600 * XCY_NS_PER_S)

void xcy_watch_open(struct xcy_watch *watch)
{
    *watch = (struct xcy_watch){.epoll_fd = epoll_create1(EPOLL_CLOEXEC), .wake_fd = -1};
    xcy_assert(watch->epoll_fd >= 0);
}

void xcy_watch_close(struct xcy_watch *watch)
{
    close(watch->epoll_fd);
    free(watch->by_fd);
}

static void make_room(struct xcy_watch *watch, size_t n)
{
    if (n <= watch->n_fds) {
        return;
    }
    size_t grown = watch->n_fds * 2 > n ? watch->n_fds * 2 : n + 64;
    watch->by_fd = xcy_realloc_array(watch->by_fd, grown, sizeof *watch->by_fd);
    for (size_t i = watch->n_fds; i < grown; i++) {
        watch->by_fd[i] = (struct xcy_watched){0};
    }
    watch->n_fds = grown;
}

/* The kernel forgets a socket when it is closed; we may learn of that late. */
static void control(struct xcy_watch *watch, int fd, uint32_t events, bool is_known)
{
    struct epoll_event event = {.events = events, .data.fd = fd};
    int failed = epoll_ctl(watch->epoll_fd, is_known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
    if (failed && (errno == ENOENT || errno == EEXIST)) {
        failed = epoll_ctl(watch->epoll_fd, is_known ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event);
    }
    xcy_assert(!failed);
}

void xcy_watch_set(struct xcy_watch *watch, int fd, struct xcy_lane *lane, uint32_t events)
{
    make_room(watch, (size_t)fd + 1);
    control(watch, fd, events, watch->by_fd[fd].lane != NULL);
    watch->by_fd[fd].lane = lane;
}

void xcy_watch_drop(struct xcy_watch *watch, int fd)
{
    if (xcy_watch_lane(watch, fd)) {
        epoll_ctl(watch->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
        watch->by_fd[fd].lane = NULL;
    }
}

struct xcy_lane *xcy_watch_lane(const struct xcy_watch *watch, int fd)
{
    return fd >= 0 && (size_t)fd < watch->n_fds ? watch->by_fd[fd].lane : NULL;
}

void xcy_watch_set_wake(struct xcy_watch *watch, int fd)
{
    if (fd == watch->wake_fd) {
        return;
    }
    if (watch->wake_fd >= 0) {
        epoll_ctl(watch->epoll_fd, EPOLL_CTL_DEL, watch->wake_fd, NULL);
    }
    if (fd >= 0) {
        control(watch, fd, EPOLLIN, false);
    }
    watch->wake_fd = fd;
}

/* The count of events, or -1 with errno. */
static int wait_exactly(struct xcy_watch *watch, const struct timespec *longest)
{
    if (!watch->has_no_pwait2) {
        int n = epoll_pwait2(watch->epoll_fd, watch->events, XCY_WATCH_EVENTS, longest, NULL);
        if (n >= 0 || (errno != ENOSYS && errno != EPERM)) { /* EPERM: by a sandbox's filter */
            return n;
        }
        watch->has_no_pwait2 = true;
    }
    struct pollfd waited = {.fd = watch->epoll_fd, .events = POLLIN};
    int n = ppoll(&waited, 1, longest, NULL);
    return n <= 0 ? n : epoll_wait(watch->epoll_fd, watch->events, XCY_WATCH_EVENTS, 0);
}

/* Takes wake_fd's event out; the others keep their order. */
static bool take_wake(struct xcy_watch *watch)
{
    int kept = 0;
    for (int i = 0; i < watch->n_events; i++) {
        if (watch->events[i].data.fd != watch->wake_fd) {
            watch->events[kept++] = watch->events[i];
        }
    }
    bool is_woken = kept < watch->n_events;
    watch->n_events = kept;
    return is_woken;
}

bool xcy_watch_wait(struct xcy_watch *watch, int64_t longest_ns)
{
    int n = 0;
    if (longest_ns <= 0) {
        n = epoll_wait(watch->epoll_fd, watch->events, XCY_WATCH_EVENTS, 0);
    } else {
        int64_t ns = longest_ns < LONGEST_WAIT_NS ? longest_ns : LONGEST_WAIT_NS;
        struct timespec longest = {.tv_sec = ns / XCY_NS_PER_S, .tv_nsec = ns % XCY_NS_PER_S};
        n = wait_exactly(watch, &longest);
    }
    xcy_assert(n >= 0 || errno == EINTR);
    watch->n_events = n > 0 ? n : 0;
    return watch->wake_fd >= 0 && take_wake(watch);
}
