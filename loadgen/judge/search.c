#include "loadgen/judge/search.h"

#include "common/base/mem.h"

#include <math.h>
#include <stdlib.h>

const char *const xcy_step_result_names[] = {
    [XCY_STEP_HOLDS] = "holds",
    [XCY_STEP_FAILS] = "fails",
    [XCY_STEP_UNFIT] = "unfit",
};

const char *const xcy_search_end_names[] = {
    [XCY_SEARCH_FOUND] = "found",
    [XCY_SEARCH_NEVER_HELD] = "never_held",
    [XCY_SEARCH_BOUND_REACHED] = "bound_reached",
    [XCY_SEARCH_GENERATOR_LIMITED] = "generator_limited",
    [XCY_SEARCH_UNSTABLE] = "unstable",
    [XCY_SEARCH_ENDED_EARLY] = "ended_early",
};

/* 1/1024 of the first rate: ten times halved. */
static const double lowest_share = 1.0 / 1024;

struct bound {
    double rate_per_s; /* 0: not known */
    bool is_confirmed;
};

struct search {
    const struct xcy_search_options *options;
    xcy_step_fn *step;
    void *ctx;
    struct xcy_search_result *result;
    double lowest_per_s;
    struct bound lower;
    struct bound upper;
    bool is_generator_limited; /* no rate above lower is tried any more */
    int contradictions;
};

/* What is to be done next, as the bracket stands. */
enum next { NEXT_STEP, NEXT_CONFIRMATION, NEXT_END };

struct move {
    enum next next;
    double rate_per_s;
    enum xcy_search_end end;
};

static struct move try_at(double rate_per_s)
{
    return (struct move){.next = NEXT_STEP, .rate_per_s = rate_per_s};
}

static struct move confirm_at(double rate_per_s)
{
    return (struct move){.next = NEXT_CONFIRMATION, .rate_per_s = rate_per_s};
}

static struct move end_as(enum xcy_search_end end)
{
    return (struct move){.next = NEXT_END, .end = end};
}

/* Nothing failed above what held. */
static struct move move_up(const struct search *s)
{
    double to = s->options->to_per_s;
    bool is_at_bound = s->lower.rate_per_s >= to;
    if (!is_at_bound && !s->is_generator_limited) {
        return try_at(fmin(s->lower.rate_per_s * 2, to));
    }
    if (!s->lower.is_confirmed) {
        return confirm_at(s->lower.rate_per_s);
    }
    return end_as(s->is_generator_limited ? XCY_SEARCH_GENERATOR_LIMITED
                                          : XCY_SEARCH_BOUND_REACHED);
}

/* Nothing held below what failed. */
static struct move move_down(const struct search *s)
{
    if (s->upper.rate_per_s <= s->lowest_per_s) {
        return end_as(XCY_SEARCH_NEVER_HELD);
    }
    return try_at(fmax(s->upper.rate_per_s / 2, s->lowest_per_s));
}

static struct move move_within(const struct search *s)
{
    double lower = s->lower.rate_per_s;
    double upper = s->upper.rate_per_s;
    if (upper / lower - 1 > s->options->resolution && !s->is_generator_limited) {
        return try_at(sqrt(lower) * sqrt(upper));
    }
    if (!s->lower.is_confirmed) {
        return confirm_at(lower);
    }
    if (s->is_generator_limited) {
        return end_as(XCY_SEARCH_GENERATOR_LIMITED);
    }
    return s->upper.is_confirmed ? end_as(XCY_SEARCH_FOUND) : confirm_at(upper);
}

static struct move next_move(const struct search *s)
{
    bool has_lower = s->lower.rate_per_s > 0;
    bool has_upper = s->upper.rate_per_s > 0;
    if (s->contradictions >= XCY_SEARCH_CONTRADICTIONS) {
        return end_as(XCY_SEARCH_UNSTABLE);
    }
    if (s->is_generator_limited && !has_lower) {
        return end_as(XCY_SEARCH_GENERATOR_LIMITED);
    }
    if (!has_lower && !has_upper) {
        return try_at(s->options->from_per_s);
    }
    if (!has_upper) {
        return move_up(s);
    }
    return has_lower ? move_within(s) : move_down(s);
}

/* The highest rate that held below this one; 0: none. */
static double held_below(const struct search *s, double rate_per_s)
{
    double highest = 0;
    for (size_t i = 0; i < s->result->n_steps; i++) {
        const struct xcy_step *step = &s->result->steps[i];
        if (step->result == XCY_STEP_HOLDS && step->rate_per_s < rate_per_s) {
            highest = fmax(highest, step->rate_per_s);
        }
    }
    return highest;
}

/* The lowest rate that failed above this one; 0: none. */
static double failed_above(const struct search *s, double rate_per_s)
{
    double lowest = INFINITY;
    for (size_t i = 0; i < s->result->n_steps; i++) {
        const struct xcy_step *step = &s->result->steps[i];
        if (step->result == XCY_STEP_FAILS && step->rate_per_s > rate_per_s) {
            lowest = fmin(lowest, step->rate_per_s);
        }
    }
    return isinf(lowest) ? 0 : lowest;
}

/* A rate that held in a short step and fails in the longer one was no lower end, and the other way
 * round: the bracket reaches from here to the nearest rate known to be on the other side. Below a rate
 * at which the generator kept up it may be searched again. */
static void take_contradiction(struct search *s, const struct xcy_step *step)
{
    struct bound here = {.rate_per_s = step->rate_per_s, .is_confirmed = true};
    s->contradictions++;
    if (step->result == XCY_STEP_HOLDS) {
        s->lower = here;
        s->upper = (struct bound){.rate_per_s = failed_above(s, step->rate_per_s)};
    } else {
        s->upper = here;
        s->lower = (struct bound){.rate_per_s = held_below(s, step->rate_per_s)};
        s->is_generator_limited = false;
    }
}

/* Twice unfit: nothing above what held can be told any more. Where even the confirmation of that was
 * unfit, it stands as its step found it. */
static void take_unfit(struct search *s, const struct xcy_step *step)
{
    s->is_generator_limited = true;
    s->lower.is_confirmed = s->lower.is_confirmed || step->is_confirmation;
}

static void take(struct search *s, const struct xcy_step *step)
{
    if (step->result == XCY_STEP_UNFIT) {
        take_unfit(s, step);
        return;
    }
    struct bound *end = step->result == XCY_STEP_HOLDS ? &s->lower : &s->upper;
    if (step->is_confirmation && end->rate_per_s != step->rate_per_s) {
        take_contradiction(s, step);
        return;
    }
    *end = (struct bound){.rate_per_s = step->rate_per_s, .is_confirmed = step->is_confirmation};
}

static bool has_steps_left(const struct search *s)
{
    return s->result->n_steps < (size_t)s->options->max_steps;
}

static enum xcy_status make_step(struct search *s, const struct move *move, struct xcy_error *err)
{
    struct xcy_search_result *result = s->result;
    bool is_confirmation = move->next == NEXT_CONFIRMATION;
    struct xcy_step step = {
        .rate_per_s = move->rate_per_s,
        .duration_ns = is_confirmation ? s->options->confirm_ns : s->options->step_ns,
        .is_confirmation = is_confirmation,
    };
    enum xcy_status status = s->step(s->ctx, &step, err);
    if (status != XCY_OK) {
        free(step.path);
        return status;
    }
    result->steps = xcy_realloc_array(result->steps, result->n_steps + 1, sizeof *result->steps);
    result->steps[result->n_steps++] = step;
    return XCY_OK;
}

static enum xcy_status make_move(struct search *s, const struct move *move, struct xcy_error *err)
{
    enum xcy_status status = make_step(s, move, err);
    const struct xcy_step *last =
        status == XCY_OK ? &s->result->steps[s->result->n_steps - 1] : NULL;
    if (last && last->result == XCY_STEP_UNFIT) {
        if (!has_steps_left(s)) {
            return XCY_OK;
        }
        status = make_step(s, move, err);
        last = status == XCY_OK ? &s->result->steps[s->result->n_steps - 1] : NULL;
    }
    if (last) {
        take(s, last);
    }
    return status;
}

/* The rates below which every step held, and above which every one failed. */
static void set_envelope(struct search *s)
{
    double lowest_failed = failed_above(s, 0);
    s->lower.rate_per_s = held_below(s, lowest_failed > 0 ? lowest_failed : INFINITY);
    s->upper.rate_per_s = failed_above(s, held_below(s, INFINITY));
}

static void finish(struct search *s, enum xcy_search_end end)
{
    if (end == XCY_SEARCH_UNSTABLE || end == XCY_SEARCH_ENDED_EARLY) {
        set_envelope(s);
    }
    s->result->end = end;
    s->result->lower_per_s = s->lower.rate_per_s;
    s->result->upper_per_s = s->upper.rate_per_s;
}

static void check(const struct xcy_search_options *o, double lowest_per_s)
{
    xcy_assert(lowest_per_s > 0 && lowest_per_s <= o->from_per_s);
    xcy_assert(o->from_per_s <= o->to_per_s && isfinite(o->to_per_s));
    xcy_assert(o->resolution > 0 && o->max_steps > 0);
}

enum xcy_status xcy_search_run(const struct xcy_search_options *options, xcy_step_fn *step,
                               void *ctx, struct xcy_search_result *result, struct xcy_error *err)
{
    struct search s = {.options = options, .step = step, .ctx = ctx, .result = result};
    s.lowest_per_s =
        options->lowest_per_s > 0 ? options->lowest_per_s : options->from_per_s * lowest_share;
    check(options, s.lowest_per_s);
    *result = (struct xcy_search_result){0};
    for (;;) {
        struct move move = next_move(&s);
        if (move.next == NEXT_END || !has_steps_left(&s)) {
            finish(&s, move.next == NEXT_END ? move.end : XCY_SEARCH_ENDED_EARLY);
            return XCY_OK;
        }
        enum xcy_status status = make_move(&s, &move, err);
        if (status != XCY_OK) {
            finish(&s, XCY_SEARCH_ENDED_EARLY);
            return status;
        }
    }
}

void xcy_search_result_clear(struct xcy_search_result *result)
{
    for (size_t i = 0; i < result->n_steps; i++) {
        free(result->steps[i].path);
    }
    free(result->steps);
    *result = (struct xcy_search_result){0};
}
