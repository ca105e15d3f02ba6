#ifndef XCY_ANALYZERS_COUNTS_H
#define XCY_ANALYZERS_COUNTS_H

/*
 * counts.h - what is counted of a run's records: classes, and what befell single requests.
 *
 * planned = warm-up + consistent + inconsistent + lost + failed + skipped, always.
 *
 * Threads:  plain data; each thread counts its own and they are added.
 */

#include "common/run/records.h"

struct xcy_counts {
    int64_t planned;                /* warm-up included */
    int64_t warmup;                 /* of these; in no count below but where it is said */
    int64_t classes[XCY_N_CLASSES]; /* sum = planned - warmup */
    int64_t late;                   /* sent late by the generator */
    int64_t retried;                /* sent more than once: left out of lag */
    int64_t waited;                 /* barriers whose first probe missed */
    int64_t barriers_late;          /* barriers that passed their deadline: failed, never hidden */
    int64_t many_execs;             /* the writer ran more than once, or may have */
    int64_t many_execs_decided;     /* of these, consistent or inconsistent */
    int64_t conflicts;              /* readers of one execution disagree; the first decided */
    int64_t conflicts_of[XCY_N_CLASSES]; /* the same, by the class decided */
    int64_t refused; /* an evaluation of another combination came; with those of the warm-up */
    int64_t unnamed; /* stamped by a process that does not name itself; with the warm-up's */
    int64_t ok;      /* outcome ok */
    int64_t first_sent_us; /* of all that were sent; 0: none was */
    int64_t last_acked_us; /* of all that were answered */
};

bool xcy_record_is_warmup(const struct xcy_record *record);

void xcy_counts_take(struct xcy_counts *counts, const struct xcy_record *record);
void xcy_counts_add(struct xcy_counts *to, const struct xcy_counts *from);
/* A sum that does not hold is a bug: aborts. */
void xcy_counts_check(const struct xcy_counts *counts);

int64_t xcy_counts_decided(const struct xcy_counts *counts); /* consistent + inconsistent */

/* Outcome ok, over the time from the first sent to the last reply, as loadgen tells it; NaN: none. */
double xcy_counts_throughput_per_s(const struct xcy_counts *counts);

#endif
