#ifndef XCY_LOADGEN_RECORD_SERIES_H
#define XCY_LOADGEN_RECORD_SERIES_H

/*
 * series.h - series.csv: a line a second of the run, appended as the second ends. The columns are one
 * table (series.c), from which header, lines and documentation come.
 *
 * A request counts in the second in which the generator saw it: sent when it was sent, ended when its
 * reply came, skipped when its turn came. Sums over the lines are those of the report, warm-up
 * included (column warmup: the second began in it).
 *
 * Threads:  one owner.
 */

#include "loadgen/record/journal.h"
#include "loadgen/record/tally.h"

struct xcy_second {
    int64_t number;     /* from 0 */
    int64_t started_us; /* wall */
    double asked_per_s;
    bool is_warmup;
    const struct xcy_tally *tally;
    int64_t in_flight; /* at its end */
};

void xcy_series_header(struct xcy_buf *out); /* the first line, with its line end */
void xcy_second_format(const struct xcy_second *second, struct xcy_buf *out);

#endif
