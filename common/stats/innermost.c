#include "common/stats/innermost.h"

#include "common/base/mem.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* At one place: an exact value begins before intervals end there, and they end before others begin
 * just behind it. */
enum side { EXACT_LOW, HIGH, OPEN_LOW };

struct end {
    double at;
    enum side side;
    size_t interval;
};

static int compare(const void *a, const void *b)
{
    const struct end *x = a;
    const struct end *y = b;
    if (x->at != y->at) {
        return x->at > y->at ? 1 : -1;
    }
    return (x->side > y->side) - (x->side < y->side);
}

static struct end *sorted_ends(const struct xcy_interval *intervals, size_t n)
{
    struct end *ends = xcy_alloc_array(2 * n, sizeof *ends);
    for (size_t i = 0; i < n; i++) {
        double low = intervals[i].low;
        double high = intervals[i].high;
        bool is_exact = low == high;
        xcy_assert(low <= high && !(is_exact && isinf(low)));
        ends[2 * i] = (struct end){low, is_exact ? EXACT_LOW : OPEN_LOW, i};
        ends[2 * i + 1] = (struct end){high, HIGH, i};
    }
    if (n > 0) {
        qsort(ends, 2 * n, sizeof *ends, compare);
    }
    return ends;
}

void xcy_innermost_init(struct xcy_innermost *in, const struct xcy_interval *intervals, size_t n)
{
    struct end *ends = sorted_ends(intervals, n);
    *in = (struct xcy_innermost){
        .stretches = xcy_alloc_array(n, sizeof *in->stretches),
        .first = xcy_alloc_array(n, sizeof *in->first),
        .end = xcy_alloc_array(n, sizeof *in->end),
    };
    for (size_t e = 0; e < 2 * n; e++) {
        if (ends[e].side != HIGH) {
            in->first[ends[e].interval] = in->n;
            continue;
        }
        if (ends[e - 1].side != HIGH) {
            in->stretches[in->n++] = (struct xcy_interval){ends[e - 1].at, ends[e].at};
        }
        in->end[ends[e].interval] = in->n;
    }
    free(ends);
}

void xcy_innermost_clear(struct xcy_innermost *in)
{
    free(in->stretches);
    free(in->first);
    free(in->end);
    *in = (struct xcy_innermost){0};
}
