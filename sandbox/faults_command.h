#ifndef XCY_SANDBOX_FAULTS_COMMAND_H
#define XCY_SANDBOX_FAULTS_COMMAND_H

/*
 * faults_command.h - `sandbox faults`: what a running sandbox injects, shown and changed.
 *
 * Failure:  XCY_EUSAGE for an unknown fault or a wrong setting, before anything is changed;
 *           XCY_ENOTFOUND when no sandbox runs there.
 */

#include "common/deployment/deployment.h"

struct xcy_faults_request {
    const char *const *changes; /* "sqs.duplicated=0.02"; borrowed */
    size_t n_changes;
    bool is_off;   /* every fault as preset first */
    bool show_all; /* also those that are off and never struck */
    bool as_json;
};

/* Changes what is asked for and prints what then holds. */
enum xcy_status xcy_faults_command(const struct xcy_deployment *deployment,
                                   const struct xcy_faults_request *request,
                                   struct xcy_error *err) XCY_MUST_USE;

#endif
