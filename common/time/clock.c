#include "common/time/clock.h"

#include "common/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { ANCHOR_TRIES = 5 };

static int64_t read_clock(clockid_t id)
{
    struct timespec t;
    int code = clock_gettime(id, &t);
    xcy_assert(code == 0);
    return (int64_t)t.tv_sec * XCY_NS_PER_S + t.tv_nsec;
}

struct xcy_mono xcy_mono_now(void)
{
    return (struct xcy_mono){read_clock(CLOCK_MONOTONIC)};
}

struct xcy_wall xcy_wall_now(void)
{
    return (struct xcy_wall){read_clock(CLOCK_REALTIME)};
}

struct xcy_anchor xcy_anchor_now(void)
{
    struct xcy_anchor best = {{0}, {0}};
    int64_t best_gap_ns = INT64_MAX;
    for (int i = 0; i < ANCHOR_TRIES; i++) {
        struct xcy_mono before = xcy_mono_now();
        struct xcy_wall wall = xcy_wall_now();
        int64_t gap_ns = xcy_mono_diff_ns(xcy_mono_now(), before);
        if (gap_ns < best_gap_ns) {
            best_gap_ns = gap_ns;
            best = (struct xcy_anchor){.mono = xcy_mono_add(before, gap_ns / 2), .wall = wall};
        }
    }
    return best;
}

bool xcy_sleep_until(struct xcy_mono when, int wake_fd)
{
    struct pollfd waited = {.fd = wake_fd, .events = POLLIN};
    for (;;) {
        int64_t left_ns = xcy_mono_diff_ns(when, xcy_mono_now());
        if (left_ns <= 0) {
            return true;
        }
        struct timespec left = {.tv_sec = left_ns / XCY_NS_PER_S,
                                .tv_nsec = left_ns % XCY_NS_PER_S};
        int n = ppoll(&waited, 1, &left, NULL);
        if (n > 0) {
            return false;
        }
        xcy_assert(n == 0 || errno == EINTR);
    }
}

static struct tm utc_of(struct xcy_wall t)
{
    time_t seconds = (time_t)(t.ns / XCY_NS_PER_S);
    struct tm parts;
    struct tm *done = gmtime_r(&seconds, &parts);
    xcy_assert(done != NULL);
    return parts;
}

void xcy_wall_format_compact(struct xcy_wall t, char to[15])
{
    struct tm parts = utc_of(t);
    size_t n = strftime(to, 15, "%Y%m%d%H%M%S", &parts);
    xcy_assert(n == 14);
}

void xcy_wall_format_iso(struct xcy_wall t, char to[21])
{
    struct tm parts = utc_of(t);
    size_t n = strftime(to, 21, "%Y-%m-%dT%H:%M:%SZ", &parts);
    xcy_assert(n == 20);
}

void xcy_clock_sharpen(void)
{
    prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
}

void xcy_boot_id(char to[37])
{
    memset(to, 0, 37);
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, to, 36) : -1;
    if (n != 36) {
        snprintf(to, 37, "unknown");
    }
    if (fd >= 0) {
        close(fd);
    }
}
