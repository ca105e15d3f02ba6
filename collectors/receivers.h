#ifndef XCY_COLLECTORS_RECEIVERS_H
#define XCY_COLLECTORS_RECEIVERS_H

/*
 * receivers.h - the helpers of the receiver that polls: threads that receive beside it as long as they
 * find something of ours, each with a connection of its own.
 *
 * Number:   each full batch calls one more, up to what the pace holds for useful; a helper that finds
 *           nothing rests until it is called again.
 * Failure:  the first one is kept, and all helpers rest from then on.
 * Memory:   owned by the caller, xcy_receivers_end then xcy_receivers_free.
 * Threads:  safe.
 */

#include "collectors/intake.h"

struct xcy_receivers;

/* source and state are borrowed; most: helpers at most, 0 or more. */
struct xcy_receivers *xcy_receivers_new(struct xcy_intake *intake, const struct xcy_source *source,
                                        const void *state, const struct xcy_pace *pace, int most);
/* A batch came full: one more may help. */
void xcy_receivers_call(struct xcy_receivers *receivers);
/* Waits up to max_ns until all rest; whether they do. */
bool xcy_receivers_await_rest(struct xcy_receivers *receivers, int64_t max_ns);
enum xcy_status xcy_receivers_fault(struct xcy_receivers *receivers,
                                    struct xcy_error *err) XCY_MUST_USE;
/* What they received is on its way when this returns. */
void xcy_receivers_end(struct xcy_receivers *receivers);
void xcy_receivers_free(struct xcy_receivers *receivers); /* NULL is allowed */

#endif
