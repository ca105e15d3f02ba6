#ifndef XCY_CLI_PROGRAM_H
#define XCY_CLI_PROGRAM_H

/*
 * program.h - a program's command line as one table, from which parsing, checks, --help
 * and the man page (hidden option --man) all come.
 *
 * -h/--help, --version and --man are added to every table. Long options may be
 * shortened to a unique prefix, take `--name value` or `--name=value`, and
 * booleans also `--no-name`. Options and arguments may be mixed; `--` ends options.
 *
 * Units:    in the option's name (`--timeout-ms`) and in its `arg`.
 * Failure:  wrong usage is one line on stderr naming the option, its value and
 *           what would be right (the nearest known name), and exit code 2.
 */

#include "common/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum xcy_option_type {
    XCY_OPTION_GROUP,  /* a heading in the help: only `help` is used */
    XCY_OPTION_BOOL,   /* bool */
    XCY_OPTION_INT,    /* int64_t, min..max */
    XCY_OPTION_DOUBLE, /* double, min..max */
    XCY_OPTION_STRING, /* const char *: borrowed from argv */
    XCY_OPTION_CHOICE, /* int: index in choices */
    XCY_OPTION_DURATION, /* int64_t ns, min..max in seconds: 30, 30s, 500ms, 2m, 1h (bare = seconds) */
    XCY_OPTION_LIST, /* struct xcy_string_list: takes the words up to the next option, repeatable */
};

struct xcy_string_list {
    const char **items; /* borrowed texts; the array is owned, free with free() */
    size_t n;
};

struct xcy_option {
    enum xcy_option_type type;
    char letter; /* 0: none */
    const char *name;
    const char *arg;  /* what the value is called, e.g. "N", "PER_S", "FILE" */
    const char *help; /* a sentence or two; the default is appended from `to`'s value at start */
    void *to;
    double min; /* min == max: unbounded */
    double max;
    const char *const *choices; /* NULL-terminated */
    bool no_default;            /* do not print the default in the help */
    bool *given;                /* NULL, or set to true when the option is on the command line */
};

struct xcy_program {
    const char *name;
    const char *summary;   /* one line, no full stop: "fires writer invocations …" */
    const char *arguments; /* e.g. "[RUN]", "CONFIG", "" */
    size_t min_arguments;
    size_t max_arguments;
    const char *description; /* paragraphs parted by a blank line; wrapped by the help */
    const struct xcy_option *options;
    size_t n_options;
    const char *examples;   /* lines "command\tmeaning" */
    const char *exit_codes; /* lines "code\tmeaning"; NULL: the common list */
    const char *see_also;   /* "gather(1), analyze(1)" */
};

/* What parsing decided: run, or end now with exit_code (help was printed, or usage was wrong). */
struct xcy_command_line {
    bool run;
    int exit_code;
    const char **arguments; /* owned array of borrowed texts; free with free() */
    size_t n_arguments;
};

struct xcy_command_line xcy_program_parse(const struct xcy_program *program, int argc,
                                          char *const argv[]);

/* For cross-checks after parsing: prints "<program>: <text>; try '<program> --help'", returns 2. */
int xcy_program_usage(const struct xcy_program *program, const char *fmt, ...) XCY_PRINTF(2, 3);

#endif
