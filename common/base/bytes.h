#ifndef XCY_BASE_BYTES_H
#define XCY_BASE_BYTES_H

/* bytes.h - a view of bytes that someone else owns; passed by value, never freed. */

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct xcy_bytes {
    const char *ptr; /* not terminated; NULL only when len is 0 */
    size_t len;
};

static inline struct xcy_bytes xcy_bytes(const char *ptr, size_t len)
{
    return (struct xcy_bytes){.ptr = ptr, .len = len};
}

static inline struct xcy_bytes xcy_bytes_of(const char *text)
{
    return xcy_bytes(text, text ? strlen(text) : 0);
}

static inline bool xcy_bytes_equal(struct xcy_bytes a, struct xcy_bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

#endif
