#ifndef XCY_COLLECTORS_RECEIVE_H
#define XCY_COLLECTORS_RECEIVE_H

/*
 * receive.h - takes a run's evaluations from their queue: onto the disk first, out of the queue
 * second, until nothing more is to come.
 *
 * Ends:     COMPLETE when the load has ended, every request that may still report has reported, and
 *           the queue had nothing more of ours; QUIET when nothing new came for a while after the
 *           load's end; both not before least_ns, unless the queue is empty; DEADLINE when its
 *           time is over.
 * Drain:    a full batch means that more is waiting: then all sources receive at once, in threads,
 *           until each finds nothing of ours.
 * Failure:  what was received and cannot be journaled is given back to the queue.
 * Clocks:   injected, so that tests need no time.
 */

#include "collectors/intake.h"

#include "common/cli/progress.h"

enum xcy_receive_end { XCY_RECEIVE_COMPLETE, XCY_RECEIVE_QUIET, XCY_RECEIVE_DEADLINE };

/* All borrowed. */
struct xcy_receive_task {
    struct xcy_intake_parts parts;
    const char *run_path;
    const struct xcy_manifest *manifest;
    void *const *states; /* open sources: the first for long polls, all for draining */
    size_t n_states;
    const struct xcy_sent *sent; /* for the progress of a load that runs; may be NULL */
    int64_t quiet_ns;
    int64_t least_ns;    /* from now: an earlier gather, killed, may hold messages for so long */
    int64_t deadline_ns; /* from now; 0: none */
    struct xcy_progress *progress;
};

struct xcy_receive_result {
    enum xcy_receive_end end;
    int64_t n_undeleted; /* journaled, but still in the queue: they will come again */
};

/* XCY_ESTOPPED: interrupted. */
enum xcy_status xcy_receive(const struct xcy_receive_task *task, struct xcy_receive_result *result,
                            struct xcy_error *err) XCY_MUST_USE;

#endif
