#ifndef XCY_COLLECTORS_CLEANING_H
#define XCY_COLLECTORS_CLEANING_H

/*
 * cleaning.h - empties the post store and the evaluation queue, and looks whether they are empty.
 *
 * The writer empties its store (CLEAN). Both functions then look at the store of their side (STATS
 * "count") until it is empty there: deletions take their time to be replicated. The queue is purged
 * if it holds anything; SQS allows one purge a minute, which is waited for or reported. Nothing is
 * called clean that was not seen empty, the queue twice in a row, since its counts are approximate.
 *
 * Threads:  one owner.
 */

#include "common/base/error.h"
#include "common/deployment/deployment.h"

#include <stdbool.h>
#include <stdint.h>

struct xcy_cleaning_options {
    bool wait;           /* for the minute between two purges */
    int64_t deadline_ns; /* for each of store and queue to be seen empty */
};

struct xcy_cleaned {
    char post_storage[32]; /* what the writer emptied */
    int64_t purged;        /* messages the queue held, by its own count; 0: no purge was needed */
};

/* XCY_ETIMEOUT: something was still there at the deadline. XCY_EREMOTE with PurgeQueueInProgress:
 * the queue must wait, and that was not wanted. */
enum xcy_status xcy_cleaning_run(const struct xcy_deployment *deployment,
                                 const struct xcy_cleaning_options *options,
                                 struct xcy_cleaned *cleaned, struct xcy_error *err) XCY_MUST_USE;

#endif
