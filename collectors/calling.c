#include "collectors/calling.h"

enum { ROUNDS = 3 }; /* in which entries that a deletion refused are tried */

/* The errands that are left, and where each stands among those given. */
struct left {
    const char *handles[XCY_SOURCE_BATCH];
    size_t places[XCY_SOURCE_BATCH];
    size_t n;
};

static struct left left_of(const struct xcy_errand errands[], size_t n, const bool done[])
{
    struct left left = {.n = 0};
    for (size_t e = 0; e < n; e++) {
        if (!done[e]) {
            left.handles[left.n] = errands[e].handle;
            left.places[left.n] = e;
            left.n++;
        }
    }
    return left;
}

static enum xcy_status call_once(const struct xcy_calling *c, const struct xcy_errand *first,
                                 const struct left *left, bool failed[], struct xcy_error *err)
{
    struct xcy_mono began = xcy_mono_now();
    enum xcy_status status =
        first->kind == XCY_ERRAND_DROP
            ? c->source->drop(c->state, left->handles, left->n, failed, err)
            : c->source->hide(c->state, left->handles, left->n, first->hidden_s, failed, err);
    if (status == XCY_OK) {
        xcy_pace_note(c->pace, xcy_mono_diff_ns(xcy_mono_now(), began));
    }
    return status;
}

static enum xcy_status call_again(const struct xcy_calling *c, const struct xcy_errand *first,
                                  const struct left *left, bool failed[], struct xcy_error *err)
{
    struct xcy_retry retry = xcy_retry_begin(c->retry);
    enum xcy_status status;
    do {
        status = call_once(c, first, left, failed, err);
    } while (!c->is_hopeless(c->ctx) && xcy_retry_again(&retry, status, err));
    return status;
}

enum xcy_status xcy_calling_run(const struct xcy_calling *calling,
                                const struct xcy_errand errands[], size_t n, bool done[],
                                struct xcy_error *err)
{
    struct xcy_retry_plan plan = *calling->retry;
    plan.attempts = errands[0].kind == XCY_ERRAND_DROP ? ROUNDS : 1;
    struct xcy_retry rounds = xcy_retry_begin(&plan);
    struct xcy_error refused;
    struct left left = left_of(errands, n, done);
    enum xcy_status status;
    do {
        bool failed[XCY_SOURCE_BATCH] = {false};
        status = call_again(calling, &errands[0], &left, failed, err);
        for (size_t l = 0; l < left.n && status == XCY_OK; l++) {
            done[left.places[l]] = !failed[l];
        }
        left = left_of(errands, n, done);
    } while (status == XCY_OK && left.n > 0 &&
             xcy_retry_again(&rounds, xcy_fail(&refused, XCY_EREMOTE, "refused"), &refused));
    return status;
}
