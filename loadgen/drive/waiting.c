#include "loadgen/drive/waiting.h"

#include "common/base/mem.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 16 };

void xcy_waiting_clear(struct xcy_waiting *waiting)
{
    free(waiting->heap);
    *waiting = (struct xcy_waiting){0};
}

static bool is_earlier(const struct xcy_flight *a, const struct xcy_flight *b)
{
    return xcy_mono_before(a->call.again, b->call.again);
}

static void swap(struct xcy_flight **a, struct xcy_flight **b)
{
    struct xcy_flight *kept = *a;
    *a = *b;
    *b = kept;
}

void xcy_waiting_add(struct xcy_waiting *waiting, struct xcy_flight *flight)
{
    if (waiting->n == waiting->capacity) {
        waiting->capacity = waiting->capacity > 0 ? 2 * waiting->capacity : FIRST_CAPACITY;
        waiting->heap =
            xcy_realloc_array(waiting->heap, waiting->capacity, sizeof(struct xcy_flight *));
    }
    struct xcy_flight **heap = waiting->heap;
    size_t at = waiting->n++;
    heap[at] = flight;
    while (at > 0 && is_earlier(heap[at], heap[(at - 1) / 2])) {
        swap(&heap[at], &heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

struct xcy_flight *xcy_waiting_first(const struct xcy_waiting *waiting)
{
    return waiting->n > 0 ? waiting->heap[0] : NULL;
}

struct xcy_flight *xcy_waiting_take(struct xcy_waiting *waiting)
{
    xcy_assert(waiting->n > 0);
    struct xcy_flight **heap = waiting->heap;
    struct xcy_flight *first = heap[0];
    heap[0] = heap[--waiting->n];
    for (size_t at = 0;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < waiting->n; child++) {
            if (is_earlier(heap[child], heap[least])) {
                least = child;
            }
        }
        if (least == at) {
            return first;
        }
        swap(&heap[at], &heap[least]);
        at = least;
    }
}
