#ifndef XCY_DATA_NUMBER_H
#define XCY_DATA_NUMBER_H

/*
 * number.h - numbers to text and back, whatever the locale.
 *
 * Threads:  safe.
 */

#include "common/base/bytes.h"

#include <stdint.h>

enum { XCY_DOUBLE_TEXT_BYTES = 32 };

/* The shortest decimal form that reads back to the same double, written as Python's repr does:
 * 1795100010.245589, 0.1, 5.0, 1e+16, 1e-05, nan, inf. */
void xcy_double_format(double value, char to[XCY_DOUBLE_TEXT_BYTES]);

/* Whole text, or false. Leading and trailing blanks are not accepted. */
bool xcy_double_parse(struct xcy_bytes text, double *value);
bool xcy_int64_parse(struct xcy_bytes text, int64_t *value);

#endif
