#ifndef XCY_LOADGEN_ENGINES_CALL_H
#define XCY_LOADGEN_ENGINES_CALL_H

/*
 * call.h - one request from its slot to its last answer. Owned by the worker, borrowed by the engine
 * from start until done; a retry starts the same call again.
 *
 * Threads:  plain data.
 */

#include "common/record/evaluation.h"
#include "common/time/clock.h"

struct xcy_call {
    struct xcy_request_id id;   /* i is the slot */
    int64_t attempt;            /* from 1 */
    bool is_warmup;             /* kept, but left out of figures */
    struct xcy_mono due;        /* of a closed loop: when it was started */
    struct xcy_mono started;    /* this attempt was handed to the engine */
    struct xcy_mono sent;       /* this attempt; {0} until it is, told or not yet */
    struct xcy_mono first_sent; /* the first attempt that was; {0}: none yet */
    struct xcy_mono again;      /* when a failed attempt is to be repeated */
    struct xcy_call *next;      /* in the list that holds it: the engine's while it is borrowed */
};

#endif
