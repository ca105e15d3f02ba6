#include "sandbox/regions/replicated.h"

#include "common/base/mem.h"
#include "sandbox/regions/ordered.h"

#include <stdlib.h>
#include <string.h>

struct version {
    void *value; /* NULL: the key is deleted */
    struct version *older;
    struct xcy_arrival arrivals[XCY_REPLICATED_MAX_REGIONS];
};

struct row {
    struct version *newest; /* never NULL */
};

struct xcy_replicated {
    struct xcy_ordered *rows;
    size_t n_regions;
    xcy_value_free_fn *free_value;
};

static void versions_free(struct xcy_replicated *r, struct version *version)
{
    while (version) {
        struct version *older = version->older;
        if (version->value) {
            r->free_value(version->value);
        }
        free(version);
        version = older;
    }
}

static void row_free(struct xcy_replicated *r, struct row *row)
{
    versions_free(r, row->newest);
    free(row);
}

struct xcy_replicated *xcy_replicated_new(size_t n_regions, xcy_value_free_fn *free_value)
{
    xcy_assert(n_regions >= 1 && n_regions <= XCY_REPLICATED_MAX_REGIONS);
    struct xcy_replicated *r = xcy_alloc(sizeof *r);
    r->rows = xcy_ordered_new();
    r->n_regions = n_regions;
    r->free_value = free_value;
    return r;
}

void xcy_replicated_free(struct xcy_replicated *r)
{
    if (!r) {
        return;
    }
    const char *key = NULL;
    void *row;
    while (xcy_ordered_next(r->rows, key, &key, &row)) {
        row_free(r, row);
    }
    xcy_ordered_free(r->rows);
    free(r);
}

static bool not_after(struct xcy_mono a, struct xcy_mono b)
{
    return !xcy_mono_before(b, a);
}

static bool is_everywhere(const struct xcy_replicated *r, const struct version *version,
                          struct xcy_mono now)
{
    for (size_t region = 0; region < r->n_regions; region++) {
        if (!not_after(version->arrivals[region].settled, now)) {
            return false;
        }
    }
    return true;
}

/* Frees the versions that are behind one which every read sees. */
static void forget_older(struct xcy_replicated *r, struct row *row, struct xcy_mono now)
{
    for (struct version *version = row->newest; version; version = version->older) {
        if (is_everywhere(r, version, now)) {
            versions_free(r, version->older);
            version->older = NULL;
        }
    }
}

static struct xcy_mono later(struct xcy_mono a, struct xcy_mono b)
{
    return xcy_mono_before(a, b) ? b : a;
}

/* When a version reaches a region that it was not written in. */
static struct xcy_arrival arrival_of(const struct version *older, size_t region,
                                     struct xcy_mono now, const struct xcy_spread *spread)
{
    const struct xcy_arrival *before = older ? &older->arrivals[region] : NULL;
    if (spread->is_gate || (before && before->is_gated)) {
        return (struct xcy_arrival){{INT64_MAX}, {INT64_MAX}, true};
    }
    struct xcy_arrival arrival = {.applied = xcy_mono_add(now, spread->applied_ns)};
    if (before) {
        arrival.applied = later(arrival.applied, before->applied);
    }
    arrival.settled = xcy_mono_add(arrival.applied, spread->settled_ns);
    if (before) {
        arrival.settled = later(arrival.settled, before->settled);
    }
    return arrival;
}

void xcy_replicated_write(struct xcy_replicated *r, const char *key, size_t region,
                          struct xcy_mono now, const struct xcy_spread *spread, void *value,
                          struct xcy_arrival arrivals[])
{
    xcy_assert(region < r->n_regions && spread->applied_ns >= 0 && spread->settled_ns >= 0);
    struct row *row = xcy_ordered_find(r->rows, key);
    const struct version *older = row ? row->newest : NULL;
    for (size_t i = 0; i < r->n_regions; i++) {
        arrivals[i] =
            i == region ? (struct xcy_arrival){now, now, false} : arrival_of(older, i, now, spread);
    }
    if (!row && !value) {
        return;
    }
    if (!row) {
        row = xcy_alloc(sizeof *row);
        xcy_ordered_put(r->rows, key, row);
    }
    struct version *version = xcy_alloc(sizeof *version);
    version->value = value;
    version->older = row->newest;
    memcpy(version->arrivals, arrivals, r->n_regions * sizeof *arrivals);
    row->newest = version;
    forget_older(r, row, now);
}

static bool is_visible(const struct version *version, size_t region, bool strong,
                       struct xcy_mono now)
{
    const struct xcy_arrival *arrival = &version->arrivals[region];
    return not_after(strong ? arrival->applied : arrival->settled, now);
}

static struct version *visible_version(const struct row *row, size_t region, bool strong,
                                       struct xcy_mono now)
{
    struct version *version = row->newest;
    while (version && !is_visible(version, region, strong, now)) {
        version = version->older;
    }
    return version;
}

void *xcy_replicated_peek(const struct xcy_replicated *r, const char *key, size_t region,
                          bool strong, struct xcy_mono now)
{
    const struct row *row = xcy_ordered_find(r->rows, key);
    const struct version *seen = row ? visible_version(row, region, strong, now) : NULL;
    return seen ? seen->value : NULL;
}

void *xcy_replicated_newest(const struct xcy_replicated *r, const char *key)
{
    const struct row *row = xcy_ordered_find(r->rows, key);
    return row ? row->newest->value : NULL;
}

void *xcy_replicated_read(struct xcy_replicated *r, const char *key, size_t region, bool strong,
                          struct xcy_mono now, bool *opened)
{
    *opened = false;
    const struct row *row = xcy_ordered_find(r->rows, key);
    if (!row) {
        return NULL;
    }
    struct version *seen = visible_version(row, region, strong, now);
    for (struct version *missed = row->newest; missed != seen; missed = missed->older) {
        if (missed->arrivals[region].is_gated) {
            missed->arrivals[region] = (struct xcy_arrival){now, now, false};
            *opened = true;
        }
    }
    return seen ? seen->value : NULL;
}

void *xcy_replicated_next(struct xcy_replicated *r, const char *after, size_t region, bool strong,
                          struct xcy_mono now, const char **key)
{
    const char *at = after;
    const char *found_key;
    void *found;
    while (xcy_ordered_next(r->rows, at, &found_key, &found)) {
        struct row *row = found;
        forget_older(r, row, now);
        if (!row->newest->value && !row->newest->older && is_everywhere(r, row->newest, now)) {
            xcy_ordered_remove(r->rows, found_key); /* `at` stands before it and stays */
            row_free(r, row);
            continue;
        }
        const struct version *seen = visible_version(row, region, strong, now);
        if (seen && seen->value) {
            *key = found_key;
            return seen->value;
        }
        at = found_key;
    }
    return NULL;
}

size_t xcy_replicated_keys(const struct xcy_replicated *r)
{
    return xcy_ordered_size(r->rows);
}
