#include "tests/support/raw_server.h"

#include "common/base/buf.h"
#include "common/base/mem.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_PEERS = 64, MAX_REQUESTS = 256, MAX_REQUEST_BYTES = 4 * 1024 * 1024 };

struct peer {
    int fd;
    struct xcy_buf input;
};

struct xcy_raw_server {
    const struct xcy_raw_step *steps;
    size_t n_steps;
    int listen_fd;
    int stop_fd;
    uint16_t port;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    char *requests[MAX_REQUESTS];
    size_t n_requests;
    size_t n_connections;
    struct peer peers[MAX_PEERS]; /* the thread's alone */
    size_t n_peers;
};

static void close_peer(struct xcy_raw_server *s, size_t index)
{
    close(s->peers[index].fd);
    xcy_buf_clear(&s->peers[index].input);
    s->peers[index] = s->peers[--s->n_peers];
}

static void accept_peer(struct xcy_raw_server *s)
{
    int fd = accept4(s->listen_fd, NULL, NULL, SOCK_CLOEXEC);
    xcy_assert(fd >= 0 && s->n_peers < MAX_PEERS);
    s->peers[s->n_peers].fd = fd;
    xcy_buf_init(&s->peers[s->n_peers].input, MAX_REQUEST_BYTES);
    s->n_peers++;
    pthread_mutex_lock(&s->lock);
    s->n_connections++;
    pthread_mutex_unlock(&s->lock);
}

static void send_all(int fd, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t n = send(fd, text, left, MSG_NOSIGNAL);
        if (n <= 0) {
            return;
        }
        text += n;
        left -= (size_t)n;
    }
}

/* The length of the first whole request in the input, or 0. */
static size_t request_len(const struct xcy_buf *input)
{
    const char *end = strstr(input->ptr, "\r\n\r\n");
    if (!end) {
        return 0;
    }
    size_t head = (size_t)(end - input->ptr) + 4;
    const char *length = strcasestr(input->ptr, "\r\nContent-Length:");
    size_t body = length && length < end ? strtoul(length + 17, NULL, 10) : 0;
    return input->len >= head + body ? head + body : 0;
}

static struct xcy_raw_step keep_request(struct xcy_raw_server *s, struct xcy_bytes request)
{
    pthread_mutex_lock(&s->lock);
    xcy_assert(s->n_requests < MAX_REQUESTS);
    size_t index = s->n_requests < s->n_steps ? s->n_requests : s->n_steps - 1;
    s->requests[s->n_requests++] = xcy_strndup(request.ptr, request.len);
    pthread_cond_broadcast(&s->arrived);
    pthread_mutex_unlock(&s->lock);
    return s->steps[index];
}

/* False when the connection is over. */
static bool serve(struct xcy_raw_server *s, struct peer *peer)
{
    char chunk[16384];
    ssize_t n = recv(peer->fd, chunk, sizeof chunk, 0);
    if (n <= 0) {
        return false;
    }
    xcy_buf_add(&peer->input, xcy_bytes(chunk, (size_t)n));
    size_t len = 0;
    while ((len = request_len(&peer->input)) > 0) {
        struct xcy_raw_step step = keep_request(s, xcy_bytes(peer->input.ptr, len));
        xcy_buf_drop(&peer->input, len);
        if (step.action != XCY_RAW_SILENCE) {
            send_all(peer->fd, step.text);
        }
        if (step.action == XCY_RAW_ANSWER_CLOSE) {
            return false;
        }
    }
    return true;
}

static void *run(void *ctx)
{
    struct xcy_raw_server *s = ctx;
    struct pollfd waited[MAX_PEERS + 2];
    for (;;) {
        waited[0] = (struct pollfd){.fd = s->stop_fd, .events = POLLIN};
        waited[1] = (struct pollfd){.fd = s->listen_fd, .events = POLLIN};
        for (size_t i = 0; i < s->n_peers; i++) {
            waited[i + 2] = (struct pollfd){.fd = s->peers[i].fd, .events = POLLIN};
        }
        size_t n_polled = s->n_peers;
        if (poll(waited, n_polled + 2, -1) < 0 || waited[0].revents) {
            break;
        }
        for (size_t i = n_polled; i-- > 0;) {
            if (waited[i + 2].revents && !serve(s, &s->peers[i])) {
                close_peer(s, i);
            }
        }
        if (waited[1].revents) {
            accept_peer(s);
        }
    }
    while (s->n_peers > 0) {
        close_peer(s, s->n_peers - 1);
    }
    return NULL;
}

struct xcy_raw_server *xcy_raw_server_start(const struct xcy_raw_step *steps, size_t n)
{
    struct xcy_raw_server *s = xcy_alloc(sizeof *s);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    s->steps = steps;
    s->n_steps = n;
    s->stop_fd = eventfd(0, EFD_CLOEXEC);
    s->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int failed = bind(s->listen_fd, (struct sockaddr *)&address, size) |
                 listen(s->listen_fd, SOMAXCONN) |
                 getsockname(s->listen_fd, (struct sockaddr *)&address, &size);
    xcy_assert(!failed && s->stop_fd >= 0);
    s->port = ntohs(address.sin_port);
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->arrived, NULL);
    failed = pthread_create(&s->thread, NULL, run, s);
    xcy_assert(!failed);
    return s;
}

void xcy_raw_server_stop(struct xcy_raw_server *server)
{
    uint64_t one = 1;
    ssize_t written = write(server->stop_fd, &one, sizeof one);
    xcy_assert(written == (ssize_t)sizeof one);
    pthread_join(server->thread, NULL);
    close(server->stop_fd);
    close(server->listen_fd);
    for (size_t i = 0; i < server->n_requests; i++) {
        free(server->requests[i]);
    }
    pthread_cond_destroy(&server->arrived);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

uint16_t xcy_raw_server_port(const struct xcy_raw_server *server)
{
    return server->port;
}

size_t xcy_raw_server_requests(struct xcy_raw_server *server)
{
    pthread_mutex_lock(&server->lock);
    size_t n = server->n_requests;
    pthread_mutex_unlock(&server->lock);
    return n;
}

size_t xcy_raw_server_connections(struct xcy_raw_server *server)
{
    pthread_mutex_lock(&server->lock);
    size_t n = server->n_connections;
    pthread_mutex_unlock(&server->lock);
    return n;
}

char *xcy_raw_server_request(struct xcy_raw_server *server, size_t n)
{
    pthread_mutex_lock(&server->lock);
    xcy_assert(n < server->n_requests);
    char *copy = xcy_strdup(server->requests[n]);
    pthread_mutex_unlock(&server->lock);
    return copy;
}

void xcy_raw_server_await(struct xcy_raw_server *server, size_t n)
{
    pthread_mutex_lock(&server->lock);
    while (server->n_requests < n) {
        pthread_cond_wait(&server->arrived, &server->lock);
    }
    pthread_mutex_unlock(&server->lock);
}
