#ifndef XCY_LOADGEN_JUDGE_UNIT_H
#define XCY_LOADGEN_JUDGE_UNIT_H

/*
 * unit.h - the value of an objective from its text: a number and the unit that its metric takes.
 *
 * Use inside this folder; objective.h is for the others.
 *
 * Threads:  safe.
 */

#include "loadgen/judge/metric.h"

struct xcy_quantity {
    double value; /* ns, count, share 0..1, or a second */
    bool is_share;
};

/* Of a text without blanks at its ends; they may stand between number and unit. False: not such a
 * value, xcy_unit_wanted says what would be. */
bool xcy_unit_parse(size_t metric, struct xcy_bytes text, struct xcy_quantity *quantity);

/* "a time with its unit, such as 50ms (ns, us, ms or s)" */
const char *xcy_unit_wanted(size_t metric);

/* The text without blanks at its ends. */
struct xcy_bytes xcy_unit_trim(struct xcy_bytes text);
bool xcy_unit_is_blank(char c);

#endif
