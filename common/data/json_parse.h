#ifndef XCY_DATA_JSON_PARSE_H
#define XCY_DATA_JSON_PARSE_H

/*
 * json_parse.h - reads one JSON value, strictly after RFC 8259, into a tree of cJSON nodes.
 *
 * cJSON's own parser lets pass what others refuse: 01, 1., raw control characters, broken UTF-8, a text
 * that goes on after its value; and it cuts strings at \u0000. It also makes three allocations a member,
 * where here a text has one or two. Private to this folder.
 *
 * Threads:  safe.
 * Failure:  XCY_EPARSE with the reason and the byte offset, from 0.
 */

#include "common/base/bytes.h"
#include "common/base/error.h"

#include <cjson/cJSON.h>

enum { XCY_JSON_MAX_DEPTH = 128, XCY_JSON_MAX_BYTES = 64 << 20 };

/* *root is owned by the caller, xcy_json_tree_free. */
enum xcy_status xcy_json_read(struct xcy_bytes text, cJSON **root,
                              struct xcy_error *err) XCY_MUST_USE;

#endif
