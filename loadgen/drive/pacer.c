#include "loadgen/drive/pacer.h"

#include "common/base/error.h"

static void look(struct xcy_pacer *pacer)
{
    int64_t due_ns = 0;
    pacer->is_done = !xcy_cursor_look(pacer->cursor, &pacer->slot, &due_ns);
    pacer->due = xcy_mono_add(pacer->start, due_ns);
}

void xcy_pacer_init(struct xcy_pacer *pacer, const struct xcy_schedule *schedule,
                    struct xcy_mono start, int64_t worker_index, int64_t n_workers)
{
    xcy_assert(worker_index >= 0 && worker_index < n_workers);
    *pacer = (struct xcy_pacer){.cursor = xcy_cursor_new(schedule, worker_index, n_workers),
                                .start = start,
                                .n_workers = n_workers};
    look(pacer);
}

void xcy_pacer_clear(struct xcy_pacer *pacer)
{
    xcy_cursor_free(pacer->cursor);
    *pacer = (struct xcy_pacer){.is_done = true};
}

bool xcy_pacer_is_done(const struct xcy_pacer *pacer)
{
    return pacer->is_done;
}

struct xcy_mono xcy_pacer_next_due(const struct xcy_pacer *pacer)
{
    return pacer->due;
}

bool xcy_pacer_take(struct xcy_pacer *pacer, struct xcy_mono now, int64_t *slot,
                    struct xcy_mono *due)
{
    if (pacer->is_done || xcy_mono_before(now, pacer->due)) {
        return false;
    }
    *due = pacer->due;
    return xcy_pacer_take_any(pacer, slot);
}

bool xcy_pacer_take_any(struct xcy_pacer *pacer, int64_t *slot)
{
    if (pacer->is_done) {
        return false;
    }
    *slot = pacer->slot;
    xcy_cursor_advance(pacer->cursor);
    look(pacer);
    return true;
}

int64_t xcy_pacer_left(const struct xcy_pacer *pacer, int64_t end)
{
    return pacer->is_done || pacer->slot >= end ? 0
                                                : (end - pacer->slot - 1) / pacer->n_workers + 1;
}
