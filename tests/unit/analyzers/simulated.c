#include "tests/unit/analyzers/simulated.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double offset_us = 50000;
static const int64_t origin_us = INT64_C(1763720000000000);

/* What a run is like as a whole. */
struct manner {
    double span_us;
    double forward_us;
    double backward_us;
    double replication_us;
    double live_share; /* of evaluations that a gather beside the load takes */
};

static double between(struct xcy_stream *stream, double low, double high)
{
    return low + (high - low) * xcy_stream_uniform(stream);
}

static bool happens(struct xcy_stream *stream, double share)
{
    return xcy_stream_uniform(stream) < share;
}

static size_t one_of(struct xcy_stream *stream, size_t n)
{
    return (size_t)(xcy_stream_uniform(stream) * (double)n);
}

static double theta_at(const struct simulated_clock *c, double t_us, double begun_us)
{
    double moved_us = t_us;
    if (c->period_us > 0) {
        double phase_us = fmod(t_us, c->period_us);
        moved_us = fmin(phase_us, c->period_us - phase_us);
    }
    double step_us = begun_us >= c->step_at_us ? c->step_us : 0;
    return c->offset_us + c->drift * moved_us + step_us;
}

static void make_clock(struct simulated_clock *c, const struct simulated_setting *setting,
                       const struct manner *manner, struct xcy_stream *stream)
{
    static const double rates[] = {-1, 1, 0};
    double rate = happens(stream, 0.6) ? rates[one_of(stream, 3)] : between(stream, -1, 1);
    *c = (struct simulated_clock){
        .offset_us = between(stream, -offset_us, offset_us),
        .drift = rate * setting->drift_ppm / 1e6,
        .period_us = happens(stream, 0.4) ? between(stream, 0.05, 1) * manner->span_us : 0,
        .step_at_us = INFINITY,
    };
}

static void make_clocks(struct simulated_run *run, const struct simulated_setting *setting,
                        const struct manner *manner, struct xcy_stream *stream)
{
    static const char *const names[] = {"writer", "reader"};
    for (size_t d = 0; d < 2; d++) {
        run->n_clocks[d] = 1 + one_of(stream, SIMULATED_INSTANCES);
        for (size_t i = 0; i < run->n_clocks[d]; i++) {
            struct simulated_clock *c = &run->clocks[d][i];
            make_clock(c, setting, manner, stream);
            snprintf(c->id, sizeof c->id, "%s-%zu", names[d], i);
        }
    }
    if (setting->step_us != 0) {
        struct simulated_clock *c = &run->clocks[one_of(stream, 2)][0];
        c->step_us = setting->step_us;
        c->step_at_us = between(stream, 0.2, 0.8) * manner->span_us;
        run->stepped = c;
    }
}

/* One that is free, if there is; the first ones are the warm ones. */
static struct simulated_clock *take(struct simulated_run *run, size_t d, double t_us,
                                    struct xcy_stream *stream)
{
    struct simulated_clock *clocks = run->clocks[d];
    struct simulated_clock *best =
        &clocks[happens(stream, 0.2) ? one_of(stream, run->n_clocks[d]) : 0];
    for (size_t i = 0; i < run->n_clocks[d] && best->busy_until_us > t_us; i++) {
        best = clocks[i].busy_until_us < best->busy_until_us ? &clocks[i] : best;
    }
    return best;
}

/* What is stamped in one invocation: by its anchor, whatever the clock does meanwhile. */
struct invocation {
    struct simulated_run *run;
    size_t i;
    const struct simulated_clock *clock; /* NULL: the generator's */
    double begun_us;
    double anchor_error_us;
};

static void stamp(const struct invocation *in, enum xcy_point point, double t_us)
{
    double theta_us = in->clock ? theta_at(in->clock, t_us, in->begun_us) : 0;
    in->run->when_us[in->i][point] = t_us;
    in->run->theta_us[in->i][point] = theta_us;
    in->run->records[in->i].points.us[point] =
        origin_us + (int64_t)floor(t_us + theta_us + in->anchor_error_us);
}

static double leg(struct xcy_stream *stream, double mean_us)
{
    return 0.3 * mean_us + xcy_stream_exponential(stream, 0.7 * mean_us);
}

/* Stamps one after the other, each some time after the last; returns when the last was. */
static double stamp_row(const struct invocation *in, const enum xcy_point *points, double t_us,
                        double mean_us, struct xcy_stream *stream)
{
    for (size_t p = 0; points[p] != XCY_N_POINTS; p++) {
        t_us += p > 0 ? xcy_stream_exponential(stream, mean_us) : 0;
        stamp(in, points[p], t_us);
    }
    return t_us;
}

static double write_post(struct simulated_run *run, size_t i, double t_us, double *ended_us,
                         struct xcy_stream *stream)
{
    static const enum xcy_point points[] = {XCY_POINT_START, XCY_POINT_WROTE, XCY_POINT_NOTED,
                                            XCY_POINT_ENDED, XCY_N_POINTS};
    struct simulated_clock *c = take(run, 0, t_us, stream);
    double begun_us = fmax(t_us, c->busy_until_us);
    struct invocation in = {run, i, c, begun_us, between(stream, -0.9, 0.9)};
    c->busy_until_us = stamp_row(&in, points, begun_us, 2000, stream);
    *ended_us = c->busy_until_us;
    memcpy(run->records[i].writer_instance, c->id, sizeof c->id);
    return run->when_us[i][XCY_POINT_NOTED];
}

static double read_post(struct simulated_run *run, size_t i, double t_us, double replication_us,
                        struct xcy_stream *stream)
{
    static const enum xcy_point points[] = {XCY_POINT_SEEN, XCY_POINT_READY, XCY_POINT_ASKED,
                                            XCY_POINT_READ, XCY_N_POINTS};
    struct xcy_record *r = &run->records[i];
    struct simulated_clock *c = take(run, 1, t_us, stream);
    double begun_us = fmax(t_us, c->busy_until_us);
    struct invocation in = {run, i, c, begun_us, between(stream, -0.9, 0.9)};
    double at_us = stamp_row(&in, points, begun_us, 800, stream);
    bool found = at_us >= run->when_us[i][XCY_POINT_WROTE] + replication_us;
    r->klass = found ? XCY_CLASS_CONSISTENT : XCY_CLASS_INCONSISTENT;
    if (!found) {
        static const enum xcy_point polls[] = {XCY_POINT_MISSED, XCY_POINT_VISIBLE, XCY_N_POINTS};
        at_us = stamp_row(&in, polls, at_us, replication_us, stream);
    }
    c->busy_until_us = at_us + xcy_stream_exponential(stream, 500);
    stamp(&in, XCY_POINT_REPORTED, c->busy_until_us);
    memcpy(r->reader_instance, c->id, sizeof c->id);
    return c->busy_until_us;
}

/* What the generator has of it. A request that is sent again was acted on the first time: `sent` and
 * `acked` are of the last attempt. */
static void finish(struct simulated_run *run, size_t i, double ended_us, const struct manner *m,
                   struct xcy_stream *stream)
{
    struct xcy_record *r = &run->records[i];
    struct invocation in = {.run = run, .i = i};
    double back_us = run->is_async ? 100 : leg(stream, m->backward_us);
    double acked_us =
        run->is_async ? run->when_us[i][XCY_POINT_SENT] + back_us : ended_us + back_us;
    r->attempts = 1;
    r->outcome = XCY_OUTCOME_OK;
    if (happens(stream, 0.08)) {
        r->attempts = 2;
        r->flags |= happens(stream, 0.5) ? XCY_FLAG_MANY_EXECS : 0U;
        stamp(&in, XCY_POINT_SENT, run->when_us[i][XCY_POINT_SENT] + between(stream, 1e4, 3e5));
        acked_us = run->when_us[i][XCY_POINT_SENT] + leg(stream, m->backward_us);
    } else if (happens(stream, 0.05)) {
        r->outcome = XCY_OUTCOME_TOTAL_TIMEOUT; /* it gave up while the writer was busy */
        acked_us = between(stream, run->when_us[i][XCY_POINT_SENT], acked_us);
    }
    stamp(&in, XCY_POINT_ACKED, acked_us);
}

static void gather(struct simulated_run *run, size_t i, double reported_us, const struct manner *m,
                   struct xcy_stream *stream)
{
    struct xcy_record *r = &run->records[i];
    struct invocation in = {.run = run, .i = i};
    double got_us = reported_us + leg(stream, m->backward_us);
    if (happens(stream, 0.1)) {
        r->flags |= XCY_FLAG_REDELIVERED;
        got_us += happens(stream, 0.5) ? 1e7 : 0; /* the copy taken first came late */
    }
    r->flags |= happens(stream, 0.05) ? XCY_FLAG_MANY_EVALS : 0U;
    stamp(&in, XCY_POINT_GOT, got_us);
    if (happens(stream, m->live_share)) {
        r->flags |= XCY_FLAG_GOT_LIVE;
    } else { /* another machine's clock: it means nothing here */
        r->points.us[XCY_POINT_GOT] += (int64_t)between(stream, -1e8, 1e8);
    }
}

void simulated_make(const struct simulated_setting *setting, struct xcy_stream *stream,
                    struct simulated_run *run)
{
    static const double asymmetries[][2] = {{3, 1}, {1, 3}, {1, 1}};
    const double *asymmetry = asymmetries[one_of(stream, 3)];
    double leg_us = between(stream, 200, 12000);
    struct manner m = {
        .span_us = happens(stream, 0.2) ? between(stream, 6e8, 4e9) : between(stream, 2e6, 6e7),
        .forward_us = leg_us * asymmetry[0],
        .backward_us = leg_us * asymmetry[1],
        .replication_us = between(stream, 1000, 100000),
        .live_share = happens(stream, 0.2) ? 0 : between(stream, 0.7, 1.3),
    };
    *run = (struct simulated_run){.is_async = happens(stream, 0.3)};
    make_clocks(run, setting, &m, stream);
    for (size_t i = 0; i < SIMULATED_REQUESTS; i++) {
        struct invocation in = {.run = run, .i = i};
        double due_us = m.span_us * (double)i / SIMULATED_REQUESTS;
        double ended_us = 0;
        run->records[i].i = (int64_t)i;
        stamp(&in, XCY_POINT_DUE, due_us);
        stamp(&in, XCY_POINT_SENT, due_us + xcy_stream_exponential(stream, 50));
        double start_us = run->when_us[i][XCY_POINT_SENT] + leg(stream, m.forward_us);
        double noted_us = write_post(run, i, start_us, &ended_us, stream);
        double seen_us = noted_us + leg(stream, m.forward_us);
        double reported_us =
            read_post(run, i, seen_us, xcy_stream_exponential(stream, m.replication_us), stream);
        finish(run, i, ended_us, &m, stream);
        gather(run, i, reported_us, &m, stream);
    }
}
