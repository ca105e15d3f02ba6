#include "plotconf/storage.h"

#include "common/base/mem.h"
#include "common/stats/quantile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct xcy_storage_unit *unit_of(struct xcy_storage_plot *plot, const char *storage,
                                        enum xcy_storage_role role)
{
    for (size_t i = 0; i < plot->n_units; i++) {
        if (plot->units[i].role == role && strcmp(plot->units[i].storage, storage) == 0) {
            return &plot->units[i];
        }
    }
    struct xcy_storage_unit *unit = &plot->units[plot->n_units++];
    *unit = (struct xcy_storage_unit){.storage = storage, .role = role};
    return unit;
}

/* A run whose sizes are not told has no value. */
static void add_value(struct xcy_size_list *list, double total, double average)
{
    if (isnan(total) || isnan(average)) {
        return;
    }
    list->totals = xcy_realloc_array(list->totals, list->n + 1, sizeof *list->totals);
    list->averages = xcy_realloc_array(list->averages, list->n + 1, sizeof *list->averages);
    list->totals[list->n] = total;
    list->averages[list->n++] = average;
}

static void merge_sizes(struct xcy_object_sizes *to, const struct xcy_object_sizes *from)
{
    if (from->n > 0) {
        to->min_bytes = to->n > 0 ? fmin(to->min_bytes, from->min_bytes) : from->min_bytes;
        to->max_bytes = fmax(to->max_bytes, from->max_bytes);
        to->n += from->n;
        to->sum_bytes += from->sum_bytes;
        to->added_bytes += from->added_bytes;
    }
}

static void count_results(struct xcy_storage_plot *plot, int64_t n)
{
    if (n > 0) {
        plot->least_results =
            plot->least_results == 0 || n < plot->least_results ? n : plot->least_results;
        plot->most_results = n > plot->most_results ? n : plot->most_results;
    }
}

void xcy_storage_add(struct xcy_storage_plot *plot, const struct xcy_gathered *g,
                     const struct xcy_run_sizes *sizes)
{
    struct xcy_storage_unit *post =
        unit_of(plot, xcy_post_storage_names[g->post_storage], XCY_ROLE_POST);
    post->title = xcy_post_storage_title(g->post_storage);
    add_value(&post->lists[g->side], g->post_total_bytes, g->post_avg_bytes);
    struct xcy_storage_unit *notification = unit_of(
        plot, xcy_notification_storage_names[g->notification_storage], XCY_ROLE_NOTIFICATION);
    notification->title = xcy_notification_storage_title(g->notification_storage);
    add_value(&notification->lists[g->side], g->notification_total_bytes,
              g->notification_avg_bytes);
    if (sizes) {
        merge_sizes(&post->sizes[g->side], &sizes->roles[XCY_ROLE_POST]);
        merge_sizes(&notification->sizes[g->side], &sizes->roles[XCY_ROLE_NOTIFICATION]);
        merge_sizes(&post->contexts, &sizes->contexts);
    }
    plot->has_side[g->side] = true;
    plot->compared = g->side != XCY_SIDE_ORIGINAL          ? g->side
                     : plot->compared != XCY_SIDE_ORIGINAL ? plot->compared
                                                           : XCY_SIDE_ANTIPODE;
    count_results(plot, g->n_results);
}

void xcy_storage_clear(struct xcy_storage_plot *plot)
{
    for (size_t i = 0; i < plot->n_units; i++) {
        for (size_t side = 0; side < XCY_N_SIDES; side++) {
            free(plot->units[i].lists[side].totals);
            free(plot->units[i].lists[side].averages);
        }
    }
    *plot = (struct xcy_storage_plot){0};
}

static void copy_values(const struct xcy_storage_unit *unit, bool is_baseline, bool is_total,
                        double *to, size_t *n)
{
    for (size_t side = 0; unit && side < XCY_N_SIDES; side++) {
        const struct xcy_size_list *list = &unit->lists[side];
        if ((side == XCY_SIDE_ORIGINAL) == is_baseline && list->n > 0) {
            memcpy(to + *n, is_total ? list->totals : list->averages, list->n * sizeof *to);
            *n += list->n;
        }
    }
}

static size_t count_values(const struct xcy_storage_unit *unit)
{
    size_t n = 0;
    for (size_t side = 0; unit && side < XCY_N_SIDES; side++) {
        n += unit->lists[side].n;
    }
    return n;
}

/* Antipode's and Rendezvous' values together, as the reference pools them. */
static double median_of(const struct xcy_storage_unit *unit, const struct xcy_storage_unit *other,
                        bool is_baseline, bool is_total)
{
    double *values = xcy_alloc_array(count_values(unit) + count_values(other) + 1, sizeof *values);
    size_t n = 0;
    copy_values(unit, is_baseline, is_total, values, &n);
    copy_values(other, is_baseline, is_total, values, &n);
    xcy_sort(values, n);
    /* The default rounding mode is half to even. */
    double median = n > 0 ? rint(xcy_quantile_linear(values, n, 0.5)) : NAN;
    free(values);
    return median;
}

struct xcy_storage_numbers xcy_storage_compute(const struct xcy_storage_unit *unit,
                                               const struct xcy_storage_unit *other)
{
    struct xcy_storage_numbers s = {.baseline_total = median_of(unit, other, true, true),
                                    .app_total = median_of(unit, other, false, true),
                                    .baseline_avg = median_of(unit, other, true, false),
                                    .app_avg = median_of(unit, other, false, false)};
    s.overhead_total = s.app_total - s.baseline_total;
    s.por_overhead_total = s.overhead_total / s.baseline_total * 100;
    s.overhead_avg = s.app_avg - s.baseline_avg;
    s.por_overhead_avg = s.overhead_avg / s.baseline_avg * 100;
    return s;
}

const struct xcy_storage_unit *xcy_storage_other(const struct xcy_storage_plot *plot,
                                                 const struct xcy_storage_unit *unit)
{
    for (size_t i = 0; i < plot->n_units; i++) {
        const struct xcy_storage_unit *other = &plot->units[i];
        if (other != unit && strcmp(other->storage, unit->storage) == 0) {
            return other;
        }
    }
    return NULL;
}

double xcy_object_sizes_mean(const struct xcy_object_sizes *sizes)
{
    return sizes->n > 0 ? sizes->sum_bytes / (double)sizes->n : NAN;
}

static void note_unit(const struct xcy_storage_plot *plot, const struct xcy_storage_unit *unit,
                      struct xcy_notes *notes)
{
    struct xcy_storage_numbers s = xcy_storage_compute(unit, NULL);
    const char *role = unit->role == XCY_ROLE_POST ? "posts" : "notifications";
    if (isnan(s.baseline_avg)) {
        xcy_notes_add(notes, XCY_NOTE_MISSING_SIDE, NULL,
                      "%s (%s): no sizes of Original, so there is no overhead", unit->storage,
                      role);
    }
    if (isnan(s.app_avg)) {
        xcy_notes_add(notes, XCY_NOTE_MISSING_SIDE, NULL,
                      "%s (%s): no sizes of %s, so there is no overhead", unit->storage, role,
                      xcy_side_titles[plot->compared]);
    }
    if (unit->role == XCY_ROLE_NOTIFICATION && xcy_storage_other(plot, unit)) {
        xcy_notes_add(notes, XCY_NOTE_MIXED_ROLES, NULL,
                      "%s holds posts and notifications: the published row mixes both; see by_role",
                      unit->storage);
    }
}

void xcy_storage_note(const struct xcy_storage_plot *plot, struct xcy_notes *notes)
{
    for (size_t i = 0; i < plot->n_units; i++) {
        note_unit(plot, &plot->units[i], notes);
    }
    if (plot->least_results != plot->most_results) {
        xcy_notes_add(notes, XCY_NOTE_DIFFERENT_NUMBERS, NULL,
                      "totals of %lld to %lld results stand side by side: compare the averages",
                      (long long)plot->least_results, (long long)plot->most_results);
    }
    if (plot->has_side[XCY_SIDE_ANTIPODE] && plot->has_side[XCY_SIDE_RENDEZVOUS]) {
        xcy_notes_add(notes, XCY_NOTE_MIXED_CONSISTENCIES, NULL,
                      "runs of Antipode and of Rendezvous: the published row pools both");
    }
}
