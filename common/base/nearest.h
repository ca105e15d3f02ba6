#ifndef XCY_BASE_NEAREST_H
#define XCY_BASE_NEAREST_H

/*
 * nearest.h - the known word that a misspelt one was most likely meant to be.
 *
 * Threads:  safe.
 */

#include <stddef.h>

/* The edit distance: insertions, deletions, substitutions and swaps of neighbours. */
size_t xcy_edit_distance(const char *a, const char *b);

/* The nearest of n words (borrowed), or NULL if none is near: more than a third of the
 * longer one would have to change. */
const char *xcy_nearest(const char *word, const char *const words[], size_t n);

#endif
