#include "common/stats/sample.h"

#include "common/base/mem.h"
#include "common/stats/quantile.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    FRESH_LEAST = 256,
    FRESH_MOST = 1 << 15, /* while few are far from zero; they stay in a cpu's cache */
    DIGIT_BITS = 11,
    DIGITS = 1 << DIGIT_BITS,
    GROUP_BITS = 13, /* of neighbours whose counts stay in the cache, too, while they are counted */
    PAGE_BITS = 9,   /* few counts, as a distribution's tail has one here and there */
    PAGE_VALUES = 1 << PAGE_BITS,
    N_PAGES = DIGITS << (GROUP_BITS - PAGE_BITS),
    NEAR_LEAST = -(1 << 22), /* what the pages hold: from here on, N_PAGES * PAGE_VALUES values */
};

static void clear_pages(struct xcy_sample *sample)
{
    for (size_t page = 0; sample->pages && page < N_PAGES; page++) {
        free(sample->pages[page]);
    }
    free((void *)sample->pages);
    sample->pages = NULL;
}

void xcy_sample_clear(struct xcy_sample *sample)
{
    clear_pages(sample);
    free(sample->steps);
    free(sample->fresh);
    *sample = (struct xcy_sample){0};
}

/* One pass of the sort: stable, by the digit that begins at this bit, of value - least. */
static void sort_by_digit(const int64_t *from, int64_t *to, size_t n, uint64_t least, unsigned bit)
{
    size_t first[DIGITS] = {0};
    for (size_t i = 0; i < n; i++) {
        first[((uint64_t)from[i] - least) >> bit & (DIGITS - 1)]++;
    }
    size_t sum = 0;
    for (size_t d = 0; d < DIGITS; d++) {
        size_t count = first[d];
        first[d] = sum;
        sum += count;
    }
    for (size_t i = 0; i < n; i++) {
        to[first[((uint64_t)from[i] - least) >> bit & (DIGITS - 1)]++] = from[i];
    }
}

/* Radix sort, as many digits as the values are apart; gives the array that has them, of the two. */
static int64_t *sort(int64_t *values, int64_t *spare, size_t n)
{
    int64_t least = values[0];
    int64_t most = values[0];
    for (size_t i = 1; i < n; i++) {
        least = values[i] < least ? values[i] : least;
        most = values[i] > most ? values[i] : most;
    }
    uint64_t apart = (uint64_t)most - (uint64_t)least;
    for (unsigned bit = 0; bit < 64 && apart >> bit > 0; bit += DIGIT_BITS) {
        sort_by_digit(values, spare, n, (uint64_t)least, bit);
        int64_t *sorted = spare;
        spare = values;
        values = sorted;
    }
    return values;
}

/* Values with how often each came; up_to is that count until they are summed. */
struct counts {
    struct xcy_sample_step *steps;
    size_t n;
};

static struct counts counts_new(size_t most)
{
    return (struct counts){.steps = xcy_realloc_array(NULL, most, sizeof(struct xcy_sample_step))};
}

/* Values come ascending. */
static void put(struct counts *counts, int64_t value, int64_t times)
{
    if (counts->n == 0 || counts->steps[counts->n - 1].value != value) {
        counts->steps[counts->n++] = (struct xcy_sample_step){.value = value};
    }
    counts->steps[counts->n - 1].up_to += times;
}

static int64_t times_of(const struct xcy_sample_step *steps, size_t step)
{
    return steps[step].up_to - (step > 0 ? steps[step - 1].up_to : 0);
}

static void sum_up(struct counts *counts)
{
    for (size_t i = 1; i < counts->n; i++) {
        counts->steps[i].up_to += counts->steps[i - 1].up_to;
    }
}

/* Adds the steps to the sample's. */
static void merge_steps(struct xcy_sample *sample, const struct xcy_sample_step *steps, size_t n)
{
    if (n == 0) {
        return;
    }
    struct counts both = counts_new(sample->n_steps + n);
    size_t old = 0;
    for (size_t i = 0; i < n; i++) {
        for (; old < sample->n_steps && sample->steps[old].value <= steps[i].value; old++) {
            put(&both, sample->steps[old].value, times_of(sample->steps, old));
        }
        put(&both, steps[i].value, times_of(steps, i));
    }
    for (; old < sample->n_steps; old++) {
        put(&both, sample->steps[old].value, times_of(sample->steps, old));
    }
    sum_up(&both);
    free(sample->steps);
    sample->steps = xcy_realloc_array(both.steps, both.n, sizeof *both.steps);
    sample->n_steps = both.n;
}

static void settle_fresh(struct xcy_sample *sample)
{
    size_t n = sample->n_fresh;
    int64_t *spare = xcy_realloc_array(NULL, n, sizeof *spare);
    const int64_t *sorted = sort(sample->fresh, spare, n);
    struct counts counts = counts_new(n);
    for (size_t i = 0; i < n; i++) {
        put(&counts, sorted[i], 1);
    }
    sum_up(&counts);
    sample->n_fresh = 0;
    merge_steps(sample, counts.steps, counts.n);
    free(counts.steps);
    free(spare);
}

static uint64_t place_of(int64_t value)
{
    return (uint64_t)value - (uint64_t)(int64_t)NEAR_LEAST;
}

static bool is_near(int64_t value)
{
    return place_of(value) < (uint64_t)N_PAGES * PAGE_VALUES;
}

static uint32_t sum_of(uint32_t count, uint32_t more)
{
    xcy_assert(count <= UINT32_MAX - more);
    return count + more;
}

static void count_near(struct xcy_sample *sample, int64_t value)
{
    uint64_t place = place_of(value);
    uint32_t **page = &sample->pages[place >> PAGE_BITS];
    if (!*page) {
        *page = xcy_alloc_array(PAGE_VALUES, sizeof **page);
    }
    uint32_t *count = &(*page)[place & (PAGE_VALUES - 1)];
    *count = sum_of(*count, 1);
}

/* Counts the fresh values that are near, page after page; those far away stay. */
static void count_fresh(struct xcy_sample *sample)
{
    size_t n_far = 0;
    size_t n_near = 0;
    int64_t *near = xcy_realloc_array(NULL, 2 * sample->n_fresh, sizeof *near);
    int64_t *grouped = near + sample->n_fresh;
    for (size_t i = 0; i < sample->n_fresh; i++) {
        int64_t value = sample->fresh[i];
        if (is_near(value)) {
            near[n_near++] = value;
        } else {
            sample->fresh[n_far++] = value;
        }
    }
    sort_by_digit(near, grouped, n_near, (uint64_t)(int64_t)NEAR_LEAST, GROUP_BITS);
    for (size_t i = 0; i < n_near; i++) {
        count_near(sample, grouped[i]);
    }
    free(near);
    sample->n_fresh = n_far;
}

/* Of values far away never fewer are sorted in at a time than there are different old ones, so that
 * each costs a number of steps that does not grow. */
static void make_room(struct xcy_sample *sample)
{
    if (sample->capacity >= FRESH_MOST) {
        sample->pages =
            sample->pages ? sample->pages : xcy_alloc_array(N_PAGES, sizeof *sample->pages);
        count_fresh(sample);
    }
    if (sample->capacity >= FRESH_MOST && sample->n_fresh > sample->capacity / 2 &&
        sample->n_fresh >= sample->n_steps) {
        settle_fresh(sample);
    }
    if (sample->n_fresh > sample->capacity / 2 || sample->capacity == 0) {
        sample->capacity = sample->capacity > 0 ? sample->capacity * 2 : FRESH_LEAST;
        sample->fresh = xcy_realloc_array(sample->fresh, sample->capacity, sizeof *sample->fresh);
    }
}

void xcy_sample_add(struct xcy_sample *sample, int64_t value)
{
    if (value == XCY_SAMPLE_BELOW) {
        sample->n_below++;
    } else if (value == XCY_SAMPLE_ABOVE) {
        sample->n_above++;
    } else {
        if (sample->n_fresh == sample->capacity) {
            make_room(sample);
        }
        sample->fresh[sample->n_fresh++] = value;
    }
}

/* How many different values the pages have. */
static size_t count_near_values(const struct xcy_sample *sample)
{
    size_t n = 0;
    for (size_t page = 0; page < N_PAGES; page++) {
        const uint32_t *counts = sample->pages[page];
        for (size_t i = 0; counts && i < PAGE_VALUES; i++) {
            n += counts[i] > 0 ? 1 : 0;
        }
    }
    return n;
}

static void settle_pages(struct xcy_sample *sample)
{
    struct counts counts = counts_new(count_near_values(sample) + 1);
    for (size_t page = 0; page < N_PAGES; page++) {
        const uint32_t *times = sample->pages[page];
        for (size_t i = 0; times && i < PAGE_VALUES; i++) {
            if (times[i] > 0) {
                put(&counts, NEAR_LEAST + (int64_t)(page << PAGE_BITS | i), times[i]);
            }
        }
    }
    sum_up(&counts);
    clear_pages(sample);
    merge_steps(sample, counts.steps, counts.n);
    free(counts.steps);
}

static void settle_censored(struct xcy_sample *sample, int64_t value, int64_t *n)
{
    if (*n > 0) {
        const struct xcy_sample_step step = {.value = value, .up_to = *n};
        merge_steps(sample, &step, 1);
        *n = 0;
    }
}

void xcy_sample_settle(struct xcy_sample *sample)
{
    if (sample->n_fresh > 0) {
        settle_fresh(sample);
    }
    if (sample->pages) {
        settle_pages(sample);
    }
    settle_censored(sample, XCY_SAMPLE_BELOW, &sample->n_below);
    settle_censored(sample, XCY_SAMPLE_ABOVE, &sample->n_above);
}

static bool is_settled(const struct xcy_sample *sample)
{
    return sample->n_fresh == 0 && !sample->pages && sample->n_below + sample->n_above == 0;
}

/* Pages that only one has change hands. */
static void take_pages(struct xcy_sample *to, struct xcy_sample *from)
{
    if (!to->pages) {
        to->pages = from->pages;
        from->pages = NULL;
        return;
    }
    for (size_t page = 0; page < N_PAGES; page++) {
        if (!to->pages[page]) {
            to->pages[page] = from->pages[page];
            from->pages[page] = NULL;
        }
        for (size_t i = 0; from->pages[page] && i < PAGE_VALUES; i++) {
            to->pages[page][i] = sum_of(to->pages[page][i], from->pages[page][i]);
        }
    }
    clear_pages(from);
}

void xcy_sample_merge(struct xcy_sample *to, struct xcy_sample *from)
{
    xcy_assert(to != from);
    if (from->pages) {
        take_pages(to, from);
    }
    for (size_t i = 0; i < from->n_fresh; i++) {
        xcy_sample_add(to, from->fresh[i]);
    }
    to->n_below += from->n_below;
    to->n_above += from->n_above;
    merge_steps(to, from->steps, from->n_steps);
    xcy_sample_clear(from);
}

void xcy_sample_include(struct xcy_sample *to, const struct xcy_sample *from)
{
    xcy_assert(is_settled(from) && to != from);
    merge_steps(to, from->steps, from->n_steps);
}

int64_t xcy_sample_size(const struct xcy_sample *sample)
{
    xcy_assert(is_settled(sample));
    return sample->n_steps > 0 ? sample->steps[sample->n_steps - 1].up_to : 0;
}

static double as_double(int64_t value)
{
    if (value == XCY_SAMPLE_BELOW || value == XCY_SAMPLE_ABOVE) {
        return value == XCY_SAMPLE_BELOW ? -INFINITY : INFINITY;
    }
    return (double)value;
}

double xcy_sample_at(const struct xcy_sample *sample, int64_t index)
{
    xcy_assert(index >= 0 && index < xcy_sample_size(sample));
    size_t low = 0;
    size_t high = sample->n_steps;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sample->steps[middle].up_to <= index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return as_double(sample->steps[low].value);
}

double xcy_sample_quantile(const struct xcy_sample *sample, double q)
{
    size_t n = (size_t)xcy_sample_size(sample);
    return xcy_sample_at(sample, (int64_t)xcy_quantile_index(n, q));
}

int64_t xcy_sample_at_most(const struct xcy_sample *sample, int64_t value)
{
    xcy_assert(is_settled(sample));
    size_t low = 0;
    size_t high = sample->n_steps;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sample->steps[middle].value <= value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 ? sample->steps[low - 1].up_to : 0;
}

double xcy_sample_mean(const struct xcy_sample *sample)
{
    long double sum = 0;
    for (size_t i = 0; i < sample->n_steps; i++) {
        sum += (long double)sample->steps[i].value * (long double)times_of(sample->steps, i);
    }
    int64_t n = xcy_sample_size(sample);
    return n > 0 ? (double)(sum / (long double)n) : NAN;
}
