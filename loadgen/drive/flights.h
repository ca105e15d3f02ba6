#ifndef XCY_LOADGEN_DRIVE_FLIGHTS_H
#define XCY_LOADGEN_DRIVE_FLIGHTS_H

/*
 * flights.h - a worker's calls: as many as may be in flight, made when they are first needed and then
 * used again and again, the last one first, so that memory follows what was in flight at most.
 *
 * Memory:   a flight is borrowed until it is given back.
 * Threads:  one owner.
 */

#include "loadgen/engines/call.h"
#include "loadgen/engines/classify.h"

/* How a failed attempt ended that is to be repeated: what is recorded once the next one begins, or
 * once it is clear that none will. */
struct xcy_failure {
    enum xcy_outcome outcome;
    int64_t http_status;
    struct xcy_mono acked;
    char reason[XCY_REASON_BYTES];
};

struct xcy_flight {
    struct xcy_call call;
    struct xcy_failure failure;
    struct xcy_flight *next_free;
};

struct xcy_flights {
    int64_t limit;
    int64_t n_out;
    struct xcy_flight *free;
    struct xcy_flight_block *blocks;
};

void xcy_flights_init(struct xcy_flights *flights, int64_t limit);
void xcy_flights_clear(struct xcy_flights *flights); /* none may be out */

/* NULL: the limit is reached. Its content is that of its last use, zeroes before. */
struct xcy_flight *xcy_flights_take(struct xcy_flights *flights);
void xcy_flights_give(struct xcy_flights *flights, struct xcy_flight *flight);

/* The flight that a call belongs to. */
struct xcy_flight *xcy_flight_of(struct xcy_call *call);

#endif
