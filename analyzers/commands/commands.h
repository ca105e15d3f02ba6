#ifndef XCY_ANALYZERS_COMMANDS_COMMANDS_H
#define XCY_ANALYZERS_COMMANDS_COMMANDS_H

/*
 * commands.h - what analyze can be told to do: `analyze`, `analyze metrics`. Each parses its own
 * command line, prints its result and returns the exit code.
 *
 * Threads:  one at a time, from main.
 */

#include "common/cli/command.h"
#include "common/cli/program.h"

int xcy_command_summarise(int argc, char *argv[]);
int xcy_command_metrics(int argc, char *argv[]);

/* The row of an option table by which a user names metrics of their own; to: a const char *. */
#define XCY_ANALYSIS_CONFIG_OPTION(where)                                                          \
    {                                                                                              \
        .type = XCY_OPTION_STRING, .letter = 'c', .name = "config", .arg = "FILE",                 \
        .help = "Metrics of your own, as rows under the key metrics (docs/metrics.md).",           \
        .to = (where), .no_default = true                                                          \
    }

#endif
