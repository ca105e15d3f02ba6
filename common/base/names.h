#ifndef XCY_BASE_NAMES_H
#define XCY_BASE_NAMES_H

/*
 * names.h - texts that come again and again, each kept once and known by a small number: 0, 1, 2 … in
 * the order in which they first came.
 *
 * Memory:   xcy_names_free; texts are borrowed until then.
 * Threads:  one owner; many may find at a time while nobody adds.
 */

#include <stddef.h>
#include <stdint.h>

#define XCY_NAMES_NONE SIZE_MAX

struct xcy_names;

struct xcy_names *xcy_names_new(void);
void xcy_names_free(struct xcy_names *names);

size_t xcy_names_add(struct xcy_names *names, const char *text); /* its number, perhaps a new one */
size_t xcy_names_find(const struct xcy_names *names, const char *text); /* or XCY_NAMES_NONE */
const char *xcy_names_at(const struct xcy_names *names, size_t number);
size_t xcy_names_count(const struct xcy_names *names);

#endif
