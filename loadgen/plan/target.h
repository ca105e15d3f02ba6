#ifndef XCY_LOADGEN_PLAN_TARGET_H
#define XCY_LOADGEN_PLAN_TARGET_H

/*
 * target.h - what the load goes to: the deployment, who we are there, and the combination that the
 * functions there really run.
 *
 * Memory:   owned by the caller; release with xcy_target_clear.
 * Threads:  read-only after it is checked.
 */

#include "common/aws/key_source.h"
#include "common/deployment/deployment.h"
#include "loadgen/plan/plan.h"

struct xcy_target {
    struct xcy_deployment *deployment;
    struct xcy_key_source *keys;        /* NULL: not signed in */
    struct xcy_combination combination; /* the deployment's own until checked */
};

/* Reads the deployment (path NULL: the usual search). No network. */
enum xcy_status xcy_target_load(const char *path, struct xcy_target *target,
                                struct xcy_error *err) XCY_MUST_USE;
void xcy_target_clear(struct xcy_target *target);

/* Finds credentials. */
enum xcy_status xcy_target_sign_in(struct xcy_target *target, struct xcy_error *err) XCY_MUST_USE;

/* Asks the writer and the reader what they run, refuses when they disagree, are not ready or stand
 * elsewhere than the deployment says, and tries one invocation without running it (DryRun). */
enum xcy_status xcy_target_check(struct xcy_target *target, const struct xcy_plan *plan,
                                 struct xcy_error *err) XCY_MUST_USE;

#endif
