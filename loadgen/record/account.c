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
    m->engine = xcy_strdup(engine->name);
    m->combination = target->combination;
    m->endpoint = xcy_strdup(engine->is_invoking ? endpoint : engine->name);
    m->deployment = xcy_strdup(d->source);
    m->queue_name = xcy_strdup(d->queue_name);
    m->writer_function = xcy_strdup(d->writer.function);
    m->reader_function = xcy_strdup(d->reader.function);
    m->time_scale = is_local ? d->sandbox.time_scale : 1;
    m->reader_longest_ms = xcy_deployment_reader_longest_ms(d, &target->combination);
    m->readers_at_a_time = xcy_deployment_readers_at_a_time(d, &target->combination);
}

void xcy_account_begin(struct xcy_manifest *m, const struct xcy_plan *plan,
                       const struct xcy_engine *engine, const struct xcy_target *target,
                       const char *tag)
{
    const struct xcy_schedule *schedule = plan->schedule;
    *m = (struct xcy_manifest){.format_version = XCY_FORMAT_VERSION,
                               .tag = xcy_strdup(tag),
                               .state = XCY_RUN_RUNNING,
                               .seed = plan->seed,
                               .is_async = plan->is_async,
                               .arrivals = xcy_strdup(xcy_schedule_text(schedule)),
                               .planned = xcy_schedule_slots(schedule),
                               .warmup_slots = xcy_schedule_warmup_slots(schedule),
                               .shard_index = plan->shard_index,
                               .shard_count = plan->shard_count,
                               .rate_per_s = xcy_schedule_mean_rate(schedule),
                               .peak_rate_per_s = xcy_schedule_peak_rate(schedule),
                               .retries_allowed = plan->retries,
                               .threads = plan->threads,
                               .version = xcy_strdup(XCY_VERSION),
                               .host = host_name(),
                               .verdict_reason = xcy_strdup("")};
    memcpy(m->run, plan->run, sizeof m->run);
    xcy_boot_id(m->boot_id);
    describe_target(m, engine, target);
}

static void assert_sums(const struct xcy_counts *counts, int64_t planned)
{
    int64_t skipped = 0;
    for (size_t i = 0; i < XCY_N_SKIPS; i++) {
        skipped += counts->skipped[i];
    }
    xcy_assert(xcy_counts_slots(counts) == planned);
    xcy_assert(skipped == counts->outcomes[XCY_OUTCOME_SKIPPED]);
    xcy_assert(counts->sent + skipped <= planned);
}

/* Only its end tells of a closed loop (no rate) how many slots there were, and how many of them were
 * warm-up. */
static void settle_slots(struct xcy_manifest *m, const struct xcy_tally *total)
{
    if (m->rate_per_s == 0) {
        m->warmup_slots = xcy_counts_slots(&total->warmup);
        m->planned = m->warmup_slots + xcy_counts_slots(&total->measured);
    }
    assert_sums(&total->warmup, m->warmup_slots);
    assert_sums(&total->measured, m->planned - m->warmup_slots);
}

static double percentile_us(const struct xcy_hist *hist, double pct)
{
    return hist ? (double)xcy_hist_percentile(hist, pct) / 1e3 : 0;
}

/* Of every slot that was sent, whatever became of it. */
static void put_lag(struct xcy_manifest *m, const struct xcy_tally *total)
{
    struct xcy_hist *lag = xcy_latency_hist_new();
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        if (total->latency[i].of[XCY_LAG]) {
            xcy_hist_merge(lag, total->latency[i].of[XCY_LAG]);
        }
    }
    m->lag_p50_us = percentile_us(lag, 50);
    m->lag_p99_us = percentile_us(lag, 99);
    m->lag_max_us = percentile_us(lag, 100);
    xcy_hist_free(lag);
}

void xcy_account_end(struct xcy_manifest *m, const struct xcy_tally *total)
{
    const struct xcy_hist *response = total->latency[XCY_OUTCOME_OK].of[XCY_RESPONSE];
    settle_slots(m, total);
    m->sent = total->measured.sent;
    m->late = total->measured.late;
    m->retries = total->measured.retries;
    memcpy(m->outcomes, total->measured.outcomes, sizeof m->outcomes);
    memcpy(m->warmup_outcomes, total->warmup.outcomes, sizeof m->warmup_outcomes);
    m->start_lag_p99_us = percentile_us(total->start_lag, 99);
    m->response_p50_us = percentile_us(response, 50);
    m->response_p99_us = percentile_us(response, 99);
    put_lag(m, total);
}
