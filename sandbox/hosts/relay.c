#include "sandbox/hosts/relay.h"

#include "common/base/mem.h"
#include "sandbox/hosts/delay_line.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { EVENTS_AT_ONCE = 32, CHUNK_BYTES = 65536, LISTEN_BACKLOG = 64 };
static const size_t default_max_bytes = (size_t)64 << 20;

/* One way of a connection: read from `from`, delayed, written to `to`. */
struct way {
    int from;
    int to;
    struct xcy_delay_line *line;
    bool at_end;  /* `from` will give no more */
    bool is_shut; /* and `to` was told so */
    bool blocked; /* `to` takes no more for now */
    bool full;    /* reading stopped for want of room, with more to read perhaps */
    atomic_uint_least64_t *counter;
};

struct link {
    struct link *next;
    int client_fd;
    int target_fd;
    struct way to_target;
    struct way to_client;
    bool is_broken;
};

struct xcy_relay {
    struct xcy_relay_options options;
    pthread_t thread;
    uint16_t port;
    int listen_fd;
    int epoll_fd;
    int timer_fd;
    int stop_fd;
    char *chunk;
    struct link *links;
    atomic_uint_least64_t connections;
    atomic_uint_least64_t bytes_to_target;
    atomic_uint_least64_t bytes_to_client;
};

/* Descriptors are told apart by their number: all links are looked through (a handful). */
static void watch(struct xcy_relay *r, int fd, uint32_t events, int operation)
{
    struct epoll_event event = {.events = events, .data.fd = fd};
    int code = epoll_ctl(r->epoll_fd, operation, fd, &event);
    xcy_assert(code == 0);
}

static struct sockaddr_in loopback(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void send_at_once(int fd)
{
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static int connect_target(const struct xcy_relay *r)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = loopback(r->options.target_port);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) != 0 &&
        errno != EINPROGRESS) {
        close(fd);
        return -1;
    }
    return fd;
}

static struct xcy_delay_line *new_line(const struct xcy_relay *r)
{
    return xcy_delay_line_new(r->options.rate_mbit_per_s, r->options.max_bytes);
}

/* Edge-triggered: events only say that something changed; every link is then moved on. */
static void accept_link(struct xcy_relay *r)
{
    int client_fd = accept4(r->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client_fd < 0) {
        return;
    }
    int target_fd = connect_target(r);
    if (target_fd < 0) {
        close(client_fd);
        return;
    }
    struct link *link = xcy_alloc(sizeof *link);
    link->client_fd = client_fd;
    link->target_fd = target_fd;
    link->to_target = (struct way){
        .from = client_fd, .to = target_fd, .line = new_line(r), .counter = &r->bytes_to_target};
    link->to_client = (struct way){
        .from = target_fd, .to = client_fd, .line = new_line(r), .counter = &r->bytes_to_client};
    send_at_once(client_fd);
    send_at_once(target_fd);
    watch(r, client_fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, EPOLL_CTL_ADD);
    watch(r, target_fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, EPOLL_CTL_ADD);
    link->next = r->links;
    r->links = link;
    atomic_fetch_add(&r->connections, 1);
}

/* Out of the epoll set by hand: a process being started elsewhere may hold copies for a moment. */
static void free_link(struct xcy_relay *r, struct link *link)
{
    epoll_ctl(r->epoll_fd, EPOLL_CTL_DEL, link->client_fd, NULL);
    epoll_ctl(r->epoll_fd, EPOLL_CTL_DEL, link->target_fd, NULL);
    close(link->client_fd);
    close(link->target_fd);
    xcy_delay_line_free(link->to_target.line);
    xcy_delay_line_free(link->to_client.line);
    free(link);
}

/* An attempt that only has to wait, not a broken connection. */
static bool must_wait(int reason)
{
    return reason == EAGAIN || reason == EWOULDBLOCK || reason == ENOTCONN;
}

/* Reads all there is and the line has room for. False: the connection broke. */
static bool take_in(struct xcy_relay *r, struct way *way)
{
    way->full = false;
    while (!way->at_end) {
        size_t room = xcy_delay_line_room(way->line);
        size_t wanted = room < CHUNK_BYTES ? room : CHUNK_BYTES;
        if (wanted == 0) {
            way->full = true;
            return true;
        }
        ssize_t n = recv(way->from, r->chunk, wanted, 0);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return must_wait(errno);
        }
        if (n == 0) {
            way->at_end = true;
            return true;
        }
        int64_t lag_ns = r->options.lag ? r->options.lag(r->options.lag_ctx) : 0;
        xcy_delay_line_add(way->line, xcy_mono_now(), lag_ns, xcy_bytes(r->chunk, (size_t)n));
    }
    return true;
}

/* Writes what is due. False: the connection broke. */
static bool give_out(struct way *way)
{
    way->blocked = false;
    for (;;) {
        struct xcy_bytes due = xcy_delay_line_peek(way->line, xcy_mono_now());
        if (due.len == 0) {
            break;
        }
        ssize_t n = send(way->to, due.ptr, due.len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            way->blocked = must_wait(errno);
            return way->blocked;
        }
        xcy_delay_line_take(way->line, (size_t)n);
        atomic_fetch_add(way->counter, (uint64_t)n);
    }
    if (way->at_end && !way->is_shut && xcy_delay_line_is_empty(way->line)) {
        way->is_shut = true;
        shutdown(way->to, SHUT_WR);
    }
    return true;
}

/* Again while what left made room for what is still unread: its event came already, and once only. */
static void move_way(struct xcy_relay *r, struct link *link, struct way *way)
{
    bool is_well = give_out(way);
    do {
        is_well = is_well && take_in(r, way) && give_out(way);
    } while (is_well && way->full && xcy_delay_line_room(way->line) > 0);
    if (!is_well) {
        link->is_broken = true;
    }
}

static bool is_finished(const struct link *link)
{
    return link->is_broken || (link->to_target.is_shut && link->to_client.is_shut);
}

static void move_links(struct xcy_relay *r)
{
    struct link **at = &r->links;
    while (*at) {
        struct link *link = *at;
        move_way(r, link, &link->to_target);
        move_way(r, link, &link->to_client);
        if (is_finished(link)) {
            *at = link->next;
            free_link(r, link);
        } else {
            at = &link->next;
        }
    }
}

static void earliest(const struct way *way, int64_t *least_ns)
{
    if (way->blocked || xcy_delay_line_is_empty(way->line)) {
        return;
    }
    int64_t due_ns = xcy_delay_line_due(way->line).ns;
    if (due_ns < *least_ns) {
        *least_ns = due_ns;
    }
}

static void set_timer(struct xcy_relay *r)
{
    int64_t least_ns = INT64_MAX;
    for (const struct link *link = r->links; link; link = link->next) {
        earliest(&link->to_target, &least_ns);
        earliest(&link->to_client, &least_ns);
    }
    struct itimerspec when = {{0, 0}, {0, 0}};
    if (least_ns != INT64_MAX) {
        when.it_value.tv_sec = least_ns / XCY_NS_PER_S;
        when.it_value.tv_nsec = least_ns % XCY_NS_PER_S;
    }
    timerfd_settime(r->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
}

static void *run(void *arg)
{
    struct xcy_relay *r = arg;
    struct epoll_event events[EVENTS_AT_ONCE];
    xcy_clock_sharpen();
    for (;;) {
        int n = epoll_wait(r->epoll_fd, events, EVENTS_AT_ONCE, -1);
        for (int i = 0; i < n; i++) {
            uint64_t expirations;
            if (events[i].data.fd == r->stop_fd) {
                return NULL;
            }
            if (events[i].data.fd == r->listen_fd) {
                accept_link(r);
            } else if (events[i].data.fd == r->timer_fd) {
                ssize_t ignored = read(r->timer_fd, &expirations, sizeof expirations);
                (void)ignored;
            }
        }
        move_links(r);
        set_timer(r);
    }
}

static enum xcy_status listen_on_loopback(struct xcy_relay *r, struct xcy_error *err)
{
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    r->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (r->listen_fd < 0 || bind(r->listen_fd, (struct sockaddr *)&address, size) != 0 ||
        listen(r->listen_fd, LISTEN_BACKLOG) != 0 ||
        getsockname(r->listen_fd, (struct sockaddr *)&address, &size) != 0) {
        int reason = errno;
        if (r->listen_fd >= 0) {
            close(r->listen_fd);
        }
        (void)xcy_fail_errno(err, reason, "replication link: cannot listen on 127.0.0.1");
        return err->status = XCY_ENET;
    }
    r->port = ntohs(address.sin_port);
    return XCY_OK;
}

enum xcy_status xcy_relay_start(const struct xcy_relay_options *options, struct xcy_relay **relay,
                                struct xcy_error *err)
{
    struct xcy_relay *r = xcy_alloc(sizeof *r);
    enum xcy_status status = listen_on_loopback(r, err);
    if (status != XCY_OK) {
        free(r);
        return status;
    }
    r->options = *options;
    if (r->options.max_bytes == 0) {
        r->options.max_bytes = default_max_bytes;
    }
    r->chunk = xcy_alloc(CHUNK_BYTES);
    r->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    r->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    r->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    xcy_assert(r->epoll_fd >= 0 && r->timer_fd >= 0 && r->stop_fd >= 0);
    watch(r, r->listen_fd, EPOLLIN, EPOLL_CTL_ADD);
    watch(r, r->timer_fd, EPOLLIN, EPOLL_CTL_ADD);
    watch(r, r->stop_fd, EPOLLIN, EPOLL_CTL_ADD);
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
                                     .bytes_to_target = atomic_load(&relay->bytes_to_target),
                                     .bytes_to_client = atomic_load(&relay->bytes_to_client)};
}

void xcy_relay_stop(struct xcy_relay *relay)
{
    if (!relay) {
        return;
    }
    uint64_t one = 1;
    ssize_t ignored = write(relay->stop_fd, &one, sizeof one);
    (void)ignored;
    pthread_join(relay->thread, NULL);
    while (relay->links) {
        struct link *next = relay->links->next;
        free_link(relay, relay->links);
        relay->links = next;
    }
    close(relay->listen_fd);
    close(relay->epoll_fd);
    close(relay->timer_fd);
    close(relay->stop_fd);
    free(relay->chunk);
    free(relay);
}
