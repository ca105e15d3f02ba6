#ifndef XCY_ANALYZERS_WINDOWS_LIKELIEST_H
#define XCY_ANALYZERS_WINDOWS_LIKELIEST_H

/*
 * likeliest.h - the likeliest distribution of the windows of a group: one line between the curves of
 * the envelope (within.h), without an error of its own. As measured: clocks are not in it.
 *
 * Source:   Turnbull (common/stats/turnbull.h).
 * Cost:     reads the rounds' records once more, and keeps their windows.
 * Threads:  plain data.
 */

#include "analyzers/windows/windows.h"

enum { XCY_LIKELIEST_MOST = 20000 }; /* windows of a group; of more it is not made */

/* Fills `likeliest` of the groups; xcy_windows_clear releases it. */
enum xcy_status xcy_windows_estimate(struct xcy_windows *windows,
                                     struct xcy_error *err) XCY_MUST_USE;

#endif
