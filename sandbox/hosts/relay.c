#include "sandbox/hosts/relay.h"

#include "common/base/mem.h"
#include "sandbox/hosts/relay_link.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { EVENTS_AT_ONCE = 32, LISTEN_BACKLOG = 64 };
static const size_t default_max_bytes = (size_t)64 << 20;

struct xcy_relay {
    struct xcy_relay_options options;
    pthread_t thread;
    uint16_t port;
    int listen_fd;
    int epoll_fd;
    int timer_fd;
    int stop_fd;
    int resume_fd; /* an eventfd: a stall is over */
    char *chunk;
    struct xcy_relay_link *links;
    atomic_uint_least64_t connections;
    struct xcy_relay_passed passed;
};

/* Descriptors are told apart by their number: all links are looked through (a handful). */
static void watch(struct xcy_relay *r, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.fd = fd};
    int code = epoll_ctl(r->epoll_fd, EPOLL_CTL_ADD, fd, &event);
    xcy_assert(code == 0);
}

/* Edge-triggered: events only say that something changed; every link is then moved on. */
static void accept_link(struct xcy_relay *r)
{
    int client_fd = accept4(r->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    struct xcy_relay_link *link =
        client_fd >= 0 ? xcy_relay_link_open(client_fd, &r->options, &r->passed) : NULL;
    if (!link) {
        return;
    }
    watch(r, link->client_fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
    watch(r, link->target_fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
    link->next = r->links;
    r->links = link;
    atomic_fetch_add(&r->connections, 1);
}

/* Out of the epoll set by hand: a process being started elsewhere may hold copies for a moment. */
static void remove_link(struct xcy_relay *r, struct xcy_relay_link **at)
{
    struct xcy_relay_link *link = *at;
    *at = link->next;
    epoll_ctl(r->epoll_fd, EPOLL_CTL_DEL, link->client_fd, NULL);
    epoll_ctl(r->epoll_fd, EPOLL_CTL_DEL, link->target_fd, NULL);
    xcy_relay_link_close(link);
}

static void move_links(struct xcy_relay *r)
{
    struct xcy_relay_link **at = &r->links;
    while (*at) {
        xcy_relay_link_move(*at, &r->options, r->chunk);
        if (xcy_relay_link_is_finished(*at)) {
            remove_link(r, at);
        } else {
            at = &(*at)->next;
        }
    }
}

static void set_timer(struct xcy_relay *r)
{
    struct xcy_mono least = {INT64_MAX};
    for (const struct xcy_relay_link *link = r->links; link; link = link->next) {
        struct xcy_mono due = xcy_relay_link_due(link, r->options.stall);
        least = xcy_mono_before(due, least) ? due : least;
    }
    struct itimerspec when = {{0, 0}, {0, 0}};
    if (least.ns != INT64_MAX) {
        when.it_value.tv_sec = least.ns / XCY_NS_PER_S;
        when.it_value.tv_nsec = least.ns % XCY_NS_PER_S;
    }
    timerfd_settime(r->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
}

static void drain(int fd)
{
    uint64_t count;
    ssize_t ignored = read(fd, &count, sizeof count);
    (void)ignored;
}

static void raise_event(int fd)
{
    uint64_t one = 1;
    ssize_t ignored = write(fd, &one, sizeof one);
    (void)ignored;
}

static void on_resumed(void *ctx)
{
    const struct xcy_relay *r = ctx;
    raise_event(r->resume_fd);
}

static void *run(void *arg)
{
    struct xcy_relay *r = arg;
    struct epoll_event events[EVENTS_AT_ONCE];
    xcy_clock_sharpen();
    for (;;) {
        int n = epoll_wait(r->epoll_fd, events, EVENTS_AT_ONCE, -1);
        for (int i = 0; i < n; i++) {
            if (events[i].data.fd == r->stop_fd) {
                return NULL;
            }
            if (events[i].data.fd == r->listen_fd) {
                accept_link(r);
            } else if (events[i].data.fd == r->timer_fd || events[i].data.fd == r->resume_fd) {
                drain(events[i].data.fd);
            }
        }
        move_links(r);
        set_timer(r);
    }
}

static enum xcy_status start_listening(struct xcy_relay *r, struct xcy_error *err)
{
    struct sockaddr_in address = xcy_relay_end_address(&r->options.listen, 0);
    socklen_t size = sizeof address;
    r->listen_fd = xcy_relay_end_socket(&r->options.listen);
    if (r->listen_fd < 0 || bind(r->listen_fd, (struct sockaddr *)&address, size) != 0 ||
        listen(r->listen_fd, LISTEN_BACKLOG) != 0 ||
        getsockname(r->listen_fd, (struct sockaddr *)&address, &size) != 0) {
        int reason = errno;
        if (r->listen_fd >= 0) {
            close(r->listen_fd);
        }
        (void)xcy_fail_errno(err, reason, "a link: cannot listen");
        return err->status = XCY_ENET;
    }
    r->port = ntohs(address.sin_port);
    return XCY_OK;
}

enum xcy_status xcy_relay_start(const struct xcy_relay_options *options, struct xcy_relay **relay,
                                struct xcy_error *err)
{
    struct xcy_relay *r = xcy_alloc(sizeof *r);
    r->options = *options;
    enum xcy_status status = start_listening(r, err);
    if (status != XCY_OK) {
        free(r);
        return status;
    }
    if (r->options.max_bytes == 0) {
        r->options.max_bytes = default_max_bytes;
    }
    r->chunk = xcy_alloc(XCY_RELAY_CHUNK_BYTES);
    r->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    r->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    r->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    r->resume_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    xcy_assert(r->epoll_fd >= 0 && r->timer_fd >= 0 && r->stop_fd >= 0 && r->resume_fd >= 0);
    watch(r, r->listen_fd, EPOLLIN);
    watch(r, r->timer_fd, EPOLLIN);
    watch(r, r->stop_fd, EPOLLIN);
    watch(r, r->resume_fd, EPOLLIN);
    xcy_stall_watch(r->options.stall, on_resumed, r);
    int code = pthread_create(&r->thread, NULL, run, r);
    xcy_assert(code == 0);
    *relay = r;
    return XCY_OK;
}

uint16_t xcy_relay_port(const struct xcy_relay *relay)
{
    return relay->port;
}

struct xcy_relay_counts xcy_relay_counts(const struct xcy_relay *relay)
{
    return (struct xcy_relay_counts){.connections = atomic_load(&relay->connections),
                                     .bytes_to_target = atomic_load(&relay->passed.to_target_bytes),
                                     .bytes_to_client =
                                         atomic_load(&relay->passed.to_client_bytes)};
}

void xcy_relay_stop(struct xcy_relay *relay)
{
    if (!relay) {
        return;
    }
    xcy_stall_unwatch(relay->options.stall, relay);
    raise_event(relay->stop_fd);
    pthread_join(relay->thread, NULL);
    while (relay->links) {
        remove_link(relay, &relay->links);
    }
    close(relay->listen_fd);
    close(relay->epoll_fd);
    close(relay->timer_fd);
    close(relay->stop_fd);
    close(relay->resume_fd);
    free(relay->chunk);
    free(relay);
}
