#include "loadgen/schedule/schedule.h"

#include "common/base/mem.h"
#include "common/time/clock.h"
#include "loadgen/schedule/load_plan.h"
#include "loadgen/schedule/parts.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Which part of the command line, or which line, a message is about. */
static enum xcy_status stage_context(const struct xcy_schedule_options *o,
                                     const struct xcy_stage *stage, struct xcy_error *err)
{
    if (stage->line > 0) {
        return xcy_error_context(err, "%s:%zu", o->load_plan, stage->line);
    }
    if (stage->is_warmup) {
        return xcy_error_context(err, "--warmup");
    }
    return xcy_error_context(err, "--arrivals %s", stage->arrival.kind->name);
}

static enum xcy_status check_options(const struct xcy_schedule_options *o, struct xcy_error *err)
{
    if (o->load_plan && o->arrivals) {
        return xcy_fail(err, XCY_EUSAGE,
                        "give --arrivals or --load-plan, not both: the plan's stages have arrivals "
                        "of their own");
    }
    if (o->load_plan && o->is_rate_given) {
        return xcy_fail(err, XCY_EUSAGE,
                        "--rate is not for --load-plan: its stages have rates of their own");
    }
    if (!(o->rate_per_s >= XCY_MIN_RATE && o->rate_per_s <= XCY_MAX_RATE) && !o->load_plan) {
        return xcy_fail(err, XCY_EUSAGE, "--rate must be %g..%.15g, got %g", XCY_MIN_RATE,
                        XCY_MAX_RATE, o->rate_per_s);
    }
    return XCY_OK;
}

/* --arrivals as a plan of one stage. */
static enum xcy_status parse_arrivals(const struct xcy_schedule_options *o,
                                      struct xcy_load_plan *plan, struct xcy_error *err)
{
    const char *text = o->arrivals ? o->arrivals : xcy_arrival_constant.name;
    struct xcy_arrival arrival;
    if (xcy_arrival_parse(text, o->rate_per_s, &arrival, err) != XCY_OK) {
        return xcy_error_context(err, "--arrivals %.200s", text);
    }
    if (arrival.kind->has_own_rates && o->is_rate_given) {
        enum xcy_status status = xcy_fail(
            err, XCY_EUSAGE, "--rate is not for --arrivals %s; leave it out", arrival.kind->name);
        xcy_arrival_clear(&arrival);
        return status;
    }
    plan->stages = xcy_alloc(sizeof *plan->stages);
    plan->stages[0] = (struct xcy_stage){
        .arrival = arrival, .requests = o->requests, .duration_ns = o->duration_ns};
    plan->n = 1;
    return XCY_OK;
}

static enum xcy_status settle_stage(const struct xcy_schedule_options *o, struct xcy_stage *stage,
                                    struct xcy_stage_bounds bounds, struct xcy_error *err)
{
    int64_t default_requests = o->load_plan ? 0 : XCY_SCHEDULE_DEFAULT_REQUESTS;
    enum xcy_status status = xcy_stage_settle(stage, bounds, default_requests, o->seed, err);
    return status == XCY_EUSAGE ? stage_context(o, stage, err) : status;
}

/* Each random stage has a stream of its own, so that a longer one does not change the next. */
static void name_stream(struct xcy_stage *stage, int *n_random)
{
    if (!stage->arrival.kind->is_random) {
        return;
    }
    *n_random += 1;
    if (*n_random == 1) {
        snprintf(stage->purpose, sizeof stage->purpose, "arrivals");
    } else {
        snprintf(stage->purpose, sizeof stage->purpose, "arrivals:%d", *n_random);
    }
}

static void drop_stages_from(struct xcy_load_plan *plan, size_t first)
{
    while (plan->n > first) {
        xcy_stage_clear(&plan->stages[--plan->n]);
    }
}

/* --requests and --duration bound the stages of a load plan together, warm-up not counted. */
static enum xcy_status settle_stages(const struct xcy_schedule_options *o,
                                     struct xcy_load_plan *plan, struct xcy_error *err)
{
    struct xcy_stage_bounds left = {0};
    int n_random = 0;
    if (o->load_plan) {
        left = (struct xcy_stage_bounds){.requests = o->requests, .duration_ns = o->duration_ns};
    }
    for (size_t i = 0; i < plan->n; i++) {
        struct xcy_stage *stage = &plan->stages[i];
        name_stream(stage, &n_random);
        struct xcy_stage_bounds bounds = stage->is_warmup ? (struct xcy_stage_bounds){0} : left;
        enum xcy_status status = settle_stage(o, stage, bounds, err);
        if (status != XCY_OK) {
            return status;
        }
        bool is_end = (bounds.requests > 0 && stage->n_slots >= bounds.requests) ||
                      (bounds.duration_ns > 0 && stage->length_ns >= bounds.duration_ns);
        if (is_end) {
            drop_stages_from(plan, i + 1);
            break;
        }
        left.requests = bounds.requests > 0 ? left.requests - stage->n_slots : left.requests;
        left.duration_ns =
            bounds.duration_ns > 0 ? left.duration_ns - stage->length_ns : left.duration_ns;
    }
    return XCY_OK;
}

/* --warmup of an open loop as a stage before the others, which are settled. */
static enum xcy_status add_warmup(const struct xcy_schedule_options *o, struct xcy_load_plan *plan,
                                  struct xcy_error *err)
{
    xcy_assert(plan->n > 0);
    const struct xcy_arrival *first = &plan->stages[0].arrival;
    if (plan->stages[0].is_warmup) {
        return xcy_fail(err, XCY_EUSAGE, "--warmup: the load plan has a warm-up of its own");
    }
    double rate_per_s = first->kind->rate_at(first, 0);
    if (rate_per_s < XCY_MIN_RATE) {
        return xcy_fail(err, XCY_EUSAGE,
                        "--warmup needs a rate of at least %g/s, but the load begins with %g/s",
                        XCY_MIN_RATE, rate_per_s);
    }
    plan->stages = xcy_realloc_array(plan->stages, plan->n + 1, sizeof *plan->stages);
    memmove(plan->stages + 1, plan->stages, plan->n * sizeof *plan->stages);
    plan->stages[0] =
        (struct xcy_stage){.arrival = {.kind = &xcy_arrival_constant, .rate_per_s = rate_per_s},
                           .duration_ns = o->warmup_ns,
                           .is_warmup = true};
    plan->n++;
    return settle_stage(o, &plan->stages[0], (struct xcy_stage_bounds){0}, err);
}

static enum xcy_status check_size(const struct xcy_schedule *s, struct xcy_error *err)
{
    if (s->length_ns > XCY_SCHEDULE_MAX_NS || s->n_slots > XCY_SCHEDULE_MAX_SLOTS) {
        return xcy_fail(err, XCY_EUSAGE,
                        "the whole schedule is longer than 366 days, or has more than %" PRId64
                        " requests",
                        XCY_SCHEDULE_MAX_SLOTS);
    }
    return XCY_OK;
}

/* One stage after the other. */
static enum xcy_status place_stages(struct xcy_schedule *s, struct xcy_error *err)
{
    for (size_t i = 0; i < s->n_stages; i++) {
        struct xcy_stage *stage = &s->stages[i];
        stage->start_ns = s->length_ns;
        stage->first_slot = s->n_slots;
        s->length_ns += stage->length_ns;
        s->n_slots += stage->n_slots;
        if (check_size(s, err) != XCY_OK) {
            return XCY_EUSAGE;
        }
        if (stage->is_warmup) {
            s->warmup_length_ns = s->length_ns;
            s->n_warmup_slots = s->n_slots;
        }
    }
    return XCY_OK;
}

/* A closed loop's warm-up is a time: which slots it has turns out. */
static enum xcy_status place_closed_warmup(struct xcy_schedule *s, int64_t warmup_ns,
                                           struct xcy_error *err)
{
    s->warmup_length_ns = warmup_ns;
    if (s->length_ns > 0) {
        s->length_ns += warmup_ns;
    }
    return check_size(s, err);
}

static enum xcy_status check_whole(const struct xcy_schedule *s, struct xcy_error *err)
{
    int64_t in_flight = s->stages[0].arrival.in_flight;
    if (in_flight > 0 && xcy_schedule_shard_of(s, in_flight) == 0) {
        return xcy_fail(err, XCY_EUSAGE,
                        "closed:%" PRId64 " over %" PRId64 " shards leaves some with none in "
                        "flight; use fewer shards",
                        in_flight, s->shard_count);
    }
    if (s->n_slots - s->n_warmup_slots == 0 && in_flight == 0) {
        return xcy_fail(err, XCY_EUSAGE,
                        "no request is due in %g s: raise the rate or the duration",
                        (double)s->length_ns / 1e9);
    }
    bool has_some =
        xcy_schedule_shard_of(s, s->n_slots) > xcy_schedule_shard_of(s, s->n_warmup_slots);
    if (!has_some && (in_flight == 0 || s->n_slots > 0)) {
        return xcy_fail(err, XCY_EUSAGE,
                        "%" PRId64 " requests over %" PRId64 " shards leave some with none; use "
                        "fewer shards",
                        s->n_slots - s->n_warmup_slots, s->shard_count);
    }
    return XCY_OK;
}

static enum xcy_status assemble(const struct xcy_schedule_options *o, struct xcy_schedule *s,
                                struct xcy_error *err)
{
    struct xcy_load_plan plan = {0};
    enum xcy_status status =
        o->load_plan ? xcy_load_plan_read(o->load_plan, &plan, err) : parse_arrivals(o, &plan, err);
    if (status != XCY_OK) {
        return status;
    }
    xcy_assert(plan.stages && plan.n > 0);
    status = settle_stages(o, &plan, err);
    bool is_closed = status == XCY_OK && plan.stages[0].arrival.kind->is_closed;
    if (status == XCY_OK && o->warmup_ns > 0 && !is_closed) {
        status = add_warmup(o, &plan, err);
    }
    s->stages = plan.stages;
    s->n_stages = plan.n;
    if (status == XCY_OK) {
        status = place_stages(s, err);
    }
    if (status == XCY_OK && is_closed) {
        status = place_closed_warmup(s, o->warmup_ns, err);
    }
    return status == XCY_OK ? check_whole(s, err) : status;
}

enum xcy_status xcy_schedule_build(const struct xcy_schedule_options *options,
                                   struct xcy_schedule **schedule, struct xcy_error *err)
{
    const char *text = options->load_plan ? options->load_plan : options->arrivals;
    enum xcy_status status = check_options(options, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_schedule *s = xcy_alloc(sizeof *s);
    s->text = xcy_strdup(text ? text : xcy_arrival_constant.name);
    s->seed = options->seed;
    s->shard_index = options->shard_index;
    s->shard_count = options->shard_count > 1 ? options->shard_count : 1;
    status = assemble(options, s, err);
    if (status != XCY_OK) {
        xcy_schedule_free(s);
        return status;
    }
    if (!s->stages[0].arrival.kind->is_closed) {
        int64_t window_ns = s->length_ns < XCY_NS_PER_S ? s->length_ns : XCY_NS_PER_S;
        s->peak_per_s = xcy_schedule_most_within(s, window_ns) * 1e9 / (double)window_ns;
    }
    *schedule = s;
    return XCY_OK;
}

void xcy_schedule_free(struct xcy_schedule *schedule)
{
    if (schedule) {
        struct xcy_load_plan plan = {.stages = schedule->stages, .n = schedule->n_stages};
        xcy_load_plan_clear(&plan);
        free(schedule->text);
        free(schedule);
    }
}
