#ifndef XCY_LOADGEN_SESSION_H
#define XCY_LOADGEN_SESSION_H

/*
 * session.h - a whole run: what is wrong is found before the first slot and leaves nothing behind;
 * from the first slot on, everything is kept.
 *
 * Memory:   owned by the caller; free with xcy_session_free.
 * Threads:  one at a time; stop.h must be watched.
 */

#include "common/run/manifest.h"
#include "loadgen/preparation.h"

struct xcy_session;

/* Runs to the end. *session is set whenever a run took place, whatever became of it; else NULL.
 * XCY_OK: valid, and all expectations met. XCY_EEXPECT: an expectation was not met, and not for the
 * generator's fault, or --abort-on ended it. XCY_EINVALID: ran, but not valid. XCY_ESTOPPED:
 * interrupted, all saved. Others: failed. */
enum xcy_status xcy_session_run(const struct xcy_session_options *options,
                                struct xcy_session **session, struct xcy_error *err) XCY_MUST_USE;
void xcy_session_free(struct xcy_session *session); /* NULL is allowed */

void xcy_session_report(const struct xcy_session *session, bool is_json, struct xcy_buf *out);

/* Borrowed. */
const struct xcy_plan *xcy_session_plan(const struct xcy_session *session);
const struct xcy_tally *xcy_session_total(const struct xcy_session *session);
const struct xcy_manifest *xcy_session_manifest(const struct xcy_session *session);
const char *xcy_session_path(const struct xcy_session *session);

#endif
