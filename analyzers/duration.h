#ifndef XCY_ANALYZERS_DURATION_H
#define XCY_ANALYZERS_DURATION_H

/* duration.h - durations for people: three significant digits and a unit. Threads: safe. */

#include <stdbool.h>

enum { XCY_DURATION_TEXT_BYTES = 48 };

/* 0.153 ms, 1.55 ms, 155 ms, 1.55 s, 155 s; an infinite one as "inf". */
void xcy_duration_format(double us, char to[XCY_DURATION_TEXT_BYTES]);

/* "+1.20 ms", "-50.3 ms": the upper or lower end of an interval, rounded outwards, so that what is
 * read is no narrower than what is known. Finite. */
void xcy_duration_format_end(double us, bool is_upper, char to[XCY_DURATION_TEXT_BYTES]);

#endif
