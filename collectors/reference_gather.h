#ifndef XCY_COLLECTORS_REFERENCE_GATHER_H
#define XCY_COLLECTORS_REFERENCE_GATHER_H

/*
 * reference_gather.h - gathers a run of the reference implementation: its state file stands for
 * requests.csv, and what comes of it are the files that its own gather writes, to the byte, in
 * ROOT/<post>-<notification>/<tag>-<stamp>/, with the journals beside them.
 *
 * Receives: as gathering.h, with one connection, so that the order of arrival is the queue's.
 * Failure:  what was received stands in ROOT/<post>-<notification>/unfinished-<digest of the state
 *           file>/ until all is done, and the same command goes on from there.
 * Memory:   owned by the caller, xcy_reference_gathered_clear.
 */

#include "collectors/receive.h"
#include "collectors/reference_sizes.h"

struct xcy_reference_gather_options {
    const char *state_path;
    const char *config;   /* of the deployment; NULL: the usual search */
    const char *messages; /* a file of messages (sources/lines.h); NULL: the evaluation queue */
    const char *root;
    const char *tag;        /* NULL: the reference's */
    const char *post_sizes; /* "TOTAL:AVERAGE"; NULL: as the reference finds them */
    int64_t quiet_ns;       /* without a new message */
    int64_t deadline_ns;    /* 0: none */
    struct xcy_progress *progress;
};

struct xcy_reference_gathered {
    struct xcy_reference_state *state;
    char *path;        /* the folder with the files */
    const char *ended; /* constant: "complete", "quiet", "deadline" */
    bool has_received; /* a queue was asked */
    struct xcy_receive_result received;
    struct xcy_tally tally;
    int64_t results;      /* rows of traces.csv */
    int64_t expected;     /* what the reference takes for the number of requests */
    int64_t inconsistent; /* of results */
    int64_t n_missing;    /* requests of the state file without a message */
    int64_t n_unused;     /* messages that came after the reference would have stopped */
    bool is_valid;
    char why_invalid[256];
};

enum xcy_status xcy_reference_gather_run(const struct xcy_reference_gather_options *options,
                                         struct xcy_reference_gathered *gathered,
                                         struct xcy_error *err) XCY_MUST_USE;
void xcy_reference_gathered_clear(struct xcy_reference_gathered *gathered);

#endif
