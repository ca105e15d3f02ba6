#ifndef XCY_COLLECTORS_CALLING_H
#define XCY_COLLECTORS_CALLING_H

/*
 * calling.h - the calls to a queue that carry out errands: again after a failure that may pass, and again
 * for the entries alone that a deletion refused.
 *
 * Threads:  safe, each caller with a source of its own.
 */

#include "collectors/errands.h"
#include "collectors/pace.h"
#include "collectors/sources/source.h"

#include "common/aws/retry.h"

/* All borrowed. */
struct xcy_calling {
    const struct xcy_source *source;
    void *state; /* open */
    const struct xcy_retry_plan *retry;
    struct xcy_pace *pace;          /* learns how long a call took */
    bool (*is_hopeless)(void *ctx); /* somebody found that further tries are in vain */
    void *ctx;
};

/* Up to XCY_SOURCE_BATCH errands that xcy_errands_take gave together, and which of them were done: the
 * queue answered that they are. Not XCY_OK: a call failed for good; entries refused to the end are not
 * done, and no failure. */
enum xcy_status xcy_calling_run(const struct xcy_calling *calling,
                                const struct xcy_errand errands[], size_t n, bool done[],
                                struct xcy_error *err) XCY_MUST_USE;

#endif
