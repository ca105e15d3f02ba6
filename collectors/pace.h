#ifndef XCY_COLLECTORS_PACE_H
#define XCY_COLLECTORS_PACE_H

/*
 * pace.h - how many calls side by side are of use: as many as would carry XCY_PACE_PER_S messages a
 * second if the way to the queue and back were all that takes time.
 *
 * The shortest round trip seen stands for the way: longer ones waited for somebody's cpu or disk,
 * where more calls would only wait, too. So a queue on this machine has few, one across the world
 * many.
 *
 * Threads:  safe.
 */

#include "common/time/clock.h"

enum {
    XCY_PACE_PER_S = 10000,
    XCY_PACE_LEAST = 4,
    XCY_PACE_MOST = 128 /* by default, of receiving and of finishing calls each */
};

struct xcy_pace {
    int64_t shortest_ns; /* 0: none seen; read and set atomically */
    int most;
};

struct xcy_pace xcy_pace_of(int most);
/* A call that carried messages took so long. */
void xcy_pace_note(struct xcy_pace *pace, int64_t took_ns);
/* How many calls at most, 1 or more; XCY_PACE_LEAST while nothing was seen. */
int xcy_pace_limit(const struct xcy_pace *pace);

#endif
