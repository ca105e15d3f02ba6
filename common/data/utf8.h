#ifndef XCY_DATA_UTF8_H
#define XCY_DATA_UTF8_H

/*
 * utf8.h - whether bytes are UTF-8: no overlong forms, no surrogates, nothing past U+10FFFF.
 *
 * Threads:  safe.
 */

#include "common/base/bytes.h"

#include <stdint.h>

/* The length, 1 to 4, of the character that begins at text.ptr[at], and its code point (code may
 * be NULL); 0 if none does. */
size_t xcy_utf8_read(struct xcy_bytes text, size_t at, uint32_t *code);

#endif
