#ifndef XCY_PLOTCONF_STORAGE_H
#define XCY_PLOTCONF_STORAGE_H

/*
 * storage.h - the reference's plot storage_overhead: what a consistency adds to the bytes of each
 * storage, posts and notifications.
 *
 * Numbers:  as published, per storage the median over runs of the total and of the average size, each
 *           rounded half to even; overhead_* = with - baseline, por_overhead_* in percent of the
 *           baseline. A storage in both roles shares one row there. Beside it stand the same numbers
 *           by role, and of runs of ours the bytes that were measured of each object (records.csv),
 *           and how contexts grow with the length of their lineage.
 * Units:    bytes.
 * Memory:   xcy_storage_clear.
 */

#include "common/data/json.h"
#include "plotconf/chart.h"
#include "plotconf/gathered.h"
#include "plotconf/notes.h"

enum xcy_storage_role { XCY_ROLE_POST, XCY_ROLE_NOTIFICATION, XCY_N_ROLES };

/* What is known of objects one by one. */
struct xcy_object_sizes {
    int64_t n;
    double sum_bytes;
    double added_bytes; /* of the sum, what the consistency added */
    double min_bytes;
    double max_bytes;
};

/* Of one run of ours. */
struct xcy_run_sizes {
    struct xcy_object_sizes roles[XCY_N_ROLES];
    struct xcy_object_sizes contexts; /* in its notifications, each of one write */
};

/* One value a run. */
struct xcy_size_list {
    double *totals;
    double *averages;
    size_t n;
};

/* A storage in one role. */
struct xcy_storage_unit {
    const char *storage; /* "dynamo" */
    const char *title;   /* "DynamoDB" */
    enum xcy_storage_role role;
    struct xcy_size_list lists[XCY_N_SIDES];
    struct xcy_object_sizes sizes[XCY_N_SIDES];
    struct xcy_object_sizes contexts; /* of posts: of those that named one */
};

struct xcy_storage_plot {
    struct xcy_storage_unit units[7]; /* in order of first appearance */
    size_t n_units;
    bool has_side[XCY_N_SIDES];
    enum xcy_side compared; /* the last side with a consistency: it names the published columns */
    int64_t least_results;  /* of the runs; 0: not known */
    int64_t most_results;
};

/* Of one row; NaN: no run of that side. */
struct xcy_storage_numbers {
    double baseline_total;
    double app_total;
    double overhead_total;
    double por_overhead_total;
    double baseline_avg;
    double app_avg;
    double overhead_avg;
    double por_overhead_avg;
};

/* sizes: NULL: nothing was measured. */
void xcy_storage_add(struct xcy_storage_plot *plot, const struct xcy_gathered *g,
                     const struct xcy_run_sizes *sizes);
void xcy_storage_clear(struct xcy_storage_plot *plot);

/* The formula as published, of one unit or, where other is not NULL, of two that share a row. */
struct xcy_storage_numbers xcy_storage_compute(const struct xcy_storage_unit *unit,
                                               const struct xcy_storage_unit *other);
/* The unit of the same storage in the other role; NULL: there is none. */
const struct xcy_storage_unit *xcy_storage_other(const struct xcy_storage_plot *plot,
                                                 const struct xcy_storage_unit *unit);
/* Mean bytes of an object; NaN: nothing was measured. */
double xcy_object_sizes_mean(const struct xcy_object_sizes *sizes);

/* How a context grows with its writes; see docs/storage.md. */
struct xcy_context_growth {
    double empty_bytes; /* of a context that names no write, as the functions write it */
    double write_bytes; /* each write more, with the comma that parts it from the others */
};
/* one_bytes: of a context that names one write. */
struct xcy_context_growth xcy_context_growth_of(double one_bytes);
/* n_writes > 0 that weigh as much as that one. */
double xcy_context_growth_at(const struct xcy_context_growth *growth, int64_t n_writes);

void xcy_storage_note(const struct xcy_storage_plot *plot, struct xcy_notes *notes);
struct xcy_json *xcy_storage_to_json(const struct xcy_storage_plot *plot);
struct xcy_json *xcy_storage_growth_to_json(const struct xcy_storage_plot *plot);
void xcy_storage_growth_print(const struct xcy_storage_plot *plot, struct xcy_buf *out);
void xcy_storage_print(const struct xcy_storage_plot *plot, struct xcy_buf *out);
void xcy_storage_chart(const struct xcy_storage_plot *plot, struct xcy_chart *chart);

#endif
