#ifndef XCY_SANDBOX_HOST_COMMAND_H
#define XCY_SANDBOX_HOST_COMMAND_H

/*
 * host_command.h - `sandbox` without a word: hosts a deployment until it is told to end.
 *
 * Failure:  what xcy_world_start and xcy_world_wait fail with; nothing is left then.
 */

#include "sandbox/world.h"

enum xcy_status xcy_host_command(const struct xcy_world_options *options,
                                 struct xcy_error *err) XCY_MUST_USE;

#endif
