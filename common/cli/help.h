#ifndef XCY_CLI_HELP_H
#define XCY_CLI_HELP_H

/*
 * help.h - a program's table as text for a terminal (at most 80 columns) and as a man(7) page.
 *
 * Threads:  one owner.
 */

#include "common/base/buf.h"
#include "common/cli/program.h"

enum { XCY_HELP_COLUMNS = 80 };

void xcy_help_format(const struct xcy_program *program, struct xcy_buf *out);
void xcy_man_format(const struct xcy_program *program, struct xcy_buf *out);

/* The program's exit codes, or the common ones: lines "code\tmeaning". */
const char *xcy_help_exit_codes(const struct xcy_program *program);

/* The next line of "left\tright" lines; false after the last. */
struct xcy_help_line {
    struct xcy_bytes left;
    struct xcy_bytes right; /* empty without a tab */
};
bool xcy_help_next_line(const char **text, struct xcy_help_line *line);

#endif
