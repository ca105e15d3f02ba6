#include "loadgen/record/account.h"

#include "common/aws/credentials.h"
#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *host_name(void)
{
    char name[256] = "";
    if (gethostname(name, sizeof name - 1) != 0) {
        name[0] = '\0';
    }
    return xcy_strdup(name);
}

static void describe_target(struct xcy_manifest *m, const struct xcy_engine *engine,
                            const struct xcy_target *target)
{
    const struct xcy_deployment *d = target->deployment;
    const char *endpoint = d->endpoint ? d->endpoint : "aws";
    bool is_local = d->endpoint && xcy_endpoint_is_loopback(d->endpoint);
    m->combination = target->combination;
    m->endpoint = xcy_strdup(engine->has_target ? endpoint : engine->name);
    m->deployment = xcy_strdup(d->source);
    m->queue_name = xcy_strdup(d->queue_name);
    m->writer_function = xcy_strdup(d->writer.function);
    m->reader_function = xcy_strdup(d->reader.function);
    m->time_scale = is_local ? d->sandbox.time_scale : 1;
    m->reader_longest_ms = xcy_deployment_reader_longest_ms(d, &target->combination);
}

void xcy_account_begin(struct xcy_manifest *m, const struct xcy_plan *plan,
                       const struct xcy_engine *engine, const struct xcy_target *target,
                       const char *tag)
{
    *m = (struct xcy_manifest){.format_version = XCY_FORMAT_VERSION,
                               .tag = xcy_strdup(tag),
                               .state = XCY_RUN_RUNNING,
                               .seed = plan->seed,
                               .is_async = plan->is_async,
                               .planned = plan->schedule.n_slots,
                               .rate_per_s = plan->schedule.rate_per_s,
                               .threads = plan->threads,
                               .version = xcy_strdup(XCY_VERSION),
                               .host = host_name(),
                               .verdict_reason = xcy_strdup("")};
    memcpy(m->run, plan->run, sizeof m->run);
    xcy_boot_id(m->boot_id);
    describe_target(m, engine, target);
}

static double percentile_us(const struct xcy_hist *hist, double pct)
{
    return (double)xcy_hist_percentile(hist, pct) / 1e3;
}

void xcy_account_end(struct xcy_manifest *m, const struct xcy_recorder *total)
{
    const struct xcy_counts *counts = &total->counts;
    int64_t ok = counts->outcomes[XCY_OUTCOME_OK];
    int64_t skipped = counts->outcomes[XCY_OUTCOME_SKIPPED];
    xcy_assert(m->planned == ok + xcy_counts_failed(counts) + skipped);
    xcy_assert(skipped == counts->skipped_in_flight + counts->skipped_stopped);
    xcy_assert(counts->sent + skipped <= m->planned);
    m->sent = counts->sent;
    m->late = counts->late;
    memcpy(m->outcomes, counts->outcomes, sizeof m->outcomes);
    m->lag_p50_us = percentile_us(total->send_lag, 50);
    m->lag_p99_us = percentile_us(total->send_lag, 99);
    m->lag_max_us = (double)xcy_hist_max(total->send_lag) / 1e3;
    m->response_p50_us = percentile_us(total->response, 50);
    m->response_p99_us = percentile_us(total->response, 99);
}
