#include "sandbox/services/sqs_due.h"

#include "common/base/mem.h"

#include <stdlib.h>

static bool is_due_before(const struct xcy_sqs_item *a, const struct xcy_sqs_item *b)
{
    return a->due.ns != b->due.ns ? a->due.ns < b->due.ns : a->serial < b->serial;
}

static void set_at(struct xcy_sqs_due *due, size_t i, struct xcy_sqs_item *item)
{
    due->items[i] = item;
    item->heap_index = i;
}

static void rise(struct xcy_sqs_due *due, size_t i)
{
    struct xcy_sqs_item *item = due->items[i];
    while (i > 0 && is_due_before(item, due->items[(i - 1) / 2])) {
        set_at(due, i, due->items[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
    set_at(due, i, item);
}

static void sink(struct xcy_sqs_due *due, size_t i)
{
    struct xcy_sqs_item *item = due->items[i];
    for (;;) {
        size_t child = 2 * i + 1;
        if (child + 1 < due->n && is_due_before(due->items[child + 1], due->items[child])) {
            child++;
        }
        if (child >= due->n || !is_due_before(due->items[child], item)) {
            break;
        }
        set_at(due, i, due->items[child]);
        i = child;
    }
    set_at(due, i, item);
}

void xcy_sqs_due_add(struct xcy_sqs_due *due, struct xcy_sqs_item *item)
{
    if (due->n == due->capacity) {
        due->capacity = due->capacity ? due->capacity * 2 : 64;
        due->items = xcy_realloc_array(due->items, due->capacity, sizeof(void *));
    }
    set_at(due, due->n++, item);
    rise(due, item->heap_index);
}

void xcy_sqs_due_remove(struct xcy_sqs_due *due, const struct xcy_sqs_item *item)
{
    size_t i = item->heap_index;
    struct xcy_sqs_item *last = due->items[--due->n];
    if (last != item) {
        set_at(due, i, last);
        rise(due, i);
        sink(due, last->heap_index);
    }
}

void xcy_sqs_due_clear(struct xcy_sqs_due *due)
{
    free(due->items);
    *due = (struct xcy_sqs_due){0};
}
