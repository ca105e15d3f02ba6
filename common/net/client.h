#ifndef XCY_NET_CLIENT_H
#define XCY_NET_CLIENT_H

/*
 * client.h - the inside of an HTTP client: what http.c starts and http_run.c drives. Private to
 * common/net.
 *
 * A transfer is in one of three lists: active (libcurl has it), ended (its `done` is to be
 * called), spare (for the next request).
 *
 * Threads:  the client's.
 */

#include "common/net/transfer.h"

struct xcy_transfer_list {
    struct xcy_transfer *first;
    struct xcy_transfer *last;
};

struct xcy_http {
    struct xcy_http_options options;
    char *ca_file;
    char *user_agent;
    CURLM *multi;
    int epoll_fd;
    bool has_curl_time;
    struct xcy_mono curl_time; /* when libcurl wants to be called */
    struct xcy_deadlines first_byte;
    struct xcy_deadlines total;
    struct xcy_transfer_list active;
    struct xcy_transfer_list ended; /* done not yet called */
    struct xcy_transfer_list spare;
    size_t n_running; /* active and ended */
    size_t n_delivered;
    bool is_closing;
};

void xcy_transfer_list_add(struct xcy_transfer_list *list, struct xcy_transfer *t);
void xcy_transfer_list_remove(struct xcy_transfer_list *list, struct xcy_transfer *t);

/* libcurl's callbacks: which sockets to watch, and when to call it next. ctx is the client. */
int xcy_http_on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *known);
int xcy_http_on_timer(CURLM *multi, long timeout_ms, void *ctx);

/* Out of libcurl and into the list of those that ended. */
void xcy_http_retire(struct xcy_http *http, struct xcy_transfer *t);
void xcy_http_abandon(struct xcy_http *http, struct xcy_transfer *t, enum xcy_http_result result);
/* Calls `done` of all that ended. */
void xcy_http_deliver(struct xcy_http *http);

#endif
