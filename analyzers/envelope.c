#include "analyzers/envelope.h"

#include "common/base/mem.h"

#include <math.h>
#include <stdlib.h>

enum { CAPACITY_LEAST = 64 };

void xcy_envelope_init(struct xcy_envelope *envelope, double slope)
{
    *envelope = (struct xcy_envelope){.slope = slope, .recent.value_us = INFINITY};
}

void xcy_envelope_clear(struct xcy_envelope *envelope)
{
    free(envelope->bounds);
    *envelope = (struct xcy_envelope){.n = 0};
}

static double risen_us(const struct xcy_envelope *envelope, const struct xcy_envelope_bound *bound,
                       double at_us)
{
    return bound->value_us + fabs(at_us - bound->at_us) * envelope->slope;
}

static void make_room(struct xcy_envelope *envelope)
{
    xcy_envelope_settle(envelope);
    if (envelope->n > envelope->capacity / 2 || envelope->capacity == 0) {
        envelope->capacity = envelope->capacity > 0 ? envelope->capacity * 2 : CAPACITY_LEAST;
        envelope->bounds =
            xcy_realloc_array(envelope->bounds, envelope->capacity, sizeof *envelope->bounds);
    }
}

void xcy_envelope_add(struct xcy_envelope *envelope, struct xcy_envelope_bound bound)
{
    if (risen_us(envelope, &envelope->recent, bound.at_us) < bound.value_us) {
        return;
    }
    if (envelope->n == envelope->capacity) {
        make_room(envelope);
    }
    envelope->bounds[envelope->n++] = bound;
    envelope->recent = bound;
}

static int by_time(const void *a, const void *b)
{
    const struct xcy_envelope_bound *x = a;
    const struct xcy_envelope_bound *y = b;
    if (x->at_us != y->at_us) {
        return x->at_us < y->at_us ? -1 : 1;
    }
    if (x->value_us != y->value_us) {
        return x->value_us < y->value_us ? -1 : 1;
    }
    return (x->i > y->i) - (x->i < y->i);
}

/* Those that an earlier one, or one of the same instant, makes superfluous. */
static void drop_after_lower(struct xcy_envelope *envelope)
{
    struct xcy_envelope_bound *kept = envelope->bounds;
    size_t n = 0;
    for (size_t i = 0; i < envelope->n; i++) {
        struct xcy_envelope_bound bound = envelope->bounds[i];
        if (n == 0 || risen_us(envelope, &kept[n - 1], bound.at_us) > bound.value_us) {
            kept[n++] = bound;
        }
    }
    envelope->n = n;
}

/* Those that a later one does. From the end, so that each is held against what is kept. */
static void drop_before_lower(struct xcy_envelope *envelope)
{
    struct xcy_envelope_bound *bounds = envelope->bounds;
    size_t first = envelope->n;
    for (size_t i = envelope->n; i-- > 0;) {
        struct xcy_envelope_bound bound = bounds[i];
        if (first == envelope->n ||
            risen_us(envelope, &bounds[first], bound.at_us) >= bound.value_us) {
            bounds[--first] = bound;
        }
    }
    for (size_t i = first; i < envelope->n; i++) {
        bounds[i - first] = bounds[i];
    }
    envelope->n -= first;
}

void xcy_envelope_settle(struct xcy_envelope *envelope)
{
    if (envelope->n > 1) {
        qsort(envelope->bounds, envelope->n, sizeof *envelope->bounds, by_time);
        drop_after_lower(envelope);
        drop_before_lower(envelope);
    }
}

/* The first bound not before the instant; may be one past. */
static size_t first_not_before(const struct xcy_envelope *envelope, double at_us)
{
    size_t low = 0;
    size_t high = envelope->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (envelope->bounds[middle].at_us < at_us) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Of those that are kept, the neighbours in time are the lowest: what is farther away would have made
 * one of them superfluous. */
struct xcy_envelope_bound xcy_envelope_at(const struct xcy_envelope *envelope, double at_us)
{
    struct xcy_envelope_bound lowest = {.at_us = at_us, .value_us = INFINITY, .i = -1};
    size_t after = first_not_before(envelope, at_us);
    size_t first = after > 0 ? after - 1 : 0;
    for (size_t i = first; i < envelope->n && i <= after; i++) {
        double value_us = risen_us(envelope, &envelope->bounds[i], at_us);
        if (value_us < lowest.value_us) {
            lowest.value_us = value_us;
            lowest.i = envelope->bounds[i].i;
        }
    }
    return lowest;
}
