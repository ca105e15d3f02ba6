#ifndef XCY_DEPLOY_ROLLOUT_H
#define XCY_DEPLOY_ROLLOUT_H

/*
 * rollout.h - makes writer and reader run a combination: sets both functions' environment,
 * waits until both say it is in force, and reads it back.
 *
 * Variables of the functions that are not ours stay as they are. A function whose
 * environment is already right is left alone.
 *
 * Threads:  one owner. A stop asked ends it with XCY_ESTOPPED.
 * Failure:  names the function. When one function was changed and the other was not, says so.
 */

#include "common/aws/key_source.h"
#include "common/deployment/deployment.h"

struct xcy_rollout_options {
    const struct xcy_deployment *deployment;
    const struct xcy_combination *combination;
    struct xcy_key_source *keys;
    int64_t timeout_ns; /* of all together */
    int64_t poll_ns;    /* between two looks; 0: 200 ms */
};

struct xcy_rollout_function {
    char arn[256];
    bool changed; /* false: its environment was already right */
};

struct xcy_rollout {
    struct xcy_combination active; /* as both functions report it */
    struct xcy_rollout_function writer;
    struct xcy_rollout_function reader;
};

enum xcy_status xcy_rollout_run(const struct xcy_rollout_options *options,
                                struct xcy_rollout *rollout, struct xcy_error *err) XCY_MUST_USE;

#endif
