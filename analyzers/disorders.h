#ifndef XCY_ANALYZERS_DISORDERS_H
#define XCY_ANALYZERS_DISORDERS_H

/*
 * disorders.h - the requests whose points stand in an impossible order: how many, and the first of
 * them.
 *
 * Threads:  plain data; each thread lists its own and they are added.
 */

#include "analyzers/causality.h"

enum { XCY_MAX_DISORDERS = 100 };

struct xcy_disordered {
    int64_t i;
    struct xcy_disorder pair; /* the first one of the request */
};

struct xcy_disorders {
    int64_t n;
    struct xcy_disordered first[XCY_MAX_DISORDERS]; /* by i; the smallest */
};

/* Of any record, those of the warm-up too: a broken clock breaks everything. */
void xcy_disorders_take(struct xcy_disorders *disorders, struct xcy_clocks_view *view);
void xcy_disorders_add(struct xcy_disorders *to, const struct xcy_disorders *from);
size_t
xcy_disorders_listed(const struct xcy_disorders *disorders); /* how many of `first` there are */

#endif
