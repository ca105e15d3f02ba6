#ifndef XCY_TESTS_SUPPORT_MADE_RUN_H
#define XCY_TESTS_SUPPORT_MADE_RUN_H

/*
 * made_run.h - gathered runs of known truth, as folders: how long a write takes, how often a read is
 * inconsistent, by how much it misses, how many requests are never read.
 */

#include "common/run/manifest.h"
#include "common/stats/stream.h"

struct made_run {
    size_t n;
    enum xcy_post_storage post_storage;
    enum xcy_consistency consistency;
    int64_t delay_ms;
    int64_t post_bytes;
    double rate_per_s;
    const char *arrivals;  /* NULL: "constant" */
    double write_p50_us;   /* lognormal, p99 three times it */
    double write_shift_us; /* added to each */
    double inconsistent; /* share without a delay; of these the margin is uniform in 0..margin_us */
    double margin_us;    /* a delay makes all margins smaller */
    double residual;     /* share behind a barrier */
    double failed;       /* share of requests that are never read */
    int64_t context_bytes;
    /* gathered beside the load, by processes that name themselves: clocks have bounds */
    bool is_live;
    bool is_broken; /* the generator says that it was limited */
};

/* 100 requests of 1000 bytes at 100/s, dynamo and sns, 10 ms a write, none inconsistent. */
struct made_run made_run_plain(void);

/* Makes the run folder/name. */
void made_run_write(const struct made_run *run, struct xcy_stream *stream, const char *folder,
                    const char *name);

#endif
