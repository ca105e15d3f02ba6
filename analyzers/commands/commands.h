#ifndef XCY_ANALYZERS_COMMANDS_COMMANDS_H
#define XCY_ANALYZERS_COMMANDS_COMMANDS_H

/*
 * commands.h - what analyze can be told to do: `analyze`, or `analyze` with the name of a
 * report. Each parses its own command line, prints its result and returns the exit code.
 *
 * Threads:  one at a time, from main.
 */

#include "common/cli/command.h"
#include "common/cli/program.h"

int xcy_command_summarise(int argc, char *argv[]);
int xcy_command_export(int argc, char *argv[]);
int xcy_command_metrics(int argc, char *argv[]);
int xcy_command_compare(int argc, char *argv[]);
int xcy_command_cost(int argc, char *argv[]);
int xcy_command_delay(int argc, char *argv[]);
int xcy_command_windows(int argc, char *argv[]);

#endif
