#ifndef XCY_LOADGEN_ENGINES_CLASSIFY_H
#define XCY_LOADGEN_ENGINES_CLASSIFY_H

/*
 * classify.h - from a transfer to what it means: the outcome of a request, and what the writer told
 * about itself. Pure functions over the reply.
 *
 * sync is ok:   2xx, no X-Amz-Function-Error, statusCode 200, a writer's reply to this very request
 *               from functions that run the combination of this run.
 * async is ok:  202.
 * of any server (engine http): 2xx.
 *
 * Threads:  safe.
 */

#include "common/net/http.h"
#include "common/record/evaluation.h"
#include "common/record/outcome.h"

/* What was asked. Borrowed. */
struct xcy_expectation {
    bool is_async;
    const struct xcy_request_id *id;
    const struct xcy_combination *combination;
};

struct xcy_answer {
    enum xcy_outcome outcome;
    int64_t http_status;           /* 0: none came */
    char reason[XCY_REASON_BYTES]; /* for people; "" when ok; one line */
    bool was_sent;                 /* the server may have acted */
    struct xcy_mono sent;
    struct xcy_mono acked; /* reply complete, or given up */
    bool has_event;
    struct xcy_event event; /* from the writer's reply; only its exec ("") means anything else */
};

void xcy_classify(const struct xcy_http_reply *reply, const struct xcy_expectation *expected,
                  struct xcy_answer *answer);

/* As of a server of any kind. is_signed: AWS's, whose words for a refusal are in its body; else those
 * of the status line are the reason. */
void xcy_classify_web(const struct xcy_http_reply *reply, bool is_signed,
                      struct xcy_answer *answer);

#endif
