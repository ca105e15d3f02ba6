#ifndef XCY_SANDBOX_SERVICES_S3_H
#define XCY_SANDBOX_SERVICES_S3_H

/*
 * s3.h - buckets in two regions, one replicated to the other as the lag model says.
 *
 * A call's leg delay is drawn once: half of it passes before the store decides (accepts the
 * write, compares at the read), half before the answer. What a write's lag is, is drawn at
 * the write; reads only compare (s3_store.h).
 *
 * Every bucket is versioned. Delete markers and deletes are not replicated: that is S3's default.
 * Not known, and refused in words: multipart uploads, copies, conditions, ACLs, tags, and payloads
 * signed chunk by chunk.
 *
 * Bounds:   64 MiB an object, which is in memory while it is taken in, and in a file from then on; 2 KB
 *           of user metadata; 1000 keys a page and a DeleteObjects.
 * Threads:  safe. To end: xcy_s3_service_stop, then xcy_timers_stop, then the server,
 *           then xcy_s3_service_free, which removes the files.
 */

#include "common/time/stall.h"
#include "common/time/timers.h"
#include "sandbox/front/call.h"
#include "sandbox/regions/lag.h"
#include "sandbox/regions/truth.h"

struct xcy_s3_service;

/* Everything but the texts (copied) is borrowed. */
struct xcy_s3_service_options {
    struct xcy_timers *timers;
    struct xcy_truth *truth;
    struct xcy_stall *stall;     /* of replication; NULL: none */
    const char *folder;          /* for the bodies; made when there is one */
    struct xcy_lag *writer_leg;  /* of calls to buckets in the writer's region */
    struct xcy_lag *replication; /* after the write: the other bucket has it */
    struct xcy_lag *reader_leg;  /* of calls to buckets in the reader's region */
    const char *writer_region;
    const char *reader_region; /* may be the writer's: then the writer's leg is that of both */
};

struct xcy_s3_service *xcy_s3_service_new(const struct xcy_s3_service_options *options);
void xcy_s3_service_stop(struct xcy_s3_service *s); /* later calls get 503 */
void xcy_s3_service_free(struct xcy_s3_service *s); /* NULL is allowed */

/* The writer's bucket, replicated to the reader's; one bucket for both where the names are the same. */
void xcy_s3_service_add_buckets(struct xcy_s3_service *s, const char *writer, const char *reader);

void xcy_s3_service_handle(void *service, struct xcy_call *call); /* a xcy_service_fn */

#endif
