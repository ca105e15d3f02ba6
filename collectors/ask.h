#ifndef XCY_COLLECTORS_ASK_H
#define XCY_COLLECTORS_ASK_H

/*
 * ask.h - asks the writer for the sizes in its post storage: once a run, for stats.json.
 */

#include "common/aws/retry.h"

#include "common/run/manifest.h"

/* Borrowed. */
struct xcy_ask_whom {
    const char *endpoint; /* NULL: AWS itself */
    const char *region;
    const char *function; /* name or ARN of the writer */
};

/* The writer's reply to a STATS invocation is appended to reply. */
enum xcy_status xcy_ask_stats(const struct xcy_ask_whom *whom, const struct xcy_retry_plan *retry,
                              struct xcy_buf *reply, struct xcy_error *err) XCY_MUST_USE;

/* The same into the run's stats.json; a failure costs the sizes only, and is logged. Does nothing when
 * the file is there. endpoint NULL: AWS itself. */
void xcy_ask_sizes(const char *run_path, const struct xcy_manifest *manifest, const char *endpoint,
                   const struct xcy_retry_plan *retry);

#endif
