#ifndef XCY_COLLECTORS_FINISH_H
#define XCY_COLLECTORS_FINISH_H

/*
 * finish.h - what is done with messages once it is known what they are: deleted from the queue, given
 * back to it, or kept hidden for longer. In threads with a connection each, ten messages a call, of
 * whichever batches they came in.
 *
 * Several:  begins with one thread, and starts more while more than a call's worth waits.
 * Failure:  entries that are refused are tried again, with pauses. A deletion that fails for good is
 *           kept as the fault, and nothing more is deleted: what was not comes again as a duplicate.
 *           Giving back is best effort: the queue does it by itself when the hiding ends.
 * Sum:      taken = deleted + given back + undeleted, once it has ended.
 * Memory:   owned by the caller, xcy_finish_end then xcy_finish_free; texts given are taken.
 * Threads:  safe.
 */

#include "collectors/pace.h"
#include "collectors/settled.h"
#include "collectors/sources/source.h"

#include "common/aws/retry.h"

typedef void xcy_finish_look_fn(void *ctx);

/* All borrowed. */
struct xcy_finish_parts {
    const struct xcy_source *source;
    const void *state; /* an open source; each thread opens its own beside it */
    struct xcy_retry_plan retry;
    int most_threads;
    int64_t look_every_ns;    /* real time */
    xcy_finish_look_fn *look; /* called about so often, from any of the threads */
    void *ctx;                /* for it */
};

struct xcy_finish;

/* Opens a first connection. What is added waits for xcy_finish_begin. */
enum xcy_status xcy_finish_new(const struct xcy_finish_parts *parts, struct xcy_finish **finish,
                               struct xcy_error *err) XCY_MUST_USE;
enum xcy_status xcy_finish_begin(struct xcy_finish *finish, struct xcy_error *err) XCY_MUST_USE;
/* Does what waits, and ends the threads; nothing may be added then. */
void xcy_finish_end(struct xcy_finish *finish);
void xcy_finish_free(struct xcy_finish *finish); /* NULL is allowed */

/* n things to be done, their texts taken. What is to be dropped is on the disk, and has the message's id,
 * to know it by when it comes again. */
void xcy_finish_add(struct xcy_finish *finish, const struct xcy_errand errands[], size_t n);

/* How many wait or are being done. */
size_t xcy_finish_backlog(struct xcy_finish *finish);
/* Waits up to max_ns until nothing is left to do; whether that is so. */
bool xcy_finish_await_idle(struct xcy_finish *finish, int64_t max_ns);

struct xcy_finish_count xcy_finish_count(struct xcy_finish *finish);
/* What went wrong, if anything did. */
enum xcy_status xcy_finish_fault(struct xcy_finish *finish, struct xcy_error *err) XCY_MUST_USE;

#endif
