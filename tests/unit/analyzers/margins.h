#ifndef XCY_TESTS_ANALYZERS_MARGINS_H
#define XCY_TESTS_ANALYZERS_MARGINS_H

/*
 * margins.h - evidence of a run whose race margins are given, as its records would have it.
 *
 * Memory:   margins_clear.
 */

#include "analyzers/evidence.h"

/* One read: low_us < 0: the first read found the post; high_us < 0: it was never seen. */
struct margin {
    int64_t low_us;
    int64_t high_us;
    bool is_polled; /* else only the miss is known */
};

struct margins {
    struct xcy_metric_set metrics;
    struct xcy_evidence evidence;
};

void margins_init(struct margins *m);
void margins_clear(struct margins *m);
void margins_add(struct margins *m, struct margin margin);
void margins_add_record(struct margins *m, const struct xcy_record *record);
void margins_settle(struct margins *m);

#endif
