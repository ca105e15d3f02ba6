#ifndef XCY_LOADGEN_DRIVE_WAITING_H
#define XCY_LOADGEN_DRIVE_WAITING_H

/*
 * waiting.h - the calls that wait to be repeated, the next one first: a binary heap over call.again.
 *
 * Threads:  one owner.
 */

#include "loadgen/drive/flights.h"

#include <stddef.h>

struct xcy_waiting {
    struct xcy_flight **heap; /* heap[0] is the next one */
    size_t n;
    size_t capacity;
};

void xcy_waiting_clear(struct xcy_waiting *waiting); /* a zeroed one is empty */

void xcy_waiting_add(struct xcy_waiting *waiting, struct xcy_flight *flight);
/* The next one, which stays; NULL: none waits. */
struct xcy_flight *xcy_waiting_first(const struct xcy_waiting *waiting);
/* Takes it out; not when none waits. */
struct xcy_flight *xcy_waiting_take(struct xcy_waiting *waiting);

#endif
