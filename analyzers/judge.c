#include "analyzers/judge.h"

#include "analyzers/duration.h"

#include <stdio.h>

/* Above this share of its readers a stream or a queue keeps notifications waiting: its shards are not
 * equally busy. */
static const double readers_full = 0.8;

/* Over a topic who finds no reader is throttled instead. */
static bool was_full(const struct xcy_evidence *e)
{
    const struct xcy_manifest *m = &e->manifest;
    return m->combination.notification_storage != XCY_NOTIFICATION_SNS &&
           m->readers_at_a_time > 0 &&
           e->readers_at_a_time > (double)m->readers_at_a_time * readers_full;
}

static void tell_step(struct xcy_summary *s)
{
    const struct xcy_clocks_found *found = xcy_clocks_found(s->evidence.clocks);
    const struct xcy_clock_contradiction *c = &found->worst;
    char by[XCY_DURATION_TEXT_BYTES];
    xcy_duration_format(c->by_us, by);
    snprintf(s->problem, sizeof s->problem,
             "%zu of %zu clocks stepped, or drifted beyond %g ppm: what requests %lld and %lld say "
             "of instance %s contradicts by %s",
             found->stepped, found->instances, s->evidence.drift_ppm, (long long)c->high_i,
             (long long)c->low_i, c->instance, by);
}

static void tell_disorder(struct xcy_summary *s)
{
    const struct xcy_disorders *all = &s->evidence.disorders;
    const struct xcy_disorder *d = &all->first[0].pair;
    bool is_across = xcy_points[d->before].domain != xcy_points[d->after].domain;
    char by[XCY_DURATION_TEXT_BYTES];
    xcy_duration_format(d->by_us, by);
    snprintf(s->problem, sizeof s->problem,
             "%lld records have their points in an impossible order; the first is request %lld: %s "
             "%s before %s%s",
             (long long)all->n, (long long)all->first[0].i, xcy_points[d->after].name, by,
             xcy_points[d->before].name,
             is_across ? ", beyond all that the bounds of their clocks allow" : "");
}

void xcy_summary_judge(struct xcy_summary *s)
{
    const struct xcy_evidence *e = &s->evidence;
    const struct xcy_manifest *m = &e->manifest;
    const struct xcy_counts *c = &e->counts;
    if (xcy_clocks_found(e->clocks)->stepped > 0) {
        tell_step(s);
    } else if (e->disorders.n > 0) {
        tell_disorder(s);
    } else if (c->refused > 0) {
        snprintf(s->problem, sizeof s->problem,
                 "%lld requests were evaluated under another combination than the run's (see "
                 "quarantine.jsonl)",
                 (long long)c->refused);
    } else if (m->verdict == XCY_VERDICT_GENERATOR_LIMITED ||
               m->verdict == XCY_VERDICT_TARGET_LIMITED) {
        snprintf(s->problem, sizeof s->problem, "%s: %.200s", xcy_verdict_names[m->verdict],
                 m->verdict_reason ? m->verdict_reason : "");
    } else if (was_full(e)) {
        snprintf(s->problem, sizeof s->problem,
                 "TARGET_LIMITED: on average %.1f readers were busy, of at most %lld, so that "
                 "notifications waited for them; lower the rate, or raise the shards or the batch",
                 e->readers_at_a_time, (long long)m->readers_at_a_time);
    } else if (m->verdict == XCY_VERDICT_NONE && m->verdict_reason && m->verdict_reason[0]) {
        snprintf(s->problem, sizeof s->problem, "%.200s", m->verdict_reason);
    } else if (c->planned > 0 && c->warmup == c->planned) {
        snprintf(s->problem, sizeof s->problem, "nothing was measured: all of it was warm-up");
    } else if (s->decided == 0 && c->planned > 0) {
        snprintf(s->problem, sizeof s->problem, "no read was decided: %lld lost, %lld failed",
                 (long long)c->classes[XCY_CLASS_LOST], (long long)c->classes[XCY_CLASS_FAILED]);
    } else if (m->state == XCY_RUN_RUNNING) {
        snprintf(s->problem, sizeof s->problem, "the load generator did not end in order");
    }
}
