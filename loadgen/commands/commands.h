#ifndef XCY_LOADGEN_COMMANDS_COMMANDS_H
#define XCY_LOADGEN_COMMANDS_COMMANDS_H

/*
 * commands.h - what loadgen can be told to do: `loadgen`, `loadgen find-max`, `loadgen merge`. Each
 * parses its own command line, prints its result and returns the exit code.
 *
 * Threads:  one at a time, from main.
 */

#include "common/cli/command.h"

int xcy_command_load(int argc, char *argv[]);
int xcy_command_find_max(int argc, char *argv[]);
int xcy_command_merge(int argc, char *argv[]);

#endif
