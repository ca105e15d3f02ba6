#include "common/net/exchange.h"

#include "common/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>

void xcy_exchange_free(struct xcy_exchange *x)
{
    for (size_t i = 0; i < x->n_headers; i++) {
        free(x->headers[i].joined);
    }
    if (x->response) {
        MHD_destroy_response(x->response);
    }
    xcy_buf_clear(&x->body);
    free(x->method);
    free(x->path);
    free(x->query);
    free(x);
}

static void unlink_exchange(struct xcy_exchange *x)
{
    if (x->previous) {
        x->previous->next = x->next;
    } else {
        x->server->first = x->next;
    }
    if (x->next) {
        x->next->previous = x->previous;
    }
}

/* Called with the raw request target, before libmicrohttpd decodes it. */
void *xcy_exchange_on_target(void *ctx, const char *target, struct MHD_Connection *connection)
{
    struct xcy_server *server = ctx;
    struct xcy_exchange *x = xcy_alloc(sizeof *x);
    size_t path_len = strcspn(target, "?");
    x->server = server;
    x->connection = connection;
    x->path = xcy_strndup(target, path_len);
    x->query = xcy_strdup(target[path_len] == '?' ? target + path_len + 1 : "");
    pthread_mutex_lock(&server->lock);
    x->next = server->first;
    if (x->next) {
        x->next->previous = x;
    }
    server->first = x;
    pthread_mutex_unlock(&server->lock);
    return x;
}

void xcy_exchange_on_completed(void *ctx, struct MHD_Connection *connection, void **request,
                               enum MHD_RequestTerminationCode reason)
{
    struct xcy_server *server = ctx;
    struct xcy_exchange *x = *request;
    (void)connection;
    (void)reason;
    if (!x) {
        return;
    }
    *request = NULL;
    pthread_mutex_lock(&server->lock);
    bool is_over = x->state != XCY_EXCHANGE_ABANDONED;
    if (is_over) {
        unlink_exchange(x);
    }
    pthread_mutex_unlock(&server->lock);
    if (is_over) {
        xcy_exchange_free(x);
    }
}

static void join_value(struct xcy_request_header *header, const char *value)
{
    char *longer = xcy_format("%s,%s", header->value, value);
    free(header->joined);
    header->joined = longer;
    header->value = longer;
    header->count++;
}

static enum MHD_Result on_header(void *ctx, enum MHD_ValueKind kind, const char *name,
                                 const char *value)
{
    struct xcy_exchange *x = ctx;
    (void)kind;
    const char *text = value ? value : "";
    for (size_t i = 0; i < x->n_headers; i++) {
        if (strcasecmp(x->headers[i].name, name) == 0) {
            join_value(&x->headers[i], text);
            return MHD_YES;
        }
    }
    if (x->n_headers == XCY_EXCHANGE_HEADERS) {
        x->has_too_many_headers = true;
        return MHD_NO;
    }
    x->headers[x->n_headers++] =
        (struct xcy_request_header){.name = name, .value = text, .count = 1};
    return MHD_YES;
}

static enum MHD_Result refuse(struct xcy_exchange *x, unsigned status, const char *words)
{
    struct MHD_Response *response = xcy_exchange_response(xcy_bytes_of(words));
    MHD_add_response_header(response, "Content-Type", "text/plain");
    enum MHD_Result done = MHD_queue_response(x->connection, status, response);
    MHD_destroy_response(response);
    return done;
}

/* The headers are there, the body is not. An answer now makes libmicrohttpd close the connection on
 * what the client still sends, which may cost the client the answer: so a 413 waits for the body,
 * unless that is more than twice the bound. */
static enum MHD_Result open_body(struct xcy_exchange *x, const char *method)
{
    x->method = xcy_strdup(method);
    MHD_get_connection_values(x->connection, MHD_HEADER_KIND, on_header, x);
    if (x->has_too_many_headers) {
        return refuse(x, MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE, "too many headers\n");
    }
    const char *length = xcy_exchange_header(x, "Content-Length");
    unsigned long long announced = length ? strtoull(length, NULL, 10) : 0;
    if (announced / 2 > x->server->max_body_bytes) {
        return refuse(x, MHD_HTTP_CONTENT_TOO_LARGE, "the body is too large\n");
    }
    xcy_buf_init(&x->body, x->server->max_body_bytes);
    return MHD_YES;
}

/* What is too much is read and forgotten, up to the bound again; then the connection is closed, as
 * libmicrohttpd takes no answer amid a body. */
static enum MHD_Result add_body(struct xcy_exchange *x, const char *data, size_t *size)
{
    if (x->body.overflowed) {
        x->excess_bytes += *size;
    }
    if (x->excess_bytes > x->server->max_body_bytes) {
        return MHD_NO;
    }
    xcy_buf_add(&x->body, xcy_bytes(data, *size));
    *size = 0;
    return MHD_YES;
}

/* Linux sends the RST at once when a connected socket is told to be connected to nobody; a close would
 * come behind libmicrohttpd's shutdown, whose FIN the client may see first. */
static void reset_connection(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    if (info) {
        int ignored = connect(info->connect_fd, &nobody, sizeof nobody);
        (void)ignored;
    }
}

static enum MHD_Result send_answer(struct xcy_exchange *x)
{
    if (!x->response) {
        if (x->resets) {
            reset_connection(x->connection);
        }
        return MHD_NO;
    }
    return MHD_queue_response(x->connection, (unsigned)x->status, x->response);
}

/* After the handler returned without an answer. The connection is suspended first, since an answer
 * may come as soon as the state says it is parked. */
static enum MHD_Result park(struct xcy_exchange *x)
{
    struct xcy_server *server = x->server;
    MHD_suspend_connection(x->connection);
    pthread_mutex_lock(&server->lock);
    bool stays = x->state == XCY_EXCHANGE_RUNNING && !server->is_stopping;
    if (stays) {
        x->state = XCY_EXCHANGE_PARKED;
    } else if (x->state == XCY_EXCHANGE_RUNNING) {
        x->state = XCY_EXCHANGE_ABANDONED;
    }
    pthread_mutex_unlock(&server->lock);
    if (!stays) {
        MHD_resume_connection(x->connection);
    }
    return MHD_YES;
}

static enum MHD_Result run_handler(struct xcy_exchange *x)
{
    struct xcy_server *server = x->server;
    pthread_mutex_lock(&server->lock);
    bool is_stopping = server->is_stopping;
    x->state = is_stopping ? XCY_EXCHANGE_ANSWERED : XCY_EXCHANGE_RUNNING;
    pthread_mutex_unlock(&server->lock);
    if (is_stopping) {
        return MHD_NO;
    }
    server->handle(server->ctx, x);
    pthread_mutex_lock(&server->lock);
    bool is_answered = x->state == XCY_EXCHANGE_ANSWERED;
    pthread_mutex_unlock(&server->lock);
    return is_answered ? send_answer(x) : park(x);
}

/* libmicrohttpd's handler: called with the headers, with each piece of the body, at its end, and
 * again after a resume. */
enum MHD_Result xcy_exchange_on_request(void *ctx, struct MHD_Connection *connection,
                                        const char *url, const char *method, const char *version,
                                        const char *data, size_t *size, void **request)
{
    struct xcy_server *server = ctx;
    struct xcy_exchange *x = *request;
    (void)connection;
    (void)url;
    (void)version;
    if (!x->method) {
        return open_body(x, method);
    }
    if (*size > 0) {
        return add_body(x, data, size);
    }
    pthread_mutex_lock(&server->lock);
    enum xcy_exchange_state state = x->state;
    pthread_mutex_unlock(&server->lock);
    if (state == XCY_EXCHANGE_ABANDONED) {
        return MHD_NO;
    }
    if (state == XCY_EXCHANGE_ANSWERED) {
        return send_answer(x);
    }
    if (x->body.overflowed) {
        return refuse(x, MHD_HTTP_CONTENT_TOO_LARGE, "the body is too large\n");
    }
    return run_handler(x);
}
