#ifndef XCY_NET_STREAM_PARTS_H
#define XCY_NET_STREAM_PARTS_H

/*
 * stream_parts.h - what a stream is made of: the way to an address, and TLS over a descriptor.
 * Private to common/net.
 *
 * Threads:  the stream's.
 */

#include "common/base/bytes.h"
#include "common/base/error.h"
#include "common/time/clock.h"

enum { XCY_STREAM_HOST_BYTES = 256 };

/* What came of one call that does not block. */
enum xcy_attempt_kind {
    XCY_ATTEMPT_DONE,
    XCY_ATTEMPT_WANTS_READ, /* again, once the descriptor is readable */
    XCY_ATTEMPT_WANTS_WRITE,
    XCY_ATTEMPT_CLOSED, /* by the peer, in order */
    XCY_ATTEMPT_BROKEN
};

struct xcy_attempt {
    enum xcy_attempt_kind kind;
    size_t n;         /* done: bytes */
    char reason[200]; /* broken: why */
};

/* False: the limit passed first. */
bool xcy_stream_await(int fd, enum xcy_attempt_kind wanted, struct xcy_mono limit);

/* stream_connect.c: a descriptor that does not block; host: the name or address without brackets. */
enum xcy_status xcy_stream_connect(const char *address, struct xcy_mono limit, int *fd,
                                   char host[XCY_STREAM_HOST_BYTES],
                                   struct xcy_error *err) XCY_MUST_USE;

/* stream_tls.c */
struct xcy_stream_tls;
/* For the side that asks. The host must be who the certificate names; ca_file as in stream.h. */
enum xcy_status xcy_stream_tls_new(int fd, const char *host, const char *ca_file,
                                   struct xcy_stream_tls **tls, struct xcy_error *err) XCY_MUST_USE;
void xcy_stream_tls_free(struct xcy_stream_tls *tls); /* says goodbye, if it can; NULL is allowed */
struct xcy_attempt xcy_stream_tls_greet(struct xcy_stream_tls *tls);
struct xcy_attempt xcy_stream_tls_write(struct xcy_stream_tls *tls, struct xcy_bytes bytes);
struct xcy_attempt xcy_stream_tls_read(struct xcy_stream_tls *tls, char *to, size_t size);
struct xcy_attempt xcy_stream_tls_peek(struct xcy_stream_tls *tls);

#endif
