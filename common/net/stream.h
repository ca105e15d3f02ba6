#ifndef XCY_NET_STREAM_H
#define XCY_NET_STREAM_H

/*
 * stream.h - a connection of bytes to host:port, over TCP or TLS, for protocols that are not
 * HTTP (common/stores). TLS checks the server's certificate and name.
 *
 * Every call has a limit in time. After a failure the stream can only be closed.
 *
 * Threads:  one thread at a time; xcy_stream_fd from any.
 * Failure:  XCY_ENET naming the address; XCY_ETIMEOUT: the limit passed; XCY_EUSAGE: not an address.
 */

#include "common/base/bytes.h"
#include "common/base/error.h"
#include "common/time/clock.h"

struct xcy_stream;

struct xcy_stream_options {
    const char *address; /* "host:port", "[v6]:port" */
    bool tls;
    const char *ca_file; /* whom to trust; NULL or "": as the system does */
    int64_t connect_timeout_ns;
};

enum xcy_status xcy_stream_open(const struct xcy_stream_options *options,
                                struct xcy_stream **stream, struct xcy_error *err) XCY_MUST_USE;
/* NULL is allowed. */
void xcy_stream_close(struct xcy_stream *stream);

/* All of the bytes. */
enum xcy_status xcy_stream_write(struct xcy_stream *stream, struct xcy_bytes bytes,
                                 struct xcy_mono limit, struct xcy_error *err) XCY_MUST_USE;
/* At least one byte, into to[0..size); *n = 0 when the peer closed. XCY_ETIMEOUT leaves the stream as
 * it was: it can be read again. */
enum xcy_status xcy_stream_read(struct xcy_stream *stream, char *to, size_t size, size_t *n,
                                struct xcy_mono limit, struct xcy_error *err) XCY_MUST_USE;
/* Whether the peer closed, or said what nobody asked for, while the stream was idle. */
bool xcy_stream_is_dead(struct xcy_stream *stream);

int xcy_stream_fd(const struct xcy_stream *stream); /* borrowed, for poll */

#endif
