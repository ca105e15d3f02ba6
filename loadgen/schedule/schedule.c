#include "loadgen/schedule/parts.h"

#include "common/time/clock.h"

#include <math.h>

int64_t xcy_schedule_shard_of(const struct xcy_schedule *s, int64_t n)
{
    return n <= s->shard_index ? 0 : (n - s->shard_index - 1) / s->shard_count + 1;
}

static double slots_before(const struct xcy_schedule *s, double t_ns)
{
    double n = 0;
    for (size_t i = 0; i < s->n_stages && t_ns > (double)s->stages[i].start_ns; i++) {
        n += xcy_stage_slots_before(&s->stages[i], t_ns - (double)s->stages[i].start_ns);
    }
    return n;
}

/* Where a window crosses the border of two stages its number is greatest with one of its ends at a
 * border; within a stage the stage knows. */
static double most_within(const struct xcy_schedule *s, int64_t window_ns)
{
    double most = 0;
    double window = (double)window_ns;
    double last_ns = (double)(s->length_ns - window_ns);
    for (size_t i = 0; i < s->n_stages; i++) {
        double start_ns = (double)s->stages[i].start_ns;
        double ends_ns[] = {start_ns, start_ns - window,
                            start_ns + (double)s->stages[i].length_ns - window};
        for (size_t e = 0; e < sizeof ends_ns / sizeof ends_ns[0]; e++) {
            double at_ns = fmin(fmax(ends_ns[e], 0), last_ns);
            most = fmax(most, slots_before(s, at_ns + window) - slots_before(s, at_ns));
        }
        most = fmax(most, xcy_stage_most_within(&s->stages[i], window_ns));
    }
    return most;
}

static bool is_closed(const struct xcy_schedule *s)
{
    return s->stages[0].arrival.kind->is_closed;
}

int64_t xcy_schedule_slots(const struct xcy_schedule *s)
{
    bool is_known = !is_closed(s) || s->warmup_length_ns == 0;
    return is_known ? xcy_schedule_shard_of(s, s->n_slots) : 0;
}

int64_t xcy_schedule_warmup_slots(const struct xcy_schedule *s)
{
    return xcy_schedule_shard_of(s, s->n_warmup_slots);
}

int64_t xcy_schedule_global_slot(const struct xcy_schedule *s, int64_t slot)
{
    return slot * s->shard_count + s->shard_index;
}

int64_t xcy_schedule_length_ns(const struct xcy_schedule *s)
{
    return s->length_ns;
}

int64_t xcy_schedule_warmup_length_ns(const struct xcy_schedule *s)
{
    return s->warmup_length_ns;
}

/* In long doubles: what is a whole number of slots a second stays one. */
double xcy_schedule_mean_rate(const struct xcy_schedule *s)
{
    long double n = 0;
    long double length_ns = 0;
    for (size_t i = 0; i < s->n_stages && !is_closed(s); i++) {
        const struct xcy_stage *stage = &s->stages[i];
        if (!stage->is_warmup) {
            long double stage_ns = (long double)stage->length_ns;
            n += stage->arrival.kind->slots_before(&stage->arrival, stage_ns);
            length_ns += stage_ns;
        }
    }
    return n > 0 ? (double)(n * 1e9L / length_ns / (long double)s->shard_count) : 0;
}

double xcy_schedule_peak_rate(const struct xcy_schedule *s)
{
    return s->peak_per_s;
}

double xcy_schedule_most_within(const struct xcy_schedule *s, int64_t window_ns)
{
    if (is_closed(s) || window_ns <= 0) {
        return 0;
    }
    int64_t within_ns = window_ns < s->length_ns ? window_ns : s->length_ns;
    return most_within(s, within_ns) / (double)s->shard_count;
}

double xcy_schedule_rate_at(const struct xcy_schedule *s, int64_t at_ns)
{
    for (size_t i = 0; i < s->n_stages && !is_closed(s); i++) {
        const struct xcy_stage *stage = &s->stages[i];
        int64_t within_ns = at_ns - stage->start_ns;
        if (within_ns >= 0 && within_ns < stage->length_ns) {
            return stage->arrival.kind->rate_at(&stage->arrival, within_ns) /
                   (double)s->shard_count;
        }
    }
    return 0;
}

double xcy_schedule_rate_in_second(const struct xcy_schedule *s, int64_t second)
{
    int64_t begin_ns = second * XCY_NS_PER_S;
    int64_t left_ns = s->length_ns - begin_ns;
    return xcy_schedule_rate_at(s,
                                begin_ns + (left_ns < XCY_NS_PER_S ? left_ns : XCY_NS_PER_S) / 2);
}

int64_t xcy_schedule_closed_in_flight(const struct xcy_schedule *s)
{
    return xcy_schedule_shard_of(s, s->stages[0].arrival.in_flight);
}

int64_t xcy_schedule_closed_requests(const struct xcy_schedule *s)
{
    return is_closed(s) ? xcy_schedule_shard_of(s, s->n_slots) : 0;
}

bool xcy_schedule_is_random(const struct xcy_schedule *s)
{
    for (size_t i = 0; i < s->n_stages; i++) {
        if (s->stages[i].arrival.kind->is_random) {
            return true;
        }
    }
    return false;
}

const char *xcy_schedule_text(const struct xcy_schedule *s)
{
    return s->text;
}
