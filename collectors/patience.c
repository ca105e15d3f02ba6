#include "collectors/patience.h"

#include "collectors/sources/source.h"

enum { LIVE_WAIT_S = 1, OTHERS_FACTOR = 3 };

static int64_t to_least_ns(const struct xcy_patience *p, const struct xcy_standing *s)
{
    return p->least_ns - xcy_mono_diff_ns(s->now, s->started);
}

bool xcy_patience_may_hide(const struct xcy_patience *patience, const struct xcy_standing *standing)
{
    return standing->found_nothing && to_least_ns(patience, standing) > 0;
}

static int64_t to_quiet_ns(const struct xcy_patience *p, const struct xcy_standing *s)
{
    bool has_others = xcy_mono_before(s->last_new, s->last_foreign);
    return p->quiet_ns * (has_others ? OTHERS_FACTOR : 1) - xcy_mono_diff_ns(s->now, s->last_new);
}

/* How long something may still come, as far as we know. */
static int64_t to_wait_ns(const struct xcy_patience *p, const struct xcy_standing *s)
{
    if (!s->is_load_over) {
        return LIVE_WAIT_S * XCY_NS_PER_S;
    }
    int64_t left_ns = s->n_waiting == 0 ? 0 : to_quiet_ns(p, s);
    bool may_hide = !s->is_empty && xcy_patience_may_hide(p, s);
    int64_t hidden_ns = may_hide ? to_least_ns(p, s) : 0;
    return hidden_ns > left_ns ? hidden_ns : left_ns;
}

static struct xcy_step end_with(enum xcy_receive_end end)
{
    return (struct xcy_step){.is_end = true, .end = end};
}

static struct xcy_step wait_for(int64_t left_ns)
{
    int64_t wait_s = left_ns > 0 ? (left_ns + XCY_NS_PER_S - 1) / XCY_NS_PER_S : 0;
    return (struct xcy_step){
        .wait_s = (int)(wait_s < XCY_SOURCE_MAX_WAIT_S ? wait_s : XCY_SOURCE_MAX_WAIT_S)};
}

struct xcy_step xcy_patience_next(const struct xcy_patience *patience,
                                  const struct xcy_standing *standing)
{
    int64_t left_ns = to_wait_ns(patience, standing);
    if (standing->found_nothing && left_ns <= 0) {
        return end_with(standing->n_waiting == 0 ? XCY_RECEIVE_COMPLETE : XCY_RECEIVE_QUIET);
    }
    if (patience->deadline_ns > 0) {
        int64_t to_deadline_ns =
            patience->deadline_ns - xcy_mono_diff_ns(standing->now, standing->started);
        if (to_deadline_ns <= 0) {
            return end_with(XCY_RECEIVE_DEADLINE);
        }
        left_ns = to_deadline_ns < left_ns ? to_deadline_ns : left_ns;
    }
    return wait_for(left_ns);
}
