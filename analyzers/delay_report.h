#ifndef XCY_ANALYZERS_DELAY_REPORT_H
#define XCY_ANALYZERS_DELAY_REPORT_H

/*
 * delay_report.h - a derived delay curve, the delays it asks for, and a real sweep held against it, for
 * people and machines.
 *
 * Units:    milliseconds in reports; delays are those of the deployment: the run's own included.
 * Memory:   xcy_delay_report_clear. Runs are borrowed.
 * Threads:  plain data.
 */

#include "analyzers/delay_check.h"
#include "analyzers/summary.h"

/* Shares for which a delay is told where nobody asks for others: 10 %, 1 %, 0.1 %, 0.01 %. */
enum { XCY_N_DELAY_TARGETS = 4 };
extern const double xcy_delay_targets[XCY_N_DELAY_TARGETS];

struct xcy_delay_report {
    const struct xcy_summary *run;
    struct xcy_delay_curve curve;
    struct xcy_delay_needed *needed;
    size_t n_needed;
    const struct xcy_summary **sweep;
    struct xcy_delay_check *checks; /* one a run of the sweep */
    size_t n_sweep;
};

/* targets: shares, 0 < target < 1. Runs of the sweep must be of the same combination but for their
 * delay, which must not be below the first run's: else XCY_EUSAGE. */
enum xcy_status xcy_delay_report_make(const struct xcy_summary *runs, size_t n_runs,
                                      const double *targets, size_t n_targets,
                                      struct xcy_delay_report *report,
                                      struct xcy_error *err) XCY_MUST_USE;
void xcy_delay_report_clear(struct xcy_delay_report *report);

/* Of how many runs of the sweep the interval does not meet the curve's band. */
size_t xcy_delay_report_disagreeing(const struct xcy_delay_report *report);

void xcy_delay_report_print(const struct xcy_delay_report *report, struct xcy_buf *out);
struct xcy_json *xcy_delay_report_to_json(const struct xcy_delay_report *report);

#endif
