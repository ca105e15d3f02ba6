#ifndef XCY_LOADGEN_SESSION_PARTS_H
#define XCY_LOADGEN_SESSION_PARTS_H

/*
 * session_parts.h - a session from the inside: session.c begins and runs it, session_end.c judges and
 * saves it, session_report.c tells of it. Private to these.
 *
 * Threads:  one at a time.
 */

#include "loadgen/drive/load.h"
#include "loadgen/record/rundir.h"
#include "loadgen/session.h"
#include "loadgen/watching.h"

struct xcy_session {
    struct xcy_preparation p;
    struct xcy_watching *watching;
    struct xcy_rundir rundir;
    struct xcy_manifest manifest;
    struct xcy_anchor anchor;
    struct xcy_tally total;
    struct xcy_load *load;
    int64_t rows_missing;
    bool has_begun;                         /* the run directory is to stay */
    bool is_broken;                         /* the load could not go on */
    const struct xcy_objective *missed;     /* an expectation */
    const struct xcy_objective *aborted_by; /* of the preparation's */
    struct xcy_error lost_keys;             /* why it was cut short; XCY_OK: it was not */
};

/* Everything that is known, judged and on the disk: what cannot be saved does not keep the rest from
 * it. */
enum xcy_status xcy_session_save(struct xcy_session *s, struct xcy_error *err) XCY_MUST_USE;

/* What a session that is saved came to. */
enum xcy_status xcy_session_conclude(const struct xcy_session *s,
                                     struct xcy_error *err) XCY_MUST_USE;

#endif
