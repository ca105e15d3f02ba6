#ifndef XCY_SANDBOX_SERVICES_DYNAMODB_H
#define XCY_SANDBOX_SERVICES_DYNAMODB_H

/*
 * dynamodb.h - global tables over two regions, whose replication follows the lag models.
 *
 * A call's leg delay is drawn once: half of it passes before the store decides (accepts the
 * write, compares at the read), half before the answer. What a write's lag is, is drawn at
 * the write; reads only compare (regions/replicated.h). A table made with a stream has one in
 * each region (dynamodb_stream.h), which DynamoDB Streams' calls read.
 *
 * Bounds:   400 KB an item, a string hash key and no range key, 1 MB a Scan page, 25 writes a
 *           batch. Condition, filter and update expressions are refused in words.
 * Threads:  safe. To end: xcy_dynamodb_service_stop, then xcy_timers_stop, then the server,
 *           then xcy_dynamodb_service_free.
 */

#include "common/time/stall.h"
#include "common/time/timers.h"
#include "sandbox/front/call.h"
#include "sandbox/regions/lag.h"
#include "sandbox/regions/truth.h"
#include "sandbox/services/dynamodb_stream.h"

struct xcy_dynamodb_service;

/* Everything but the texts (copied) is borrowed. */
struct xcy_dynamodb_service_options {
    struct xcy_timers *timers;
    struct xcy_truth *truth;
    struct xcy_stall *stall;     /* of replication and streams; NULL: none */
    const char *account;         /* 12 digits */
    struct xcy_lag *writer_leg;  /* of calls in the writer's region */
    struct xcy_lag *replication; /* after the write: strong reads in the other region see it */
    struct xcy_lag *settle;      /* after that: eventual reads there see it */
    struct xcy_lag *reader_leg;  /* of calls in the reader's region */
    struct xcy_lag *stream;      /* a change applied in a region: its record there; NULL: at once */
    size_t stream_shards;        /* of each stream; 0: 1 */
    const char *writer_region;
    const char *reader_region; /* may be the writer's: then nothing lags */
};

struct xcy_dynamodb_service *
xcy_dynamodb_service_new(const struct xcy_dynamodb_service_options *options);
void xcy_dynamodb_service_stop(struct xcy_dynamodb_service *s); /* later calls get 503 */
void xcy_dynamodb_service_free(struct xcy_dynamodb_service *s); /* NULL is allowed */

/* One that is already there stays as it is. */
void xcy_dynamodb_service_add_table(struct xcy_dynamodb_service *s, const char *name,
                                    const char *key_attribute);

/* One with a stream in each region; false: one of this name is there. */
bool xcy_dynamodb_service_add_streamed(struct xcy_dynamodb_service *s, const char *name,
                                       const char *key_attribute);
/* The stream of a table, borrowed for the service's life; NULL: there is none. */
struct xcy_dynamodb_stream *xcy_dynamodb_service_stream(struct xcy_dynamodb_service *s,
                                                        const char *region, const char *table);

void xcy_dynamodb_service_handle(void *service, struct xcy_call *call); /* a xcy_service_fn */

#endif
