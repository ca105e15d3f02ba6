#include "loadgen/drive/seconds.h"

#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_BEHIND = 16, FIRST_CAPACITY = 32 };

struct pending {
    struct xcy_tally *tally; /* NULL: nothing was counted */
    int64_t in_flight;
};

struct xcy_seconds {
    int64_t n_workers;
    int64_t intervals_a_second;
    int64_t *passed; /* of each worker: seconds below this are behind it */
    int64_t first;   /* the number of pending[0], the next to be handed out */
    struct pending *pending;
    size_t n_pending;
    size_t capacity;
    struct xcy_tally empty;
    struct xcy_tally *lent;   /* the one that was handed out last */
    struct xcy_tally **spare; /* to be used again */
    size_t n_spare;
    size_t spare_capacity;
};

struct xcy_seconds *xcy_seconds_new(int64_t n_workers, int64_t intervals_a_second)
{
    struct xcy_seconds *s = xcy_alloc(sizeof *s);
    s->n_workers = n_workers;
    s->intervals_a_second = intervals_a_second;
    s->passed = xcy_alloc_array((size_t)n_workers, sizeof *s->passed);
    xcy_tally_init(&s->empty);
    return s;
}

static void free_tally(struct xcy_tally *tally)
{
    if (tally) {
        xcy_tally_clear(tally);
        free(tally);
    }
}

void xcy_seconds_free(struct xcy_seconds *seconds)
{
    if (!seconds) {
        return;
    }
    for (size_t i = 0; i < seconds->n_pending; i++) {
        free_tally(seconds->pending[i].tally);
    }
    for (size_t i = 0; i < seconds->n_spare; i++) {
        free_tally(seconds->spare[i]);
    }
    free_tally(seconds->lent);
    xcy_tally_clear(&seconds->empty);
    free(seconds->pending);
    free(seconds->spare);
    free(seconds->passed);
    free(seconds);
}

/* The second's place among those pending, made if need be with those before it. */
static struct pending *reach(struct xcy_seconds *s, int64_t number)
{
    size_t at = number > s->first ? (size_t)(number - s->first) : 0;
    while (at >= s->capacity) {
        s->capacity = s->capacity > 0 ? 2 * s->capacity : FIRST_CAPACITY;
        s->pending = xcy_realloc_array(s->pending, s->capacity, sizeof *s->pending);
    }
    while (s->n_pending <= at) {
        s->pending[s->n_pending++] = (struct pending){.tally = NULL};
    }
    return &s->pending[at];
}

static struct xcy_tally *make_tally(struct xcy_seconds *s)
{
    if (s->n_spare > 0) {
        return s->spare[--s->n_spare];
    }
    struct xcy_tally *tally = xcy_alloc(sizeof *tally);
    xcy_tally_init(tally);
    return tally;
}

static bool is_empty(const struct xcy_tally *tally)
{
    struct xcy_counts all = tally->measured;
    xcy_counts_add(&all, &tally->warmup);
    return xcy_counts_slots(&all) == 0 && all.sent == 0 && all.retries == 0 &&
           xcy_hist_count(tally->start_lag) == 0;
}

static void count(struct xcy_seconds *s, int64_t number, const struct xcy_tally *tally)
{
    struct pending *second = reach(s, number);
    if (is_empty(tally)) {
        return;
    }
    if (!second->tally) {
        second->tally = make_tally(s);
    }
    xcy_tally_merge(second->tally, tally);
}

/* The seconds that a worker has now behind it ended with so many of its in flight. */
static void pass(struct xcy_seconds *s, int64_t worker, int64_t passed, int64_t in_flight)
{
    for (int64_t number = s->passed[worker]; number < passed; number++) {
        if (number >= s->first) {
            reach(s, number)->in_flight += in_flight;
        }
    }
    if (passed > s->passed[worker]) {
        s->passed[worker] = passed;
    }
}

void xcy_seconds_add(struct xcy_seconds *seconds, int64_t worker, int64_t interval,
                     const struct xcy_tally *tally)
{
    count(seconds, interval / seconds->intervals_a_second, tally);
    pass(seconds, worker, (interval + 1) / seconds->intervals_a_second, tally->in_flight);
}

void xcy_seconds_end(struct xcy_seconds *seconds, int64_t worker)
{
    seconds->passed[worker] = INT64_MAX;
}

static bool is_first_complete(const struct xcy_seconds *s)
{
    int64_t passed = INT64_MAX;
    if (s->n_pending == 0) {
        return false;
    }
    for (int64_t w = 0; w < s->n_workers; w++) {
        passed = s->passed[w] < passed ? s->passed[w] : passed;
    }
    bool is_unfinished_end = passed == INT64_MAX && s->n_pending == 1;
    return s->n_pending > MAX_BEHIND ||
           (s->first < passed && (!is_unfinished_end || s->pending[0].tally));
}

static void take_back(struct xcy_seconds *s)
{
    if (!s->lent) {
        return;
    }
    if (s->n_spare == s->spare_capacity) {
        s->spare_capacity += MAX_BEHIND;
        s->spare = xcy_realloc_array(s->spare, s->spare_capacity, sizeof(struct xcy_tally *));
    }
    xcy_tally_reset(s->lent);
    s->spare[s->n_spare++] = s->lent;
    s->lent = NULL;
}

bool xcy_seconds_take(struct xcy_seconds *seconds, struct xcy_gathered *gathered)
{
    if (!is_first_complete(seconds)) {
        return false;
    }
    take_back(seconds);
    struct pending *first = &seconds->pending[0];
    seconds->lent = first->tally;
    *gathered = (struct xcy_gathered){.number = seconds->first,
                                      .tally = first->tally ? first->tally : &seconds->empty,
                                      .in_flight = first->in_flight};
    seconds->first++;
    seconds->n_pending--;
    memmove(first, first + 1, seconds->n_pending * sizeof *first);
    return true;
}
