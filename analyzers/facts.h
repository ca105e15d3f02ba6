#ifndef XCY_ANALYZERS_FACTS_H
#define XCY_ANALYZERS_FACTS_H

/*
 * facts.h - what a run says of itself, as texts: by them runs are grouped into cells, cells are paired,
 * and what is not alike is told.
 *
 * Memory:   the caller owns the struct; xcy_run_facts_clear.
 * Threads:  plain data.
 */

#include "analyzers/evidence.h"

enum xcy_fact {
    XCY_FACT_POST_STORAGE,
    XCY_FACT_NOTIFICATION_STORAGE,
    XCY_FACT_CONSISTENCY,
    XCY_FACT_DELAY_MS,
    XCY_FACT_POST_BYTES,
    XCY_FACT_WRITER_REGION,
    XCY_FACT_READER_REGION,
    XCY_FACT_RATE_PER_S,
    XCY_FACT_ARRIVALS,
    XCY_FACT_IS_ASYNC,
    XCY_FACT_REQUESTS,
    XCY_FACT_VISIBILITY,
    XCY_FACT_TIME_SCALE,
    XCY_FACT_VERSION,
    XCY_N_FACTS
};

struct xcy_fact_kind {
    const char *name;
    bool makes_cells; /* runs that differ in it are no rounds of one cell */
    bool is_subject;  /* one may want to compare two that differ in it; else it should be alike */
};
extern const struct xcy_fact_kind xcy_facts[XCY_N_FACTS];

struct xcy_run_facts {
    char *text[XCY_N_FACTS]; /* whole, as long as the path of a load plan may be */
};

struct xcy_run_facts xcy_run_facts_of(const struct xcy_manifest *manifest);
void xcy_run_facts_clear(struct xcy_run_facts *facts);

/* XCY_EUSAGE names the first fact that makes cells and is not the same of both runs, and says `rule`. Of
 * these one bit each in may_differ excuses: 1U << fact. */
enum xcy_status xcy_facts_check_alike(const struct xcy_evidence *first,
                                      const struct xcy_evidence *other, unsigned may_differ,
                                      const char *rule, struct xcy_error *err) XCY_MUST_USE;

#endif
