#ifndef XCY_NET_SERVER_H
#define XCY_NET_SERVER_H

/*
 * server.h - an HTTP/1.1 server over libmicrohttpd whose answers may come later.
 *
 * The handler is called once a request is complete, on one of the server's threads,
 * and must not block. It, or any thread later, answers each exchange exactly once.
 * Path and query are given as they came on the wire (not decoded), since signatures
 * are over those bytes.
 *
 * An answer can be made to come badly, as from a server in trouble: xcy_exchange_set_manner.
 *
 * Bounds:   body bytes, header bytes, connections; beyond: 413, 431, refused.
 * Threads:  reply and drop from any thread. An exchange is gone after its answer.
 */

#include "common/base/buf.h"

#include <stdint.h>

struct xcy_server;
struct xcy_exchange;

typedef void xcy_server_fn(void *ctx, struct xcy_exchange *exchange);

struct xcy_server_options {
    const char *address;   /* NULL: 127.0.0.1 */
    uint16_t port;         /* 0: the kernel chooses */
    int threads;           /* 0: 2 */
    size_t max_body_bytes; /* 0: 8 MiB */
    int max_connections;   /* 0: 8192 */
    xcy_server_fn *handle;
    void *ctx;
};

/* A busy port fails with words that name it and what to do. */
enum xcy_status xcy_server_start(const struct xcy_server_options *options,
                                 struct xcy_server **server, struct xcy_error *err) XCY_MUST_USE;
uint16_t xcy_server_port(const struct xcy_server *server);
/* Stops taking connections; every exchange not yet answered is dropped; joins; frees. An answer from
 * another thread may come until this returns (and is then lost), not after. NULL is allowed. */
void xcy_server_stop(struct xcy_server *server);

/* Borrowed until the answer. */
const char *xcy_exchange_method(const struct xcy_exchange *x);
const char *xcy_exchange_path(const struct xcy_exchange *x);  /* raw, without the query */
const char *xcy_exchange_query(const struct xcy_exchange *x); /* raw, without '?'; "" if none */
struct xcy_bytes xcy_exchange_body(const struct xcy_exchange *x);
const char *xcy_exchange_header(const struct xcy_exchange *x, const char *name); /* or NULL */
/* How often the header came: repeated ones are joined by commas in xcy_exchange_header. */
size_t xcy_exchange_header_count(const struct xcy_exchange *x, const char *name);

struct xcy_reply_header {
    const char *name;
    const char *value;
};

/* The index-th header of the request, in the order in which they came; false behind the last. */
bool xcy_exchange_header_at(const struct xcy_exchange *x, size_t index,
                            struct xcy_reply_header *header);

/* Everything is copied. A header that HTTP cannot carry (a line end in it) is left out. */
void xcy_exchange_reply(struct xcy_exchange *x, int status, const struct xcy_reply_header *headers,
                        size_t n_headers, struct xcy_bytes body);
/* The same with size bytes of an open file from offset on, which are read as they are sent; fd is taken. An
 * answer to HEAD tells their size and sends none. */
void xcy_exchange_reply_file(struct xcy_exchange *x, int status,
                             const struct xcy_reply_header *headers, size_t n_headers, int fd,
                             uint64_t offset, uint64_t size);
/* Closes the connection without an answer. */
void xcy_exchange_drop(struct xcy_exchange *x);
/* Resets it instead (RST): the client's next read fails. */
void xcy_exchange_reset(struct xcy_exchange *x);

/* How an answer reaches the client; zeroed: as it should. */
struct xcy_reply_manner {
    int64_t held_ns;    /* it begins that much later */
    double bytes_per_s; /* as its body comes; 0: at once */
    bool is_reset;      /* the connection is reset instead */
};
/* Of the answer that is still to come. No thread of the server waits meanwhile. */
void xcy_exchange_set_manner(struct xcy_exchange *x, const struct xcy_reply_manner *manner);

#endif
