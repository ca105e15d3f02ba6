#ifndef XCY_ANALYZERS_SUMMARY_JSON_H
#define XCY_ANALYZERS_SUMMARY_JSON_H

/*
 * summary_json.h - what summary.json shares with the JSON of other reports: times in milliseconds,
 * null where they are infinite or unknown (docs/formats.md).
 *
 * Threads:  safe for objects of their own.
 */

#include "analyzers/summary.h"
#include "common/data/json.h"

void xcy_json_put_ms(struct xcy_json *object, const char *key, double us);

/* Under "p50", "p99.9", …: both ends, censoring, interval and clocks. */
void xcy_json_put_estimate(struct xcy_json *metric, double q, const struct xcy_estimate *estimate);

/* Keys phases and timeline. */
void xcy_json_put_timeline(struct xcy_json *root, const struct xcy_summary *summary);

#endif
