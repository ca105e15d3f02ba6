#ifndef XCY_LOADGEN_RECORD_MERGED_H
#define XCY_LOADGEN_RECORD_MERGED_H

/*
 * merged.h - the shards of one load, which ran on several machines, as one run: counts from their
 * run.yml, histograms from their latency.json, the instants of the first and last request from their
 * sent.bin. Histograms add up exactly, so that its percentiles are those of all requests.
 *
 * Memory:   owned by the caller; release with xcy_merged_clear.
 */

#include "common/run/manifest.h"
#include "loadgen/record/tally.h"

struct xcy_merged {
    struct xcy_manifest manifest; /* of the whole: sums and figures of all, texts of the first */
    struct xcy_tally total;       /* its instants are wall time; reasons are not known */
    int64_t n_shards;             /* of the load */
    int64_t n_missing;            /* of them, not given */
    int64_t first_missing;        /* the lowest of these, from 0; n_shards: none */
};

/* n >= 1 run directories. Refuses, in one line that names the runs, one that still runs or was
 * killed, runs of another load (combination, arrivals, number of shards, rate, start), and one shard
 * given twice. */
enum xcy_status xcy_merged_read(const char *const *run_paths, size_t n, struct xcy_merged *merged,
                                struct xcy_error *err) XCY_MUST_USE;
void xcy_merged_clear(struct xcy_merged *merged); /* a zeroed one is allowed */

#endif
