#include "analyzers/readers.h"

#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>

/* One record's part of an invocation. */
struct stay {
    const char *instance;
    int64_t seen_us;
    int64_t reported_us;
};

static int compare(const void *left, const void *right)
{
    const struct stay *a = left;
    const struct stay *b = right;
    int order = strcmp(a->instance, b->instance);
    if (order != 0) {
        return order;
    }
    return (a->seen_us > b->seen_us) - (a->seen_us < b->seen_us);
}

static size_t collect(const struct xcy_record *records, size_t n, struct stay *stays)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        const struct xcy_stamps *points = &records[i].points;
        if (xcy_stamps_has(points, XCY_POINT_SEEN) && xcy_stamps_has(points, XCY_POINT_REPORTED)) {
            stays[found++] = (struct stay){.instance = records[i].reader_instance,
                                           .seen_us = points->us[XCY_POINT_SEEN],
                                           .reported_us = points->us[XCY_POINT_REPORTED]};
        }
    }
    return found;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

double xcy_readers_at_a_time(const struct xcy_record *records, size_t n)
{
    struct stay *stays = xcy_alloc_array(n + 1, sizeof *stays);
    size_t n_stays = collect(records, n, stays);
    int64_t first_us = n_stays > 0 ? stays[0].seen_us : 0;
    int64_t last_us = first_us;
    int64_t busy_us = 0;
    qsort(stays, n_stays, sizeof *stays, compare);
    for (size_t i = 0; i < n_stays;) {
        const struct stay *begin = &stays[i];
        int64_t end_us = begin->reported_us;
        for (i++; i < n_stays && compare(begin, &stays[i]) == 0; i++) {
            end_us = later(end_us, stays[i].reported_us);
        }
        busy_us += end_us - begin->seen_us;
        first_us = begin->seen_us < first_us ? begin->seen_us : first_us;
        last_us = later(last_us, end_us);
    }
    free(stays);
    return last_us > first_us ? (double)busy_us / (double)(last_us - first_us) : 0;
}
