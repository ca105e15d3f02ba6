#include "loadgen/record/latency.h"

enum { HIST_BITS = 8 };
#define HIST_MAX_NS (INT64_C(1) << 47)

const char *const xcy_latency_names[XCY_N_LATENCIES + 1] = {"response", "service", "lag", NULL};
const char *const xcy_latency_meanings[XCY_N_LATENCIES] = {"acked - due", "acked - sent",
                                                           "sent - due"};

struct xcy_hist *xcy_latency_hist_new(void)
{
    return xcy_hist_new(HIST_MAX_NS, HIST_BITS);
}

void xcy_latency_add(struct xcy_latency *l, enum xcy_latency_kind kind, int64_t duration_ns)
{
    if (!l->of[kind]) {
        l->of[kind] = xcy_latency_hist_new();
    }
    xcy_hist_add(l->of[kind], duration_ns);
}

void xcy_latency_merge(struct xcy_latency *into, const struct xcy_latency *from)
{
    for (size_t kind = 0; kind < XCY_N_LATENCIES; kind++) {
        const struct xcy_hist *hist = from->of[kind];
        if (!hist || (xcy_hist_count(hist) == 0 && xcy_hist_outside(hist) == 0)) {
            continue;
        }
        if (!into->of[kind]) {
            into->of[kind] = xcy_latency_hist_new();
        }
        xcy_hist_merge(into->of[kind], hist);
    }
}

void xcy_latency_reset(struct xcy_latency *l)
{
    for (size_t kind = 0; kind < XCY_N_LATENCIES; kind++) {
        if (l->of[kind]) {
            xcy_hist_reset(l->of[kind]);
        }
    }
}

void xcy_latency_clear(struct xcy_latency *l)
{
    for (size_t kind = 0; kind < XCY_N_LATENCIES; kind++) {
        xcy_hist_free(l->of[kind]);
        l->of[kind] = NULL;
    }
}
