#ifndef XCY_CLI_COMMAND_H
#define XCY_CLI_COMMAND_H

/*
 * command.h - programs that can be told to do several things: `loadgen merge`, `analyze compare`. Each
 * command parses its own command line, prints its result and returns the exit code.
 *
 * Threads:  from main.
 */

#include "common/base/buf.h"

struct xcy_command {
    const char *name;
    int (*run)(int argc, char *argv[]);
};

/* Whether the first word was dealt with, and *code is the exit code: it names a command, which ran;
 * or it is near the name of one, and no path (no '/', and no file or folder is called so), which is
 * refused with what was probably meant. After `--` a word is an argument, whatever it is like. */
bool xcy_command_run(const struct xcy_command *commands, size_t n, int argc, char *argv[],
                     int *code);

/* Prints a result to stdout and clears it, then the error if there is one; the exit code. */
int xcy_command_end(struct xcy_buf *result, enum xcy_status status, const struct xcy_error *err);

#endif
