#include "common/net/stream_parts.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT_BYTES = 6 };

static bool is_port(const char *text)
{
    size_t n = strspn(text, "0123456789");
    return n > 0 && n < PORT_BYTES && text[n] == '\0' && strtoul(text, NULL, 10) - 1 < 65535;
}

/* "host:port" or "[v6]:port"; a v6 address without brackets would be ambiguous. */
static bool split_address(const char *address, char host[XCY_STREAM_HOST_BYTES], const char **port)
{
    const char *colon = strrchr(address, ':');
    if (!colon || !is_port(colon + 1)) {
        return false;
    }
    size_t len = (size_t)(colon - address);
    bool has_brackets = len > 2 && address[0] == '[' && address[len - 1] == ']';
    if (has_brackets) {
        address++;
        len -= 2;
    }
    bool has_colon = memchr(address, ':', len) != NULL;
    if (len == 0 || len >= XCY_STREAM_HOST_BYTES || has_colon != has_brackets ||
        address[0] == '[') {
        return false;
    }
    memcpy(host, address, len);
    host[len] = '\0';
    *port = colon + 1;
    return true;
}

/* 0, or the reason as errno. Writable means decided, not connected. */
static int finish_connect(int fd, struct xcy_mono limit)
{
    int reason = 0;
    socklen_t size = sizeof reason;
    if (!xcy_stream_await(fd, XCY_ATTEMPT_WANTS_WRITE, limit)) {
        return ETIMEDOUT;
    }
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &reason, &size) == 0 ? reason : errno;
}

/* As finish_connect; *fd is set when it is 0. */
static int connect_to(const struct addrinfo *place, struct xcy_mono limit, int *fd)
{
    int one = 1;
    int made = socket(place->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made < 0) {
        return errno;
    }
    int reason = connect(made, place->ai_addr, place->ai_addrlen) == 0 ? 0 : errno;
    if (reason == EINPROGRESS || reason == EINTR) {
        reason = finish_connect(made, limit);
    }
    if (reason != 0) {
        close(made);
        return reason;
    }
    setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    *fd = made;
    return 0;
}

/* One after the other; those that are left share the time that is left. */
static int connect_any(const struct addrinfo *places, struct xcy_mono limit, int *fd)
{
    int reason = EADDRNOTAVAIL;
    int64_t n_left = 0;
    for (const struct addrinfo *place = places; place; place = place->ai_next) {
        n_left++;
    }
    for (const struct addrinfo *place = places; place; place = place->ai_next, n_left--) {
        struct xcy_mono now = xcy_mono_now();
        reason = connect_to(place, xcy_mono_add(now, xcy_mono_diff_ns(limit, now) / n_left), fd);
        if (reason == 0) {
            return 0;
        }
    }
    return reason;
}

static enum xcy_status fail_connect(const char *address, int reason, struct xcy_error *err)
{
    char room[128];
    if (reason == ETIMEDOUT) {
        return xcy_fail(err, XCY_ETIMEOUT, "%s: no connection in time", address);
    }
    return xcy_fail(err, XCY_ENET, "%s: cannot connect: %s", address,
                    strerror_r(reason, room, sizeof room));
}

enum xcy_status xcy_stream_connect(const char *address, struct xcy_mono limit, int *fd,
                                   char host[XCY_STREAM_HOST_BYTES], struct xcy_error *err)
{
    const char *port = NULL;
    if (!split_address(address, host, &port)) {
        return xcy_fail(err, XCY_EUSAGE, "'%s' is not an address of the form host:port", address);
    }
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *places = NULL;
    int code = getaddrinfo(host, port, &hints, &places); /* the resolver has limits of its own */
    if (code != 0) {
        return xcy_fail(err, XCY_ENET, "%s: no such host: %s", address, gai_strerror(code));
    }
    int reason = connect_any(places, limit, fd);
    freeaddrinfo(places);
    return reason == 0 ? XCY_OK : fail_connect(address, reason, err);
}
