#ifndef XCY_LOADGEN_REPORT_REPORT_H
#define XCY_LOADGEN_REPORT_REPORT_H

/*
 * report.h - what a run came to, for people and for machines.
 *
 * Machines get one JSON object. Its keys are those of run.yml that describe the run and its result,
 * and
 *
 *   path                 the run directory
 *   combination          the object that replies and evaluations carry; null: no function is invoked,
 *                        as by the engines other than lambda
 *   ok, failed, skipped  with warmup_slots, planned is their sum
 *   skipped_late, skipped_in_flight, skipped_stopped   skipped is their sum
 *   achieved_rate_per_s  sent requests over the time between the first and the last; null below two
 *   throughput_per_s     ok requests over the time from the first sent to the last reply; null: none
 *   start_lag_us         {"count","min","mean","p50","p90","p99","p99.9","max"} of all measured slots
 *   latency              {"<outcome>": {"response_us","service_us","lag_us": the same}} of each
 *                        outcome that occurred; null for a percentile that so few cannot tell
 *   expectations         [{"text","state","found"}]
 *   aborted_by           the objective that stopped the run early; null: none did
 *   realtime_threads     worker threads that were given real-time priority; null: not known, of shards
 *   busiest_cpu_share    of the worker with the least idle time, 0..1; null likewise
 *   rows_missing         lines of requests.csv that could not be written
 *   next                 the command to type next; null when there is none
 */

#include "common/run/manifest.h"
#include "loadgen/judge/objective.h"
#include "loadgen/record/tally.h"

struct xcy_report {
    const struct xcy_manifest *manifest;
    const struct xcy_tally *total;
    const char *path;
    const char *next; /* NULL: nothing to do next */
    int64_t rows_missing;
    const struct xcy_objectives *expectations;
    const struct xcy_objective *aborted_by; /* NULL: none */
    bool is_merged;                         /* of shards: their threads are not known */
};

/* The most that is said of one expectation. */
enum { XCY_REPORT_WORDS_BYTES = 1024 };

/* Whether functions were invoked, so that there is a combination to speak of. */
bool xcy_report_is_of_functions(const struct xcy_report *report);

void xcy_report_text(const struct xcy_report *report, struct xcy_buf *out);
void xcy_report_json(const struct xcy_report *report, struct xcy_buf *out);

#endif
