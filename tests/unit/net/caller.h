#ifndef XCY_TESTS_UNIT_NET_CALLER_H
#define XCY_TESTS_UNIT_NET_CALLER_H

/* caller.h - a client, the scripted server that it talks to, and a count of what came of its requests. */

#include "common/net/http.h"
#include "tests/support/raw_server.h"

struct caller {
    struct xcy_raw_server *server;
    struct xcy_http *http;
    char url[64]; /* the server's */
    struct xcy_http_request request;
    struct xcy_http_reply reply; /* of the last caller_call */
    size_t n_sent;
    size_t n_done;
    size_t n_of[XCY_HTTP_CANCELLED + 1];
    struct xcy_error err;
};

/* Its request is a GET without a body. */
void caller_open(struct caller *c, const struct xcy_raw_step *steps, size_t n);
void caller_reopen(struct caller *c, const struct xcy_http_options *options);
void caller_close(struct caller *c);

/* The request from beginning to end. */
enum xcy_http_result caller_call(struct caller *c);
/* The request, counted when it is sent and when it is done. */
void caller_start(struct caller *c);
void caller_count_sent(void *caller, struct xcy_mono sent);
void caller_count_done(void *caller, const struct xcy_http_reply *reply);
/* Runs for a millisecond, or until something is done. */
void caller_run_a_little(struct caller *c);
/* Runs until all that was started is done. */
void caller_finish(struct caller *c);

#endif
