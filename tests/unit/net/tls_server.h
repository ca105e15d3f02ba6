#ifndef XCY_TESTS_UNIT_NET_TLS_SERVER_H
#define XCY_TESTS_UNIT_NET_TLS_SERVER_H

/*
 * tls_server.h - a server with TLS on 127.0.0.1, as a process of its own: nghttpd, which speaks HTTP/2
 * only and gives a body back, or openssl's s_server, which speaks HTTP/1.0 only.
 *
 * Memory:   the caller's; its folder with certificate and key is removed by stop.
 * Failure:  an assertion of cmocka, when the server does not come up.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum xcy_tls_protocol {
    XCY_TLS_HTTP_2,
    XCY_TLS_HTTP_1_0,
    XCY_TLS_REVERSE /* s_server without HTTP: gives each line back, its last character first */
};

enum xcy_tls_certificate {
    XCY_TLS_GOOD,      /* for 127.0.0.1, signed by itself: trusted by who has ca_file */
    XCY_TLS_ELSEWHERE, /* for another name */
    XCY_TLS_EXPIRED
};

struct xcy_tls_server {
    char folder[64];
    char ca_file[96];
    char key_file[96];
    char url[64];
    uint16_t port;
    pid_t pid;
};

/* False, with the reason printed, where this machine has no such server. */
bool xcy_tls_server_start(struct xcy_tls_server *server, enum xcy_tls_protocol protocol,
                          enum xcy_tls_certificate certificate);
void xcy_tls_server_stop(struct xcy_tls_server *server);

/* No more signs of life, and on again. */
void xcy_tls_server_freeze(const struct xcy_tls_server *server);
void xcy_tls_server_thaw(const struct xcy_tls_server *server);
/* Dies at once; stop is still to be called. */
void xcy_tls_server_kill(struct xcy_tls_server *server);

#endif
