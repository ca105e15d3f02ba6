#ifndef XCY_CLI_BOUND_H
#define XCY_CLI_BOUND_H

/*
 * bound.h - how much larger or smaller a value may truly be, for people: "+2.1/-51.0", and "+90.0/+10.0"
 * if it is larger for sure.
 *
 * Rounding: outwards, so that what is read is no narrower than what is known.
 * Threads:  safe.
 */

#include <stdbool.h>

enum { XCY_BOUND_END_BYTES = 40, XCY_BOUND_BYTES = 128 };

/* "+1.20": one end of finite value, with its sign and so many decimals (0 to 3). */
void xcy_bound_format_end(double value, bool is_upper, int decimals, char to[XCY_BOUND_END_BYTES]);

/* Both ends as text, or NULL for one that is not bounded, which is said. */
void xcy_bound_join(const char *high, const char *low, char to[XCY_BOUND_BYTES]);

/* Both with one decimal; an infinite end is not bounded. */
void xcy_bound_format(double low, double high, char to[XCY_BOUND_BYTES]);

#endif
