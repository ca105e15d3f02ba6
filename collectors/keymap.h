#ifndef XCY_COLLECTORS_KEYMAP_H
#define XCY_COLLECTORS_KEYMAP_H

/*
 * keymap.h - texts to numbers: which message was seen before, and where its record stands.
 *
 * A text is kept as 16 bytes of its SHA-256, so that long bodies cost no more than short ids.
 *
 * Memory:   owned by the caller, xcy_keymap_free.
 * Threads:  one owner.
 */

#include "common/base/bytes.h"

#include <stdbool.h>
#include <stdint.h>

struct xcy_keymap;

struct xcy_keymap *xcy_keymap_new(void);
void xcy_keymap_free(struct xcy_keymap *map);

/* The number put for the text, borrowed until the next put; NULL if there is none. */
int64_t *xcy_keymap_find(const struct xcy_keymap *map, struct xcy_bytes text);

/* The text must not be there yet. */
void xcy_keymap_put(struct xcy_keymap *map, struct xcy_bytes text, int64_t value);

/* The same in one: what was put for the text, else 0 is put for it now. */
int64_t *xcy_keymap_at(struct xcy_keymap *map, struct xcy_bytes text, bool *is_new);

size_t xcy_keymap_size(const struct xcy_keymap *map);

#endif
