#include "common/base/mem.h"
#include "sandbox/world_parts.h"

#include <stdio.h>
#include <stdlib.h>

struct lag_plan {
    const char *purpose;
    size_t offset; /* of the struct xcy_delay in a deployment */
    bool may_gate; /* of a leg that knows of misses and whose opening means something */
};

static const struct lag_plan lag_plans[XCY_N_WORLD_LAGS] = {
    [XCY_LAG_DYNAMO_WRITER_LEG] = {"backends.dynamo.writer_leg",
                                   offsetof(struct xcy_deployment, dynamo.writer_leg), false},
    [XCY_LAG_DYNAMO_REPLICATION] = {"backends.dynamo.replication",
                                    offsetof(struct xcy_deployment, dynamo.replication), true},
    [XCY_LAG_DYNAMO_SETTLE] = {"backends.dynamo.settle",
                               offsetof(struct xcy_deployment, dynamo.settle), false},
    [XCY_LAG_DYNAMO_READER_LEG] = {"backends.dynamo.reader_leg",
                                   offsetof(struct xcy_deployment, dynamo.reader_leg), false},
    [XCY_LAG_CACHE_LINK] = {"backends.cache.link", offsetof(struct xcy_deployment, cache.link),
                            false},
    [XCY_LAG_SNS_DELIVERY] = {"backends.sns.delivery",
                              offsetof(struct xcy_deployment, sns.delivery), false},
};

static const struct xcy_delay *delay_of(const struct xcy_deployment *d, const struct lag_plan *plan)
{
    return (const struct xcy_delay *)(const void *)((const char *)d + plan->offset);
}

enum xcy_status xcy_world_make_lags(struct xcy_world *w, struct xcy_error *err)
{
    for (size_t i = 0; i < XCY_N_WORLD_LAGS; i++) {
        const struct lag_plan *plan = &lag_plans[i];
        const struct xcy_delay *delay = delay_of(w->deployment, plan);
        if (delay->model == XCY_DELAY_GATE && !plan->may_gate) {
            return xcy_fail(err, XCY_EUSAGE,
                            "%s: %s: the model gate is only for backends.dynamo.replication",
                            w->deployment->source, plan->purpose);
        }
        enum xcy_status status = xcy_lag_new(delay, w->deployment->sandbox.time_scale, w->seed,
                                             plan->purpose, &w->lags[i], err);
        if (status != XCY_OK) {
            return xcy_error_context(err, "%s: %s", w->deployment->source, plan->purpose);
        }
    }
    return XCY_OK;
}

void xcy_world_free_lags(struct xcy_world *w)
{
    for (size_t i = 0; i < XCY_N_WORLD_LAGS; i++) {
        xcy_lag_free(w->lags[i]);
    }
}

char *xcy_delay_describe(const struct xcy_delay *delay)
{
    switch (delay->model) {
    case XCY_DELAY_CONSTANT:
        return xcy_format("%g ms", delay->a_ms);
    case XCY_DELAY_UNIFORM:
        return xcy_format("uniform %g..%g ms", delay->a_ms, delay->b_ms);
    case XCY_DELAY_EXPONENTIAL:
        return xcy_format("exponential, mean %g ms", delay->a_ms);
    case XCY_DELAY_LOGNORMAL:
        return xcy_format("lognormal, p50 %g ms, p99 %g ms", delay->a_ms, delay->b_ms);
    case XCY_DELAY_EMPIRICAL:
        return xcy_format("drawn from %s", delay->file);
    case XCY_DELAY_GATE:
        return xcy_strdup("gate (opens after the first miss)");
    }
    xcy_bug(__FILE__, __LINE__, "a delay model without a description");
}
