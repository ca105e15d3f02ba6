#include "common/net/exchange.h"

#include "common/base/mem.h"

#include <stdlib.h>
#include <strings.h>

/* What a handler sees of an exchange, and how it is answered. */

const char *xcy_exchange_method(const struct xcy_exchange *x)
{
    return x->method;
}

const char *xcy_exchange_path(const struct xcy_exchange *x)
{
    return x->path;
}

const char *xcy_exchange_query(const struct xcy_exchange *x)
{
    return x->query;
}

struct xcy_bytes xcy_exchange_body(const struct xcy_exchange *x)
{
    return xcy_buf_bytes(&x->body);
}

static const struct xcy_request_header *find_header(const struct xcy_exchange *x, const char *name)
{
    for (size_t i = 0; i < x->n_headers; i++) {
        if (strcasecmp(x->headers[i].name, name) == 0) {
            return &x->headers[i];
        }
    }
    return NULL;
}

const char *xcy_exchange_header(const struct xcy_exchange *x, const char *name)
{
    const struct xcy_request_header *header = find_header(x, name);
    return header ? header->value : NULL;
}

bool xcy_exchange_header_at(const struct xcy_exchange *x, size_t index,
                            struct xcy_reply_header *header)
{
    if (index >= x->n_headers) {
        return false;
    }
    *header = (struct xcy_reply_header){x->headers[index].name, x->headers[index].value};
    return true;
}

size_t xcy_exchange_header_count(const struct xcy_exchange *x, const char *name)
{
    const struct xcy_request_header *header = find_header(x, name);
    return header ? header->count : 0;
}

struct MHD_Response *xcy_exchange_response(struct xcy_bytes body)
{
    union {
        const char *given;
        void *wanted; /* by a parameter without const; what it points to is only copied */
    } bytes = {.given = body.ptr};
    struct MHD_Response *response =
        MHD_create_response_from_buffer(body.len, bytes.wanted, MHD_RESPMEM_MUST_COPY);
    xcy_assert(response != NULL);
    return response;
}

bool xcy_exchange_later(struct xcy_exchange *x, struct xcy_mono when, xcy_timer_fn *fire,
                        xcy_timer_fn *drop, void *ctx)
{
    struct xcy_server *server = x->server;
    if (server->is_stopping) {
        return false;
    }
    if (!server->timers) {
        server->timers = xcy_timers_start();
    }
    xcy_timers_add(server->timers, when, fire, drop, ctx);
    return true;
}

void xcy_exchange_resume(struct xcy_server *server, struct MHD_Connection *connection)
{
    MHD_resume_connection(connection);
    pthread_mutex_lock(&server->lock);
    server->n_resuming--;
    pthread_cond_signal(&server->resumed);
    pthread_mutex_unlock(&server->lock);
}

/* The connection goes on where the exchange was parked; else the handler has not returned yet, and
 * the answer is found when it does. After its change of state the exchange may be gone. */
static void answer(struct xcy_exchange *x, int status, struct MHD_Response *response, bool resets)
{
    struct xcy_server *server = x->server;
    struct MHD_Connection *connection = x->connection;
    pthread_mutex_lock(&server->lock);
    xcy_assert(x->state != XCY_EXCHANGE_ANSWERED && x->state != XCY_EXCHANGE_RECEIVING);
    bool was_parked = x->state == XCY_EXCHANGE_PARKED;
    bool is_wanted = x->state != XCY_EXCHANGE_ABANDONED;
    if (is_wanted) {
        x->status = status;
        x->response = response;
        x->resets = resets;
        x->state = XCY_EXCHANGE_ANSWERED;
    }
    server->n_resuming += was_parked;
    pthread_mutex_unlock(&server->lock);
    if (!is_wanted && response) {
        MHD_destroy_response(response);
    }
    if (was_parked) {
        xcy_exchange_resume(server, connection);
    }
}

/* An answer that waits for its time. */
struct held {
    struct xcy_exchange *x;
    int status;
    struct MHD_Response *response;
};

static void held_ends(void *ctx)
{
    struct held *held = ctx;
    answer(held->x, held->status, held->response, false);
    free(held);
}

static void held_drops(void *ctx)
{
    struct held *held = ctx;
    MHD_destroy_response(held->response);
    free(held);
}

/* Where the server is stopping, the answer is lost with its exchange. */
static void hold(struct xcy_exchange *x, int status, struct MHD_Response *response)
{
    struct xcy_server *server = x->server;
    struct held *held = xcy_alloc(sizeof *held);
    *held = (struct held){x, status, response};
    struct xcy_mono when = xcy_mono_add(xcy_mono_now(), x->manner.held_ns);
    pthread_mutex_lock(&server->lock);
    bool is_held = xcy_exchange_later(x, when, held_ends, held_drops, held);
    pthread_mutex_unlock(&server->lock);
    if (!is_held) {
        held_drops(held);
    }
}

static void answer_with(struct xcy_exchange *x, int status, const struct xcy_reply_header *headers,
                        size_t n_headers, struct MHD_Response *response)
{
    for (size_t i = 0; i < n_headers; i++) {
        MHD_add_response_header(response, headers[i].name, headers[i].value);
    }
    if (x->manner.is_reset) {
        MHD_destroy_response(response);
        xcy_exchange_reset(x);
    } else if (x->manner.held_ns > 0) {
        hold(x, status, response);
    } else {
        answer(x, status, response, false);
    }
}

void xcy_exchange_set_manner(struct xcy_exchange *x, const struct xcy_reply_manner *manner)
{
    x->manner = *manner;
}

void xcy_exchange_reply(struct xcy_exchange *x, int status, const struct xcy_reply_header *headers,
                        size_t n_headers, struct xcy_bytes body)
{
    struct MHD_Response *response =
        x->manner.bytes_per_s > 0 ? xcy_trickle_response(x, body) : xcy_exchange_response(body);
    answer_with(x, status, headers, n_headers, response);
}

void xcy_exchange_reply_file(struct xcy_exchange *x, int status,
                             const struct xcy_reply_header *headers, size_t n_headers, int fd,
                             uint64_t offset, uint64_t size)
{
    struct MHD_Response *response = x->manner.bytes_per_s > 0
                                        ? xcy_trickle_response_file(x, fd, offset, size)
                                        : MHD_create_response_from_fd_at_offset64(size, fd, offset);
    xcy_assert(response != NULL);
    answer_with(x, status, headers, n_headers, response);
}

void xcy_exchange_drop(struct xcy_exchange *x)
{
    answer(x, 0, NULL, false);
}

void xcy_exchange_reset(struct xcy_exchange *x)
{
    answer(x, 0, NULL, true);
}
