#ifndef XCY_ANALYZERS_COMPARE_FAMILY_H
#define XCY_ANALYZERS_COMPARE_FAMILY_H

/*
 * family.h - contrasts that are told together: their p values are adjusted for all of them, and what
 * was found follows from that.
 *
 * Those of what is undecided are a family apart. They say whether the others may be held against each
 * other at all: a missed alarm is worse there than a false one, so that many other figures are no reason
 * to see less; and the others are not to find less for being watched over.
 *
 * Source:   Holm (holm.h).
 * Memory:   xcy_family_clear; contrasts are borrowed, and stay where they are until it is adjusted.
 * Threads:  one owner.
 */

#include "analyzers/compare/contrast.h"
#include "common/base/buf.h"

struct xcy_family {
    struct xcy_contrast **members;
    size_t n;
};

void xcy_family_add(struct xcy_family *family, struct xcy_contrast *contrast);
void xcy_family_clear(struct xcy_family *family);

/* That p values are adjusted for. */
struct xcy_tests {
    size_t of_figures;
    size_t of_undecided;
};

/* Fills both p_adjusted, found and equivalence of all. */
struct xcy_tests xcy_family_adjust(const struct xcy_family *family, double margin);

/* "14; p is adjusted for all of them (Holm)", "13, and 1 of undecided; p is adjusted …". */
void xcy_tests_add(struct xcy_tests tests, struct xcy_buf *out);

#endif
