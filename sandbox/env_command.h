#ifndef XCY_SANDBOX_ENV_COMMAND_H
#define XCY_SANDBOX_ENV_COMMAND_H

/*
 * env_command.h - `sandbox env`: a shell's exports with which awscli and SDKs talk to a running
 * sandbox. The one place where a key pair is printed, and it is the sandbox's own.
 *
 * Failure:  XCY_ENOTFOUND when no sandbox runs there.
 */

#include "common/deployment/deployment.h"

enum xcy_status xcy_env_command(const struct xcy_deployment *deployment,
                                struct xcy_error *err) XCY_MUST_USE;

#endif
