#include "analyzers/judge.h"

#include "analyzers/duration.h"

#include <stdio.h>

/* Above this share of its readers a stream or a queue keeps notifications waiting: its shards are not
 * equally busy. */
static const double readers_full = 0.8;

/* Over a topic who finds no reader is throttled instead. */
static bool was_full(const struct xcy_manifest *m, double readers)
{
    return m->combination.notification_storage != XCY_NOTIFICATION_SNS &&
           m->readers_at_a_time > 0 && readers > (double)m->readers_at_a_time * readers_full;
}

static void tell_step(struct xcy_summary *s)
{
    const struct xcy_clock_contradiction *c = &s->clocks.worst;
    char by[XCY_DURATION_TEXT_BYTES];
    xcy_duration_format(c->by_us, by);
    snprintf(s->problem, sizeof s->problem,
             "%zu of %zu clocks stepped, or drifted beyond %g ppm: what requests %lld and %lld say "
             "of instance %s contradicts by %s",
             s->clocks.stepped, s->clocks.instances, s->drift_ppm, (long long)c->high_i,
             (long long)c->low_i, c->instance, by);
}

static void tell_disorder(struct xcy_summary *s)
{
    const struct xcy_disorder *d = &s->disorders[0].pair;
    bool is_across = xcy_points[d->before].domain != xcy_points[d->after].domain;
    char by[XCY_DURATION_TEXT_BYTES];
    xcy_duration_format(d->by_us, by);
    snprintf(s->problem, sizeof s->problem,
             "%lld records have their points in an impossible order; the first is request %lld: %s "
             "%s before %s%s",
             (long long)s->disordered, (long long)s->disorders[0].i, xcy_points[d->after].name, by,
             xcy_points[d->before].name,
             is_across ? ", beyond all that the bounds of their clocks allow" : "");
}

void xcy_summary_judge(struct xcy_summary *s, double readers)
{
    const struct xcy_manifest *m = &s->manifest;
    if (s->clocks.stepped > 0) {
        tell_step(s);
    } else if (s->disordered > 0) {
        tell_disorder(s);
    } else if (s->refused > 0) {
        snprintf(s->problem, sizeof s->problem,
                 "%lld requests were evaluated under another combination than the run's (see "
                 "quarantine.jsonl)",
                 (long long)s->refused);
    } else if (m->verdict == XCY_VERDICT_GENERATOR_LIMITED ||
               m->verdict == XCY_VERDICT_TARGET_LIMITED) {
        snprintf(s->problem, sizeof s->problem, "%s: %.200s", xcy_verdict_names[m->verdict],
                 m->verdict_reason ? m->verdict_reason : "");
    } else if (was_full(m, readers)) {
        snprintf(s->problem, sizeof s->problem,
                 "TARGET_LIMITED: on average %.1f readers were busy, of at most %lld, so that "
                 "notifications waited for them; lower the rate, or raise the shards or the batch",
                 readers, (long long)m->readers_at_a_time);
    } else if (m->verdict == XCY_VERDICT_NONE && m->verdict_reason && m->verdict_reason[0]) {
        snprintf(s->problem, sizeof s->problem, "%.200s", m->verdict_reason);
    } else if (s->n_records > 0 && s->warmup == (int64_t)s->n_records) {
        snprintf(s->problem, sizeof s->problem, "nothing was measured: all of it was warm-up");
    } else if (s->decided == 0 && s->n_records > 0) {
        snprintf(s->problem, sizeof s->problem, "no read was decided: %lld lost, %lld failed",
                 (long long)s->classes[XCY_CLASS_LOST], (long long)s->classes[XCY_CLASS_FAILED]);
    } else if (m->state == XCY_RUN_RUNNING) {
        snprintf(s->problem, sizeof s->problem, "the load generator did not end in order");
    }
}
