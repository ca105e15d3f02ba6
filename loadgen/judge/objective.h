#ifndef XCY_LOADGEN_JUDGE_OBJECTIVE_H
#define XCY_LOADGEN_JUDGE_OBJECTIVE_H

/*
 * objective.h - service level objectives: what --expect, --abort-on and --slo ask of a run.
 *
 *   METRIC OP VALUE[UNIT]     several joined by commas; blanks are allowed
 *
 *   response.p99 service.p99.9 lag.max response.mean response.min   of outcome ok; ns us ms s
 *   start_lag.p99                                                   the generator's alone
 *   failed ok skipped late retries, or an outcome (throttled)       a count, or % of the slots ended
 *   rate                                                            sent a second (/s may stand)
 *   throughput                                                      ok a second (/s may stand)
 *   OP: < <= > >=
 *
 * Shares are of measured slots that have ended (ok, failed or skipped). A duration needs its unit.
 *
 * What is found decides, not its interval; the words hold both. A percentile is found where at least
 * one value lies beyond its rank on either side: pXX of n values needs n >= 1 / (1 - XX/100), 100 for
 * p99 and 1000 for p99.9 (below p50: 1 / (XX/100)). With fewer, its exact 95 % interval (order
 * statistics) decides if both its ends say the same, an end that does not exist being 0 or infinite;
 * else it is unknown. A value beyond the histogram's range counts as infinite.
 *
 * Memory:   a list owns its texts; release with xcy_objectives_clear.
 * Threads:  read-only after it is parsed.
 */

#include "common/base/buf.h"
#include "loadgen/record/tally.h"

struct xcy_objective {
    char *text; /* as given, without blanks */
    size_t metric;
    int statistic;     /* of a duration: enum xcy_statistic */
    double percentile; /* of a pXX */
    int op;
    double value; /* ns, count, share 0..1, or a second */
    bool is_share;
};

struct xcy_objectives {
    struct xcy_objective *items;
    size_t n;
};

/* Adds those of the text. XCY_EUSAGE quotes the part that is wrong and says what would be right;
 * `option` ("--expect") stands before it. */
enum xcy_status xcy_objectives_parse(const char *option, const char *text,
                                     struct xcy_objectives *list,
                                     struct xcy_error *err) XCY_MUST_USE;
void xcy_objectives_clear(struct xcy_objectives *list);

/* The fewest values of which the percentile (0 < percentile < 100) can be told, by the rule above. */
int64_t xcy_percentile_needs(double percentile);

/* The fewest ok slots with which each percentile of the list can be told; 1 without one. */
int64_t xcy_objectives_need(const struct xcy_objectives *list);

/* Whether one of them says how many requests may fail: failed, or ok. */
bool xcy_objectives_bound_failures(const struct xcy_objectives *list);

enum xcy_objective_state {
    XCY_OBJECTIVE_MET,
    XCY_OBJECTIVE_MISSED,
    XCY_OBJECTIVE_UNKNOWN /* nothing was measured that could tell */
};
extern const char *const xcy_objective_state_names[]; /* "met", "missed", "unknown" */

/* Adds to words (NULL: not wanted) the value found: "response.p99<50ms: 43.1 ms (95% CI 41.8 ms..45 ms)",
 * "failed<0.1%: 0 of 1000 (95% CI up to 0.37%)". */
enum xcy_objective_state xcy_objective_judge(const struct xcy_objective *objective,
                                             const struct xcy_tally *total, struct xcy_buf *words);

/* MISSED if one is, else UNKNOWN if one is, else MET. *first (NULL: not wanted): that one; NULL when
 * all are met. */
enum xcy_objective_state xcy_objectives_judge(const struct xcy_objectives *list,
                                              const struct xcy_tally *total,
                                              const struct xcy_objective **first);

#endif
