#ifndef XCY_FUNCTIONS_FUNCTION_H
#define XCY_FUNCTIONS_FUNCTION_H

/*
 * function.h - a whole function program, from its environment to its exit code: the same binary
 * runs as AWS's `bootstrap` and under the sandbox.
 *
 * Exit codes: 0 ended by SIGTERM or Ctrl-C, 1 the Runtime API or a backend failed, 2 the
 * environment is wrong.
 */

#include "functions/backend.h"
#include "functions/runtime.h"

struct xcy_function {
    const char *name;    /* "writer" */
    const char *summary; /* one line for --help */
    enum xcy_side side;
    xcy_invocation_fn *handle; /* its state is a struct xcy_slot */
};

int xcy_function_main(const struct xcy_function *function, int argc, char *const argv[]);

#endif
