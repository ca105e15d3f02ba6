#ifndef XCY_LOADGEN_REPORT_REPORT_H
#define XCY_LOADGEN_REPORT_REPORT_H

/*
 * report.h - what a run came to, for people and for machines.
 *
 * Machines get one JSON object. Its keys are those of run.yml that describe the run and its result
 * (run, tag, state, seed, is_async, planned, rate_per_s, threads, sent, late, outcomes, verdict,
 * verdict_reason, started_us, ended_us, endpoint), and
 *
 *   path                 the run directory
 *   combination          the object that replies and evaluations carry
 *   ok, failed, skipped  planned is their sum
 *   skipped_in_flight, skipped_stopped   skipped is their sum
 *   achieved_rate_per_s  sent requests over the time between the first and the last; null below two
 *   start_lag_us, send_lag_us, service_us, response_us   {"count","p50","p90","p99","max"}
 *   realtime_threads     worker threads that were given real-time priority
 *   rows_missing         lines of requests.csv that could not be written
 *   next                 the command to type next; null when there is none
 */

#include "common/run/manifest.h"
#include "loadgen/plan/plan.h"
#include "loadgen/record/recorder.h"

struct xcy_report {
    const struct xcy_manifest *manifest;
    const struct xcy_recorder *total;
    const char *path;
    const char *next; /* NULL: nothing to do next */
    int64_t rows_missing;
};

void xcy_report_text(const struct xcy_report *report, struct xcy_buf *out);
void xcy_report_json(const struct xcy_report *report, struct xcy_buf *out);

#endif
