#ifndef XCY_DATA_JSON_CHECK_H
#define XCY_DATA_JSON_CHECK_H

/*
 * json_check.h - whether a text is one JSON value, strictly after RFC 8259.
 *
 * cJSON lets pass what others refuse: 01, 1., raw control characters, broken UTF-8, a text that
 * goes on after its value; and it cuts strings at \u0000. This stands before it.
 *
 * Threads:  safe.
 * Failure:  XCY_EPARSE with the reason and the byte offset, from 0.
 */

#include "common/base/bytes.h"
#include "common/base/error.h"

#include <stdbool.h>

enum { XCY_JSON_MAX_DEPTH = 128, XCY_JSON_MAX_BYTES = 64 << 20 };

/* Characters that stand in a string as they are, and are most of most strings. */
static inline bool xcy_json_is_plain(char c)
{
    return c >= ' ' && c < 0x7F && c != '"' && c != '\\';
}

enum xcy_status xcy_json_check(struct xcy_bytes text, struct xcy_error *err) XCY_MUST_USE;

#endif
