#ifndef XCY_PLOTCONF_MEDIANS_H
#define XCY_PLOTCONF_MEDIANS_H

/*
 * medians.h - the reference's plots of medians: per post storage the median of one column of traces.csv
 * for Original and for Antipode (or Rendezvous), over all rounds pooled. consistency_window is of
 * writer_visibility_latency_ms, write_post_overhead (of its Rendezvous branch) of write_post_spent_ms.
 *
 * Numbers:  "as published" follow the reference to the digit (median rounded half to even, overhead
 *           never below 0). Beside them stand the median before rows were cut to whole milliseconds,
 *           the exact order-statistic interval, what the clocks allow, the true overhead with an
 *           interval, and of consistency_window the true window, from acknowledged write to visible.
 * Overhead: its interval takes the ends of two exact 97.5 % intervals, one a median: by Bonferroni's
 *           inequality the difference is within with at least 95 %.
 * Only runs whose notification storage is sns take part, as in the reference.
 * Units:    milliseconds.
 * Memory:   xcy_median_plot_clear.
 */

#include "plotconf/chart.h"
#include "plotconf/gathered.h"
#include "plotconf/measured.h"
#include "plotconf/notes.h"

/* What is drawn. */
struct xcy_median_figure {
    const char *column;  /* of traces.csv */
    enum xcy_point from; /* the same in records.csv */
    enum xcy_point to;
    bool has_window; /* the true window is told beside it */
    enum xcy_chart_scale scale;
    const char *title;
    const char *axis;
};

extern const struct xcy_median_figure xcy_consistency_window;
extern const struct xcy_median_figure xcy_write_post_overhead;

/* A median that is known as an interval. */
struct xcy_window {
    size_t n;      /* 0: nothing is known */
    double low_ms; /* of the lower ends, and of the upper ends: may be infinite */
    double high_ms;
    double ci_low_ms; /* exact 95 %; NaN: n is too small */
    double ci_high_ms;
    double least_ms; /* low and high, as far as the clocks tell */
    double most_ms;
};

struct xcy_median_bar {
    struct xcy_traces rows; /* pooled; n = 0: this side is missing */
    struct xcy_spans spans; /* pooled true windows */
    double median_ms;
    double rounded_ms;
    double uncut_ms; /* NaN: a row's uncut value is not known */
    /* exact 95 %, of the uncut values where they are known; NaN: n is too small */
    double ci_low_ms;
    double ci_high_ms;
    double wide_low_ms; /* exact 97.5 %, likewise */
    double wide_high_ms;
    /* Writer and reader have clocks of their own: the true median is in [median + low, median + high];
     * infinite: no bound. */
    double clock_low_ms;
    double clock_high_ms;
    struct xcy_window window;
};

struct xcy_median_group {
    enum xcy_post_storage post_storage;
    struct xcy_median_bar sides[XCY_N_SIDES];
};

struct xcy_median_plot {
    const struct xcy_median_figure *figure;
    struct xcy_median_group groups[XCY_N_POST_STORAGES]; /* in order of first appearance */
    size_t n_groups;
    bool has_side[XCY_N_SIDES]; /* some group has it */
    enum xcy_side compared;     /* the side that the published overhead is of: the last to appear */
};

void xcy_median_plot_init(struct xcy_median_plot *plot, const struct xcy_median_figure *figure);
/* Pools one run; false if it takes no part (its notification storage is not sns). spans: of its true
 * windows, or NULL. */
bool xcy_median_plot_add(struct xcy_median_plot *plot, const struct xcy_gathered *g,
                         const struct xcy_traces *rows, const struct xcy_spans *spans);
void xcy_median_plot_compute(struct xcy_median_plot *plot);
void xcy_median_plot_clear(struct xcy_median_plot *plot);

/* Whether its two points are stamped by different machines. */
bool xcy_median_crosses_clocks(const struct xcy_median_figure *figure);

/* The uncut median where it is known, else that of the rows. */
double xcy_median_best_ms(const struct xcy_median_bar *bar);

/* Original, and each other side that some run is of; Antipode if there is no other. */
bool xcy_median_shows(const struct xcy_median_plot *plot, enum xcy_side side);

/* Of a side against Original. All are NaN unless both are there. */
struct xcy_overhead {
    bool exists;
    double rounded_ms;   /* of the rounded medians */
    double published_ms; /* as the reference's label ("+ 796") has it, never below 0 */
    double exact_ms; /* of the uncut medians where they are known, else of those before rounding */
    double ci_low_ms;
    double ci_high_ms;
    double clock_low_ms; /* what the clocks allow besides rounded_ms */
    double clock_high_ms;
};
struct xcy_overhead xcy_median_overhead(const struct xcy_median_group *group, enum xcy_side side);

/* What a reader must know: a side that is missing, an overhead below 0. */
void xcy_median_plot_note(const struct xcy_median_plot *plot, struct xcy_notes *notes);

/* Every number drawn, under the reference's names, and ours. Owned by the caller. */
struct xcy_json *xcy_median_plot_to_json(const struct xcy_median_plot *plot);
void xcy_median_plot_print(const struct xcy_median_plot *plot, struct xcy_buf *out);
void xcy_median_plot_chart(const struct xcy_median_plot *plot, struct xcy_chart *chart);

#endif
