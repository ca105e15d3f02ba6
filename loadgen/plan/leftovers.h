#ifndef XCY_LOADGEN_PLAN_LEFTOVERS_H
#define XCY_LOADGEN_PLAN_LEFTOVERS_H

/*
 * leftovers.h - whether the evaluation queue is empty before a run: what an earlier one left there
 * would be foreign to this one, and hide what this one lost behind its numbers.
 *
 * Threads:  one owner.
 */

#include "loadgen/plan/target.h"

/* XCY_EUSAGE names how many there are and what to do. SQS's counts run behind what happened: those
 * that are not zero are looked at again for a few seconds. A queue that cannot be asked is told as a
 * warning: no request needs it. */
enum xcy_status xcy_leftovers_check(const struct xcy_target *target,
                                    struct xcy_error *err) XCY_MUST_USE;

#endif
