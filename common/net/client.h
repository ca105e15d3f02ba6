#ifndef XCY_NET_CLIENT_H
#define XCY_NET_CLIENT_H

/*
 * client.h - the inside of an HTTP client: what http.c starts and http_run.c drives. Private to
 * common/net.
 *
 * A transfer is in one of these lists: waiting (for a lane; http and https apart), active (libcurl has it), ended (its
 * `done` is to be called), spare (for the next request).
 *
 * Threads:  the client's.
 */

#include "common/net/lane.h"
#include "common/net/watch.h"

struct xcy_lane_list {
    struct xcy_lane *first;
    struct xcy_lane *last;
};

struct xcy_http {
    struct xcy_http_options options;
    char *ca_file;
    char *user_agent;
    CURLSH *share; /* names once resolved */
    struct xcy_watch watch;
    struct xcy_lane *shared_lane; /* of https; NULL before the first */
    struct xcy_lane_list idle;    /* lanes of one; at the end those used last, with a connection */
    size_t n_idle;
    size_t n_lanes;               /* of one */
    struct xcy_deadlines timers;  /* of lanes: when libcurl wants to be called */
    struct xcy_deadlines connect; /* of https; of http libcurl sees to it */
    struct xcy_deadlines first_byte;
    struct xcy_deadlines total;
    struct xcy_transfer_list waiting[2]; /* of http, of https */
    struct xcy_transfer_list active;
    struct xcy_transfer_list ended;
    struct xcy_transfer_list spare;
    bool may_begin;   /* a transfer was started, or a place came free */
    size_t n_running; /* waiting, active and ended */
    size_t n_delivered;
    bool is_closing;
};

/* The lane to begin a transfer on; NULL when it has to wait (lanes.c). */
struct xcy_lane *xcy_http_take_lane(struct xcy_http *http, const struct xcy_transfer *t);
/* Back from a transfer. */
void xcy_http_give_lane(struct xcy_http *http, struct xcy_lane *lane);
/* Frees an idle lane. */
void xcy_http_drop_lane(struct xcy_http *http, struct xcy_lane *lane);

/* Hands to libcurl what waits, as far as there are lanes. */
void xcy_http_begin(struct xcy_http *http);
/* Out of libcurl and into the list of those that ended. */
void xcy_http_retire(struct xcy_http *http, struct xcy_transfer *t);
void xcy_http_abandon(struct xcy_http *http, struct xcy_transfer *t, enum xcy_http_result result);
/* Calls `done` of all that ended. */
void xcy_http_deliver(struct xcy_http *http);

#endif
