#include "loadgen/schedule/load_plan.h"

#include "common/base/mem.h"
#include "common/data/yaml.h"
#include "common/time/clock.h"

#include <math.h>
#include <stdlib.h>

enum { MAX_QUOTED = 100 };

#define MAX_REQUESTS   1e9
#define MAX_DURATION_S (366 * 86400.0)

/* A stage's keys as they stand. */
struct keys {
    char *arrivals;
    double rate_per_s;
    double duration_s;
    int64_t requests;
    bool is_warmup;
};

static enum xcy_status bind(const struct xcy_yaml *map, struct keys *k, struct xcy_error *err)
{
    const struct xcy_key table[] = {
        {.name = "arrivals",
         .type = XCY_KEY_STRING,
         .to = &k->arrivals,
         .help = "constant, poisson, ramp:FROM..TO, steps:A,B,C, sine, burst:SIZE, replay:FILE"},
        {.name = "rate_per_s",
         .type = XCY_KEY_DOUBLE,
         .to = &k->rate_per_s,
         .min = XCY_MIN_RATE,
         .max = XCY_MAX_RATE,
         .help = "mean rate, of arrivals without rates of their own"},
        {.name = "duration_s",
         .type = XCY_KEY_DOUBLE,
         .to = &k->duration_s,
         .min = 0.001,
         .max = MAX_DURATION_S,
         .help = "at most so long"},
        {.name = "requests",
         .type = XCY_KEY_INT,
         .to = &k->requests,
         .min = 1,
         .max = MAX_REQUESTS,
         .help = "at most so many"},
        {.name = "warmup",
         .type = XCY_KEY_BOOL,
         .to = &k->is_warmup,
         .help = "left out of figures; of the first stages only"},
    };
    return xcy_yaml_bind(map, table, sizeof table / sizeof table[0], err);
}

static enum xcy_status parse_arrivals(const struct xcy_yaml *map, const struct keys *k,
                                      struct xcy_arrival *arrival, struct xcy_error *err)
{
    const struct xcy_yaml *node = xcy_yaml_get(map, "arrivals");
    const char *text = k->arrivals ? k->arrivals : "constant";
    struct xcy_error inner;
    if (xcy_arrival_parse(text, k->rate_per_s, arrival, &inner) != XCY_OK) {
        return xcy_yaml_fail(node ? node : map, err, "arrivals %.*s: %.600s", MAX_QUOTED, text,
                             inner.text);
    }
    return XCY_OK;
}

static enum xcy_status check_stage(const struct xcy_yaml *map, const struct xcy_stage *s,
                                   bool is_first, bool may_warm_up, struct xcy_error *err)
{
    const struct xcy_arrival_kind *kind = s->arrival.kind;
    bool has_rate = xcy_yaml_get(map, "rate_per_s") != NULL;
    if (!has_rate && !kind->has_own_rates) {
        return xcy_yaml_fail(map, err, "rate_per_s is missing; %s arrivals need one", kind->name);
    }
    if (has_rate && kind->has_own_rates) {
        return xcy_yaml_fail(xcy_yaml_get(map, "rate_per_s"), err,
                             "rate_per_s is not for %s arrivals; leave it out", kind->name);
    }
    if (kind->is_closed && !is_first) {
        return xcy_yaml_fail(map, err,
                             "a closed loop cannot follow other stages: it has no "
                             "schedule");
    }
    if (s->is_warmup && !may_warm_up) {
        return xcy_yaml_fail(xcy_yaml_get(map, "warmup"), err,
                             "only the first stages may be warm-up");
    }
    return XCY_OK;
}

static enum xcy_status add_stage(const struct xcy_yaml *map, struct xcy_load_plan *plan,
                                 struct xcy_error *err)
{
    struct keys k = {0};
    struct xcy_stage *stage = &plan->stages[plan->n];
    enum xcy_status status = bind(map, &k, err);
    if (status == XCY_OK) {
        status = parse_arrivals(map, &k, &stage->arrival, err);
    }
    free(k.arrivals);
    if (status != XCY_OK) {
        return status;
    }
    stage->requests = k.requests;
    stage->duration_ns = llround(k.duration_s * (double)XCY_NS_PER_S);
    stage->is_warmup = k.is_warmup;
    stage->line = xcy_yaml_line(map);
    const struct xcy_stage *before = plan->n > 0 ? stage - 1 : NULL;
    plan->n++;
    if (before && before->arrival.kind->is_closed) {
        return xcy_yaml_fail(map, err, "no stage can follow a closed loop: it has no schedule");
    }
    return check_stage(map, stage, !before, !before || before->is_warmup, err);
}

static enum xcy_status parse_stages(const struct xcy_yaml *list, void *to, struct xcy_error *err)
{
    struct xcy_load_plan *plan = to;
    size_t n = xcy_yaml_size(list);
    if (xcy_yaml_kind(list) != XCY_YAML_LIST || n == 0) {
        return xcy_yaml_fail(list, err,
                             "stages must be a list, each item with duration_s or "
                             "requests");
    }
    if (n > XCY_LOAD_PLAN_MAX_STAGES) {
        return xcy_yaml_fail(list, err, "there are %zu stages; at most %d", n,
                             XCY_LOAD_PLAN_MAX_STAGES);
    }
    plan->stages = xcy_alloc_array(n, sizeof *plan->stages);
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; status == XCY_OK && i < n; i++) {
        status = add_stage(xcy_yaml_at(list, i), plan, err);
    }
    if (status == XCY_OK && plan->stages[n - 1].is_warmup) {
        return xcy_yaml_fail(xcy_yaml_at(list, n - 1), err,
                             "all stages are warm-up; nothing is left to measure");
    }
    return status;
}

enum xcy_status xcy_load_plan_read(const char *path, struct xcy_load_plan *plan,
                                   struct xcy_error *err)
{
    struct xcy_load_plan made = {0};
    struct xcy_yaml_doc *doc = NULL;
    const struct xcy_key table[] = {
        {.name = "stages",
         .type = XCY_KEY_CUSTOM,
         .to = &made,
         .parse = parse_stages,
         .required = true,
         .help = "one after the other"},
    };
    enum xcy_status status = xcy_yaml_read(path, &doc, err);
    const struct xcy_yaml *root = status == XCY_OK ? xcy_yaml_root(doc) : NULL;
    if (status == XCY_OK) {
        status = xcy_yaml_bind(root, table, sizeof table / sizeof table[0], err);
        if (status != XCY_OK && !root) {
            xcy_error_context(err, "%s", path);
        }
    }
    xcy_yaml_free(doc);
    if (status != XCY_OK) {
        xcy_load_plan_clear(&made);
        return err->status = XCY_EUSAGE;
    }
    *plan = made;
    return XCY_OK;
}

void xcy_load_plan_clear(struct xcy_load_plan *plan)
{
    for (size_t i = 0; i < plan->n; i++) {
        xcy_stage_clear(&plan->stages[i]);
    }
    free(plan->stages);
    *plan = (struct xcy_load_plan){0};
}
