#ifndef XCY_FUNCTIONS_OBSERVATION_H
#define XCY_FUNCTIONS_OBSERVATION_H

/*
 * observation.h - the measured part of the reader: barrier, first dependent read, and, if
 * that found nothing, polls until the post is visible.
 *
 * The time kept back at the function's end (XCY_REPORT_RESERVE_MS) is for sending the
 * evaluation: what is not visible by then is censored, never dropped.
 */

#include "functions/application.h"
#include "functions/runtime.h"

enum { XCY_REPORT_RESERVE_MS = 1000 };

/* Observes the post of this event and fills points, flags, sizes and, where the reader could not do
 * its work, error. The rest of the evaluation is the caller's. */
void xcy_observe(const struct xcy_application *app, const struct xcy_invocation *invocation,
                 const struct xcy_event *event, struct xcy_evaluation *evaluation);

/* The error's text as the evaluation's reason, cut to fit. */
void xcy_evaluation_set_error(struct xcy_evaluation *evaluation, const struct xcy_error *err);

#endif
