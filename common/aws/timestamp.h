#ifndef XCY_AWS_TIMESTAMP_H
#define XCY_AWS_TIMESTAMP_H

/*
 * timestamp.h - instants as AWS writes them.
 *
 * Threads:  safe.
 * Failure:  false, *at left alone: not of that form, or not from 1970 to 9999.
 */

#include "common/time/clock.h"

/* "2026-11-21T18:00:00Z", with a fraction of the second or not, "+01:00" instead of "Z" or not. */
bool xcy_timestamp_parse_iso(const char *text, struct xcy_wall *at);
/* A Date header: "Sat, 21 Nov 2026 18:00:00 GMT". */
bool xcy_timestamp_parse_http(const char *text, struct xcy_wall *at);

#endif
