#include "loadgen/schedule/cursor.h"

#include "common/base/mem.h"
#include "loadgen/schedule/arrivals/walk.h"
#include "loadgen/schedule/parts.h"

#include <stdlib.h>

struct xcy_cursor {
    const struct xcy_schedule *schedule;
    int64_t slot; /* the shard's */
    int64_t step;
    int64_t due_ns;
    size_t stage_index;
    bool is_done;

    /* of a random stage: how far it is walked */
    struct xcy_walk walk;
    int64_t n_walked;
    int64_t walked_ns;
};

static void enter_stage(struct xcy_cursor *c, size_t stage_index)
{
    const struct xcy_stage *stage = &c->schedule->stages[stage_index];
    xcy_walk_clear(&c->walk);
    c->stage_index = stage_index;
    c->n_walked = 0;
    if (stage->arrival.kind->is_random) {
        xcy_walk_init(&c->walk, c->schedule->seed, stage->purpose, stage->arrival.rate_per_s);
    }
}

static int64_t due_in_stage(struct xcy_cursor *c, const struct xcy_stage *stage, int64_t slot)
{
    if (!stage->arrival.kind->is_random) {
        return xcy_stage_due_ns(stage, slot);
    }
    for (; c->n_walked <= slot; c->n_walked++) {
        c->walked_ns = xcy_walk_next_ns(&c->walk);
    }
    return c->walked_ns;
}

/* Looks up the slot that the cursor has moved to. */
static void find(struct xcy_cursor *c)
{
    const struct xcy_schedule *s = c->schedule;
    int64_t slot = xcy_schedule_global_slot(s, c->slot);
    c->is_done = slot >= s->n_slots;
    if (c->is_done) {
        return;
    }
    size_t i = c->stage_index;
    while (slot >= s->stages[i].first_slot + s->stages[i].n_slots) {
        i++;
    }
    if (i != c->stage_index) {
        enter_stage(c, i);
    }
    const struct xcy_stage *stage = &s->stages[i];
    c->due_ns = stage->start_ns + due_in_stage(c, stage, slot - stage->first_slot);
}

struct xcy_cursor *xcy_cursor_new(const struct xcy_schedule *schedule, int64_t first, int64_t step)
{
    xcy_assert(first >= 0 && step > 0 && xcy_schedule_closed_in_flight(schedule) == 0);
    struct xcy_cursor *c = xcy_alloc(sizeof *c);
    *c = (struct xcy_cursor){.schedule = schedule, .slot = first, .step = step};
    enter_stage(c, 0);
    find(c);
    return c;
}

void xcy_cursor_free(struct xcy_cursor *cursor)
{
    if (cursor) {
        xcy_walk_clear(&cursor->walk);
        free(cursor);
    }
}

bool xcy_cursor_look(const struct xcy_cursor *cursor, int64_t *slot, int64_t *due_ns)
{
    if (cursor->is_done) {
        return false;
    }
    *slot = cursor->slot;
    *due_ns = cursor->due_ns;
    return true;
}

void xcy_cursor_advance(struct xcy_cursor *cursor)
{
    if (!cursor->is_done) {
        cursor->slot += cursor->step;
        find(cursor);
    }
}
