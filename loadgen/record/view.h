#ifndef XCY_LOADGEN_RECORD_VIEW_H
#define XCY_LOADGEN_RECORD_VIEW_H

/*
 * view.h - where a run is, for those who show it or judge it while it goes on.
 *
 * Memory:   borrowed for the call that is given it.
 * Threads:  the watcher's.
 */

#include "loadgen/plan/plan.h"
#include "loadgen/record/tally.h"

struct xcy_view {
    const struct xcy_plan *plan;
    const struct xcy_tally *total;  /* since the start */
    const struct xcy_tally *second; /* the last whole second of all workers; NULL before */
    int64_t second_number;          /* its number, counted from the start */
    bool is_new_second;             /* this look is the first that has it */
    int64_t elapsed_ns;             /* since slot 0 was due; below 0: not yet */
    int64_t in_flight;
    bool is_stopping; /* a stop was asked */
    bool is_last;     /* all is over */
};

#endif
