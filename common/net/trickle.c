#include "common/base/mem.h"
#include "common/net/exchange.h"

#include <stdlib.h>
#include <unistd.h>

/* A body that comes slowly: a piece at a time, and between two pieces the connection is suspended. */

enum { PIECES_PER_S = 20, MAX_PIECE_BYTES = 32 * 1024 };

struct trickle {
    struct xcy_exchange *x;
    double bytes_per_s;
    char *bytes; /* owned; NULL: of fd */
    int fd;      /* owned */
    uint64_t offset;
    struct xcy_mono begun;
    bool has_begun;
};

static void trickle_free(void *ctx)
{
    struct trickle *t = ctx;
    if (t->fd >= 0) {
        close(t->fd);
    }
    free(t->bytes);
    free(t);
}

static void pause_ends(void *ctx)
{
    struct xcy_exchange *x = ctx;
    struct xcy_server *server = x->server;
    struct MHD_Connection *connection = x->connection;
    pthread_mutex_lock(&server->lock);
    x->is_paused = false;
    server->n_resuming++;
    pthread_mutex_unlock(&server->lock);
    xcy_exchange_resume(server, connection);
}

/* The connection is suspended first, since it may be resumed as soon as the state says it is paused. */
static ssize_t pause_until(struct xcy_exchange *x, struct xcy_mono when)
{
    struct xcy_server *server = x->server;
    MHD_suspend_connection(x->connection);
    pthread_mutex_lock(&server->lock);
    bool is_paused = xcy_exchange_later(x, when, pause_ends, NULL, x);
    x->is_paused = is_paused;
    pthread_mutex_unlock(&server->lock);
    if (!is_paused) {
        MHD_resume_connection(x->connection); /* and read_piece ends it */
    }
    return 0;
}

static bool is_stopping(struct xcy_server *server)
{
    pthread_mutex_lock(&server->lock);
    bool is_stopping = server->is_stopping;
    pthread_mutex_unlock(&server->lock);
    return is_stopping;
}

static size_t piece_bytes(const struct trickle *t, size_t room)
{
    double piece = t->bytes_per_s / PIECES_PER_S;
    size_t n = piece < 1 ? 1 : MAX_PIECE_BYTES;
    if (piece >= 1 && piece < MAX_PIECE_BYTES) {
        n = (size_t)piece;
    }
    return n < room ? n : room;
}

/* libmicrohttpd's content reader: the byte at `position` is due once those before it have had their
 * time. */
static ssize_t read_piece(void *ctx, uint64_t position, char *to, size_t room)
{
    struct trickle *t = ctx;
    struct xcy_mono now = xcy_mono_now();
    if (is_stopping(t->x->server)) {
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    if (!t->has_begun) {
        t->begun = now;
        t->has_begun = true;
    }
    struct xcy_mono due =
        xcy_mono_add(t->begun, (int64_t)((double)position / t->bytes_per_s * XCY_NS_PER_S));
    if (xcy_mono_before(now, due)) {
        return pause_until(t->x, due);
    }
    size_t n = piece_bytes(t, room);
    if (t->bytes) {
        memcpy(to, t->bytes + position, n);
        return (ssize_t)n;
    }
    ssize_t got = pread(t->fd, to, n, (off_t)(t->offset + position));
    return got > 0 ? got : MHD_CONTENT_READER_END_WITH_ERROR;
}

static struct MHD_Response *make(struct trickle *t, struct xcy_exchange *x, uint64_t size)
{
    t->x = x;
    t->bytes_per_s = x->manner.bytes_per_s;
    struct MHD_Response *response =
        MHD_create_response_from_callback(size, MAX_PIECE_BYTES, read_piece, t, trickle_free);
    xcy_assert(response != NULL);
    return response;
}

struct MHD_Response *xcy_trickle_response(struct xcy_exchange *x, struct xcy_bytes body)
{
    struct trickle *t = xcy_alloc(sizeof *t);
    *t = (struct trickle){.bytes = xcy_strndup(body.ptr ? body.ptr : "", body.len), .fd = -1};
    return make(t, x, body.len);
}

struct MHD_Response *xcy_trickle_response_file(struct xcy_exchange *x, int fd, uint64_t offset,
                                               uint64_t size)
{
    struct trickle *t = xcy_alloc(sizeof *t);
    *t = (struct trickle){.fd = fd, .offset = offset};
    return make(t, x, size);
}
