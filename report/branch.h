#ifndef XCY_REPORT_BRANCH_H
#define XCY_REPORT_BRANCH_H

/*
 * branch.h - a part of what a program prints as JSON, and the path under which it stands there. Every
 * number of the page is taken from such a tree and carries its path: the page cannot differ from
 * summary.json, and a reader can find each number there.
 *
 *     <data data-path="inconsistent.share" value="0.601">60.1%</data>
 *
 * Memory:   the tree is borrowed; the rest is plain.
 */

#include "common/data/json.h"

enum { XCY_BRANCH_PATH_BYTES = 256 };

struct xcy_branch {
    const struct xcy_json *node; /* NULL: there is none */
    char path[XCY_BRANCH_PATH_BYTES];
};

struct xcy_branch xcy_branch_root(const struct xcy_json *tree);
/* keys: joined by dots, "p50.low_ms". */
struct xcy_branch xcy_branch_get(const struct xcy_branch *branch, const char *keys);
struct xcy_branch xcy_branch_at(const struct xcy_branch *branch, size_t index);

/* NaN: no number, or none such. */
double xcy_branch_number(const struct xcy_branch *branch, const char *keys);

/* The number as the given text, with its path and its value in full precision. */
void xcy_branch_show(const struct xcy_branch *branch, const char *keys, struct xcy_buf *out,
                     const char *fmt, ...) XCY_PRINTF(4, 5);
void xcy_branch_show_count(const struct xcy_branch *branch, const char *key, struct xcy_buf *out);
/* "60.1%" with so many decimals, of a fraction; "-" of none. */
void xcy_branch_show_share(const struct xcy_branch *branch, const char *keys, int decimals,
                           struct xcy_buf *out);
/* "p = 0.031"; one that is too small for a double, and 0 therefore, "p < 1e-300". */
void xcy_branch_show_p(const struct xcy_branch *branch, const char *keys, struct xcy_buf *out);
/* "151 ms", of milliseconds; what is not finite there is `otherwise`. */
void xcy_branch_show_ms(const struct xcy_branch *branch, const char *keys, const char *otherwise,
                        struct xcy_buf *out);

#endif
