#include "analyzers/clock.h"

#include "common/base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What one stamp says of its instance's clock. */
struct constraint {
    const char *instance;
    double at_us; /* the stamp, on the instance's own clock: only differences are used */
    double low_us;
    double high_us;
};

/* The constraints of one instance: a run of the sorted array. */
struct instance {
    const char *name;
    size_t first;
    size_t n;
};

struct xcy_clocks {
    struct constraint *constraints; /* sorted by instance, then time; low and high intersected */
    size_t n;
    struct instance *instances;
    size_t n_instances;
    size_t n_steps;
    const char *stepped;
    double drift; /* a fraction: ppm / 1e6 */
};

static bool has_both(const struct xcy_stamps *p, enum xcy_point a, enum xcy_point b)
{
    return xcy_stamps_has(p, a) && xcy_stamps_has(p, b);
}

static double between_us(const struct xcy_stamps *p, enum xcy_point to, enum xcy_point from)
{
    return (double)(p->us[to] - p->us[from]);
}

/* Both sides of causality for one process: it began after we sent, and we had its last stamp after
 * it was made. */
struct rule {
    enum xcy_domain domain;
    enum xcy_point began;
    enum xcy_point last;
    enum xcy_point had;
};

static const struct rule rules[] = {
    {XCY_DOMAIN_WRITER, XCY_POINT_START, XCY_POINT_ENDED, XCY_POINT_ACKED},
    {XCY_DOMAIN_READER, XCY_POINT_SEEN, XCY_POINT_REPORTED, XCY_POINT_GOT},
};

/* Which process stamped the points of this domain. */
static const char *instance_of(const struct xcy_record *r, enum xcy_domain domain)
{
    return domain == XCY_DOMAIN_WRITER ? r->writer_instance : r->reader_instance;
}

/* The last stamp bounds from below only if it came back at once: in the reply to the only attempt,
 * or taken from the queue by a gather that ran beside the load, on the generator's clock. */
static bool bounds_below(const struct xcy_record *r, enum xcy_domain domain, bool is_async)
{
    return domain == XCY_DOMAIN_WRITER ? !is_async && r->outcome == XCY_OUTCOME_OK
                                       : (r->flags & XCY_FLAG_GOT_LIVE) != 0;
}

/* Adds what a record says of one instance: 0, 1 or 2 constraints. */
static size_t constrain(const struct xcy_record *r, const struct rule *rule, bool is_async,
                        struct constraint to[2])
{
    const struct xcy_stamps *p = &r->points;
    const char *instance = instance_of(r, rule->domain);
    bool single = r->attempts == 1 && (r->flags & XCY_FLAG_MANY_EXECS) == 0;
    size_t n = 0;
    if (instance[0] == '\0') {
        return 0;
    }
    if (single && has_both(p, rule->began, XCY_POINT_SENT)) {
        to[n++] = (struct constraint){.instance = instance,
                                      .at_us = (double)p->us[rule->began],
                                      .low_us = -INFINITY,
                                      .high_us = between_us(p, rule->began, XCY_POINT_SENT)};
    }
    bool below = rule->domain == XCY_DOMAIN_READER || single;
    if (below && bounds_below(r, rule->domain, is_async) && has_both(p, rule->last, rule->had)) {
        to[n++] = (struct constraint){.instance = instance,
                                      .at_us = (double)p->us[rule->last],
                                      .low_us = between_us(p, rule->last, rule->had),
                                      .high_us = INFINITY};
    }
    return n;
}

static int by_instance_and_time(const void *a, const void *b)
{
    const struct constraint *x = a;
    const struct constraint *y = b;
    int names = strcmp(x->instance, y->instance);
    if (names != 0) {
        return names;
    }
    return (x->at_us > y->at_us) - (x->at_us < y->at_us);
}

/* Passes each bound on to its neighbour in time, widened by the drift that the time between allows. */
static void pass_on(struct constraint *to, const struct constraint *from, double drift)
{
    double slack_us = fabs(to->at_us - from->at_us) * drift;
    to->high_us = fmin(to->high_us, from->high_us + slack_us);
    to->low_us = fmax(to->low_us, from->low_us - slack_us);
}

/* Intersects the constraints of one instance; false if they contradict each other. */
static bool intersect(struct constraint *c, size_t n, double drift)
{
    for (size_t i = 1; i < n; i++) {
        pass_on(&c[i], &c[i - 1], drift);
    }
    for (size_t i = n; i-- > 1;) {
        pass_on(&c[i - 1], &c[i], drift);
    }
    for (size_t i = 0; i < n; i++) {
        if (c[i].low_us > c[i].high_us) {
            return false;
        }
    }
    return true;
}

static void collect(struct xcy_clocks *clocks, const struct xcy_record *records, size_t n,
                    bool is_async)
{
    clocks->constraints = xcy_alloc_array(4 * n, sizeof *clocks->constraints);
    for (size_t i = 0; i < n; i++) {
        for (size_t d = 0; d < sizeof rules / sizeof *rules; d++) {
            clocks->n +=
                constrain(&records[i], &rules[d], is_async, &clocks->constraints[clocks->n]);
        }
    }
    qsort(clocks->constraints, clocks->n, sizeof *clocks->constraints, by_instance_and_time);
}

struct xcy_clocks *xcy_clocks_new(const struct xcy_record *records, size_t n, bool is_async,
                                  double drift_ppm)
{
    struct xcy_clocks *clocks = xcy_alloc(sizeof *clocks);
    clocks->drift = drift_ppm / 1e6;
    collect(clocks, records, n, is_async);
    clocks->instances = xcy_alloc_array(clocks->n, sizeof *clocks->instances);
    for (size_t i = 0; i < clocks->n;) {
        struct instance *in = &clocks->instances[clocks->n_instances++];
        in->name = clocks->constraints[i].instance;
        in->first = i;
        while (i < clocks->n && strcmp(clocks->constraints[i].instance, in->name) == 0) {
            i++;
        }
        in->n = i - in->first;
        if (!intersect(&clocks->constraints[in->first], in->n, clocks->drift)) {
            clocks->n_steps++;
            clocks->stepped = in->name;
        }
    }
    return clocks;
}

void xcy_clocks_free(struct xcy_clocks *clocks)
{
    if (clocks) {
        free(clocks->constraints);
        free(clocks->instances);
        free(clocks);
    }
}

size_t xcy_clocks_count(const struct xcy_clocks *clocks)
{
    return clocks->n_instances;
}

size_t xcy_clocks_steps(const struct xcy_clocks *clocks, const char **example)
{
    if (example) {
        *example = clocks->stepped;
    }
    return clocks->n_steps;
}

static int instance_by_name(const void *key, const void *element)
{
    return strcmp(key, ((const struct instance *)element)->name);
}

/* The index of the first constraint of an instance not before the instant; may be one past. */
static size_t first_not_before(const struct xcy_clocks *clocks, const struct instance *in,
                               double at_us)
{
    size_t low = in->first;
    size_t high = in->first + in->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (clocks->constraints[middle].at_us < at_us) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct xcy_clock_bound xcy_clocks_at(const struct xcy_clocks *clocks,
                                     const struct xcy_record *record, enum xcy_point point)
{
    enum xcy_domain domain = xcy_points[point].domain;
    if (domain == XCY_DOMAIN_CLIENT) {
        return (struct xcy_clock_bound){0, 0};
    }
    const struct instance *in =
        bsearch(instance_of(record, domain), clocks->instances, clocks->n_instances,
                sizeof *clocks->instances, instance_by_name);
    if (!in) {
        return (struct xcy_clock_bound){-INFINITY, INFINITY};
    }
    struct constraint here = {
        .at_us = (double)record->points.us[point], .low_us = -INFINITY, .high_us = INFINITY};
    size_t after = first_not_before(clocks, in, here.at_us);
    if (after < in->first + in->n) {
        pass_on(&here, &clocks->constraints[after], clocks->drift);
    }
    if (after > in->first) {
        pass_on(&here, &clocks->constraints[after - 1], clocks->drift);
    }
    return (struct xcy_clock_bound){here.low_us, here.high_us};
}

struct xcy_clock_bound xcy_clocks_correction(const struct xcy_clocks *clocks,
                                             const struct xcy_record *record, enum xcy_point from,
                                             enum xcy_point to)
{
    if (xcy_points[from].domain == xcy_points[to].domain) {
        return (struct xcy_clock_bound){0, 0};
    }
    struct xcy_clock_bound a = xcy_clocks_at(clocks, record, from);
    struct xcy_clock_bound b = xcy_clocks_at(clocks, record, to);
    return (struct xcy_clock_bound){a.low_us - b.high_us, a.high_us - b.low_us};
}
