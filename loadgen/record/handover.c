#include "loadgen/record/handover.h"

#include "common/base/mem.h"

#include <stdatomic.h>
#include <stdlib.h>

/* SLOTS is a power of 2, and more than there are ever tallies: a ring is never full. */
enum { SLOTS = 64, MAX_TALLIES = SLOTS - 1, FIRST_TALLIES = 4 };

struct item {
    struct xcy_tally *tally;
    int64_t interval;
};

/*
 * A ring from one thread to one other. Each index is written by one side; what stands below `head` was
 * written before it was raised (release), and is read after it is seen (acquire); likewise `tail`, so
 * that a slot is not written again before it was read. Both only grow, and wrap as unsigned numbers
 * do. They stand on cache lines of their own, so that the sides do not slow each other.
 */
struct ring {
    _Alignas(64) atomic_size_t head; /* the next to write */
    _Alignas(64) atomic_size_t tail; /* the next to read */
    struct item items[SLOTS];
};

struct xcy_handover {
    struct ring given;
    struct ring returned;
    atomic_bool is_short; /* the giver had no spare: the taker may add one */
    struct xcy_tally *current;
    struct xcy_tally
        *spares[MAX_TALLIES]; /* the giver's; the last returned is used first: it is warm */
    size_t n_spares;
    size_t n_tallies; /* there are; the taker's */
};

static void push(struct ring *ring, struct xcy_tally *tally, int64_t interval)
{
    size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    size_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
    xcy_assert(head - tail < SLOTS);
    ring->items[head % SLOTS] = (struct item){tally, interval};
    atomic_store_explicit(&ring->head, head + 1, memory_order_release);
}

/* NULL when it is empty; interval: NULL when it is not wanted. */
static struct xcy_tally *pop(struct ring *ring, int64_t *interval)
{
    size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    size_t head = atomic_load_explicit(&ring->head, memory_order_acquire);
    if (head == tail) {
        return NULL;
    }
    struct item item = ring->items[tail % SLOTS];
    atomic_store_explicit(&ring->tail, tail + 1, memory_order_release);
    if (interval) {
        *interval = item.interval;
    }
    return item.tally;
}

static struct xcy_tally *make_tally(struct xcy_handover *h)
{
    struct xcy_tally *tally = xcy_alloc(sizeof *tally);
    xcy_tally_init(tally);
    h->n_tallies++;
    return tally;
}

struct xcy_handover *xcy_handover_new(void)
{
    struct xcy_handover *h = aligned_alloc(_Alignof(struct xcy_handover), sizeof *h);
    xcy_assert(h != NULL);
    *h = (struct xcy_handover){.n_spares = 0};
    h->current = make_tally(h);
    while (h->n_tallies < FIRST_TALLIES) {
        h->spares[h->n_spares++] = make_tally(h);
    }
    return h;
}

static void free_tally(struct xcy_tally *tally)
{
    if (tally) {
        xcy_tally_clear(tally);
        free(tally);
    }
}

static void free_all(struct ring *ring)
{
    for (struct xcy_tally *tally = pop(ring, NULL); tally; tally = pop(ring, NULL)) {
        free_tally(tally);
    }
}

void xcy_handover_free(struct xcy_handover *h)
{
    if (!h) {
        return;
    }
    free_all(&h->given);
    free_all(&h->returned);
    for (size_t i = 0; i < h->n_spares; i++) {
        free_tally(h->spares[i]);
    }
    free_tally(h->current);
    free(h);
}

struct xcy_tally *xcy_handover_current(struct xcy_handover *h)
{
    return h->current;
}

void xcy_handover_give(struct xcy_handover *h, int64_t interval)
{
    for (struct xcy_tally *tally = pop(&h->returned, NULL); tally;
         tally = pop(&h->returned, NULL)) {
        h->spares[h->n_spares++] = tally;
    }
    if (h->n_spares == 0) {
        atomic_store_explicit(&h->is_short, true, memory_order_relaxed);
        return;
    }
    push(&h->given, h->current, interval);
    h->current = h->spares[--h->n_spares];
}

void xcy_handover_finish(struct xcy_handover *h, int64_t interval)
{
    if (h->current) {
        push(&h->given, h->current, interval);
        h->current = NULL;
    }
}

struct xcy_tally *xcy_handover_take(struct xcy_handover *h, int64_t *interval)
{
    return pop(&h->given, interval);
}

void xcy_handover_return(struct xcy_handover *h, struct xcy_tally *tally)
{
    xcy_tally_reset(tally);
    push(&h->returned, tally, 0);
    if (h->n_tallies < MAX_TALLIES &&
        atomic_exchange_explicit(&h->is_short, false, memory_order_relaxed)) {
        push(&h->returned, make_tally(h), 0);
    }
}
