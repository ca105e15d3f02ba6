#ifndef XCY_LOADGEN_RECORD_HANDOVER_H
#define XCY_LOADGEN_RECORD_HANDOVER_H

/*
 * handover.h - what a worker counted, given to the watcher an interval at a time, so that merging,
 * files and pictures cost the worker nothing: a pointer goes over, an empty one comes back, no lock
 * is taken and nothing is waited for.
 *
 * Threads:  one giver (worker), one taker (watcher).
 */

#include "loadgen/record/tally.h"

struct xcy_handover;

struct xcy_handover *xcy_handover_new(void);
void xcy_handover_free(struct xcy_handover *h); /* with all tallies; NULL is allowed */

/* The giver's: the tally to fill, which becomes the taker's when it is given. Always succeeds: when
 * the taker is far behind, the same tally stays, to be filled further and given with the next
 * interval. interval: the number of the one that ended, counted from the start. */
struct xcy_tally *xcy_handover_current(struct xcy_handover *h);
void xcy_handover_give(struct xcy_handover *h, int64_t interval);

/* In place of the last give, once nobody fills any more (the giver's thread is joined, or this is the
 * last it does): gives what there is, however far the taker is behind. There is no current tally
 * after it. */
void xcy_handover_finish(struct xcy_handover *h, int64_t interval);

/* The taker's: the oldest not yet taken, or NULL; give it back when done. Once the giver's thread is
 * joined, xcy_handover_finish and then these empty it. */
struct xcy_tally *xcy_handover_take(struct xcy_handover *h, int64_t *interval);
void xcy_handover_return(struct xcy_handover *h, struct xcy_tally *tally);

#endif
