#include "common/net/exchange.h"

#include "common/base/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    DEFAULT_THREADS = 2,
    DEFAULT_MAX_BODY_BYTES = 8 * 1024 * 1024,
    DEFAULT_MAX_CONNECTIONS = 8192,
    CONNECTION_BYTES = 32 * 1024, /* request line and headers must fit: else 431 */
};

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static bool parse_address(const char *text, uint16_t port, union address *to, socklen_t *size)
{
    *to = (union address){0};
    if (inet_pton(AF_INET, text, &to->v4.sin_addr) == 1) {
        to->v4.sin_family = AF_INET;
        to->v4.sin_port = htons(port);
        *size = sizeof to->v4;
        return true;
    }
    if (inet_pton(AF_INET6, text, &to->v6.sin6_addr) == 1) {
        to->v6.sin6_family = AF_INET6;
        to->v6.sin6_port = htons(port);
        *size = sizeof to->v6;
        return true;
    }
    return false;
}

static enum xcy_status listen_failed(int reason, const char *address, uint16_t port,
                                     struct xcy_error *err)
{
    if (reason == EADDRINUSE) {
        return xcy_fail(err, XCY_ENET,
                        "%s:%u is in use: stop the program that listens there, or choose another "
                        "port",
                        address, (unsigned)port);
    }
    if (reason == EACCES) {
        return xcy_fail(err, XCY_ENET, "%s:%u: not allowed: choose a port above 1023", address,
                        (unsigned)port);
    }
    char room[128];
    return xcy_fail(err, XCY_ENET, "%s:%u: cannot listen: %s", address, (unsigned)port,
                    strerror_r(reason, room, sizeof room));
}

/* Our own socket, since libmicrohttpd does not tell why it could not have one. */
static enum xcy_status listen_at(const char *text, uint16_t port, int *to, uint16_t *bound,
                                 struct xcy_error *err)
{
    union address address;
    socklen_t size = 0;
    if (!parse_address(text, port, &address, &size)) {
        return xcy_fail(err, XCY_EUSAGE, "'%s' is not an IP address to listen on", text);
    }
    int on = 1;
    int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool failed = fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
                  bind(fd, &address.any, size) != 0 || listen(fd, SOMAXCONN) != 0 ||
                  getsockname(fd, &address.any, &size) != 0;
    if (failed) {
        int reason = errno;
        if (fd >= 0) {
            close(fd);
        }
        return listen_failed(reason, text, port, err);
    }
    *to = fd;
    *bound = ntohs(address.any.sa_family == AF_INET ? address.v4.sin_port : address.v6.sin6_port);
    return XCY_OK;
}

static struct MHD_Daemon *start_daemon(struct xcy_server *server,
                                       const struct xcy_server_options *options, int fd)
{
    int threads = options->threads > 0 ? options->threads : DEFAULT_THREADS;
    int connections =
        options->max_connections > 0 ? options->max_connections : DEFAULT_MAX_CONNECTIONS;
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
        xcy_exchange_on_request, server, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)threads, MHD_OPTION_CONNECTION_LIMIT, (unsigned)connections,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_URI_LOG_CALLBACK,
        xcy_exchange_on_target, server, MHD_OPTION_NOTIFY_COMPLETED, xcy_exchange_on_completed,
        server, MHD_OPTION_END);
}

static void server_free(struct xcy_server *server)
{
    while (server->first) {
        struct xcy_exchange *x = server->first;
        server->first = x->next;
        xcy_exchange_free(x);
    }
    pthread_cond_destroy(&server->resumed);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

enum xcy_status xcy_server_start(const struct xcy_server_options *options,
                                 struct xcy_server **server, struct xcy_error *err)
{
    const char *address = options->address ? options->address : "127.0.0.1";
    int fd = -1;
    uint16_t port = 0;
    enum xcy_status status = listen_at(address, options->port, &fd, &port, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_server *s = xcy_alloc(sizeof *s);
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->resumed, NULL);
    s->port = port;
    s->handle = options->handle;
    s->ctx = options->ctx;
    s->max_body_bytes =
        options->max_body_bytes > 0 ? options->max_body_bytes : DEFAULT_MAX_BODY_BYTES;
    s->daemon = start_daemon(s, options, fd);
    if (!s->daemon) {
        int reason = errno;
        close(fd);
        server_free(s);
        return xcy_fail_errno(err, reason, "%s:%u: cannot start the HTTP server", address,
                              (unsigned)port);
    }
    *server = s;
    return XCY_OK;
}

uint16_t xcy_server_port(const struct xcy_server *server)
{
    return server->port;
}

static bool is_suspended(const struct xcy_exchange *x)
{
    return x->state == XCY_EXCHANGE_PARKED || x->is_paused;
}

/* Returns the connections that are suspended (free with free()); nothing is, from now on. */
static struct MHD_Connection **abandon_suspended(struct xcy_server *server, size_t *n)
{
    size_t total = 0;
    pthread_mutex_lock(&server->lock);
    for (struct xcy_exchange *x = server->first; x; x = x->next) {
        total += is_suspended(x);
    }
    struct MHD_Connection **connections =
        (struct MHD_Connection **)xcy_alloc_array(total, sizeof(struct MHD_Connection *));
    *n = 0;
    for (struct xcy_exchange *x = server->first; x; x = x->next) {
        if (is_suspended(x)) {
            x->state = x->is_paused ? x->state : XCY_EXCHANGE_ABANDONED;
            x->is_paused = false;
            connections[(*n)++] = x->connection;
        }
    }
    while (server->n_resuming > 0) {
        pthread_cond_wait(&server->resumed, &server->lock);
    }
    pthread_mutex_unlock(&server->lock);
    return connections;
}

/* No exchange is parked, paused or held any more, and no timer comes. */
static void say_stopping(struct xcy_server *server)
{
    pthread_mutex_lock(&server->lock);
    server->is_stopping = true;
    pthread_mutex_unlock(&server->lock);
    xcy_timers_stop(server->timers);
}

/* libmicrohttpd must not be stopped while a connection is suspended. */
void xcy_server_stop(struct xcy_server *server)
{
    if (!server) {
        return;
    }
    say_stopping(server);
    size_t n = 0;
    struct MHD_Connection **connections = abandon_suspended(server, &n);
    for (size_t i = 0; i < n; i++) {
        MHD_resume_connection(connections[i]);
    }
    free((void *)connections);
    MHD_stop_daemon(server->daemon);
    server_free(server);
}
