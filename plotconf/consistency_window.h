#ifndef XCY_PLOTCONF_CONSISTENCY_WINDOW_H
#define XCY_PLOTCONF_CONSISTENCY_WINDOW_H

/*
 * consistency_window.h - the reference's plot of that name: per post storage the median of
 * writer_visibility_latency_ms without and with Antipode, over all rounds pooled.
 *
 * Numbers:  "as published" follow the reference to the digit (median rounded half to even, overhead
 *           never below 0); beside them stand the true difference and the exact 95 %
 *           order-statistic interval of each median.
 * Only runs whose notification storage is sns take part, as in the reference.
 * Units:    milliseconds.
 * Memory:   xcy_window_plot_clear.
 */

#include "common/data/json.h"
#include "plotconf/gathered.h"

enum xcy_window_side { XCY_WINDOW_ORIGINAL, XCY_WINDOW_ANTIPODE, XCY_N_WINDOW_SIDES };

struct xcy_window_bar {
    size_t n;          /* rows; 0: this side is missing */
    double *values_ms; /* sorted, owned */
    double median_ms;
    double rounded_ms;
    bool has_interval;
    double ci_low_ms;
    double ci_high_ms;
    double *least_ms; /* sorted, owned: the values as small, and as large, as the clocks allow */
    double *most_ms;
    /* Writer and reader have clocks of their own: the true median is in [median + low, median + high];
     * infinite: no bound. */
    double clock_low_ms;
    double clock_high_ms;
};

struct xcy_window_group {
    enum xcy_post_storage post_storage;
    struct xcy_window_bar sides[XCY_N_WINDOW_SIDES];
};

struct xcy_window_plot {
    struct xcy_window_group groups[4]; /* in order of first appearance */
    size_t n_groups;
};

/* Pools one directory; false if it takes no part (its notification storage is not sns). */
bool xcy_window_plot_add(struct xcy_window_plot *plot, const struct xcy_gathered *g);
void xcy_window_plot_compute(struct xcy_window_plot *plot);
void xcy_window_plot_clear(struct xcy_window_plot *plot);

/* An overhead is only where both sides are there: of the rounded medians; and as the reference's
 * label ("+ 796") has it, never below 0. */
bool xcy_window_has_both(const struct xcy_window_group *group);
double xcy_window_overhead_ms(const struct xcy_window_group *group);
double xcy_window_overhead_as_published_ms(const struct xcy_window_group *group);
/* How far the clocks may have moved the overhead. */
void xcy_window_overhead_clock_ms(const struct xcy_window_group *group, double *low_ms,
                                  double *high_ms);

const char *xcy_post_storage_title(enum xcy_post_storage storage); /* "DynamoDB", "Redis", … */

/* Every number drawn, under the reference's names, and ours. Owned by the caller. */
struct xcy_json *xcy_window_plot_to_json(const struct xcy_window_plot *plot);
void xcy_window_plot_print(const struct xcy_window_plot *plot, struct xcy_buf *out);

/* The data file (tab separated, '#' header) and the gnuplot script, which holds the data itself and
 * draws <name>.png and <name>.svg in the folder it is run in. */
void xcy_window_plot_data(const struct xcy_window_plot *plot, struct xcy_buf *out);
void xcy_window_plot_script(const struct xcy_window_plot *plot, const char *name,
                            struct xcy_buf *out);

#endif
