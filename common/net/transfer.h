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
#include "common/net/http.h"

#include <curl/curl.h>

struct xcy_transfer {
    CURL *easy;
    struct curl_slist *header_lines;
    char problem[CURL_ERROR_SIZE]; /* libcurl's words */
    char authority[128];           /* host and port, for messages */
    bool is_https;
    bool is_oversize;      /* the reply passed a bound of ours */
    bool has_reply_begun;  /* a final status line came */
    struct xcy_mono began; /* start was called */
    int64_t connect_timeout_ns;
    int64_t first_byte_timeout_ns;

    struct xcy_http_reply reply;
    xcy_http_sent_fn *on_sent;
    xcy_http_done_fn *done;
    void *ctx;

    struct xcy_deadlines *first_byte_list; /* the client's */
    struct xcy_deadline first_byte;
    struct xcy_deadline total;
    struct xcy_transfer *previous; /* in the client's list */
    struct xcy_transfer *next;
};

struct xcy_transfer *xcy_transfer_new(size_t max_reply_bytes,
                                      struct xcy_deadlines *first_byte_list);
void xcy_transfer_free(struct xcy_transfer *t);

/* Readies a used or new transfer for a request that keeps the rules. */
enum xcy_status xcy_transfer_prepare(struct xcy_transfer *t, const struct xcy_http_options *options,
                                     const struct xcy_http_request *request,
                                     struct xcy_error *err) XCY_MUST_USE;

/* Fills result, status, acked and message. */
void xcy_transfer_conclude(struct xcy_transfer *t, CURLcode code);
void xcy_transfer_abandon(struct xcy_transfer *t, enum xcy_http_result result);

/* Ends the transfers that were started with this ctx; their `done` is called by the next run. */
void xcy_http_cancel_by(struct xcy_http *http, const void *ctx);

#endif
