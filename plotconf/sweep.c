#include "plotconf/sweep.h"

#include "common/base/mem.h"
#include "common/data/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of num_requests, at least so many came: else it is another experiment, not one with failures. */
static const double least_part = 0.8;

/* Digits at *text, which is moved behind them; false: there are none. */
static bool take_digits(const char **text, int64_t *value)
{
    size_t n = strspn(*text, "0123456789");
    bool ok = xcy_int64_parse(xcy_bytes(*text, n), value);
    *text += n;
    return ok;
}

static bool take_word(const char **text, const char *word)
{
    size_t n = strlen(word);
    bool ok = strncmp(*text, word, n) == 0;
    *text += ok ? n : 0;
    return ok;
}

bool xcy_sweep_parse_name(const char *path, const char *writer_region, const char *reader_region,
                          int64_t *n, int64_t *delay_ms)
{
    const char *slash = strrchr(path, '/');
    const char *text = slash ? slash + 1 : path;
    return take_word(&text, writer_region) && take_word(&text, "-") &&
           take_word(&text, reader_region) && take_word(&text, "__") && take_digits(&text, n) &&
           take_word(&text, "__delay-") && take_digits(&text, delay_ms) && take_word(&text, "ms");
}

static struct xcy_sweep_point *point_of(struct xcy_sweep *sweep, const struct xcy_pair *pair,
                                        size_t pair_index, int64_t delay_ms)
{
    for (size_t i = 0; i < sweep->n_points; i++) {
        struct xcy_sweep_point *point = &sweep->points[i];
        if (point->pair_index == pair_index && point->delay_ms == delay_ms) {
            return point;
        }
    }
    sweep->points = xcy_realloc_array(sweep->points, sweep->n_points + 1, sizeof *sweep->points);
    struct xcy_sweep_point *point = &sweep->points[sweep->n_points++];
    *point =
        (struct xcy_sweep_point){.pair = *pair, .pair_index = pair_index, .delay_ms = delay_ms};
    return point;
}

static bool may_have_failures(const struct xcy_gathered *g, int64_t n, int64_t num_requests)
{
    return n < num_requests &&
           (g->n_asked == num_requests || (double)n >= least_part * (double)num_requests);
}

/* Whether it is drawn; why not is noted, or counted. */
static bool takes_part(struct xcy_sweep *sweep, const struct xcy_gathered *g, int64_t n,
                       int64_t num_requests, struct xcy_notes *notes)
{
    if (n != num_requests && !may_have_failures(g, n, num_requests)) {
        sweep->n_left_out++;
        return false;
    }
    if (isnan(g->inconsistent_share)) {
        xcy_notes_add(notes, XCY_NOTE_MISSING_TAG, g->path,
                      "%s/tags.yml: no key %%_INCONSISTENCIES; it takes no part", g->path);
        return false;
    }
    return true;
}

/* What must be known of one that is drawn. */
static void note_run(const struct xcy_gathered *g, int64_t n, int64_t num_requests,
                     struct xcy_notes *notes)
{
    if (n != num_requests) {
        xcy_notes_add(notes, XCY_NOTE_OTHER_NUMBER, g->path,
                      "%s is of %lld requests, num_requests is %lld: taken as a run with failures; "
                      "the published number is without it",
                      g->path, (long long)n, (long long)num_requests);
    }
    if (g->side != XCY_SIDE_ORIGINAL) {
        xcy_notes_add(notes, XCY_NOTE_MIXED_CONSISTENCIES, g->path,
                      "%s is of %s, among runs without", g->path, xcy_side_titles[g->side]);
    } else if (g->is_side_guessed) {
        xcy_notes_add(notes, XCY_NOTE_MISSING_TAG, g->path,
                      "%s/tags.yml does not tell its consistency: taken as a run without", g->path);
    }
    xcy_run_note_validity(g, notes);
}

static void add_round(struct xcy_sweep_point *point, const struct xcy_gathered *g,
                      bool is_published)
{
    struct xcy_sweep_round round = {
        .path = xcy_strdup(g->path), .share = g->inconsistent_share, .is_published = is_published};
    if (xcy_gathered_count(g, g->inconsistent_share, &round.events)) {
        round.n = g->n_results;
    }
    point->rounds = xcy_realloc_array(point->rounds, point->n_rounds + 1, sizeof *point->rounds);
    point->rounds[point->n_rounds++] = round;
}

void xcy_sweep_add(struct xcy_sweep *sweep, const struct xcy_arguments *arguments,
                   size_t pair_index, const struct xcy_gathered *g, struct xcy_notes *notes)
{
    int64_t n = 0;
    int64_t delay_ms = 0;
    int64_t asked = arguments->num_requests;
    if (!xcy_sweep_parse_name(g->path, arguments->writer_region, arguments->reader_region, &n,
                              &delay_ms)) {
        xcy_notes_add(notes, XCY_NOTE_LEFT_OUT, g->path,
                      "%s takes no part: its name is not %s-%s__<requests>__delay-<n>ms...",
                      g->path, arguments->writer_region, arguments->reader_region);
    } else if (takes_part(sweep, g, n, asked, notes)) {
        note_run(g, n, asked, notes);
        add_round(point_of(sweep, &arguments->pairs[pair_index], pair_index, delay_ms), g,
                  n == asked);
    }
}

static void compute_point(struct xcy_sweep_point *point)
{
    point->least_share = NAN;
    for (size_t i = 0; i < point->n_rounds; i++) {
        const struct xcy_sweep_round *round = &point->rounds[i];
        if (round->is_published) {
            point->least_share = fmin(point->least_share, round->share);
        }
        if (round->n > 0) {
            xcy_pooled_add(&point->pooled, round->events, round->n);
        }
    }
}

/* As the reference sorts: by its label, which is the post storage's alone, then by delay; what is equal
 * in both keeps the order of the config. */
static int compare_points(const void *a, const void *b)
{
    const struct xcy_sweep_point *x = a;
    const struct xcy_sweep_point *y = b;
    int by_label = strcmp(xcy_post_storage_title(x->pair.post_storage),
                          xcy_post_storage_title(y->pair.post_storage));
    if (by_label != 0) {
        return by_label;
    }
    if (x->delay_ms != y->delay_ms) {
        return x->delay_ms < y->delay_ms ? -1 : 1;
    }
    return (x->pair_index > y->pair_index) - (x->pair_index < y->pair_index);
}

void xcy_sweep_compute(struct xcy_sweep *sweep)
{
    for (size_t i = 0; i < sweep->n_points; i++) {
        compute_point(&sweep->points[i]);
    }
    if (sweep->n_points > 0) {
        qsort(sweep->points, sweep->n_points, sizeof *sweep->points, compare_points);
    }
}

static void note_rounds(const struct xcy_sweep_point *point, struct xcy_notes *notes)
{
    for (size_t i = 0; i < point->n_rounds; i++) {
        const struct xcy_sweep_round *round = &point->rounds[i];
        if (round->n == 0) {
            xcy_notes_add(
                notes, XCY_NOTE_MISSING_TAG, round->path,
                "%s/tags.yml: NUM_RESULTS does not tell how many %.6g are of: it is not in "
                "the pooled share",
                round->path, round->share);
        }
    }
}

void xcy_sweep_note(const struct xcy_sweep *sweep, struct xcy_notes *notes)
{
    if (sweep->n_left_out > 0) {
        xcy_notes_add(notes, XCY_NOTE_OTHER_NUMBER, NULL,
                      "%zu run%s left out: another number of requests than num_requests",
                      sweep->n_left_out, sweep->n_left_out == 1 ? " is" : "s are");
    }
    for (size_t i = 0; i < sweep->n_points; i++) {
        const struct xcy_sweep_point *point = &sweep->points[i];
        note_rounds(point, notes);
        if (i > 0 && sweep->points[i - 1].delay_ms == point->delay_ms &&
            sweep->points[i - 1].pair.post_storage == point->pair.post_storage) {
            xcy_notes_add(notes, XCY_NOTE_MIXED_ROLES, NULL,
                          "%s at %lld ms: of several notification storages, which the reference "
                          "draws as one line under one label",
                          xcy_post_storage_title(point->pair.post_storage),
                          (long long)point->delay_ms);
        }
    }
}

size_t xcy_sweep_next_pair(const struct xcy_sweep *sweep, size_t from)
{
    size_t next = SIZE_MAX;
    for (size_t i = 0; i < sweep->n_points; i++) {
        size_t index = sweep->points[i].pair_index;
        next = index >= from && index < next ? index : next;
    }
    return next;
}

const struct xcy_pair *xcy_sweep_pair_at(const struct xcy_sweep *sweep, size_t pair_index)
{
    for (size_t i = 0; i < sweep->n_points; i++) {
        if (sweep->points[i].pair_index == pair_index) {
            return &sweep->points[i].pair;
        }
    }
    return NULL;
}

bool xcy_sweep_range(const struct xcy_sweep *sweep, double *least_ms, double *most_ms)
{
    bool has = false;
    for (size_t i = 0; i < sweep->n_points; i++) {
        double ms = (double)sweep->points[i].delay_ms;
        if (ms > 0) {
            *least_ms = has ? fmin(*least_ms, ms) : ms;
            *most_ms = has ? fmax(*most_ms, ms) : ms;
            has = true;
        }
    }
    return has;
}

void xcy_sweep_clear(struct xcy_sweep *sweep)
{
    for (size_t i = 0; i < sweep->n_points; i++) {
        for (size_t k = 0; k < sweep->points[i].n_rounds; k++) {
            free(sweep->points[i].rounds[k].path);
        }
        free(sweep->points[i].rounds);
    }
    free(sweep->points);
    for (size_t i = 0; i < sweep->n_curves; i++) {
        xcy_derived_free(sweep->curves[i].derived);
    }
    free(sweep->curves);
    *sweep = (struct xcy_sweep){0};
}
