#ifndef XCY_NET_TRANSFER_H
#define XCY_NET_TRANSFER_H

/*
 * transfer.h - one request on its way through libcurl: its handle, what came back, its
 * deadlines. Private to common/net.
 *
 * Memory:   a transfer is used again and again; its owner is the client's list it is in.
 * Threads:  the client's.
 */

#include "common/net/deadline.h"
#include "common/net/prepared.h"

struct xcy_lane;

struct xcy_transfer {
    CURL *easy;
    struct xcy_http *http;
    struct xcy_http_prepared *prepared; /* of which the handle's options are; NULL: none */
    struct xcy_bytes body;
    struct xcy_lane *lane;         /* NULL: waits for one, or has ended */
    struct xcy_lane *told_lane;    /* the handle's options name it */
    char problem[CURL_ERROR_SIZE]; /* libcurl's words */
    bool is_oversize;              /* the reply passed a bound of ours */
    bool was_on_kept;              /* sent on a connection that was there before */
    bool is_resolving;             /* its host's name was asked for */
    struct xcy_mono began;         /* start was called */

    struct xcy_http_reply reply;
    xcy_http_sent_fn *on_sent;
    xcy_http_done_fn *done;
    void *ctx;

    struct xcy_deadline connect; /* of https */
    struct xcy_deadline first_byte;
    struct xcy_deadline total;
    struct xcy_transfer *previous; /* in the client's list */
    struct xcy_transfer *next;
};

struct xcy_transfer_list {
    struct xcy_transfer *first;
    struct xcy_transfer *last;
};
void xcy_transfer_list_add(struct xcy_transfer_list *list, struct xcy_transfer *t);
void xcy_transfer_list_remove(struct xcy_transfer_list *list, struct xcy_transfer *t);

/* Sets an option unless one failed before. */
#define XCY_TELL(code, easy, option, value)                                                        \
    do {                                                                                           \
        if ((code) == CURLE_OK) {                                                                  \
            (code) = curl_easy_setopt((easy), (option), (value));                                  \
        }                                                                                          \
    } while (0)

struct xcy_transfer *xcy_transfer_new(struct xcy_http *http);
void xcy_transfer_free(struct xcy_transfer *t);

/* Readies a used or new transfer for a request. What its handle was told for the last one stays where
 * that was of the same prepared one; else it is told everything. */
enum xcy_status xcy_transfer_ready(struct xcy_transfer *t, struct xcy_http_prepared *prepared,
                                   struct xcy_bytes body, struct xcy_error *err) XCY_MUST_USE;
/* What libcurl is told (transfer_options.c): all but callbacks, body and lane; the body. */
CURLcode xcy_transfer_tell_all(struct xcy_transfer *t);
CURLcode xcy_transfer_tell_body(struct xcy_transfer *t);

static inline bool xcy_transfer_has_body(const struct xcy_transfer *t)
{
    return t->prepared->body_rule == XCY_BODY_ALWAYS ||
           (t->prepared->body_rule == XCY_BODY_OPTIONAL && t->body.len > 0);
}

/* The lane it begins on. */
void xcy_transfer_set_lane(struct xcy_transfer *t, struct xcy_lane *lane);

/* Whether all of the body was written to the connection. */
bool xcy_transfer_is_written(struct xcy_transfer *t);

/* Fills result, status, acked and message. */
void xcy_transfer_conclude(struct xcy_transfer *t, CURLcode code);
void xcy_transfer_abandon(struct xcy_transfer *t, enum xcy_http_result result);
/* The connection was closed before a reply, and libcurl is about to send a second time. */
void xcy_transfer_stop_resend(struct xcy_transfer *t);

/* Ends the transfers that were started with this ctx; their `done` is called by the next run. */
void xcy_http_cancel_by(struct xcy_http *http, const void *ctx);

#endif
