#ifndef XCY_LOADGEN_COMMANDS_COMMANDS_H
#define XCY_LOADGEN_COMMANDS_COMMANDS_H

/*
 * commands.h - what loadgen can be told to do: `loadgen`, `loadgen find-max`, `loadgen merge`. Each
 * parses its own command line, prints its result and returns the exit code.
 *
 * Threads:  one at a time, from main.
 */

#include "common/base/buf.h"

int xcy_command_load(int argc, char *argv[]);
int xcy_command_find_max(int argc, char *argv[]);
int xcy_command_merge(int argc, char *argv[]);

/* Prints a result to stdout, then the error if there is one; the exit code. */
int xcy_command_end(struct xcy_buf *result, enum xcy_status status, const struct xcy_error *err);

#endif
