#ifndef XCY_AWS_SERVER_CLOCK_H
#define XCY_AWS_SERVER_CLOCK_H

/*
 * server_clock.h - what a reply's Date header says of this machine's clock. Private to common/aws.
 *
 * A Date has whole seconds, and the reply was on its way: what is less than XCY_SERVER_CLOCK_GRAIN_S is
 * no difference.
 */

#include "common/net/http.h"

enum { XCY_SERVER_CLOCK_GRAIN_S = 2 };

/* Seconds by which this machine's clock is ahead of the server's (negative: behind); false: the reply
 * has no Date. */
bool xcy_server_clock_ahead_s(const struct xcy_http_reply *reply, int64_t *ahead_s);

/* An instant by the server's clock becomes one by ours. 0 (never) stays. */
void xcy_server_clock_adjust(const struct xcy_http_reply *reply, struct xcy_wall *at);

/* "this machine's clock is 17 min 3 s ahead of the service's: set it"; of a reply without a Date, or
 * with the same time, that it is the clock that was refused. */
void xcy_server_clock_explain(const struct xcy_http_reply *reply, char *to, size_t size);

#endif
