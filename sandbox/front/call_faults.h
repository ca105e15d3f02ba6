#ifndef XCY_SANDBOX_FRONT_CALL_FAULTS_H
#define XCY_SANDBOX_FRONT_CALL_FAULTS_H

/*
 * call_faults.h - faults on demand of a call as a whole: refusals in the service's own words,
 * resets, answers that stall or trickle.
 *
 * One fault strikes a call at most: they are asked for in the order of enum xcy_call_fault, and
 * the first that strikes ends the asking.
 *
 * Threads:  safe.
 */

#include "sandbox/faults/faults.h"
#include "sandbox/front/call.h"
#include "sandbox/regions/truth.h"

struct xcy_call_faults {
    struct xcy_faults *faults; /* NULL: none strikes */
    struct xcy_truth *truth;   /* a line for each; may be NULL */
};

/* True: the call is answered, and gone. False: it goes on, though its answer may come badly. */
bool xcy_call_faults_strike(const struct xcy_call_faults *f, struct xcy_call *call);

/* A line of the truth log about a fault that struck this call, to be completed and added. */
struct xcy_json *xcy_call_fault_line(enum xcy_fault fault, const struct xcy_call *call);

#endif
