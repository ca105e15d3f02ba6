#ifndef XCY_SANDBOX_SERVICES_LAMBDA_OUTPUT_H
#define XCY_SANDBOX_SERVICES_LAMBDA_OUTPUT_H

/*
 * lambda_output.h - what the processes of functions print and how they end, told to people:
 * in the function log, or in our own.
 *
 * Once the service stops, a process finds its stores and its host going away and says so:
 * that is shown at the level debug only, but a process that fails by itself is told of.
 *
 * Threads:  the supervisor's.
 */

#include "sandbox/services/lambda_state.h"

/* A xcy_output_line_fn; ctx: the instance. Without the service's lock. */
void xcy_lambda_tell_line(void *ctx, struct xcy_bytes line);

/* With the service's lock held; the instance is as it was when its process ended. */
void xcy_lambda_tell_end(const struct xcy_instance *instance, const struct xcy_process_end *end);

#endif
