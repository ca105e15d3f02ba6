#ifndef XCY_SANDBOX_SERVICES_LAMBDA_CLOCK_H
#define XCY_SANDBOX_SERVICES_LAMBDA_CLOCK_H

/*
 * lambda_clock.h - faults of the clocks of function processes: drawn as a process starts, given
 * to it in a variable (functions/test_clock.h), and noted in the truth log under the instance id
 * that its evaluations carry.
 *
 * A step is counted when it comes, if the process still lives.
 *
 * Threads:  with the service's lock held.
 */

#include "sandbox/services/lambda_state.h"

/* The variable's value, to be freed with free(); NULL: the clock is left as it is. */
char *xcy_lambda_clock_draw(struct xcy_instance *instance);

#endif
