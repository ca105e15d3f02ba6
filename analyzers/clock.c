#include "analyzers/clock.h"

#include "analyzers/envelope.h"
#include "common/base/mem.h"
#include "common/base/names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Both bounds at an instant at which one of the envelopes has its own. Between two nodes each bound is the
 * lower one of those that rise from either. */
struct node {
    double at_us;
    double upper_us;
    double lower_us;
};

/* What causality says of one process's clock. */
struct instance {
    struct xcy_envelope upper; /* theta is at most */
    struct xcy_envelope lower; /* - theta is at most */
    size_t n_bounding;         /* constraints that there were */
    double first_us;           /* its earliest stamp */
    struct node *nodes;        /* settled: by time */
    size_t n_nodes;
    struct xcy_envelope_bound
        narrowest;           /* where, and how wide; below 0: they contradict each other */
    int64_t narrowest_low_i; /* who bounds it from below there; .i is who does from above */
};

struct xcy_clocks {
    bool is_async;
    /* How much theta may change in one unit of the instance's own time. By the generator's time it is
     * the drift d; a clock slow by d passes only 1 - d units meanwhile, hence d / (1 - d). */
    double drift;
    struct xcy_names *names;
    struct instance *instances; /* by the names' numbers */
    size_t capacity;
    size_t *by_name; /* settled: their numbers in the order of their names */
    struct xcy_clocks_found found;
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

struct xcy_clocks *xcy_clocks_begin(bool is_async, double drift_ppm)
{
    struct xcy_clocks *clocks = xcy_alloc(sizeof *clocks);
    double drift = drift_ppm / 1e6;
    xcy_assert(drift >= 0 && drift < 1);
    clocks->is_async = is_async;
    clocks->drift = drift / (1 - drift);
    clocks->names = xcy_names_new();
    return clocks;
}

void xcy_clocks_free(struct xcy_clocks *clocks)
{
    if (!clocks) {
        return;
    }
    for (size_t i = 0; i < xcy_names_count(clocks->names); i++) {
        xcy_envelope_clear(&clocks->instances[i].upper);
        xcy_envelope_clear(&clocks->instances[i].lower);
        free(clocks->instances[i].nodes);
    }
    free(clocks->instances);
    free(clocks->by_name);
    xcy_names_free(clocks->names);
    free(clocks);
}

/* The instance of this name, perhaps a new one. */
static struct instance *instance_at(struct xcy_clocks *clocks, const char *name)
{
    size_t n = xcy_names_count(clocks->names);
    size_t number = xcy_names_add(clocks->names, name);
    if (number == clocks->capacity) {
        clocks->capacity = clocks->capacity > 0 ? clocks->capacity * 2 : 16;
        clocks->instances =
            xcy_realloc_array(clocks->instances, clocks->capacity, sizeof *clocks->instances);
    }
    struct instance *in = &clocks->instances[number];
    if (number == n) {
        *in = (struct instance){.first_us = INFINITY};
        xcy_envelope_init(&in->upper, clocks->drift);
        xcy_envelope_init(&in->lower, clocks->drift);
    }
    return in;
}

/* Adds what a record says by this rule. Of a stamp of which it says nothing only the instance is known:
 * it was there. */
static void constrain(const struct xcy_clocks *clocks, struct instance *in,
                      const struct xcy_record *r, const struct rule *rule)
{
    const struct xcy_stamps *p = &r->points;
    if (!xcy_stamps_has(p, rule->stamp)) {
        return;
    }
    struct xcy_envelope_bound bound = {.at_us = (double)p->us[rule->stamp], .i = r->i};
    in->first_us = fmin(in->first_us, bound.at_us);
    if (!holds(rule, r, clocks->is_async)) {
        return;
    }
    double difference_us = (double)(p->us[rule->stamp] - p->us[rule->client]);
    bound.value_us = (rule->is_upper ? difference_us : -difference_us) + XCY_CLOCK_STAMPS_US;
    xcy_envelope_add(rule->is_upper ? &in->upper : &in->lower, bound);
    in->n_bounding++;
}

static bool has_stamped(const struct xcy_record *r, enum xcy_domain domain)
{
    for (size_t i = 0; i < N_RULES; i++) {
        if (rules[i].domain == domain && xcy_stamps_has(&r->points, rules[i].stamp)) {
            return true;
        }
    }
    return false;
}

void xcy_clocks_take(struct xcy_clocks *clocks, const struct xcy_record *record)
{
    static const enum xcy_domain domains[] = {XCY_DOMAIN_WRITER, XCY_DOMAIN_READER};
    for (size_t d = 0; d < sizeof domains / sizeof *domains; d++) {
        const char *name = instance_of(record, domains[d]);
        if (name[0] == '\0' || !has_stamped(record, domains[d])) {
            continue;
        }
        struct instance *in = instance_at(clocks, name);
        for (size_t i = 0; i < N_RULES; i++) {
            if (rules[i].domain == domains[d]) {
                constrain(clocks, in, record, &rules[i]);
            }
        }
    }
}

static void add_all(struct xcy_envelope *to, const struct xcy_envelope *from)
{
    for (size_t i = 0; i < from->n; i++) {
        xcy_envelope_add(to, from->bounds[i]);
    }
}

void xcy_clocks_merge(struct xcy_clocks *to, const struct xcy_clocks *from)
{
    for (size_t i = 0; i < xcy_names_count(from->names); i++) {
        const struct instance *other = &from->instances[i];
        struct instance *in = instance_at(to, xcy_names_at(from->names, i));
        add_all(&in->upper, &other->upper);
        add_all(&in->lower, &other->lower);
        in->n_bounding += other->n_bounding;
        in->first_us = fmin(in->first_us, other->first_us);
    }
}

static void add_nodes(struct instance *in, const struct xcy_envelope *bounds)
{
    for (size_t i = 0; i < bounds->n; i++) {
        double at_us = bounds->bounds[i].at_us;
        in->nodes[in->n_nodes++] = (struct node){
            .at_us = at_us,
            .upper_us = xcy_envelope_at(&in->upper, at_us).value_us,
            .lower_us = xcy_envelope_at(&in->lower, at_us).value_us,
        };
    }
}

static int by_time(const void *a, const void *b)
{
    double x = ((const struct node *)a)->at_us;
    double y = ((const struct node *)b)->at_us;
    return (x > y) - (x < y);
}

/* theta lies between - lower and upper. How wide that is falls to a node and rises behind it, so that it
 * is narrowest at one of them. */
static void look_where_narrowest(struct instance *in)
{
    const struct node *narrowest = NULL;
    for (size_t i = 0; i < in->n_nodes; i++) {
        const struct node *node = &in->nodes[i];
        if (!narrowest ||
            node->upper_us + node->lower_us < narrowest->upper_us + narrowest->lower_us) {
            narrowest = node;
        }
    }
    if (narrowest) {
        in->narrowest = xcy_envelope_at(&in->upper, narrowest->at_us);
        in->narrowest.value_us += narrowest->lower_us;
        in->narrowest_low_i = xcy_envelope_at(&in->lower, narrowest->at_us).i;
    }
}

static bool has_stepped(const struct instance *in)
{
    return in->narrowest.value_us < 0;
}

static void settle(struct instance *in)
{
    xcy_envelope_settle(&in->upper);
    xcy_envelope_settle(&in->lower);
    in->nodes = xcy_alloc_array(in->upper.n + in->lower.n, sizeof *in->nodes);
    add_nodes(in, &in->upper);
    add_nodes(in, &in->lower);
    if (in->n_nodes > 1) {
        qsort(in->nodes, in->n_nodes, sizeof *in->nodes, by_time);
    }
    in->narrowest =
        (struct xcy_envelope_bound){.at_us = in->first_us, .value_us = INFINITY, .i = -1};
    look_where_narrowest(in);
}

static void note_contradiction(struct xcy_clocks *clocks, size_t number)
{
    const struct instance *in = &clocks->instances[number];
    const char *name = xcy_names_at(clocks->names, number);
    struct xcy_clock_contradiction *worst = &clocks->found.worst;
    if (-in->narrowest.value_us > worst->by_us) {
        *worst = (struct xcy_clock_contradiction){.high_i = in->narrowest.i,
                                                  .low_i = in->narrowest_low_i,
                                                  .by_us = -in->narrowest.value_us};
        memcpy(worst->instance, name, strnlen(name, sizeof worst->instance - 1));
    }
}

static int by_name(const void *a, const void *b, void *names)
{
    return strcmp(xcy_names_at(names, *(const size_t *)a), xcy_names_at(names, *(const size_t *)b));
}

void xcy_clocks_settle(struct xcy_clocks *clocks)
{
    size_t n = xcy_names_count(clocks->names);
    struct xcy_clocks_found *found = &clocks->found;
    *found = (struct xcy_clocks_found){.instances = n};
    free(clocks->by_name);
    clocks->by_name = xcy_alloc_array(n, sizeof *clocks->by_name);
    for (size_t i = 0; i < n; i++) {
        clocks->by_name[i] = i;
    }
    qsort_r(clocks->by_name, n, sizeof *clocks->by_name, by_name, clocks->names);
    for (size_t i = 0; i < n; i++) {
        size_t number = clocks->by_name[i];
        struct instance *in = &clocks->instances[number];
        settle(in);
        if (has_stepped(in)) {
            found->stepped++;
            note_contradiction(clocks, number);
        } else {
            found->without_low += in->lower.n == 0 ? 1 : 0;
            found->without_high += in->upper.n == 0 ? 1 : 0;
        }
    }
}

struct xcy_clocks *xcy_clocks_new(const struct xcy_record *records, size_t n, bool is_async,
                                  double drift_ppm)
{
    struct xcy_clocks *clocks = xcy_clocks_begin(is_async, drift_ppm);
    for (size_t i = 0; i < n; i++) {
        xcy_clocks_take(clocks, &records[i]);
    }
    xcy_clocks_settle(clocks);
    return clocks;
}

const struct xcy_clocks_found *xcy_clocks_found(const struct xcy_clocks *clocks)
{
    return &clocks->found;
}

/* Whether the node is the first one not before the instant; it may be one past the last. */
static bool is_after(const struct instance *in, size_t node, double at_us)
{
    return node <= in->n_nodes && (node == in->n_nodes || in->nodes[node].at_us >= at_us) &&
           (node == 0 || in->nodes[node - 1].at_us < at_us);
}

static size_t find_after(const struct instance *in, double at_us)
{
    size_t low = 0;
    size_t high = in->n_nodes;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (in->nodes[middle].at_us < at_us) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* *after: where the last question of this instance was answered; mostly the next one is, too. Nothing is
 * known of a clock that stepped. */
static struct xcy_clock_bound theta_at(const struct xcy_clocks *clocks, const struct instance *in,
                                       double at_us, size_t *after)
{
    struct xcy_clock_bound theta = {-INFINITY, INFINITY};
    if (has_stepped(in)) {
        return theta;
    }
    if (!is_after(in, *after, at_us)) {
        *after = find_after(in, at_us);
    }
    for (size_t i = *after > 0 ? *after - 1 : 0; i < in->n_nodes && i <= *after; i++) {
        const struct node *node = &in->nodes[i];
        double slack_us = fabs(at_us - node->at_us) * clocks->drift;
        double low_us = -(node->lower_us + slack_us);
        double high_us = node->upper_us + slack_us;
        theta.low_us = low_us > theta.low_us ? low_us : theta.low_us;
        theta.high_us = high_us < theta.high_us ? high_us : theta.high_us;
    }
    return theta;
}

struct xcy_clock_interval xcy_clocks_interval(const struct xcy_clocks *clocks, size_t index)
{
    size_t number = clocks->by_name[index];
    const struct instance *in = &clocks->instances[number];
    size_t after = 0;
    return (struct xcy_clock_interval){
        .name = xcy_names_at(clocks->names, number),
        .n = in->n_bounding,
        .stepped = has_stepped(in),
        .at_us = in->narrowest.at_us,
        .theta = theta_at(clocks, in, in->narrowest.at_us, &after),
    };
}

void xcy_clocks_look(const struct xcy_clocks *clocks, const struct xcy_record *record,
                     struct xcy_clocks_view *view)
{
    view->clocks = clocks;
    view->record = record;
    view->instance[XCY_DOMAIN_CLIENT] = XCY_NAMES_NONE;
    view->instance[XCY_DOMAIN_WRITER] = xcy_names_find(clocks->names, record->writer_instance);
    view->instance[XCY_DOMAIN_READER] = xcy_names_find(clocks->names, record->reader_instance);
    memset(view->after, 0, sizeof view->after);
    view->known = 0;
}

static struct xcy_clock_bound look_at(struct xcy_clocks_view *view, enum xcy_point point)
{
    enum xcy_domain domain = xcy_points[point].domain;
    if (domain == XCY_DOMAIN_CLIENT) {
        return (struct xcy_clock_bound){0, 0};
    }
    size_t number = view->instance[domain];
    if (number == XCY_NAMES_NONE) {
        return (struct xcy_clock_bound){-INFINITY, INFINITY};
    }
    return theta_at(view->clocks, &view->clocks->instances[number],
                    (double)view->record->points.us[point], &view->after[domain]);
}

struct xcy_clock_bound xcy_clocks_view_at(struct xcy_clocks_view *view, enum xcy_point point)
{
    unsigned bit = 1U << point;
    if (!(view->known & bit)) {
        view->theta[point] = look_at(view, point);
        view->known |= bit;
    }
    return view->theta[point];
}

struct xcy_clock_bound xcy_clocks_view_correction(struct xcy_clocks_view *view, enum xcy_point from,
                                                  enum xcy_point to)
{
    if (xcy_points[from].domain == xcy_points[to].domain) {
        return (struct xcy_clock_bound){0, 0};
    }
    struct xcy_clock_bound a = xcy_clocks_view_at(view, from);
    struct xcy_clock_bound b = xcy_clocks_view_at(view, to);
    return (struct xcy_clock_bound){a.low_us - b.high_us - XCY_CLOCK_STAMPS_US,
                                    a.high_us - b.low_us + XCY_CLOCK_STAMPS_US};
}

struct xcy_clock_bound xcy_clocks_at(const struct xcy_clocks *clocks,
                                     const struct xcy_record *record, enum xcy_point point)
{
    struct xcy_clocks_view view;
    xcy_clocks_look(clocks, record, &view);
    return xcy_clocks_view_at(&view, point);
}

struct xcy_clock_bound xcy_clocks_correction(const struct xcy_clocks *clocks,
                                             const struct xcy_record *record, enum xcy_point from,
                                             enum xcy_point to)
{
    struct xcy_clocks_view view;
    xcy_clocks_look(clocks, record, &view);
    return xcy_clocks_view_correction(&view, from, to);
}
