#include "analyzers/clock.h"

#include "common/base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What one stamp says of its instance's clock, and which requests say so. */
struct constraint {
    const char *instance;
    double at_us; /* the stamp, on the instance's own clock: only differences are used */
    double low_us;
    double high_us;
    int64_t low_i;
    int64_t high_i;
};

/* The constraints of one instance: a run of the sorted array. */
struct instance {
    const char *name;
    size_t first;
    size_t n;
    size_t n_bounding; /* of these; the others only say that it was there */
    bool stepped;
};

struct xcy_clocks {
    struct constraint *constraints; /* sorted by instance, then time; low and high intersected */
    size_t n;
    struct instance *instances;
    struct xcy_clocks_found found;
    /* How much theta may change in one unit of the instance's own time. By the generator's time it is
     * the drift d; a clock slow by d passes only 1 - d units meanwhile, hence d / (1 - d). */
    double drift;
};

/* When a rule holds of a record. */
enum condition {
    ONE_ATTEMPT, /* `sent` is of the only attempt: whatever ran, ran after it */
    IN_REPLY,    /* the stamp came back in the reply to the only attempt */
    GOT_LIVE,    /* `got` is on the generator's clock, and of the message that has the stamp */
};

/* One inequality of causality: an instance's stamp and one of the generator's before or after it. */
struct rule {
    enum xcy_domain domain;
    enum xcy_point stamp;
    enum xcy_point client;
    bool is_upper; /* client first: theta <= stamp - client; else >= */
    enum condition condition;
};

static const struct rule rules[] = {
    {XCY_DOMAIN_WRITER, XCY_POINT_START, XCY_POINT_SENT, true, ONE_ATTEMPT},
    {XCY_DOMAIN_WRITER, XCY_POINT_ENDED, XCY_POINT_ACKED, false, IN_REPLY},
    {XCY_DOMAIN_WRITER, XCY_POINT_NOTED, XCY_POINT_GOT, false, GOT_LIVE},
    {XCY_DOMAIN_READER, XCY_POINT_SEEN, XCY_POINT_SENT, true, ONE_ATTEMPT},
    {XCY_DOMAIN_READER, XCY_POINT_REPORTED, XCY_POINT_GOT, false, GOT_LIVE},
};

enum { N_RULES = sizeof rules / sizeof *rules };

/* Which process stamped the points of this domain. */
static const char *instance_of(const struct xcy_record *r, enum xcy_domain domain)
{
    return domain == XCY_DOMAIN_WRITER ? r->writer_instance : r->reader_instance;
}

static bool holds(const struct rule *rule, const struct xcy_record *r, bool is_async)
{
    unsigned flags = r->flags;
    if (!xcy_stamps_has(&r->points, rule->client)) {
        return false;
    }
    switch (rule->condition) {
    case ONE_ATTEMPT:
        return r->attempts == 1;
    case IN_REPLY:
        return !is_async && r->attempts == 1 && r->outcome == XCY_OUTCOME_OK &&
               (flags & XCY_FLAG_MANY_EXECS) == 0;
    case GOT_LIVE:
        return (flags & XCY_FLAG_GOT_LIVE) != 0 && (flags & XCY_FLAG_NO_XCY) == 0;
    }
    return false;
}

/* Adds what a record says by this rule. A stamp of which it says nothing is there without bounds, so
 * that its instance is known. */
static void constrain(struct xcy_clocks *clocks, const struct xcy_record *r,
                      const struct rule *rule, bool is_async)
{
    const struct xcy_stamps *p = &r->points;
    const char *instance = instance_of(r, rule->domain);
    if (instance[0] == '\0' || !xcy_stamps_has(p, rule->stamp)) {
        return;
    }
    struct constraint c = {.instance = instance,
                           .at_us = (double)p->us[rule->stamp],
                           .low_us = -INFINITY,
                           .high_us = INFINITY,
                           .low_i = r->i,
                           .high_i = r->i};
    double difference_us = (double)(p->us[rule->stamp] - p->us[rule->client]);
    if (holds(rule, r, is_async)) {
        if (rule->is_upper) {
            c.high_us = difference_us + XCY_CLOCK_STAMPS_US;
        } else {
            c.low_us = difference_us - XCY_CLOCK_STAMPS_US;
        }
    }
    clocks->constraints[clocks->n++] = c;
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
    if (from->high_us + slack_us < to->high_us) {
        to->high_us = from->high_us + slack_us;
        to->high_i = from->high_i;
    }
    if (from->low_us - slack_us > to->low_us) {
        to->low_us = from->low_us - slack_us;
        to->low_i = from->low_i;
    }
}

static void note_contradiction(struct xcy_clocks *clocks, const struct constraint *c)
{
    struct xcy_clock_contradiction *worst = &clocks->found.worst;
    double by_us = c->low_us - c->high_us;
    if (by_us > worst->by_us) {
        *worst = (struct xcy_clock_contradiction){
            .high_i = c->high_i, .low_i = c->low_i, .by_us = by_us};
        memcpy(worst->instance, c->instance, strnlen(c->instance, sizeof worst->instance - 1));
    }
}

/* Intersects the constraints of one instance over the run. */
static void intersect(struct xcy_clocks *clocks, struct instance *in)
{
    struct constraint *c = &clocks->constraints[in->first];
    for (size_t i = 0; i < in->n; i++) {
        in->n_bounding += isfinite(c[i].low_us) || isfinite(c[i].high_us) ? 1 : 0;
    }
    for (size_t i = 1; i < in->n; i++) {
        pass_on(&c[i], &c[i - 1], clocks->drift);
    }
    for (size_t i = in->n; i-- > 1;) {
        pass_on(&c[i - 1], &c[i], clocks->drift);
    }
    for (size_t i = 0; i < in->n; i++) {
        if (c[i].low_us > c[i].high_us) {
            in->stepped = true;
            note_contradiction(clocks, &c[i]);
        }
    }
    struct xcy_clocks_found *found = &clocks->found;
    found->instances++;
    found->stepped += in->stepped ? 1 : 0;
    found->without_low += !in->stepped && isinf(c->low_us) ? 1 : 0;
    found->without_high += !in->stepped && isinf(c->high_us) ? 1 : 0;
}

static void collect(struct xcy_clocks *clocks, const struct xcy_record *records, size_t n,
                    bool is_async)
{
    clocks->constraints = xcy_alloc_array(N_RULES * n, sizeof *clocks->constraints);
    for (size_t i = 0; i < n; i++) {
        for (size_t rule = 0; rule < N_RULES; rule++) {
            constrain(clocks, &records[i], &rules[rule], is_async);
        }
    }
    qsort(clocks->constraints, clocks->n, sizeof *clocks->constraints, by_instance_and_time);
}

struct xcy_clocks *xcy_clocks_new(const struct xcy_record *records, size_t n, bool is_async,
                                  double drift_ppm)
{
    struct xcy_clocks *clocks = xcy_alloc(sizeof *clocks);
    double drift = drift_ppm / 1e6;
    xcy_assert(drift >= 0 && drift < 1);
    clocks->drift = drift / (1 - drift);
    collect(clocks, records, n, is_async);
    clocks->instances = xcy_alloc_array(clocks->n, sizeof *clocks->instances);
    for (size_t i = 0; i < clocks->n;) {
        struct instance *in = &clocks->instances[clocks->found.instances];
        in->name = clocks->constraints[i].instance;
        in->first = i;
        while (i < clocks->n && strcmp(clocks->constraints[i].instance, in->name) == 0) {
            i++;
        }
        in->n = i - in->first;
        intersect(clocks, in);
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

const struct xcy_clocks_found *xcy_clocks_found(const struct xcy_clocks *clocks)
{
    return &clocks->found;
}

struct xcy_clock_interval xcy_clocks_interval(const struct xcy_clocks *clocks, size_t index)
{
    const struct instance *in = &clocks->instances[index];
    const struct constraint *narrowest = &clocks->constraints[in->first];
    for (size_t i = 1; i < in->n; i++) {
        const struct constraint *c = &clocks->constraints[in->first + i];
        if (c->high_us - c->low_us < narrowest->high_us - narrowest->low_us) {
            narrowest = c;
        }
    }
    struct xcy_clock_bound theta = {-INFINITY, INFINITY};
    if (!in->stepped) {
        theta = (struct xcy_clock_bound){narrowest->low_us, narrowest->high_us};
    }
    return (struct xcy_clock_interval){
        .name = in->name,
        .n = in->n_bounding,
        .stepped = in->stepped,
        .at_us = narrowest->at_us,
        .theta = theta,
    };
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
        bsearch(instance_of(record, domain), clocks->instances, clocks->found.instances,
                sizeof *clocks->instances, instance_by_name);
    if (!in || in->stepped) {
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
    return (struct xcy_clock_bound){a.low_us - b.high_us - XCY_CLOCK_STAMPS_US,
                                    a.high_us - b.low_us + XCY_CLOCK_STAMPS_US};
}
