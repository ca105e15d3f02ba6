#ifndef XCY_LOADGEN_JUDGE_SEARCH_H
#define XCY_LOADGEN_JUDGE_SEARCH_H

/*
 * search.h - finds the highest rate at which an objective holds: bracket by doubling (halving, when
 * the first rate fails), bisect in equal ratios, then confirm both ends over a longer window.
 *
 * A step's answer is holds, fails, or unfit: the generator itself fell behind, so that the step tells
 * nothing about the target. An unfit step is made once more, since the machine may have hiccupped; if
 * it is unfit again it is never taken as a knee: the search confirms the highest rate that held, ends,
 * and says that the target holds at least that.
 *
 * A confirmation that contradicts moves the bracket: a lower end that fails becomes the upper one, an
 * upper end that holds the lower one, and the search goes on; after XCY_SEARCH_CONTRADICTIONS of them
 * it ends as unstable, with the rates between which the answers are mixed.
 *
 * Threads:  one owner; the step function is called on the caller's thread.
 */

#include "common/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum xcy_step_result { XCY_STEP_HOLDS, XCY_STEP_FAILS, XCY_STEP_UNFIT };
extern const char *const xcy_step_result_names[]; /* "holds", "fails", "unfit" */

enum { XCY_STEP_EVIDENCE_BYTES = 256, XCY_SEARCH_CONTRADICTIONS = 4 };

struct xcy_step {
    double rate_per_s;
    int64_t duration_ns;
    bool is_confirmation;
    enum xcy_step_result result;
    double achieved_per_s;
    char evidence[XCY_STEP_EVIDENCE_BYTES]; /* the figures behind the result, one line */
    char *path;                             /* of its run directory; owned by the search's result */
};

struct xcy_search_options {
    double from_per_s;   /* the first rate tried */
    double to_per_s;     /* never above */
    double lowest_per_s; /* never below; 0: from / 1024 */
    double resolution;   /* the bracket's width over its lower end to stop at, 0.02 = 2 % */
    int64_t step_ns;     /* of a step */
    int64_t confirm_ns;  /* of a confirming one */
    int64_t max_steps;
};

enum xcy_search_end {
    XCY_SEARCH_FOUND,             /* holds below, fails above, both confirmed */
    XCY_SEARCH_NEVER_HELD,        /* not even at the lowest rate tried */
    XCY_SEARCH_BOUND_REACHED,     /* holds at to_per_s, confirmed */
    XCY_SEARCH_GENERATOR_LIMITED, /* holds at lower; above it the generator fell behind */
    XCY_SEARCH_UNSTABLE,          /* confirmations contradict: no stable knee */
    XCY_SEARCH_ENDED_EARLY        /* max_steps were made, or a step failed */
};
extern const char *const xcy_search_end_names[];

struct xcy_search_result {
    enum xcy_search_end end;
    double lower_per_s;     /* the highest that held; 0: none */
    double upper_per_s;     /* the lowest that failed; 0: none. Of UNSTABLE and ENDED_EARLY: the
                             * highest that held below all that failed, and the lowest that failed
                             * above all that held */
    struct xcy_step *steps; /* in the order made */
    size_t n_steps;
};
void xcy_search_result_clear(struct xcy_search_result *result);

/* Fills in result, achieved, evidence and path of the step. A failure ends the search: the steps so
 * far are kept, the one that failed is not among them. */
typedef enum xcy_status xcy_step_fn(void *ctx, struct xcy_step *step, struct xcy_error *err);

/* The result is filled in also where a step failed; release it with xcy_search_result_clear. Options
 * that contradict each other are bugs: 0 < lowest <= from <= to, resolution > 0, max_steps > 0. */
enum xcy_status xcy_search_run(const struct xcy_search_options *options, xcy_step_fn *step,
                               void *ctx, struct xcy_search_result *result,
                               struct xcy_error *err) XCY_MUST_USE;

#endif
