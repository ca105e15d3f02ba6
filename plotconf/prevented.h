#ifndef XCY_PLOTCONF_PREVENTED_H
#define XCY_PLOTCONF_PREVENTED_H

/*
 * prevented.h - the plot prevented_inconsistencies of the reference's Rendezvous branch: two tables, by
 * post storage, of the share that Rendezvous prevented and of that which is inconsistent without.
 *
 * Numbers:  as published, the last run of a storage decides, and a run of Antipode counts as one
 *           without. Beside it the share of all runs together, without those of Antipode, with its
 *           Wilson and its Clopper-Pearson interval.
 * Units:    shares are fractions.
 */

#include "common/data/json.h"
#include "common/stats/proportion.h"
#include "plotconf/chart.h"
#include "plotconf/gathered.h"
#include "plotconf/notes.h"

enum xcy_prevented_kind { XCY_PREVENTED, XCY_NOT_PREVENTED, XCY_N_PREVENTED_KINDS };

struct xcy_prevented_cell {
    size_t n_runs;    /* 0: there is none */
    double published; /* of the last run */
    int64_t events;   /* pooled */
    int64_t n;
    struct xcy_interval wilson;
    struct xcy_interval exact;
};

/* By post storage, in order of first appearance in its own table. */
struct xcy_prevented_plot {
    enum xcy_post_storage order[XCY_N_PREVENTED_KINDS][4];
    size_t n_order[XCY_N_PREVENTED_KINDS];
    struct xcy_prevented_cell cells[XCY_N_PREVENTED_KINDS][4]; /* by enum xcy_post_storage */
};

void xcy_prevented_add(struct xcy_prevented_plot *plot, const struct xcy_gathered *g,
                       struct xcy_notes *notes);
void xcy_prevented_compute(struct xcy_prevented_plot *plot, struct xcy_notes *notes);
struct xcy_json *xcy_prevented_to_json(const struct xcy_prevented_plot *plot);
void xcy_prevented_print(const struct xcy_prevented_plot *plot, struct xcy_buf *out);
void xcy_prevented_chart(const struct xcy_prevented_plot *plot, struct xcy_chart *chart);

#endif
