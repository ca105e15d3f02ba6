#ifndef XCY_LOADGEN_SESSION_H
#define XCY_LOADGEN_SESSION_H

/*
 * session.h - a whole run: what is wrong is found before the first slot and leaves nothing behind;
 * from the first slot on, everything is kept.
 *
 * Threads:  one at a time; stop.h must be watched.
 */

#include "loadgen/engines/engine.h"

struct xcy_session_options {
    struct xcy_plan_options plan;
    const char *deployment_path; /* NULL: the usual search */
    const char *root;            /* of run directories */
    const char *tag;             /* NULL: the reference's */
    int engine;                  /* index in xcy_engines */
    bool is_forced;              /* run although the plan is refused */
    bool is_checked;             /* ask the functions what they run */
    bool shows_progress;         /* also without a terminal */
    bool is_json;
};

/* Adds the result to report whenever a run took place, whatever became of it. XCY_OK: valid.
 * XCY_EINVALID: ran, but not valid. XCY_ESTOPPED: interrupted, all saved. Others: failed. */
enum xcy_status xcy_session_run(const struct xcy_session_options *options, struct xcy_buf *report,
                                struct xcy_error *err) XCY_MUST_USE;

#endif
