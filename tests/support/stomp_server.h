#ifndef XCY_TESTS_SUPPORT_STOMP_SERVER_H
#define XCY_TESTS_SUPPORT_STOMP_SERVER_H

/*
 * stomp_server.h - a message broker on 127.0.0.1 for tests of clients: one queue, and what real
 * brokers do only on a bad day.
 *
 * A message goes to one consumer at a time, as many as its prefetch allows; it stays until it is
 * acknowledged, and goes to another (or comes again) when its consumer's connection ends.
 *
 * Threads:  one of its own; all functions from any thread.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum xcy_stomp_deed {
    XCY_STOMP_RECEIPT, /* takes the message and confirms it */
    XCY_STOMP_SILENCE, /* takes the message and says nothing */
    XCY_STOMP_HANG_UP, /* takes the message and closes */
    XCY_STOMP_REFUSE   /* an ERROR frame, with the passcode in its text */
};

struct xcy_stomp_script {
    const char *greeting; /* raw, instead of CONNECTED; NULL: CONNECTED. "": nothing at all */
    const char *beats;    /* heart-beat of CONNECTED; NULL: none. It never keeps its promise */
    const enum xcy_stomp_deed *deeds; /* for the n-th SEND; beyond the last one: RECEIPT */
    size_t n_deeds;
};

struct xcy_stomp_server;

struct xcy_stomp_server *xcy_stomp_server_start(const struct xcy_stomp_script *script);
void xcy_stomp_server_stop(struct xcy_stomp_server *server);
const char *xcy_stomp_server_address(const struct xcy_stomp_server *server); /* borrowed */

/* Puts a message into the queue. headers: further ones, "name:value\n" each, or NULL. */
void xcy_stomp_server_put(struct xcy_stomp_server *server, const char *body, const char *headers);
void xcy_stomp_server_drop_all(struct xcy_stomp_server *server); /* closes every connection */

struct xcy_stomp_counts {
    size_t connections;
    size_t sends;
    size_t acks;
    size_t nacks;
    size_t beats;
    size_t goodbyes;
};
struct xcy_stomp_counts xcy_stomp_server_counts(struct xcy_stomp_server *server);
/* Waits until there are so many of each. */
void xcy_stomp_server_await(struct xcy_stomp_server *server, struct xcy_stomp_counts wanted);

/* A header of the last CONNECT, SEND or SUBSCRIBE, or with name "" its body; free with free(). */
char *xcy_stomp_server_last(struct xcy_stomp_server *server, const char *command, const char *name);

#endif
