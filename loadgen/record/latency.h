#ifndef XCY_LOADGEN_RECORD_LATENCY_H
#define XCY_LOADGEN_RECORD_LATENCY_H

/*
 * latency.h - the three durations of a request, a mergeable histogram each:
 *
 *   response = acked - due    what a user of an open loop waits, the generator's lateness included
 *   service  = acked - sent   what the other side took (of the last attempt)
 *   lag      = sent - due     what the generator took, a new connection included (of the first)
 *
 * Units:    nanoseconds.
 * Memory:   a histogram is made with its first value; NULL before. Release with xcy_latency_clear.
 * Threads:  one owner.
 */

#include "common/stats/hist.h"

enum xcy_latency_kind { XCY_RESPONSE, XCY_SERVICE, XCY_LAG, XCY_N_LATENCIES };
extern const char *const xcy_latency_names[XCY_N_LATENCIES + 1]; /* "response", "service", "lag" */
extern const char *const xcy_latency_meanings[XCY_N_LATENCIES];  /* "acked - due", … */

struct xcy_latency {
    struct xcy_hist *of[XCY_N_LATENCIES];
};

/* An empty histogram of the kind that all of ours are: every value within 0.4 %, up to a day and a
 * half, which is more than any timeout, so that nothing of a real run lies outside. */
struct xcy_hist *xcy_latency_hist_new(void);

void xcy_latency_add(struct xcy_latency *l, enum xcy_latency_kind kind, int64_t duration_ns);
void xcy_latency_merge(struct xcy_latency *into, const struct xcy_latency *from);
void xcy_latency_reset(struct xcy_latency *l);
void xcy_latency_clear(struct xcy_latency *l);

#endif
