#ifndef XCY_SANDBOX_SERVICES_S3_LISTING_H
#define XCY_SANDBOX_SERVICES_S3_LISTING_H

/*
 * s3_listing.h - a page of a list in the making: what a walk through a bucket adds to it, by prefix,
 * delimiter and number.
 *
 * Threads:  as the request's.
 */

#include "sandbox/services/s3_request.h"

struct xcy_s3_listing {
    struct xcy_s3_request *r;
    const char *prefix;
    const char *delimiter; /* "": none */
    bool is_encoded;       /* encoding-type=url */
    bool has_versions;     /* ListObjectVersions */
    bool has_owner;
    int64_t max;
    int64_t n;
    bool is_cut;        /* there is more than fits */
    char *last_key;     /* where it ended, as a marker */
    char *last_version; /* NULL: behind all of the key */
    char *group;        /* the last common prefix */
    struct xcy_buf items;
    struct xcy_buf groups;
};

/* max-keys of the request, at most 1000; -1: it is no such number. */
int64_t xcy_s3_listing_max(const struct xcy_s3_request *r);

void xcy_s3_listing_init(struct xcy_s3_listing *page, struct xcy_s3_request *r);
void xcy_s3_listing_clear(struct xcy_s3_listing *page);
/* Adds what is there behind (key, version), as xcy_s3_store_walk. */
void xcy_s3_listing_walk(struct xcy_s3_listing *page, const char *key, const char *version);
/* <name>key</name>, encoded where that was asked for. */
void xcy_s3_listing_add_key(struct xcy_buf *out, bool is_encoded, const char *name,
                            const char *key);

#endif
