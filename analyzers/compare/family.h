#ifndef XCY_ANALYZERS_COMPARE_FAMILY_H
#define XCY_ANALYZERS_COMPARE_FAMILY_H

/*
 * family.h - contrasts that are told together: their p values are adjusted for all of them, and what
 * was found follows from that.
 *
 * Source:   Holm (holm.h).
 * Memory:   xcy_family_clear; contrasts are borrowed, and stay where they are until it is adjusted.
 * Threads:  one owner.
 */

#include "analyzers/compare/contrast.h"

struct xcy_family {
    struct xcy_contrast **members;
    size_t n;
};

void xcy_family_add(struct xcy_family *family, struct xcy_contrast *contrast);
void xcy_family_clear(struct xcy_family *family);

/* Fills both p_adjusted, found and equivalence of all; how many tests there are. */
size_t xcy_family_adjust(const struct xcy_family *family, double margin);

#endif
