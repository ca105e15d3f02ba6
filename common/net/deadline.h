#ifndef XCY_NET_DEADLINE_H
#define XCY_NET_DEADLINE_H

/*
 * deadline.h - instants in order, for a client's timeouts. Private to common/net.
 *
 * A sorted list filled from its end: with the same timeout for most requests, as in a
 * load, adding and removing take constant time and no memory.
 *
 * Memory:   the nodes stand in what they are deadlines of.
 * Threads:  one owner.
 */

#include "common/time/clock.h"

struct xcy_deadline {
    struct xcy_mono when;
    void *owner; /* what stands in the list */
    struct xcy_deadline *earlier;
    struct xcy_deadline *later;
    bool is_set;
};

struct xcy_deadlines {
    struct xcy_deadline *first;
    struct xcy_deadline *last;
};

void xcy_deadlines_add(struct xcy_deadlines *list, struct xcy_deadline *node, struct xcy_mono when);
void xcy_deadlines_remove(struct xcy_deadlines *list, struct xcy_deadline *node); /* or not set */

#endif
