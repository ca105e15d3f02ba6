#include "plotconf/sweep.h"

#include "common/base/log.h"
#include "common/base/mem.h"
#include "plotconf/measured.h"

#include <math.h>

/* A curve begins at half of the least delay that was run; of a sweep of one delay, at a millisecond. */
static const double before_least = 0.5;
static const double first_ms = 1;
static const double least_decade = 10;

static bool has_ours(const struct xcy_sweep_point *point)
{
    for (size_t i = 0; i < point->n_rounds; i++) {
        if (xcy_measured_is_there(point->rounds[i].path)) {
            return true;
        }
    }
    return false;
}

/* The combination's point of the least delay of which there is a run of ours; NULL: all are others'.
 * Points stand in order of their delays. */
static const struct xcy_sweep_point *source_of(const struct xcy_sweep *sweep, size_t pair_index)
{
    for (size_t i = 0; i < sweep->n_points; i++) {
        if (sweep->points[i].pair_index == pair_index && has_ours(&sweep->points[i])) {
            return &sweep->points[i];
        }
    }
    return NULL;
}

/* Of the first of its rounds that gives one; NULL: none does, which is noted with the last reason. */
static struct xcy_derived *curve_of(const struct xcy_sweep_point *point, double drift_ppm,
                                    struct xcy_notes *notes)
{
    struct xcy_error err;
    struct xcy_derived *derived = NULL;
    for (size_t i = 0; i < point->n_rounds; i++) {
        const char *path = point->rounds[i].path;
        if (xcy_measured_is_there(path) &&
            xcy_derived_new(path, drift_ppm, &derived, &err) == XCY_OK) {
            return derived;
        }
    }
    xcy_notes_add(notes, XCY_NOTE_NO_CURVE, point->rounds[point->n_rounds - 1].path,
                  "no delay curve of %s, %s: %s", xcy_post_storage_title(point->pair.post_storage),
                  xcy_notification_storage_title(point->pair.notification_storage), err.text);
    return NULL;
}

static bool is_checked(const struct xcy_sweep_curve *curve, const struct xcy_sweep_point *point)
{
    return point->pair_index == curve->pair_index && point->delay_ms > curve->derived->delay_ms &&
           point->pooled.n > 0;
}

/* Of a run of ours those that the curve would count; of another, or one that cannot be read, all. */
static struct xcy_delay_reads reads_of(const struct xcy_derived *derived,
                                       const struct xcy_sweep_round *round)
{
    struct xcy_error err;
    struct xcy_delay_reads reads = {.many_execs = 0};
    if (xcy_measured_is_there(round->path)) {
        if (xcy_derived_read(derived, round->path, &reads, &err) == XCY_OK) {
            return reads;
        }
        xcy_log(XCY_LOG_WARNING, "%s is held against the curve with all of its reads: %s",
                round->path, err.text);
    }
    reads.share = (struct xcy_share){round->events, round->n};
    return reads;
}

static struct xcy_delay_reads reads_at(const struct xcy_derived *derived,
                                       const struct xcy_sweep_point *point)
{
    struct xcy_delay_reads all = {.many_execs = 0};
    for (size_t i = 0; i < point->n_rounds; i++) {
        struct xcy_delay_reads reads = reads_of(derived, &point->rounds[i]);
        xcy_delay_reads_add(&all, &reads);
    }
    return all;
}

static void check_curve(const struct xcy_sweep *sweep, const struct xcy_sweep_curve *curve,
                        struct xcy_notes *notes)
{
    size_t n = 0;
    for (size_t i = 0; i < sweep->n_points; i++) {
        n += is_checked(curve, &sweep->points[i]);
    }
    for (size_t i = 0; i < sweep->n_points; i++) {
        const struct xcy_sweep_point *point = &sweep->points[i];
        if (is_checked(curve, point)) {
            xcy_derived_check(curve->derived, point->delay_ms, reads_at(curve->derived, point), n);
        }
    }
    size_t n_disagreeing = xcy_derived_disagreeing(curve->derived);
    if (n_disagreeing > 0) {
        xcy_notes_add(notes, XCY_NOTE_DISAGREES, curve->derived->path,
                      "%s, %s: %zu of %zu delays are not what the curve of %s says",
                      xcy_post_storage_title(curve->pair.post_storage),
                      xcy_notification_storage_title(curve->pair.notification_storage),
                      n_disagreeing, n, curve->derived->path);
    }
}

static void draw_curves(const struct xcy_sweep *sweep)
{
    double least_ms = 0;
    double most_ms = 0;
    bool has_range = xcy_sweep_range(sweep, &least_ms, &most_ms);
    for (size_t i = 0; i < sweep->n_curves; i++) {
        struct xcy_derived *derived = sweep->curves[i].derived;
        double last_ms = xcy_delay_curve_last_us(&derived->curve) / 1e3;
        double low_ms = has_range ? least_ms * before_least : first_ms;
        xcy_derived_draw(derived, low_ms,
                         has_range ? most_ms : fmax(last_ms, first_ms * least_decade));
    }
}

static void add_curve(struct xcy_sweep *sweep, const struct xcy_sweep_point *source,
                      struct xcy_derived *derived)
{
    sweep->curves = xcy_realloc_array(sweep->curves, sweep->n_curves + 1, sizeof *sweep->curves);
    sweep->curves[sweep->n_curves++] = (struct xcy_sweep_curve){
        .pair = source->pair, .pair_index = source->pair_index, .derived = derived};
}

void xcy_sweep_derive(struct xcy_sweep *sweep, double drift_ppm, struct xcy_notes *notes)
{
    for (size_t pair = xcy_sweep_next_pair(sweep, 0); pair != SIZE_MAX;
         pair = xcy_sweep_next_pair(sweep, pair + 1)) {
        const struct xcy_sweep_point *source = source_of(sweep, pair);
        struct xcy_derived *derived = source ? curve_of(source, drift_ppm, notes) : NULL;
        if (derived) {
            add_curve(sweep, source, derived);
            check_curve(sweep, &sweep->curves[sweep->n_curves - 1], notes);
        }
    }
    draw_curves(sweep);
}
