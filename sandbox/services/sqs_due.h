#ifndef XCY_SANDBOX_SERVICES_SQS_DUE_H
#define XCY_SANDBOX_SERVICES_SQS_DUE_H

/*
 * sqs_due.h - messages by the instant at which they become ready: a heap, items[0] is due
 * first, of two at one instant the older message.
 *
 * Use inside sqs_store.c. A zeroed one is empty.
 *
 * Memory:   items are borrowed, and know their place (heap_index).
 * Threads:  one owner.
 */

#include "sandbox/services/sqs_item.h"

struct xcy_sqs_due {
    struct xcy_sqs_item **items;
    size_t n;
    size_t capacity;
};

/* By item->due and item->serial, which stay as they are until it is removed. */
void xcy_sqs_due_add(struct xcy_sqs_due *due, struct xcy_sqs_item *item);
void xcy_sqs_due_remove(struct xcy_sqs_due *due, const struct xcy_sqs_item *item);
void xcy_sqs_due_clear(struct xcy_sqs_due *due);

#endif
