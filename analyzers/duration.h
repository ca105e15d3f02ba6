#ifndef XCY_ANALYZERS_DURATION_H
#define XCY_ANALYZERS_DURATION_H

/* duration.h - durations for people: three significant digits and a unit. Threads: safe. */

enum { XCY_DURATION_TEXT_BYTES = 32 };

/* 0.153 ms, 1.55 ms, 155 ms, 1.55 s, 155 s; an infinite one as "inf". */
void xcy_duration_format(double us, char to[XCY_DURATION_TEXT_BYTES]);

#endif
