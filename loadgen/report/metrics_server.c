#include "loadgen/report/metrics.h"

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/data/number.h"
#include "common/net/server.h"

#include <pthread.h>
#include <stdlib.h>

/* The server of /metrics, and the text that it has at hand. */

enum { MAX_TEXT_BYTES = 4 << 20, MAX_CONNECTIONS = 32, MAX_BODY_BYTES = 4096 };

struct xcy_metrics {
    struct xcy_server *server;
    char *engine;
    char *endpoint;
    struct xcy_wall started;
    struct xcy_buf making; /* the publisher's */
    pthread_mutex_t lock;
    struct xcy_buf published; /* under the lock, which is held for the time of a copy */
};

static void refuse(struct xcy_exchange *exchange, int status, const char *words)
{
    const struct xcy_reply_header headers[] = {{"Content-Type", "text/plain; charset=utf-8"},
                                               {"Allow", "GET, HEAD"}};
    xcy_exchange_reply(exchange, status, headers, status == 405 ? 2 : 1, xcy_bytes_of(words));
}

static void handle(void *ctx, struct xcy_exchange *exchange)
{
    struct xcy_metrics *m = ctx;
    const char *method = xcy_exchange_method(exchange);
    if (strcmp(xcy_exchange_path(exchange), "/metrics") != 0) {
        refuse(exchange, 404, "The metrics of this run are at /metrics\n");
        return;
    }
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
        refuse(exchange, 405, "/metrics can only be read: GET\n");
        return;
    }
    const struct xcy_reply_header header = {"Content-Type",
                                            "text/plain; version=0.0.4; charset=utf-8"};
    pthread_mutex_lock(&m->lock);
    xcy_exchange_reply(exchange, 200, &header, 1, xcy_buf_bytes(&m->published));
    pthread_mutex_unlock(&m->lock);
}

/* "127.0.0.1:9464" and "[::1]:9464" in two. Host: owned by the caller. */
static enum xcy_status parse_address(const char *address, char **host, uint16_t *port,
                                     struct xcy_error *err)
{
    const char *colon = strrchr(address, ':');
    struct xcy_bytes name = xcy_bytes(address, colon ? (size_t)(colon - address) : 0);
    int64_t number = -1;
    bool is_number = colon && xcy_int64_parse(xcy_bytes_of(colon + 1), &number);
    if (!is_number || number < 0 || number > UINT16_MAX || name.len == 0) {
        return xcy_fail(err, XCY_EUSAGE,
                        "--metrics: '%s' is not ADDRESS:PORT with a port of 0 to 65535, as in "
                        "127.0.0.1:9464",
                        address);
    }
    if (name.len > 2 && name.ptr[0] == '[' && name.ptr[name.len - 1] == ']') {
        name = xcy_bytes(name.ptr + 1, name.len - 2);
    }
    bool is_local = xcy_bytes_equal(name, xcy_bytes_of("localhost"));
    *host = is_local ? xcy_strdup("127.0.0.1") : xcy_strndup(name.ptr, name.len);
    *port = (uint16_t)number;
    return XCY_OK;
}

static void metrics_free(struct xcy_metrics *m)
{
    free(m->engine);
    free(m->endpoint);
    xcy_buf_clear(&m->making);
    xcy_buf_clear(&m->published);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

/* The way to a port that nobody knows beforehand is told without being asked. */
static void say_where(const char *address, uint16_t asked, uint16_t port)
{
    int n = (int)(strrchr(address, ':') - address);
    xcy_log(asked == 0 ? XCY_LOG_WARNING : XCY_LOG_INFO, "metrics are at http://%.*s:%u/metrics", n,
            address, (unsigned)port);
}

enum xcy_status xcy_metrics_start(const char *address, struct xcy_metrics **metrics,
                                  struct xcy_error *err)
{
    char *host = NULL;
    uint16_t port = 0;
    enum xcy_status status = parse_address(address, &host, &port, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_metrics *m = xcy_alloc(sizeof *m);
    pthread_mutex_init(&m->lock, NULL);
    xcy_buf_init(&m->making, MAX_TEXT_BYTES);
    xcy_buf_init(&m->published, MAX_TEXT_BYTES);
    struct xcy_server_options options = {.address = host,
                                         .port = port,
                                         .threads = 1,
                                         .max_body_bytes = MAX_BODY_BYTES,
                                         .max_connections = MAX_CONNECTIONS,
                                         .handle = handle,
                                         .ctx = m};
    status = xcy_server_start(&options, &m->server, err);
    free(host);
    if (status != XCY_OK) {
        metrics_free(m);
        return xcy_error_context(err, "--metrics");
    }
    say_where(address, port, xcy_server_port(m->server));
    *metrics = m;
    return XCY_OK;
}

uint16_t xcy_metrics_port(const struct xcy_metrics *metrics)
{
    return xcy_server_port(metrics->server);
}

void xcy_metrics_describe(struct xcy_metrics *metrics, const char *engine, const char *endpoint)
{
    free(metrics->engine);
    free(metrics->endpoint);
    metrics->engine = xcy_strdup(engine);
    metrics->endpoint = xcy_strdup(endpoint);
}

void xcy_metrics_publish(struct xcy_metrics *metrics, const struct xcy_view *view)
{
    struct xcy_metrics *m = metrics;
    if (m->started.ns == 0) {
        m->started.ns = xcy_wall_now().ns - view->elapsed_ns;
    }
    struct xcy_metrics_facts facts = {
        .engine = m->engine, .endpoint = m->endpoint, .started = m->started};
    xcy_buf_reset(&m->making);
    xcy_metrics_format(&facts, view, &m->making);
    if (m->making.overflowed) {
        return;
    }
    pthread_mutex_lock(&m->lock);
    struct xcy_buf made = m->making;
    m->making = m->published;
    m->published = made;
    pthread_mutex_unlock(&m->lock);
}

void xcy_metrics_stop(struct xcy_metrics *metrics)
{
    if (!metrics) {
        return;
    }
    xcy_server_stop(metrics->server);
    metrics_free(metrics);
}
