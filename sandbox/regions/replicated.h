#ifndef XCY_SANDBOX_REGIONS_REPLICATED_H
#define XCY_SANDBOX_REGIONS_REPLICATED_H

/*
 * replicated.h - a table that lives in several regions: which version of a key a read sees.
 *
 * Visibility is settled at the write and only compared at the read. A version has for each
 * region two instants: `applied` (strong reads see it from then on) and `settled` >= applied
 * (eventual ones do). In the region it was written in both are the instant of the write.
 * Elsewhere they follow the spread given, but never come before those of the version written
 * before it, so that the versions of a key appear in their order and nothing flaps. A read
 * sees the newest version that is visible to it; until then the older one.
 *
 * A gated version has no instant elsewhere. It stays invisible to a region until a read of its key
 * there has missed it, and is visible to every later read of that region.
 *
 * Time:     an argument; calls must come with ascending instants.
 * Memory:   values are taken, and freed once no read can see them any more.
 * Threads:  one owner.
 */

#include "common/time/clock.h"

#include <stdbool.h>
#include <stddef.h>

enum { XCY_REPLICATED_MAX_REGIONS = 2 };

typedef void xcy_value_free_fn(void *value);

struct xcy_replicated;

/* When a version can be read in one region. */
struct xcy_arrival {
    struct xcy_mono applied;
    struct xcy_mono settled;
    bool is_gated; /* then both are INT64_MAX ns */
};

/* How long a version takes to the other regions. */
struct xcy_spread {
    int64_t applied_ns; /* after the write */
    int64_t settled_ns; /* after applied */
    bool is_gate;
};

struct xcy_replicated *xcy_replicated_new(size_t n_regions, xcy_value_free_fn *free_value);
void xcy_replicated_free(struct xcy_replicated *r); /* NULL is allowed */

/* Writes a new version of the key in `region`; value NULL deletes it (of a key never written nothing
 * is kept). The arrival of the version in each region goes to arrivals[n_regions]. */
void xcy_replicated_write(struct xcy_replicated *r, const char *key, size_t region,
                          struct xcy_mono now, const struct xcy_spread *spread, void *value,
                          struct xcy_arrival arrivals[]);

/* The value that a read of the region sees now (borrowed until the next write or walk), or NULL. *opened
 * tells whether this read missed a gated version, which is visible to the next one. */
void *xcy_replicated_read(struct xcy_replicated *r, const char *key, size_t region, bool strong,
                          struct xcy_mono now, bool *opened);

/* The same without any effect on gates. */
void *xcy_replicated_peek(const struct xcy_replicated *r, const char *key, size_t region,
                          bool strong, struct xcy_mono now);

/* The value of the newest version, wherever it was written and whoever sees it yet; borrowed as above. */
void *xcy_replicated_newest(const struct xcy_replicated *r, const char *key);

/* Walks what the region sees, in order of keys: the first value behind `after` (NULL: of all), or
 * NULL; no effect on gates. Keys that are deleted everywhere are forgotten on the way. */
void *xcy_replicated_next(struct xcy_replicated *r, const char *after, size_t region, bool strong,
                          struct xcy_mono now, const char **key);

/* Keys kept, those deleted but not yet everywhere included. */
size_t xcy_replicated_keys(const struct xcy_replicated *r);

#endif
