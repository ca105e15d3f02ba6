#ifndef XCY_SANDBOX_SERVICES_STREAM_POLLER_H
#define XCY_SANDBOX_SERVICES_STREAM_POLLER_H

/*
 * stream_poller.h - a stream as the event source of a function.
 *
 * Each shard has one invocation at a time, of up to `batch` records in their order, at the latest
 * 1 MB of them. It begins as soon as a record is visible and the shard is free: no polling
 * interval delays it. A batch that failed, or was throttled, is tried again until it succeeds, and
 * its shard waits for it: 100 ms later, doubling up to 5 s (scaled by time_scale). Only INSERT
 * records invoke, as with the filter {"eventName": ["INSERT"]} of an event source mapping: what
 * `clean` removes must not keep the reader busy.
 *
 * Threads:  works on the timer thread. To end: xcy_stream_poller_stop, then the invoked service's
 *           stop, then xcy_timers_stop, then xcy_stream_poller_free.
 */

#include "common/time/timers.h"
#include "sandbox/regions/truth.h"
#include "sandbox/services/dynamodb_stream.h"

/* How a function is invoked: as xcy_lambda_service_invoke_source. */
typedef void xcy_stream_ended_fn(void *ctx, bool is_ok);
typedef bool xcy_stream_invoke_fn(void *service, const char *region, const char *function,
                                  struct xcy_bytes payload, xcy_stream_ended_fn *ended, void *ctx);

struct xcy_stream_poller;

/* Texts are copied, all else is borrowed. */
struct xcy_stream_poller_options {
    struct xcy_timers *timers;
    struct xcy_truth *truth;
    struct xcy_dynamodb_stream *stream;
    struct xcy_stall *stall; /* the stream's; NULL: none */
    xcy_stream_invoke_fn *invoke;
    void *service;
    const char *region; /* of the function */
    const char *function;
    int64_t batch;          /* records at most */
    double time_scale;      /* of the pauses before another try */
    int64_t first_retry_ms; /* 0: 100 */
    int64_t most_retry_ms;  /* 0: 5000 */
};

/* Before the table's first change. */
struct xcy_stream_poller *xcy_stream_poller_start(const struct xcy_stream_poller_options *options);
void xcy_stream_poller_stop(struct xcy_stream_poller *poller); /* NULL is allowed */
void xcy_stream_poller_free(struct xcy_stream_poller *poller); /* NULL is allowed */

#endif
