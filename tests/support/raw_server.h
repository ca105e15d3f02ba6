#ifndef XCY_TESTS_SUPPORT_RAW_SERVER_H
#define XCY_TESTS_SUPPORT_RAW_SERVER_H

/*
 * raw_server.h - a scripted HTTP server on 127.0.0.1 that does what real ones do only on a bad
 * day: closes after it read the request, answers half, says nothing, speaks nonsense.
 *
 * The n-th request to arrive, on whatever connection, gets the n-th step; beyond the last,
 * the last one again. What arrived is kept, to the byte.
 *
 * Threads:  one of its own; all functions from any thread.
 */

#include "common/base/bytes.h"

#include <stdint.h>

enum xcy_raw_action {
    XCY_RAW_ANSWER,       /* sends the text, keeps the connection */
    XCY_RAW_ANSWER_CLOSE, /* sends the text (may be "" or half an answer) and closes */
    XCY_RAW_SILENCE       /* keeps the connection and says nothing */
};

struct xcy_raw_step {
    enum xcy_raw_action action;
    const char *text; /* borrowed until stop */
};

/* A whole small answer for XCY_RAW_ANSWER. */
#define XCY_RAW_OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

struct xcy_raw_server;

struct xcy_raw_server *xcy_raw_server_start(const struct xcy_raw_step *steps, size_t n);
void xcy_raw_server_stop(struct xcy_raw_server *server); /* closes all connections */

uint16_t xcy_raw_server_port(const struct xcy_raw_server *server);
size_t xcy_raw_server_requests(struct xcy_raw_server *server);    /* that arrived whole */
size_t xcy_raw_server_connections(struct xcy_raw_server *server); /* ever accepted */
/* Head and body of the n-th request (from 0); free with free(). */
char *xcy_raw_server_request(struct xcy_raw_server *server, size_t n);
/* Waits until n requests arrived. */
void xcy_raw_server_await(struct xcy_raw_server *server, size_t n);

#endif
