#ifndef XCY_COLLECTORS_RECEIVE_H
#define XCY_COLLECTORS_RECEIVE_H

/*
 * receive.h - takes a run's evaluations from their queue: onto the disk first, out of the queue
 * second, until nothing more is to come (patience.h).
 *
 * Threads:  the caller's polls, and decides when it is over; helpers receive beside it while there is
 *           much (receivers.h), one writes (commit.h), some delete (finish.h).
 * Failure:  what was received and cannot be journaled is given back to the queue.
 * Clocks:   injected, so that tests need no time.
 */

#include "collectors/intake.h"
#include "collectors/patience.h"

#include "common/cli/progress.h"

/* All borrowed. */
struct xcy_receive_task {
    const struct xcy_source *source;
    void *state;        /* open; further connections are made from it */
    int most_receivers; /* connections that receive at once at most, and as many that delete; 1 or more */
    struct xcy_ledger *ledger;
    struct xcy_orphans *orphans;       /* NULL: messages of other runs stay in the queue */
    struct xcy_collection *collection; /* what the ledger holds, replayed */
    struct xcy_receive_world world;
    struct xcy_retry_plan retry;
    bool same_clock; /* this machine, this boot, made the load */
    const char *run_path;
    const struct xcy_manifest *manifest;
    const struct xcy_sent *sent;   /* for the progress of a load that runs; may be NULL */
    const struct xcy_slots *slots; /* of a load that has ended; NULL: read once it has */
    struct xcy_patience patience;
    /* After a poll with messages of other runs only: a pause of up to so long, in real time, so that their
     * own gather comes first; 0: none. */
    int64_t step_aside_ns;
    int64_t look_every_ns; /* for what waits for a slow disk; 0: every second */
    xcy_commit_fn *commit; /* NULL: xcy_ledger_commit */
    struct xcy_progress *progress;
};

/* received = deleted + given back + undeleted. */
struct xcy_receive_result {
    enum xcy_receive_end end;
    int64_t n_received;             /* messages that the queue gave, counted each time */
    int64_t took_ns;                /* from the first call until the last was answered */
    struct xcy_finish_count finish; /* what became of them; .left are still in the queue */
};

/* What an earlier gather, killed, may have received is visible again after so long. */
enum { XCY_RECEIVE_AFTER_KILLED_S = XCY_SOURCE_HIDDEN_S + 2 };

extern const char *const xcy_receive_end_names[]; /* by enum xcy_receive_end: "complete", … */
/* Says in the log that messages could not be deleted, if any. */
void xcy_receive_warn(const struct xcy_receive_result *result);

/* XCY_ESTOPPED: interrupted. */
enum xcy_status xcy_receive(const struct xcy_receive_task *task, struct xcy_receive_result *result,
                            struct xcy_error *err) XCY_MUST_USE;

#endif
