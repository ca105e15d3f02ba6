#include "common/net/stream.h"

#include "common/base/mem.h"
#include "common/net/stream_parts.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct xcy_stream {
    int fd;
    struct xcy_stream_tls *tls; /* NULL: plain */
    char *address;              /* for messages */
};

bool xcy_stream_await(int fd, enum xcy_attempt_kind wanted, struct xcy_mono limit)
{
    struct pollfd waited = {.fd = fd,
                            .events = wanted == XCY_ATTEMPT_WANTS_READ ? POLLIN : POLLOUT};
    for (;;) {
        int64_t left_ns = xcy_mono_diff_ns(limit, xcy_mono_now());
        left_ns = left_ns > 0 ? left_ns : 0;
        struct timespec left = {.tv_sec = left_ns / XCY_NS_PER_S,
                                .tv_nsec = left_ns % XCY_NS_PER_S};
        int n = ppoll(&waited, 1, &left, NULL);
        if (n > 0) {
            return true;
        }
        if (n == 0 && left_ns == 0) {
            return false;
        }
        xcy_assert(n == 0 || errno == EINTR);
    }
}

static struct xcy_attempt plain_attempt(ssize_t n, enum xcy_attempt_kind wanted)
{
    char room[128];
    struct xcy_attempt attempt = {.kind = XCY_ATTEMPT_DONE};
    if (n >= 0) {
        attempt.n = (size_t)n;
    } else if (errno == EAGAIN || errno == EINTR) {
        attempt.kind = wanted;
    } else {
        attempt.kind = XCY_ATTEMPT_BROKEN;
        snprintf(attempt.reason, sizeof attempt.reason, "%s", strerror_r(errno, room, sizeof room));
    }
    return attempt;
}

static struct xcy_attempt try_write(struct xcy_stream *stream, struct xcy_bytes bytes)
{
    if (stream->tls) {
        return xcy_stream_tls_write(stream->tls, bytes);
    }
    return plain_attempt(send(stream->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL),
                         XCY_ATTEMPT_WANTS_WRITE);
}

static struct xcy_attempt try_read(struct xcy_stream *stream, char *to, size_t size)
{
    if (stream->tls) {
        return xcy_stream_tls_read(stream->tls, to, size);
    }
    struct xcy_attempt attempt =
        plain_attempt(recv(stream->fd, to, size, 0), XCY_ATTEMPT_WANTS_READ);
    if (attempt.kind == XCY_ATTEMPT_DONE && attempt.n == 0) {
        attempt.kind = XCY_ATTEMPT_CLOSED;
    }
    return attempt;
}

/* After an attempt that wants something: XCY_OK once it is there. what: for people. */
static enum xcy_status await(const struct xcy_stream *stream, const struct xcy_attempt *attempt,
                             struct xcy_mono limit, const char *what, struct xcy_error *err)
{
    if (attempt->kind == XCY_ATTEMPT_CLOSED) {
        return xcy_fail(err, XCY_ENET, "%s: the connection was closed", stream->address);
    }
    if (attempt->kind == XCY_ATTEMPT_BROKEN) {
        return xcy_fail(err, XCY_ENET, "%s: %s", stream->address, attempt->reason);
    }
    if (!xcy_stream_await(stream->fd, attempt->kind, limit)) {
        return xcy_fail(err, XCY_ETIMEOUT, "%s: %s in time", stream->address, what);
    }
    return XCY_OK;
}

static enum xcy_status greet(struct xcy_stream *stream, struct xcy_mono limit,
                             struct xcy_error *err)
{
    for (;;) {
        struct xcy_attempt attempt = xcy_stream_tls_greet(stream->tls);
        if (attempt.kind == XCY_ATTEMPT_DONE) {
            return XCY_OK;
        }
        enum xcy_status status = await(stream, &attempt, limit, "no TLS handshake", err);
        if (status != XCY_OK) {
            return status;
        }
    }
}

enum xcy_status xcy_stream_open(const struct xcy_stream_options *options,
                                struct xcy_stream **stream, struct xcy_error *err)
{
    char host[XCY_STREAM_HOST_BYTES];
    struct xcy_mono limit = xcy_mono_add(xcy_mono_now(), options->connect_timeout_ns);
    int fd = -1;
    enum xcy_status status = xcy_stream_connect(options->address, limit, &fd, host, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_stream *made = xcy_alloc(sizeof *made);
    made->fd = fd;
    made->address = xcy_strdup(options->address);
    if (options->tls) {
        status = xcy_stream_tls_new(fd, host, options->ca_file, &made->tls, err);
        status = status == XCY_OK ? greet(made, limit, err) : status;
    }
    if (status != XCY_OK) {
        xcy_stream_close(made);
        return status;
    }
    *stream = made;
    return XCY_OK;
}

void xcy_stream_close(struct xcy_stream *stream)
{
    if (stream) {
        xcy_stream_tls_free(stream->tls);
        close(stream->fd);
        free(stream->address);
        free(stream);
    }
}

enum xcy_status xcy_stream_write(struct xcy_stream *stream, struct xcy_bytes bytes,
                                 struct xcy_mono limit, struct xcy_error *err)
{
    while (bytes.len > 0) {
        struct xcy_attempt attempt = try_write(stream, bytes);
        if (attempt.kind == XCY_ATTEMPT_DONE) {
            bytes = xcy_bytes(bytes.ptr + attempt.n, bytes.len - attempt.n);
            continue;
        }
        enum xcy_status status = await(stream, &attempt, limit, "not all was taken", err);
        if (status != XCY_OK) {
            return status;
        }
    }
    return XCY_OK;
}

enum xcy_status xcy_stream_read(struct xcy_stream *stream, char *to, size_t size, size_t *n,
                                struct xcy_mono limit, struct xcy_error *err)
{
    xcy_assert(size > 0);
    for (;;) {
        struct xcy_attempt attempt = try_read(stream, to, size);
        if (attempt.kind == XCY_ATTEMPT_DONE || attempt.kind == XCY_ATTEMPT_CLOSED) {
            *n = attempt.kind == XCY_ATTEMPT_DONE ? attempt.n : 0;
            return XCY_OK;
        }
        enum xcy_status status = await(stream, &attempt, limit, "nothing came", err);
        if (status != XCY_OK) {
            return status;
        }
    }
}

/* With TLS a session ticket may lie there unread, which is no word to us: OpenSSL looks. */
bool xcy_stream_is_dead(struct xcy_stream *stream)
{
    char byte;
    struct xcy_attempt attempt =
        stream->tls ? xcy_stream_tls_peek(stream->tls)
                    : plain_attempt(recv(stream->fd, &byte, 1, MSG_PEEK), XCY_ATTEMPT_WANTS_READ);
    return attempt.kind != XCY_ATTEMPT_WANTS_READ && attempt.kind != XCY_ATTEMPT_WANTS_WRITE;
}

int xcy_stream_fd(const struct xcy_stream *stream)
{
    return stream->fd;
}
