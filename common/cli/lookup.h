#ifndef XCY_CLI_LOOKUP_H
#define XCY_CLI_LOOKUP_H

/*
 * lookup.h - which row of a program's option table a word of the command line names.
 *
 * Threads:  safe.
 */

#include "common/base/bytes.h"
#include "common/cli/program.h"

struct xcy_lookup {
    const struct xcy_option *option;
    bool is_off; /* named by --no-… */
};

/* By the name after "--", in full or by a unique beginning. XCY_EUSAGE if none or several fit. */
enum xcy_status xcy_lookup_name(const struct xcy_program *program, struct xcy_bytes word,
                                struct xcy_lookup *found, struct xcy_error *err) XCY_MUST_USE;

const struct xcy_option *xcy_lookup_letter(const struct xcy_program *program, char letter);

bool xcy_lookup_is_standard(const struct xcy_option *option); /* --help, --version, --man */

void xcy_lookup_check(const struct xcy_program *program); /* a broken table is a bug: aborts */

#endif
