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
    [XCY_LAG_DYNAMO_STREAM] = {"backends.dynamo.stream",
                               offsetof(struct xcy_deployment, dynamo.stream), false},
    [XCY_LAG_S3_WRITER_LEG] = {"backends.s3.writer_leg",
                               offsetof(struct xcy_deployment, s3.writer_leg), false},
    [XCY_LAG_S3_REPLICATION] = {"backends.s3.replication",
                                offsetof(struct xcy_deployment, s3.replication), true},
    [XCY_LAG_S3_READER_LEG] = {"backends.s3.reader_leg",
                               offsetof(struct xcy_deployment, s3.reader_leg), false},
    [XCY_LAG_SNS_DELIVERY] = {"backends.sns.delivery",
                              offsetof(struct xcy_deployment, sns.delivery), false},
    [XCY_LAG_MYSQL_WRITER_LEG] = {"backends.mysql.writer_leg",
                                  offsetof(struct xcy_deployment, mysql.writer_leg), false},
    [XCY_LAG_MYSQL_LINK] = {"backends.mysql.link", offsetof(struct xcy_deployment, mysql.link),
                            false},
    [XCY_LAG_MYSQL_READER_LEG] = {"backends.mysql.reader_leg",
                                  offsetof(struct xcy_deployment, mysql.reader_leg), false},
    [XCY_LAG_CACHE_WRITER_LEG] = {"backends.cache.writer_leg",
                                  offsetof(struct xcy_deployment, cache.writer_leg), false},
    [XCY_LAG_CACHE_LINK] = {"backends.cache.link", offsetof(struct xcy_deployment, cache.link),
                            false},
    [XCY_LAG_CACHE_READER_LEG] = {"backends.cache.reader_leg",
                                  offsetof(struct xcy_deployment, cache.reader_leg), false},
    [XCY_LAG_MQ_WRITER_LEG] = {"backends.mq.writer_leg",
                               offsetof(struct xcy_deployment, mq.writer_leg), false},
    [XCY_LAG_MQ_LINK] = {"backends.mq.link", offsetof(struct xcy_deployment, mq.link), false},
    [XCY_LAG_MQ_READER_LEG] = {"backends.mq.reader_leg",
                               offsetof(struct xcy_deployment, mq.reader_leg), false},
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
                            "%s: %s: the model gate is only for replication of dynamo and s3",
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
