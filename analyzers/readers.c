#include "analyzers/readers.h"

#include "common/base/mem.h"

#include <stdlib.h>

void xcy_readers_clear(struct xcy_readers *readers)
{
    free(readers->stays);
    *readers = (struct xcy_readers){.n = 0};
}

static void keep(struct xcy_readers *readers, const struct xcy_reader_stay *stay)
{
    if (readers->n == readers->capacity) {
        readers->capacity = readers->capacity > 0 ? readers->capacity * 2 : 256;
        readers->stays =
            xcy_realloc_array(readers->stays, readers->capacity, sizeof *readers->stays);
    }
    readers->stays[readers->n++] = *stay;
}

static bool is_one_invocation(const struct xcy_reader_stay *a, const struct xcy_reader_stay *b)
{
    return a->instance == b->instance && a->seen_us == b->seen_us;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* A batch's records mostly follow each other: these are put together at once. */
void xcy_readers_take(struct xcy_readers *readers, const struct xcy_clocks_view *view)
{
    const struct xcy_stamps *p = &view->record->points;
    if (!xcy_stamps_has(p, XCY_POINT_SEEN) || !xcy_stamps_has(p, XCY_POINT_REPORTED)) {
        return;
    }
    struct xcy_reader_stay stay = {.instance = view->instance[XCY_DOMAIN_READER],
                                   .seen_us = p->us[XCY_POINT_SEEN],
                                   .reported_us = p->us[XCY_POINT_REPORTED]};
    if (readers->n == 0 || !is_one_invocation(&readers->stays[readers->n - 1], &stay)) {
        keep(readers, &stay);
        return;
    }
    struct xcy_reader_stay *last = &readers->stays[readers->n - 1];
    last->reported_us = later(last->reported_us, stay.reported_us);
}

void xcy_readers_add(struct xcy_readers *to, const struct xcy_readers *from)
{
    for (size_t i = 0; i < from->n; i++) {
        keep(to, &from->stays[i]);
    }
}

static int compare(const void *left, const void *right)
{
    const struct xcy_reader_stay *a = left;
    const struct xcy_reader_stay *b = right;
    if (a->instance != b->instance) {
        return a->instance < b->instance ? -1 : 1;
    }
    return (a->seen_us > b->seen_us) - (a->seen_us < b->seen_us);
}

double xcy_readers_at_a_time(struct xcy_readers *readers)
{
    const struct xcy_reader_stay *stays = readers->stays;
    int64_t first_us = readers->n > 0 ? stays[0].seen_us : 0;
    int64_t last_us = first_us;
    int64_t busy_us = 0;
    if (readers->n > 1) {
        qsort(readers->stays, readers->n, sizeof *readers->stays, compare);
    }
    for (size_t i = 0; i < readers->n;) {
        const struct xcy_reader_stay *begin = &stays[i];
        int64_t end_us = begin->reported_us;
        for (i++; i < readers->n && is_one_invocation(begin, &stays[i]); i++) {
            end_us = later(end_us, stays[i].reported_us);
        }
        busy_us += end_us - begin->seen_us;
        first_us = begin->seen_us < first_us ? begin->seen_us : first_us;
        last_us = later(last_us, end_us);
    }
    return last_us > first_us ? (double)busy_us / (double)(last_us - first_us) : 0;
}
