#ifndef XCY_STATS_VALUES_H
#define XCY_STATS_VALUES_H

/*
 * values.h - a view of a sample's values, for functions that take two samples.
 *
 * Memory:   borrowed for the call.
 */

#include <stddef.h>

struct xcy_values {
    const double *at;
    size_t n;
};

#endif
