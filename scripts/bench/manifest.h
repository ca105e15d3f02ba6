#ifndef XCY_BENCH_MANIFEST_H
#define XCY_BENCH_MANIFEST_H

/* manifest.h - what runs that a benchmark makes say of themselves: a complete run that ended just now. */

#include "common/run/manifest.h"

/* n requests, gap_us apart. The caller's: xcy_manifest_clear. */
struct xcy_manifest bench_manifest(const char *endpoint, int64_t n, int64_t gap_us);

#endif
