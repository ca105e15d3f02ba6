#include "sandbox/regions/instant.h"

static int64_t whole_us(int64_t ns)
{
    return ns / XCY_NS_PER_US; /* both clocks are far above zero */
}

struct xcy_mono xcy_instants_now(struct xcy_instants *instants)
{
    struct xcy_stall_reading reading = xcy_stall_read(instants->stall);
    struct xcy_mono mono = reading.mono;
    int64_t apart_us = whole_us(xcy_wall_now().ns - mono.ns);
    int64_t step_us = apart_us - instants->wall_minus_mono_us;
    if (!instants->is_set || step_us > 1000 || step_us < -1000) {
        struct xcy_anchor anchor = xcy_anchor_now();
        instants->wall_minus_mono_us = whole_us(anchor.wall.ns - anchor.mono.ns);
        instants->is_set = true;
    }
    struct xcy_mono now = {whole_us(reading.time.ns) * XCY_NS_PER_US};
    instants->stalled_us = whole_us(mono.ns) - whole_us(now.ns);
    instants->is_stalled = reading.is_on;
    return now;
}

int64_t xcy_instants_wall_us(const struct xcy_instants *instants, struct xcy_mono at)
{
    return whole_us(at.ns) + instants->stalled_us + instants->wall_minus_mono_us;
}

int64_t xcy_instants_lag_ns(const struct xcy_instants *instants, int64_t drawn_ns)
{
    int64_t lag_us = whole_us(drawn_ns);
    return (lag_us == 0 && instants->is_stalled ? 1 : lag_us) * XCY_NS_PER_US;
}
