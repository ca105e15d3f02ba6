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
 * Memory:   xcy_prevented_clear.
 */

#include "common/data/json.h"
#include "plotconf/chart.h"
#include "plotconf/gathered.h"
#include "plotconf/notes.h"
#include "plotconf/rows.h"
#include "plotconf/traces.h"

enum xcy_prevented_kind { XCY_PREVENTED, XCY_NOT_PREVENTED, XCY_N_PREVENTED_KINDS };

struct xcy_prevented_cell {
    size_t n_runs;    /* 0: there is none */
    size_t n_ncc;     /* of these, Rendezvous without its consistency checks */
    double published; /* of the last run */
    struct xcy_pooled pooled;
};

/* How long Rendezvous' calls took: columns of its branch's traces.csv. */
enum xcy_rendezvous_call { XCY_CALL_WRITER, XCY_CALL_READER, XCY_N_CALLS };

/* By post storage, in order of first appearance in its own table. */
struct xcy_prevented_plot {
    enum xcy_post_storage order[XCY_N_PREVENTED_KINDS][XCY_N_POST_STORAGES];
    size_t n_order[XCY_N_PREVENTED_KINDS];
    /* By enum xcy_post_storage. */
    struct xcy_prevented_cell cells[XCY_N_PREVENTED_KINDS][XCY_N_POST_STORAGES];
    struct xcy_traces calls[XCY_N_POST_STORAGES][XCY_N_CALLS]; /* pooled */
};

void xcy_prevented_add(struct xcy_prevented_plot *plot, const struct xcy_gathered *g,
                       struct xcy_notes *notes);
/* Pools the durations of Rendezvous' calls, of a run that has them; one whose columns are missing or
 * broken is noted. */
void xcy_prevented_add_calls(struct xcy_prevented_plot *plot, const struct xcy_gathered *g,
                             struct xcy_notes *notes);
void xcy_prevented_clear(struct xcy_prevented_plot *plot);
void xcy_prevented_note(const struct xcy_prevented_plot *plot, struct xcy_notes *notes);
struct xcy_json *xcy_prevented_to_json(const struct xcy_prevented_plot *plot);
void xcy_prevented_print(const struct xcy_prevented_plot *plot, struct xcy_buf *out);
void xcy_prevented_chart(const struct xcy_prevented_plot *plot, struct xcy_chart *chart);

#endif
