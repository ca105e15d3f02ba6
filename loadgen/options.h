#ifndef XCY_LOADGEN_OPTIONS_H
#define XCY_LOADGEN_OPTIONS_H

/*
 * options.h - the command-line options that make a session, as one table of which each command of
 * loadgen shows its part.
 *
 * Threads:  one owner.
 */

#include "loadgen/preparation.h"

/* Which commands take an option. */
enum { XCY_COMMAND_LOAD = 1 << 0, XCY_COMMAND_FIND_MAX = 1 << 1 };

/* The defaults. Release with xcy_session_options_clear. */
void xcy_session_options_init(struct xcy_session_options *options);
void xcy_session_options_clear(struct xcy_session_options *options);

/* The command's own options, then those that make a session, which are stored in *to. The array is
 * owned by the caller, free(). */
struct xcy_option *xcy_session_option_table(struct xcy_session_options *to, int command,
                                            const struct xcy_option *own, size_t n_own, size_t *n);

#endif
