#include "sandbox/services/sqs_store.h"

#include "common/base/mem.h"
#include "common/base/random.h"
#include "sandbox/services/sqs_due.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct xcy_sqs_store {
    char id[17]; /* in every handle */
    struct xcy_sqs_item **slots;
    size_t *free_slots; /* a stack */
    size_t n_slots;
    size_t n_free;
    uint64_t next_serial;
    struct xcy_sqs_item *first_ready;
    struct xcy_sqs_item *last_ready;
    struct xcy_sqs_due waiting;         /* delayed and in flight */
    size_t n_in[XCY_SQS_IN_FLIGHT + 1]; /* by state */
};

struct xcy_sqs_store *xcy_sqs_store_new(void)
{
    struct xcy_sqs_store *store = xcy_alloc(sizeof *store);
    xcy_random_hex(store->id, 16);
    store->next_serial = 1;
    return store;
}

void xcy_sqs_store_free(struct xcy_sqs_store *store)
{
    if (!store) {
        return;
    }
    xcy_sqs_store_purge(store);
    free(store->slots);
    free(store->free_slots);
    xcy_sqs_due_clear(&store->waiting);
    free(store);
}

static void ready_append(struct xcy_sqs_store *store, struct xcy_sqs_item *item)
{
    item->state = XCY_SQS_READY;
    item->next = NULL;
    item->previous = store->last_ready;
    if (store->last_ready) {
        store->last_ready->next = item;
    } else {
        store->first_ready = item;
    }
    store->last_ready = item;
}

static void ready_remove(struct xcy_sqs_store *store, struct xcy_sqs_item *item)
{
    if (item->previous) {
        item->previous->next = item->next;
    } else {
        store->first_ready = item->next;
    }
    if (item->next) {
        item->next->previous = item->previous;
    } else {
        store->last_ready = item->previous;
    }
    item->previous = NULL;
    item->next = NULL;
}

/* Takes the item out of whichever collection holds it. */
static void detach(struct xcy_sqs_store *store, struct xcy_sqs_item *item)
{
    store->n_in[item->state]--;
    if (item->state == XCY_SQS_READY) {
        ready_remove(store, item);
    } else {
        xcy_sqs_due_remove(&store->waiting, item);
    }
}

static void attach_ready(struct xcy_sqs_store *store, struct xcy_sqs_item *item)
{
    ready_append(store, item);
    store->n_in[XCY_SQS_READY]++;
}

static void attach_waiting(struct xcy_sqs_store *store, struct xcy_sqs_item *item,
                           enum xcy_sqs_state state, struct xcy_mono due)
{
    item->state = state;
    item->due = due;
    xcy_sqs_due_add(&store->waiting, item);
    store->n_in[state]++;
}

static size_t take_slot(struct xcy_sqs_store *store)
{
    if (store->n_free == 0) {
        size_t n = store->n_slots ? store->n_slots * 2 : 64;
        store->slots = xcy_realloc_array(store->slots, n, sizeof(void *));
        store->free_slots = xcy_realloc_array(store->free_slots, n, sizeof *store->free_slots);
        for (size_t i = n; i > store->n_slots; i--) {
            store->slots[i - 1] = NULL;
            store->free_slots[store->n_free++] = i - 1;
        }
        store->n_slots = n;
    }
    return store->free_slots[--store->n_free];
}

void xcy_sqs_store_add(struct xcy_sqs_store *store, struct xcy_sqs_item *item, struct xcy_mono now,
                       int64_t delay_ns)
{
    item->slot = take_slot(store);
    item->serial = store->next_serial++;
    store->slots[item->slot] = item;
    if (delay_ns > 0) {
        attach_waiting(store, item, XCY_SQS_DELAYED, xcy_mono_add(now, delay_ns));
    } else {
        attach_ready(store, item);
    }
}

void xcy_sqs_store_advance(struct xcy_sqs_store *store, struct xcy_mono now)
{
    while (store->waiting.n > 0 && !xcy_mono_before(now, store->waiting.items[0]->due)) {
        struct xcy_sqs_item *item = store->waiting.items[0];
        detach(store, item);
        attach_ready(store, item);
    }
}

bool xcy_sqs_store_next_due(const struct xcy_sqs_store *store, struct xcy_mono *due)
{
    if (store->waiting.n == 0) {
        return false;
    }
    *due = store->waiting.items[0]->due;
    return true;
}

struct xcy_sqs_item *xcy_sqs_store_receive(struct xcy_sqs_store *store, struct xcy_mono now,
                                           struct xcy_wall wall, int64_t visibility_ns,
                                           char handle[XCY_SQS_HANDLE_BYTES])
{
    struct xcy_sqs_item *item = store->first_ready;
    if (!item) {
        return NULL;
    }
    detach(store, item);
    attach_waiting(store, item, XCY_SQS_IN_FLIGHT, xcy_mono_add(now, visibility_ns));
    item->receive_count++;
    if (item->receive_count == 1) {
        item->first_received = wall;
    }
    snprintf(handle, XCY_SQS_HANDLE_BYTES, "%s%016zx%016llx%016llx", store->id, item->slot,
             (unsigned long long)item->serial, (unsigned long long)item->receive_count);
    return item;
}

const struct xcy_sqs_item *xcy_sqs_store_oldest(const struct xcy_sqs_store *store)
{
    return store->first_ready;
}

void xcy_sqs_store_pass_over(struct xcy_sqs_store *store)
{
    struct xcy_sqs_item *item = store->first_ready;
    if (item) {
        ready_remove(store, item);
        ready_append(store, item);
    }
}

/* The 16 hex digits from `at` on. */
static uint64_t hex_field(const char *handle, size_t at)
{
    char digits[17];
    snprintf(digits, sizeof digits, "%.16s", handle + at);
    return strtoull(digits, NULL, 16);
}

enum xcy_sqs_handle xcy_sqs_store_find(const struct xcy_sqs_store *store, const char *handle,
                                       struct xcy_sqs_item **item)
{
    if (strlen(handle) != XCY_SQS_HANDLE_BYTES - 1 ||
        strspn(handle, "0123456789abcdef") != XCY_SQS_HANDLE_BYTES - 1 ||
        strncmp(handle, store->id, 16) != 0) {
        return XCY_SQS_HANDLE_MALFORMED;
    }
    uint64_t slot = hex_field(handle, 16);
    uint64_t serial = hex_field(handle, 32);
    uint64_t receive = hex_field(handle, 48);
    if (slot >= store->n_slots || serial == 0 || serial >= store->next_serial || receive == 0) {
        return XCY_SQS_HANDLE_MALFORMED;
    }
    struct xcy_sqs_item *found = store->slots[slot];
    if (!found || found->serial != serial) {
        return XCY_SQS_HANDLE_DELETED;
    }
    *item = found;
    return receive == (uint64_t)found->receive_count ? XCY_SQS_HANDLE_CURRENT
                                                     : XCY_SQS_HANDLE_STALE;
}

void xcy_sqs_store_delete(struct xcy_sqs_store *store, struct xcy_sqs_item *item)
{
    detach(store, item);
    store->slots[item->slot] = NULL;
    store->free_slots[store->n_free++] = item->slot;
    xcy_sqs_item_free(item);
}

void xcy_sqs_store_change(struct xcy_sqs_store *store, struct xcy_sqs_item *item,
                          struct xcy_mono now, int64_t visibility_ns)
{
    xcy_assert(item->state == XCY_SQS_IN_FLIGHT);
    detach(store, item);
    if (visibility_ns > 0) {
        attach_waiting(store, item, XCY_SQS_IN_FLIGHT, xcy_mono_add(now, visibility_ns));
    } else {
        attach_ready(store, item);
    }
}

void xcy_sqs_store_purge(struct xcy_sqs_store *store)
{
    for (size_t slot = 0; slot < store->n_slots; slot++) {
        if (store->slots[slot]) {
            xcy_sqs_store_delete(store, store->slots[slot]);
        }
    }
}

size_t xcy_sqs_store_count(const struct xcy_sqs_store *store, enum xcy_sqs_state state)
{
    return store->n_in[state];
}
