#include "loadgen/schedule/pacer.h"

#include "common/base/error.h"

void xcy_pacer_init(struct xcy_pacer *pacer, const struct xcy_schedule *schedule,
                    struct xcy_mono start, int64_t worker_index, int64_t n_workers)
{
    xcy_assert(worker_index >= 0 && worker_index < n_workers);
    *pacer = (struct xcy_pacer){
        .schedule = schedule, .start = start, .next_slot = worker_index, .step = n_workers};
}

bool xcy_pacer_is_done(const struct xcy_pacer *pacer)
{
    return pacer->next_slot >= pacer->schedule->n_slots;
}

struct xcy_mono xcy_pacer_next_due(const struct xcy_pacer *pacer)
{
    return xcy_mono_add(pacer->start, xcy_schedule_due_ns(pacer->schedule, pacer->next_slot));
}

bool xcy_pacer_take(struct xcy_pacer *pacer, struct xcy_mono now, int64_t *slot,
                    struct xcy_mono *due)
{
    if (xcy_pacer_is_done(pacer)) {
        return false;
    }
    struct xcy_mono next = xcy_pacer_next_due(pacer);
    if (xcy_mono_before(now, next)) {
        return false;
    }
    *due = next;
    return xcy_pacer_take_any(pacer, slot);
}

bool xcy_pacer_take_any(struct xcy_pacer *pacer, int64_t *slot)
{
    if (xcy_pacer_is_done(pacer)) {
        return false;
    }
    *slot = pacer->next_slot;
    pacer->next_slot += pacer->step;
    return true;
}
