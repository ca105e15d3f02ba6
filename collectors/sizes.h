#ifndef XCY_COLLECTORS_SIZES_H
#define XCY_COLLECTORS_SIZES_H

/*
 * sizes.h - how many bytes the posts take in their store: the writer's reply to a STATS
 * invocation, kept as stats.json.
 *
 * The reference has constants for two stores (DynamoDB 350012 bytes a post, 350054 with Antipode;
 * S3 1000000, 1000320 with Antipode). Those of our runs are measured; the constants are written of the
 * reference's own only (reference_sizes.h).
 *
 * Threads:  safe.
 */

#include "collectors/reference.h"

#include "common/record/combination.h"

#include <stdbool.h>

struct xcy_sizes {
    bool has_items;
    int64_t items;
    struct xcy_reference_number total_bytes;
    struct xcy_reference_number avg_bytes;
};

/* Reads a STATS reply: {"body": {"stats": {"dataset.bytes", "dataset.avg_bytes"[, "items"]}}}, the
 * body as an object or as a string of one. XCY_EINVALID when the reply names another post storage
 * than `expected` (NULL: any), XCY_EPARSE when it is no such reply. */
enum xcy_status xcy_sizes_parse(struct xcy_bytes text, const struct xcy_combination *expected,
                                struct xcy_sizes *sizes, struct xcy_error *err) XCY_MUST_USE;

#endif
