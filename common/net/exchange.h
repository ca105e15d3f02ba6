#ifndef XCY_NET_EXCHANGE_H
#define XCY_NET_EXCHANGE_H

/*
 * exchange.h - a request and its answer inside the server. Private to common/net.
 *
 * Life: RECEIVING until the request is complete; RUNNING while the handler is called; then,
 * if no answer came meanwhile, PARKED: the connection is suspended and only an answer
 * resumes it. ANSWERED is the end in all cases but one: at stop, an exchange without an
 * answer becomes ABANDONED, and its memory stays until stop returns, since an answer that
 * is just being given may still come to it.
 *
 * Threads:  the server's lock guards states and the list of exchanges. It is never held
 *           while libmicrohttpd is called; instead stop waits until no answer is between
 *           its change of state and its resume.
 */

#include "common/net/server.h"
#include "common/time/timers.h"

#include <microhttpd.h>
#include <pthread.h>

enum xcy_exchange_state {
    XCY_EXCHANGE_RECEIVING,
    XCY_EXCHANGE_RUNNING,
    XCY_EXCHANGE_PARKED,
    XCY_EXCHANGE_ANSWERED,
    XCY_EXCHANGE_ABANDONED
};

enum { XCY_EXCHANGE_HEADERS = 64 };

struct xcy_request_header {
    const char *name;
    const char *value;
    char *joined; /* owned, when the header came more than once */
    size_t count;
};

struct xcy_exchange {
    struct xcy_server *server;
    struct MHD_Connection *connection;
    enum xcy_exchange_state state;
    char *method;
    char *path;
    char *query;
    struct xcy_buf body;
    size_t excess_bytes; /* of the body, beyond the bound */
    bool has_too_many_headers;
    struct xcy_request_header headers[XCY_EXCHANGE_HEADERS];
    size_t n_headers;
    int status;
    struct MHD_Response *response; /* of an answer; NULL: drop */
    struct xcy_reply_manner manner;
    bool resets;    /* with the drop */
    bool is_paused; /* suspended amid a body that trickles */
    struct xcy_exchange *previous;
    struct xcy_exchange *next;
};

struct xcy_server {
    struct MHD_Daemon *daemon;
    uint16_t port;
    size_t max_body_bytes;
    xcy_server_fn *handle;
    void *ctx;
    pthread_mutex_t lock;
    pthread_cond_t resumed;
    struct xcy_exchange *first; /* all exchanges alive */
    size_t n_resuming;
    bool is_stopping;
    struct xcy_timers *timers; /* of answers that are held or trickle; NULL before the first */
};

/* libmicrohttpd's callbacks; ctx is the server. */
void *xcy_exchange_on_target(void *ctx, const char *target, struct MHD_Connection *connection);
enum MHD_Result xcy_exchange_on_request(void *ctx, struct MHD_Connection *connection,
                                        const char *url, const char *method, const char *version,
                                        const char *data, size_t *size, void **request);
void xcy_exchange_on_completed(void *ctx, struct MHD_Connection *connection, void **request,
                               enum MHD_RequestTerminationCode reason);

void xcy_exchange_free(struct xcy_exchange *x);

/* An answer's body, copied. */
struct MHD_Response *xcy_exchange_response(struct xcy_bytes body);

/* With the server's lock. False, and nothing is added: the server is stopping. */
bool xcy_exchange_later(struct xcy_exchange *x, struct xcy_mono when, xcy_timer_fn *fire,
                        xcy_timer_fn *drop, void *ctx) XCY_MUST_USE;
/* Resumes a connection that is suspended no longer by state; the caller has counted it in n_resuming. */
void xcy_exchange_resume(struct xcy_server *server, struct MHD_Connection *connection);

/* A body that comes with x's bytes_per_s: copied, or size bytes of fd from offset on (taken). */
struct MHD_Response *xcy_trickle_response(struct xcy_exchange *x, struct xcy_bytes body);
struct MHD_Response *xcy_trickle_response_file(struct xcy_exchange *x, int fd, uint64_t offset,
                                               uint64_t size);

#endif
