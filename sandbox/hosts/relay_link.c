#include "sandbox/hosts/relay_link.h"

#include "common/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void send_at_once(int fd)
{
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int xcy_relay_end_socket(const struct xcy_relay_end *end)
{
    if (!end->make_socket) {
        return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    }
    int fd = end->make_socket(end->ctx);
    if (fd >= 0) {
        fcntl(fd, F_SETFL, O_NONBLOCK);
    }
    return fd;
}

struct sockaddr_in xcy_relay_end_address(const struct xcy_relay_end *end, uint16_t port)
{
    uint32_t address = end->address ? end->address : INADDR_LOOPBACK;
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(address)};
}

static int connect_target(const struct xcy_relay_options *options)
{
    int fd = xcy_relay_end_socket(&options->target);
    struct sockaddr_in address = xcy_relay_end_address(&options->target, options->target_port);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) != 0 &&
        errno != EINPROGRESS) {
        close(fd);
        return -1;
    }
    return fd;
}

static struct xcy_relay_way new_way(int from, int to, const struct xcy_relay_options *options,
                                    atomic_uint_least64_t *counter)
{
    return (struct xcy_relay_way){
        .from = from,
        .to = to,
        .line = xcy_delay_line_new(options->rate_mbit_per_s, options->max_bytes),
        .counter = counter};
}

struct xcy_relay_link *xcy_relay_link_open(int client_fd, const struct xcy_relay_options *options,
                                           struct xcy_relay_passed *passed)
{
    int target_fd = connect_target(options);
    if (target_fd < 0) {
        close(client_fd);
        return NULL;
    }
    struct xcy_relay_link *link = xcy_alloc(sizeof *link);
    link->client_fd = client_fd;
    link->target_fd = target_fd;
    link->to_target = new_way(client_fd, target_fd, options, &passed->to_target_bytes);
    link->to_client = new_way(target_fd, client_fd, options, &passed->to_client_bytes);
    send_at_once(client_fd);
    send_at_once(target_fd);
    return link;
}

void xcy_relay_link_close(struct xcy_relay_link *link)
{
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
static bool take_in(struct xcy_relay_way *way, const struct xcy_relay_options *options, char *chunk)
{
    way->full = false;
    while (!way->at_end) {
        size_t room = xcy_delay_line_room(way->line);
        size_t wanted = room < XCY_RELAY_CHUNK_BYTES ? room : XCY_RELAY_CHUNK_BYTES;
        if (wanted == 0) {
            way->full = true;
            return true;
        }
        ssize_t n = recv(way->from, chunk, wanted, 0);
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
        int64_t lag_ns = options->lag ? options->lag(options->lag_ctx) : 0;
        xcy_delay_line_add(way->line, xcy_stall_read(options->stall).time, lag_ns,
                           xcy_bytes(chunk, (size_t)n));
    }
    return true;
}

/* Writes what is due. False: the connection broke. */
static bool give_out(struct xcy_relay_way *way, struct xcy_stall *stall)
{
    way->blocked = false;
    for (;;) {
        struct xcy_stall_reading now = xcy_stall_read(stall);
        if (now.is_on) {
            return true;
        }
        struct xcy_bytes due = xcy_delay_line_peek(way->line, now.time);
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

/* Again while what left made room for what is still unread: its event came already, and once only.
 * False: the connection broke. */
static bool move_way(struct xcy_relay_way *way, const struct xcy_relay_options *options,
                     char *chunk)
{
    bool is_well = give_out(way, options->stall);
    do {
        is_well = is_well && take_in(way, options, chunk) && give_out(way, options->stall);
    } while (is_well && way->full && xcy_delay_line_room(way->line) > 0);
    return is_well;
}

void xcy_relay_link_move(struct xcy_relay_link *link, const struct xcy_relay_options *options,
                         char *chunk)
{
    bool is_well = move_way(&link->to_target, options, chunk);
    is_well = move_way(&link->to_client, options, chunk) && is_well;
    if (!is_well) {
        link->is_broken = true;
    }
}

bool xcy_relay_link_is_finished(const struct xcy_relay_link *link)
{
    return link->is_broken || (link->to_target.is_shut && link->to_client.is_shut);
}

static struct xcy_mono way_due(const struct xcy_relay_way *way)
{
    if (way->blocked || xcy_delay_line_is_empty(way->line)) {
        return (struct xcy_mono){INT64_MAX};
    }
    return xcy_delay_line_due(way->line);
}

/* In a stall not even what was due before leaves: a timer for it would fire at once, again and again. */
struct xcy_mono xcy_relay_link_due(const struct xcy_relay_link *link, struct xcy_stall *stall)
{
    static const struct xcy_mono never = {INT64_MAX};
    struct xcy_mono to_target = way_due(&link->to_target);
    struct xcy_mono to_client = way_due(&link->to_client);
    struct xcy_mono due = xcy_mono_before(to_target, to_client) ? to_target : to_client;
    bool is_unknown = due.ns == never.ns || xcy_stall_read(stall).is_on;
    return is_unknown ? never : xcy_stall_when(stall, due);
}
