#ifndef XCY_ANALYZERS_CELLS_H
#define XCY_ANALYZERS_CELLS_H

/* cells.h - how a quantile and what is open of it are told to people. */

#include "analyzers/summary.h"

enum { XCY_CELL_BYTES = 160 };

/* "1.55 s", "<= 80 ms" in left-censored mass, "> 4 s" in right-censored mass. */
void xcy_cell_value(const struct xcy_estimate *e, char to[XCY_CELL_BYTES]);
void xcy_cell_ci(const struct xcy_estimate *e, char to[XCY_CELL_BYTES]);
/* What polling leaves open of the quantile: it may be this much smaller. */
void xcy_cell_poll(const struct xcy_estimate *e, char to[XCY_CELL_BYTES]);
/* "+1.20 ms/-0.80 ms": the true value is more by at most 1.20 ms, and less by at most 0.80 ms. A clock
 * that is surely wrong gives "+90 ms/+10 ms": more by 10 to 90 ms. */
void xcy_cell_bound(double low_us, double high_us, char to[XCY_CELL_BYTES]);
/* What the clocks leave open, or "one clock". */
void xcy_cell_clock(const struct xcy_metric *metric, const struct xcy_estimate *e,
                    char to[XCY_CELL_BYTES]);

/* "p = 0.00021"; of one too small for a double "p < 1e-300". p >= 0 */
void xcy_cell_p(double p, char to[XCY_CELL_BYTES]);

/* The figures of a row where runs stand one below the other. */
struct xcy_short {
    const char *title;
    const char *metric;
    size_t quantile; /* of xcy_quantiles */
};
enum { XCY_N_SHORTS = 5 };
extern const struct xcy_short xcy_shorts[XCY_N_SHORTS];

/* The widest bound of the clocks among these figures of a run; "-" where none crosses clocks. */
void xcy_cell_shorts_clock(const struct xcy_summary *s, char to[XCY_CELL_BYTES]);

#endif
