#ifndef XCY_PLOTCONF_SWEEP_H
#define XCY_PLOTCONF_SWEEP_H

/*
 * sweep.h - the reference's plot delay_vs_per_inconsistencies: the share of inconsistent reads against
 * the delay that the writer adds, by combination.
 *
 * Numbers:  as published, the least share of all rounds of a delay. Beside it the share of all their
 *           requests together, with its Wilson and its Clopper-Pearson interval, and every round. The
 *           least of several rounds is below the share by chance alone, the more rounds the further.
 * Runs:     the reference takes those whose directory's name holds num_requests; that number is of the
 *           results, so that a run of 100 with 15 failures is "85" there. Such runs (NUM_RESULTS says
 *           that num_requests were asked, or at least four fifths of num_requests came) are drawn, and
 *           are in the pooled share, not in the published one. Of those that lie in the combination's
 *           own folder the share alone must be readable, as in the reference.
 * Curves:   a run of ours tells what any longer delay would have hidden (docs/delay.md): its curve lies
 *           under the points, and whether they agree is said.
 * Units:    milliseconds; shares are fractions.
 * Memory:   xcy_sweep_clear.
 */

#include "common/data/json.h"
#include "plotconf/arguments.h"
#include "plotconf/derived.h"
#include "plotconf/rows.h"
#include "plotconf/run_list.h"

struct xcy_sweep_round {
    char *path;
    double share;
    int64_t events; /* of n; n = 0: tags.yml does not tell */
    int64_t n;
    bool is_published; /* its name holds num_requests */
};

struct xcy_sweep_point {
    struct xcy_pair pair;
    size_t pair_index; /* in the config */
    int64_t delay_ms;
    struct xcy_sweep_round *rounds;
    size_t n_rounds;
    double least_share;       /* as published; NaN: no round is */
    struct xcy_pooled pooled; /* of all rounds together */
};

/* What one run of a combination says of every delay. */
struct xcy_sweep_curve {
    struct xcy_pair pair;
    size_t pair_index;
    struct xcy_derived *derived;
};

struct xcy_sweep {
    struct xcy_sweep_point *points; /* once computed, in the reference's order: label, delay */
    size_t n_points;
    size_t n_left_out;              /* runs of other numbers of requests */
    struct xcy_sweep_curve *curves; /* in the order of the config */
    size_t n_curves;
};

/* What the directories of a sweep are called: "<writer>-<reader>__<n>__delay-<d>ms…". False: path's
 * last part is not of this form. */
bool xcy_sweep_parse_name(const char *path, const char *writer_region, const char *reader_region,
                          int64_t *n, int64_t *delay_ms);

/* Adds one run of the combination that is number pair_index in the config; notes what is left out. */
void xcy_sweep_add(struct xcy_sweep *sweep, const struct xcy_arguments *arguments,
                   size_t pair_index, const struct xcy_gathered *g, struct xcy_notes *notes);
void xcy_sweep_compute(struct xcy_sweep *sweep);
/* Of a computed sweep: a curve for each combination that has a run of ours at the least delay, from the
 * first such run that gives one; and every greater delay held against it. Why there is none is noted,
 * and where curve and sweep disagree. */
void xcy_sweep_derive(struct xcy_sweep *sweep, double drift_ppm, struct xcy_notes *notes);
void xcy_sweep_note(const struct xcy_sweep *sweep, struct xcy_notes *notes);
void xcy_sweep_clear(struct xcy_sweep *sweep);

/* The points that the reference has a number for, or those that it has none for. */
struct xcy_json *xcy_sweep_to_json(const struct xcy_sweep *sweep, bool is_published);
struct xcy_json *xcy_sweep_curves_to_json(const struct xcy_sweep *sweep);
void xcy_sweep_print(const struct xcy_sweep *sweep, struct xcy_buf *out);
/* The pairs that have a point, in the order of the config: the index of the next one, from `from` on;
 * SIZE_MAX: there is none. */
size_t xcy_sweep_next_pair(const struct xcy_sweep *sweep, size_t from);
/* Of a pair that has a point; else NULL. */
const struct xcy_pair *xcy_sweep_pair_at(const struct xcy_sweep *sweep, size_t pair_index);
/* The delays that a log axis shows: above 0; false: there is none. */
bool xcy_sweep_range(const struct xcy_sweep *sweep, double *least_ms, double *most_ms);
void xcy_sweep_data(const struct xcy_sweep *sweep, struct xcy_buf *out);
void xcy_sweep_script(const struct xcy_sweep *sweep, struct xcy_buf *out);

#endif
