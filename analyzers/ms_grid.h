#ifndef XCY_ANALYZERS_MS_GRID_H
#define XCY_ANALYZERS_MS_GRID_H

/*
 * ms_grid.h - at which whole milliseconds a curve is told.
 *
 * Threads:  safe.
 */

#include <stddef.h>
#include <stdint.h>

enum xcy_ms_grid {
    XCY_MS_ROUND, /* 0, 1, 2, 5, 10, ... for people */
    XCY_MS_FINE,  /* twenty a decade */
};

/* From 0 to the first one that is not below last_ms, ascending, each once; at most `most`. */
size_t xcy_ms_grid(enum xcy_ms_grid grid, double last_ms, int64_t *to, size_t most);

#endif
