#ifndef XCY_ANALYZERS_ENVELOPE_H
#define XCY_ANALYZERS_ENVELOPE_H

/*
 * envelope.h - the lowest of many bounds, each of which holds at its instant and rises with the time
 * to it: bound(t) = min over all of value + slope * |t - at|.
 *
 * A bound that another one makes superfluous at every instant is not kept, so that what is kept follows
 * the time that the bounds span and not how many there are. (That one does, which is as low at the other's
 * own instant: from there both rise alike.)
 *
 * Units:    microseconds.
 * Memory:   the caller owns the struct; xcy_envelope_clear.
 * Threads:  one owner while bounds are added; read-only once settled.
 */

#include <stddef.h>
#include <stdint.h>

struct xcy_envelope_bound {
    double at_us;
    double value_us;
    int64_t i; /* of the request that says so */
};

struct xcy_envelope {
    double slope;
    struct xcy_envelope_bound *bounds; /* settled: by time, none superfluous */
    size_t n;
    size_t capacity;
    struct xcy_envelope_bound recent; /* the last one that was not superfluous at once */
};

void xcy_envelope_init(struct xcy_envelope *envelope, double slope);
void xcy_envelope_clear(struct xcy_envelope *envelope);
void xcy_envelope_add(struct xcy_envelope *envelope, struct xcy_envelope_bound bound);
void xcy_envelope_settle(struct xcy_envelope *envelope);

/* The bound at an instant, of a settled envelope, and whose it is: INFINITY of i -1 where there is none. */
struct xcy_envelope_bound xcy_envelope_at(const struct xcy_envelope *envelope, double at_us);

#endif
