#ifndef XCY_FUNCTIONS_RUNTIME_H
#define XCY_FUNCTIONS_RUNTIME_H

/*
 * runtime.h - Lambda's Runtime API: asks for an invocation, has it handled, posts the
 * answer, and again. The same loop runs in AWS and in the sandbox.
 *
 * Threads:  each slot runs a loop of its own.
 * Failure:  a failed invocation is posted as a function error and is no failure of the
 *           loop; a Runtime API that cannot be reached or answers 5xx is.
 */

#include "common/base/buf.h"
#include "functions/test_clock.h"

struct xcy_invocation {
    char request_id[128];
    char function_arn[256];
    struct xcy_bytes payload; /* borrowed during the invocation */
    struct xcy_anchor anchor; /* taken when the invocation arrived */
    double drift;             /* of a test clock, on top of the anchor; 0: there is none */
    struct xcy_mono deadline; /* the function is ended then */
};

/* An instant of this invocation in microseconds since 1970: anchor + monotonic difference, which a test
 * clock bends. */
static inline int64_t xcy_invocation_us(const struct xcy_invocation *invocation,
                                        struct xcy_mono instant)
{
    struct xcy_wall at = xcy_wall_at(invocation->anchor, instant);
    double since_ns = (double)xcy_mono_diff_ns(instant, invocation->anchor.mono);
    at.ns += (int64_t)(invocation->drift * since_ns);
    return xcy_wall_us(at);
}

/* Appends the answer to reply, or fails: then the error's line is the function error. */
typedef enum xcy_status xcy_invocation_fn(void *state, const struct xcy_invocation *invocation,
                                          struct xcy_buf *reply, struct xcy_error *err);

/* api: "host:port", perhaps with a path, as in AWS_LAMBDA_RUNTIME_API. clock: the machine's own, or one that
 * is wrong on purpose. Runs until a stop is asked
 * (XCY_OK) or the Runtime API fails. */
enum xcy_status xcy_runtime_serve(const char *api, const struct xcy_test_clock *clock,
                                  xcy_invocation_fn *handle, void *state,
                                  struct xcy_error *err) XCY_MUST_USE;

/* Tells the host that the function cannot start, and why. */
enum xcy_status xcy_runtime_init_failed(const char *api, const struct xcy_error *why,
                                        struct xcy_error *err) XCY_MUST_USE;

/* {"errorMessage", "errorType"}; the type is borrowed and never NULL. */
const char *xcy_runtime_error_type(enum xcy_status status);

#endif
