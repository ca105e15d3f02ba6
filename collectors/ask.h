#ifndef XCY_COLLECTORS_ASK_H
#define XCY_COLLECTORS_ASK_H

/*
 * ask.h - asks the writer once a run for the sizes in its post storage: stats.json.
 *
 * Failure:  costs the sizes only; it is logged.
 */

#include "common/aws/retry.h"

#include "common/run/manifest.h"

/* endpoint NULL: AWS itself. Does nothing when the file is there. */
void xcy_ask_sizes(const char *run_path, const struct xcy_manifest *manifest, const char *endpoint,
                   const struct xcy_retry_plan *retry);

#endif
