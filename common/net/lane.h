#ifndef XCY_NET_LANE_H
#define XCY_NET_LANE_H

/*
 * lane.h - a libcurl multi handle. For http with one connection and at most one transfer, so that
 * nothing libcurl does for a request grows with the number of connections; for https one that all
 * transfers share: HTTP/2 carries many on one connection, and libcurl reads the file of CAs once for
 * each handle. Private to common/net.
 *
 * A transfer begins on a lane, and leaves it when it ended or is given up. A lane of one keeps its
 * connection for the next.
 *
 * Threads:  the client's.
 */

#include "common/net/transfer.h"

struct xcy_lane {
    struct xcy_http *http;
    CURLM *multi;
    bool is_shared;
    bool is_named;             /* libcurl names the sockets to watch (lane_drive.c) */
    int n_transfers;           /* at most 1, unless shared */
    int n_open;                /* sockets */
    int n_ready;               /* connections on which something was sent; at most n_open */
    struct xcy_deadline timer; /* when libcurl wants to be called */

    /* Of a lane of one. */
    struct xcy_transfer *transfer; /* NULL: idle */
    int kept_fd;                   /* the connection's socket, watched; -1: none */
    int opened_fd;                 /* the socket opened last */
    bool is_writing;               /* the request is not written whole */
    struct xcy_mono idle_since;
    char authority[XCY_AUTHORITY_BYTES]; /* whom the connection leads to */
    struct xcy_lane *previous;           /* in the client's list of idle ones */
    struct xcy_lane *next;
};

struct xcy_lane *xcy_lane_new(struct xcy_http *http, bool is_shared);
void xcy_lane_free(struct xcy_lane *lane); /* closes its connections; NULL is allowed */

/* Whether an idle lane may be used for a request that was started now: its connection leads there, and
 * is not closed already, as far as one can see. */
bool xcy_lane_fits(const struct xcy_lane *lane, const char *authority);
bool xcy_lane_is_alive(const struct xcy_lane *lane, struct xcy_mono now);

/* Hands the transfer to libcurl; it may have ended when this returns (in the client's list then). */
void xcy_lane_begin(struct xcy_lane *lane, struct xcy_transfer *t);
/* Something happened on a socket; an idle lane is freed: its connection is over. */
void xcy_lane_act(struct xcy_lane *lane, int fd, uint32_t events);
/* libcurl's time has come. */
void xcy_lane_act_on_time(struct xcy_lane *lane);
/* Takes the transfer from libcurl, ended or not. */
void xcy_lane_leave(struct xcy_lane *lane, struct xcy_transfer *t);

/* Of a shared one: whether another transfer will find room on a connection, or makes the next one. */
bool xcy_lane_has_room(const struct xcy_lane *lane);

/* libcurl opened a socket; something is sent on a new connection; libcurl closes a socket. */
void xcy_lane_opened(struct xcy_lane *lane, int fd);
void xcy_lane_ready(struct xcy_lane *lane);
void xcy_lane_close(struct xcy_lane *lane, int fd);

#endif
