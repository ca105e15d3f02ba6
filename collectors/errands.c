#include "collectors/errands.h"

#include "common/base/mem.h"

#include <stdbool.h>
#include <stdlib.h>

enum { FIRST_CAPACITY = 64 };

static struct xcy_errand *at(const struct xcy_errands *errands, size_t index)
{
    return &errands->ring[(errands->first + index) & (errands->capacity - 1)];
}

void xcy_errands_clear(struct xcy_errands *errands)
{
    for (size_t e = 0; e < errands->n; e++) {
        free(at(errands, e)->handle);
        free(at(errands, e)->id);
    }
    free(errands->ring);
    *errands = (struct xcy_errands){0};
}

static void grow(struct xcy_errands *errands)
{
    size_t capacity = errands->capacity ? errands->capacity * 2 : FIRST_CAPACITY;
    struct xcy_errand *ring = xcy_alloc_array(capacity, sizeof *ring);
    for (size_t e = 0; e < errands->n; e++) {
        ring[e] = *at(errands, e);
    }
    free(errands->ring);
    errands->ring = ring;
    errands->capacity = capacity;
    errands->first = 0;
}

void xcy_errands_put(struct xcy_errands *errands, const struct xcy_errand *errand)
{
    if (errands->n == errands->capacity) {
        grow(errands);
    }
    errands->n++;
    *at(errands, errands->n - 1) = *errand;
}

static bool go_together(const struct xcy_errand *a, const struct xcy_errand *b)
{
    return a->kind == b->kind && a->hidden_s == b->hidden_s;
}

size_t xcy_errands_take(struct xcy_errands *errands, struct xcy_errand to[], size_t max)
{
    size_t n = 0;
    while (n < max && errands->n > 0 && (n == 0 || go_together(&to[0], at(errands, 0)))) {
        to[n++] = *at(errands, 0);
        errands->first = (errands->first + 1) & (errands->capacity - 1);
        errands->n--;
    }
    return n;
}
