#ifndef XCY_CLI_OPTION_H
#define XCY_CLI_OPTION_H

/*
 * option.h - one row of an option table: its value from text, its default and range as text.
 *
 * Threads:  one owner.
 */

#include "common/base/buf.h"
#include "common/cli/program.h"

/* The options every program has, at the head of the last group; their `to` is NULL. */
enum xcy_standard_option {
    XCY_STANDARD_HELP,
    XCY_STANDARD_VERSION,
    XCY_STANDARD_MAN, /* not shown */
    XCY_N_STANDARD_OPTIONS,
};
extern const struct xcy_option xcy_standard_options[XCY_N_STANDARD_OPTIONS];

/* Stores the text's value where the option points. XCY_EUSAGE says what would be right. */
enum xcy_status xcy_option_store(const struct xcy_option *option, const char *text,
                                 struct xcy_error *err) XCY_MUST_USE;

/* What may follow a time, largest first; the last is "", seconds. */
enum { XCY_N_DURATION_UNITS = 5 };
struct xcy_duration_unit {
    const char *name;
    double seconds;
};
extern const struct xcy_duration_unit xcy_duration_units[XCY_N_DURATION_UNITS];

bool xcy_option_is_bounded(const struct xcy_option *option);
/* "1..100", "at least 1", "at most 100". */
void xcy_option_add_range(const struct xcy_option *option, struct xcy_buf *out);
/* "none, antipode". */
void xcy_option_add_choices(const struct xcy_option *option, struct xcy_buf *out);

/* What follows the help sentence: choices, range and default, e.g. "(1..100; default 10)"; or
 * nothing. */
void xcy_option_add_facts(const struct xcy_option *option, struct xcy_buf *out);

#endif
