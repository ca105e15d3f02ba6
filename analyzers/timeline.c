#include "analyzers/timeline.h"

#include "common/base/mem.h"
#include "common/stats/holm.h"
#include "common/stats/kruskal_wallis.h"

#include <math.h>
#include <stdlib.h>

const char *const xcy_phase_names[XCY_N_PHASES] = {
    [XCY_PHASE_SHARE] = "inconsistent",
    [XCY_PHASE_WINDOW] = "window",
    [XCY_PHASE_MISSED] = "inconsistent_window",
};

/* Smaller differences do not matter: five points of a share, a fifth of a median. */
static const double share_apart = 0.05;
static const double median_ratio = 1.2;

void xcy_timeline_init(struct xcy_timeline *t, int64_t begin_us, int64_t end_us, int64_t requests)
{
    int64_t n = requests / XCY_BLOCK_LEAST;
    n = n < 1 ? 1 : n > XCY_TIMELINE_BLOCKS ? XCY_TIMELINE_BLOCKS : n;
    *t = (struct xcy_timeline){.begin_us = begin_us,
                               .width_us = (end_us - begin_us) / n + 1,
                               .window = xcy_metric_find("window"),
                               .n = (size_t)n,
                               .blocks = xcy_alloc_array((size_t)n, sizeof *t->blocks)};
}

void xcy_timeline_clear(struct xcy_timeline *t)
{
    for (size_t i = 0; i < t->n; i++) {
        xcy_sample_clear(&t->blocks[i].window);
        xcy_sample_clear(&t->blocks[i].missed);
    }
    free(t->blocks);
    *t = (struct xcy_timeline){.n = 0};
}

static void take_window(struct xcy_block *block, const struct xcy_metric *window,
                        const struct xcy_record *record)
{
    struct xcy_value value;
    if (xcy_metric_of(window, record, XCY_CONSISTENCY_NONE, &value)) {
        int64_t high_us = isinf(value.high_us) ? XCY_SAMPLE_ABOVE : (int64_t)value.high_us;
        xcy_sample_add(&block->window, high_us);
        if (record->klass == XCY_CLASS_INCONSISTENT) {
            xcy_sample_add(&block->missed, high_us);
        }
    }
}

void xcy_timeline_take(struct xcy_timeline *t, const struct xcy_record *record)
{
    int64_t sent_us = record->points.us[XCY_POINT_SENT];
    bool is_decided =
        record->klass == XCY_CLASS_CONSISTENT || record->klass == XCY_CLASS_INCONSISTENT;
    int64_t at = (sent_us - t->begin_us) / t->width_us;
    if (!is_decided || sent_us < t->begin_us || at >= (int64_t)t->n) {
        return;
    }
    struct xcy_block *block = &t->blocks[at];
    block->decided++;
    block->inconsistent += record->klass == XCY_CLASS_INCONSISTENT ? 1 : 0;
    take_window(block, t->window, record);
}

void xcy_timeline_settle(struct xcy_timeline *t)
{
    for (size_t i = 0; i < t->n; i++) {
        xcy_sample_settle(&t->blocks[i].window);
        xcy_sample_settle(&t->blocks[i].missed);
    }
}

void xcy_timeline_merge(struct xcy_timeline *to, struct xcy_timeline *from)
{
    xcy_assert(to->n == from->n && to->begin_us == from->begin_us);
    for (size_t i = 0; i < to->n; i++) {
        to->blocks[i].decided += from->blocks[i].decided;
        to->blocks[i].inconsistent += from->blocks[i].inconsistent;
        xcy_sample_merge(&to->blocks[i].window, &from->blocks[i].window);
        xcy_sample_merge(&to->blocks[i].missed, &from->blocks[i].missed);
    }
}

static void widen(struct xcy_phase *phase, double value)
{
    phase->least = isnan(phase->least) ? value : fmin(phase->least, value);
    phase->most = isnan(phase->most) ? value : fmax(phase->most, value);
}

/* Of each block its events and the others, as a sample of ones and zeroes. */
static double share_p(const struct xcy_timeline *t)
{
    struct xcy_sample_step steps[XCY_TIMELINE_BLOCKS][2];
    struct xcy_sample samples[XCY_TIMELINE_BLOCKS];
    const struct xcy_sample *groups[XCY_TIMELINE_BLOCKS];
    for (size_t i = 0; i < t->n; i++) {
        const struct xcy_block *block = &t->blocks[i];
        size_t n = 0;
        if (block->inconsistent < block->decided) {
            steps[i][n++] = (struct xcy_sample_step){0, block->decided - block->inconsistent};
        }
        if (block->inconsistent > 0) {
            steps[i][n++] = (struct xcy_sample_step){1, block->decided};
        }
        samples[i] = (struct xcy_sample){.steps = steps[i], .n_steps = n};
        groups[i] = &samples[i];
    }
    return xcy_kruskal_wallis_samples(groups, t->n).p;
}

const struct xcy_sample *xcy_block_windows(const struct xcy_block *block, enum xcy_phase_of of)
{
    xcy_assert(of != XCY_PHASE_SHARE);
    return of == XCY_PHASE_WINDOW ? &block->window : &block->missed;
}

static double windows_p(const struct xcy_timeline *t, enum xcy_phase_of of)
{
    const struct xcy_sample *groups[XCY_TIMELINE_BLOCKS];
    for (size_t i = 0; i < t->n; i++) {
        groups[i] = xcy_block_windows(&t->blocks[i], of);
    }
    return xcy_kruskal_wallis_samples(groups, t->n).p;
}

/* Chi-square approximates from some five events and five others a block on. */
static bool has_enough_events(const struct xcy_timeline *t)
{
    int64_t decided = 0;
    int64_t inconsistent = 0;
    for (size_t i = 0; i < t->n; i++) {
        decided += t->blocks[i].decided;
        inconsistent += t->blocks[i].inconsistent;
    }
    int64_t least = 5 * (int64_t)t->n;
    return t->n > 1 && inconsistent >= least && decided - inconsistent >= least;
}

static bool has_enough_windows(const struct xcy_timeline *t, enum xcy_phase_of of)
{
    int64_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        n += xcy_sample_size(xcy_block_windows(&t->blocks[i], of));
    }
    return t->n > 1 && n >= 5 * (int64_t)t->n;
}

static void tell_shares(const struct xcy_timeline *t, struct xcy_phase *phase)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct xcy_block *block = &t->blocks[i];
        if (block->decided > 0) {
            widen(phase, (double)block->inconsistent / (double)block->decided);
        }
    }
}

static void tell_windows(const struct xcy_timeline *t, enum xcy_phase_of of,
                         struct xcy_phase *phase)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct xcy_sample *windows = xcy_block_windows(&t->blocks[i], of);
        if (xcy_sample_size(windows) > 0) {
            widen(phase, xcy_sample_quantile(windows, 0.5));
        }
    }
}

bool xcy_medians_apart(double least, double most)
{
    return isfinite(least) && least > 0 && most >= least * median_ratio;
}

static struct xcy_phase phase_of_shares(const struct xcy_timeline *t)
{
    struct xcy_phase phase = {.is_tested = has_enough_events(t), .least = NAN, .most = NAN};
    phase.p = phase.is_tested ? share_p(t) : NAN;
    tell_shares(t, &phase);
    phase.is_found = phase.is_tested && phase.most - phase.least >= share_apart;
    return phase;
}

static struct xcy_phase phase_of_windows(const struct xcy_timeline *t, enum xcy_phase_of of)
{
    struct xcy_phase phase = {.is_tested = has_enough_windows(t, of), .least = NAN, .most = NAN};
    phase.p = phase.is_tested ? windows_p(t, of) : NAN;
    tell_windows(t, of, &phase);
    phase.is_found = phase.is_tested && xcy_medians_apart(phase.least, phase.most);
    return phase;
}

void xcy_timeline_phases(const struct xcy_timeline *t, struct xcy_phase phases[XCY_N_PHASES])
{
    double p[XCY_N_PHASES];
    for (enum xcy_phase_of of = 0; of < XCY_N_PHASES; of++) {
        phases[of] = of == XCY_PHASE_SHARE ? phase_of_shares(t) : phase_of_windows(t, of);
        p[of] = phases[of].p;
    }
    xcy_holm(p, XCY_N_PHASES, p);
    for (size_t i = 0; i < XCY_N_PHASES; i++) {
        phases[i].p = p[i];
        phases[i].is_found = phases[i].is_found && p[i] < XCY_PHASE_LEVEL;
    }
}
