#ifndef XCY_LOADGEN_PREPARATION_H
#define XCY_LOADGEN_PREPARATION_H

/*
 * preparation.h - everything that can be known to be wrong before there is a run directory: options,
 * files, plan, credentials, the functions that are to be invoked.
 *
 * Memory:   owned by the caller; release with xcy_preparation_clear.
 * Threads:  one owner; read-only while a run uses it.
 */

#include "loadgen/engines/engine.h"
#include "loadgen/judge/objective.h"

/* As on the command line; NULL: not given. */
struct xcy_session_options {
    struct xcy_plan_options plan;
    const char *engine; /* "lambda", "sleep:20" */
    struct xcy_web_options web;
    const char *ca_file;
    bool is_insecure;
    bool wants_http2;            /* where the server has it */
    const char *deployment_path; /* NULL: the usual search */
    const char *root;            /* of run directories */
    const char *tag;             /* NULL: the reference's */
    struct xcy_string_list expect;
    struct xcy_string_list abort_on;
    const char *metrics; /* address and port; NULL: none */
    bool is_forced;      /* run although the plan is refused */
    bool asks_capacity; /* whether the target keeps up is the question: no plan is refused for it */
    bool is_checked;    /* ask the functions what they run */
    bool takes_leftovers; /* run although the queue holds evaluations of an earlier run */
    bool shows_progress;  /* also without a terminal */
    bool is_json;
    bool is_dry_run; /* only print the schedule */
};

struct xcy_preparation {
    const struct xcy_session_options *options;
    const struct xcy_engine *engine;
    int64_t sleep_ns;
    struct xcy_web web;
    struct xcy_target target;
    struct xcy_plan plan;
    struct xcy_objectives expect;
    struct xcy_objectives abort_on;
    bool is_beyond_capacity; /* forced, though the readers cannot keep up */
};

/* Without the network: engine, objectives, plan. */
enum xcy_status xcy_preparation_resolve(const struct xcy_session_options *options,
                                        struct xcy_preparation *p,
                                        struct xcy_error *err) XCY_MUST_USE;
/* Then, for an engine that invokes: signs in, and asks the functions. */
enum xcy_status xcy_preparation_check(struct xcy_preparation *p,
                                      struct xcy_error *err) XCY_MUST_USE;
void xcy_preparation_clear(struct xcy_preparation *p);

/* What an engine of this run is opened with. Borrows from the preparation. */
struct xcy_engine_setting xcy_preparation_engine_setting(const struct xcy_preparation *p);

#endif
