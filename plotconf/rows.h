#ifndef XCY_PLOTCONF_ROWS_H
#define XCY_PLOTCONF_ROWS_H

/*
 * rows.h - what the rows of several plots have in common: shares of counted requests, and keys that
 * are made of two parts.
 *
 * Units:    shares are fractions; intervals are of 95 %.
 * Sources:  proportion.h.
 */

#include "common/cli/table.h"
#include "common/data/json.h"
#include "common/stats/proportion.h"

/* Puts "<prefix>_<name>"; what is NaN or infinite is null. */
void xcy_row_put(struct xcy_json *row, const char *prefix, const char *name, double value);

/* Events of n requests, of several runs together. */
struct xcy_pooled {
    int64_t events;
    int64_t n; /* 0: not known */
    struct xcy_interval wilson;
    struct xcy_interval exact; /* Clopper-Pearson */
};

void xcy_pooled_add(struct xcy_pooled *share, int64_t events, int64_t n);
double xcy_pooled_value(const struct xcy_pooled *share); /* NaN: not known */

/* events, n, share and both intervals. */
void xcy_pooled_put(const struct xcy_pooled *share, struct xcy_json *row);
/* Three cells: "12 of 200", "6 %", "3.14..10.2 %". */
void xcy_pooled_print(const struct xcy_pooled *share, struct xcy_table *table);

#endif
