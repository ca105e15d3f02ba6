#ifndef XCY_SANDBOX_REGIONS_ORDERED_H
#define XCY_SANDBOX_REGIONS_ORDERED_H

/*
 * ordered.h - a map from texts to pointers that can be walked in order from any key, also
 * from one that is no longer there. A skip list; find, put, remove and next are O(log n).
 *
 * Memory:   keys are copied; values are the caller's.
 * Threads:  one owner.
 */

#include <stdbool.h>
#include <stddef.h>

struct xcy_ordered;

struct xcy_ordered *xcy_ordered_new(void);
void xcy_ordered_free(struct xcy_ordered *o); /* NULL is allowed; values are left alone */

size_t xcy_ordered_size(const struct xcy_ordered *o);
void *xcy_ordered_find(const struct xcy_ordered *o, const char *key); /* or NULL */
/* The key must be new and the value not NULL. */
void xcy_ordered_put(struct xcy_ordered *o, const char *key, void *value);
/* Returns the value that stood there, or NULL. */
void *xcy_ordered_remove(struct xcy_ordered *o, const char *key);

/* The first entry behind `after` (NULL: of all); false if there is none. *key is borrowed until the
 * entry is removed. */
bool xcy_ordered_next(const struct xcy_ordered *o, const char *after, const char **key,
                      void **value);

#endif
