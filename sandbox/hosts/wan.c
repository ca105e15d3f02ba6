#include "sandbox/hosts/wan.h"

#include "common/base/mem.h"
#include "sandbox/hosts/delay_line.h"
#include "sandbox/hosts/namespace.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { MTU_BYTES = 1500, PACKETS_AT_ONCE = 256, EVENTS_AT_ONCE = 4 };
static const size_t default_queue_bytes = (size_t)16 << 20;

/* The writer's network is 10.83.0.1, the reader's 10.83.0.2. */
static const uint32_t addresses[] = {0x0a530001, 0x0a530002};

struct xcy_wan {
    struct xcy_wan_options options;
    struct xcy_namespace *places[2];
    struct xcy_delay_line *lines[2]; /* from places[i] to the other */
    int epoll_fd;
    int timer_fd;
    int stop_fd;
    bool has_thread;
    pthread_t thread;
    atomic_uint_least64_t packets;
    atomic_uint_least64_t bytes;
    atomic_uint_least64_t dropped;
};

/* Takes in what a network sends, within bounds; the rest wakes us again. */
static void take_in(struct xcy_wan *w, int from)
{
    char packet[MTU_BYTES];
    for (int i = 0; i < PACKETS_AT_ONCE; i++) {
        ssize_t n = read(xcy_namespace_tun(w->places[from]), packet, sizeof packet);
        if (n <= 0) {
            return;
        }
        if ((size_t)n > xcy_delay_line_room(w->lines[from])) {
            atomic_fetch_add(&w->dropped, 1);
            continue;
        }
        int64_t lag_ns = w->options.lag ? w->options.lag(w->options.lag_ctx) : 0;
        xcy_delay_line_add(w->lines[from], xcy_mono_now(), lag_ns, xcy_bytes(packet, (size_t)n));
    }
}

/* A packet is a chunk of the line. One that the device will not have is lost, as on a wire. */
static void give_out(struct xcy_wan *w, int from)
{
    int to_fd = xcy_namespace_tun(w->places[1 - from]);
    for (;;) {
        struct xcy_bytes packet = xcy_delay_line_peek(w->lines[from], xcy_mono_now());
        if (packet.len == 0) {
            return;
        }
        if (write(to_fd, packet.ptr, packet.len) == (ssize_t)packet.len) {
            atomic_fetch_add(&w->packets, 1);
            atomic_fetch_add(&w->bytes, packet.len);
        } else {
            atomic_fetch_add(&w->dropped, 1);
        }
        xcy_delay_line_take(w->lines[from], packet.len);
    }
}

static void set_timer(struct xcy_wan *w)
{
    struct itimerspec when = {{0, 0}, {0, 0}};
    int64_t least_ns = INT64_MAX;
    for (int i = 0; i < 2; i++) {
        if (!xcy_delay_line_is_empty(w->lines[i])) {
            int64_t due_ns = xcy_delay_line_due(w->lines[i]).ns;
            least_ns = due_ns < least_ns ? due_ns : least_ns;
        }
    }
    if (least_ns != INT64_MAX) {
        when.it_value.tv_sec = least_ns / XCY_NS_PER_S;
        when.it_value.tv_nsec = least_ns % XCY_NS_PER_S;
    }
    timerfd_settime(w->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
}

static void *carry(void *arg)
{
    struct xcy_wan *w = arg;
    struct epoll_event events[EVENTS_AT_ONCE];
    xcy_clock_sharpen();
    for (;;) {
        int n = epoll_wait(w->epoll_fd, events, EVENTS_AT_ONCE, -1);
        for (int i = 0; i < n; i++) {
            uint64_t ignored;
            if (events[i].data.fd == w->stop_fd) {
                return NULL;
            }
            if (events[i].data.fd == w->timer_fd) {
                ssize_t got = read(w->timer_fd, &ignored, sizeof ignored);
                (void)got;
            }
        }
        for (int from = 0; from < 2; from++) {
            take_in(w, from);
            give_out(w, from);
        }
        set_timer(w);
    }
}

static void watch(struct xcy_wan *w, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    int code = epoll_ctl(w->epoll_fd, EPOLL_CTL_ADD, fd, &event);
    xcy_assert(code == 0);
}

static enum xcy_status start_places(struct xcy_wan *w, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (int i = 0; i < 2 && status == XCY_OK; i++) {
        struct xcy_namespace_options options = {
            .address = addresses[i], .peer = addresses[1 - i], .mtu_bytes = MTU_BYTES};
        status = xcy_namespace_start(&options, &w->places[i], err);
    }
    return status;
}

enum xcy_status xcy_wan_start(const struct xcy_wan_options *options, struct xcy_wan **wan,
                              struct xcy_error *err)
{
    struct xcy_wan *w = xcy_alloc(sizeof *w);
    w->options = *options;
    size_t queue_bytes = options->queue_bytes ? options->queue_bytes : default_queue_bytes;
    w->lines[0] = xcy_delay_line_new(options->rate_mbit_per_s, queue_bytes);
    w->lines[1] = xcy_delay_line_new(options->rate_mbit_per_s, queue_bytes);
    w->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    w->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    w->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    xcy_assert(w->epoll_fd >= 0 && w->timer_fd >= 0 && w->stop_fd >= 0);
    enum xcy_status status = start_places(w, err);
    if (status != XCY_OK) {
        xcy_wan_stop(w);
        return status;
    }
    watch(w, xcy_namespace_tun(w->places[0]));
    watch(w, xcy_namespace_tun(w->places[1]));
    watch(w, w->timer_fd);
    watch(w, w->stop_fd);
    int code = pthread_create(&w->thread, NULL, carry, w);
    xcy_assert(code == 0);
    w->has_thread = true;
    *wan = w;
    return XCY_OK;
}

static struct xcy_relay_end end_of(struct xcy_wan *wan, int place)
{
    return (struct xcy_relay_end){.make_socket = xcy_namespace_make_socket,
                                  .ctx = wan->places[place],
                                  .address = addresses[0]};
}

/* Both know the writer's address: one listens there, the other connects to it. */
struct xcy_relay_end xcy_wan_writer_end(struct xcy_wan *wan)
{
    return end_of(wan, 0);
}

struct xcy_relay_end xcy_wan_reader_end(struct xcy_wan *wan)
{
    return end_of(wan, 1);
}

struct xcy_wan_counts xcy_wan_counts(const struct xcy_wan *wan)
{
    return (struct xcy_wan_counts){.packets = atomic_load(&wan->packets),
                                   .bytes = atomic_load(&wan->bytes),
                                   .dropped = atomic_load(&wan->dropped)};
}

void xcy_wan_stop(struct xcy_wan *wan)
{
    if (!wan) {
        return;
    }
    if (wan->has_thread) {
        uint64_t one = 1;
        ssize_t ignored = write(wan->stop_fd, &one, sizeof one);
        (void)ignored;
        pthread_join(wan->thread, NULL);
    }
    xcy_namespace_stop(wan->places[0]);
    xcy_namespace_stop(wan->places[1]);
    xcy_delay_line_free(wan->lines[0]);
    xcy_delay_line_free(wan->lines[1]);
    close(wan->epoll_fd);
    close(wan->timer_fd);
    close(wan->stop_fd);
    free(wan);
}
