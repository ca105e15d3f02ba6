#ifndef XCY_DATA_JSON_SCAN_H
#define XCY_DATA_JSON_SCAN_H

/*
 * json_scan.h - where the reading of a JSON text stands. Private to this folder.
 *
 * Threads:  one owner.
 */

#include "common/base/bytes.h"
#include "common/base/error.h"
#include "common/data/json_tree.h"

struct xcy_json_scan {
    struct xcy_bytes text;
    size_t at;
    int depth;
    struct xcy_json_arena arena;
    struct xcy_error *err;
};

/* XCY_EPARSE: "not JSON: <what> at byte N". */
enum xcy_status xcy_json_broken(struct xcy_json_scan *s, const char *what);

/* The next byte, -1 at the end. */
static inline int xcy_json_peek(const struct xcy_json_scan *s)
{
    return s->at < s->text.len ? (unsigned char)s->text.ptr[s->at] : -1;
}

static inline bool xcy_json_take(struct xcy_json_scan *s, char c)
{
    if (s->at >= s->text.len || s->text.ptr[s->at] != c) {
        return false;
    }
    s->at++;
    return true;
}

/* A string in its quotes; the text is the arena's. */
enum xcy_status xcy_json_scan_string(struct xcy_json_scan *s, char **text) XCY_MUST_USE;

#endif
