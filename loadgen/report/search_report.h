#ifndef XCY_LOADGEN_REPORT_SEARCH_REPORT_H
#define XCY_LOADGEN_REPORT_SEARCH_REPORT_H

/*
 * search_report.h - what a search for the highest rate came to: every step with its evidence, the
 * bracket, and the answer in words with its honest precision.
 *
 * Machines get one JSON object:
 *
 *   slo                     the objectives
 *   from_per_s, to_per_s    what was asked, as the next three
 *   resolution              0.02: 2 %
 *   step_s, confirm_s
 *   end                     found, never_held, bound_reached, generator_limited, unstable,
 *                           ended_early (search.h)
 *   lower_per_s             the highest rate that held; null: none
 *   upper_per_s             the lowest that failed; null: none
 *   width                   upper / lower - 1; null without both
 *   is_lower_confirmed, is_upper_confirmed   over confirm_s
 *   answer                  the same in words
 *   error                   of the step that failed and ended it; null: none
 *   steps                   [{"rate_per_s","duration_s","is_confirmation","result","achieved_per_s",
 *                           "evidence","path"}] in the order made
 *
 * Threads:  any.
 */

#include "common/base/buf.h"
#include "loadgen/judge/search.h"

/* Borrowed. */
struct xcy_search_report {
    const char *slo;
    const struct xcy_search_options *options;
    const struct xcy_search_result *result;
    const char *error; /* of the step that ended the search early; NULL: none */
};

void xcy_search_report_text(const struct xcy_search_report *report, struct xcy_buf *out);
void xcy_search_report_json(const struct xcy_search_report *report, struct xcy_buf *out);

/* The answer alone, one line without its end. */
void xcy_search_report_answer(const struct xcy_search_report *report, struct xcy_buf *out);

#endif
