#include "tests/support/unit.h"

#include "analyzers/clock.h"
#include "common/base/mem.h"
#include "common/stats/stream.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { N_REQUESTS = 60 };

/* How a simulated run's clocks and legs are. */
struct world {
    double offset_us[2]; /* writer's and reader's clock - generator's */
    double drift[2];     /* a fraction */
    double step_us;      /* the reader's clock jumps by this halfway */
    double forward_us;   /* mean delay of generator to writer */
    double backward_us;  /* and back */
};

/* What a simulated run recorded, and the truth it should lead back to. */
struct simulated {
    struct xcy_record records[N_REQUESTS];
    double theta_start_us[N_REQUESTS]; /* writer's clock - generator's when it stamped start */
    double theta_seen_us[N_REQUESTS];
};

static const double origin_us = 1.7e15;

/* One of the clocks: 0 the writer's, 1 the reader's. */
static double theta_us(const struct world *w, int clock, double true_us, double step_us)
{
    return w->offset_us[clock] + w->drift[clock] * (true_us - origin_us) + step_us;
}

static void simulate(const struct world *w, struct xcy_stream *stream, struct simulated *s)
{
    for (int i = 0; i < N_REQUESTS; i++) {
        struct xcy_record *r = &s->records[i];
        *r = (struct xcy_record){.i = i, .attempts = 1, .outcome = XCY_OUTCOME_OK};
        snprintf(r->writer_instance, sizeof r->writer_instance, "writer-%d", i % 2);
        snprintf(r->reader_instance, sizeof r->reader_instance, "reader-%d", i % 3);
        r->flags = XCY_FLAG_GOT_LIVE;
        double step_us = i >= N_REQUESTS / 2 ? w->step_us : 0;
        double t = origin_us + i * 50000.0;
        int64_t *us = r->points.us;
        us[XCY_POINT_SENT] = (int64_t)t;
        t += xcy_stream_exponential(stream, w->forward_us);
        s->theta_start_us[i] = theta_us(w, 0, t, 0);
        us[XCY_POINT_START] = (int64_t)(t + s->theta_start_us[i]);
        t += xcy_stream_exponential(stream, 3000);
        us[XCY_POINT_ENDED] = (int64_t)(t + theta_us(w, 0, t, 0));
        us[XCY_POINT_ACKED] = (int64_t)(t + xcy_stream_exponential(stream, w->backward_us));
        t += xcy_stream_exponential(stream, 80000);
        s->theta_seen_us[i] = theta_us(w, 1, t, step_us);
        us[XCY_POINT_SEEN] = (int64_t)(t + s->theta_seen_us[i]);
        t += xcy_stream_exponential(stream, 5000);
        us[XCY_POINT_REPORTED] = (int64_t)(t + theta_us(w, 1, t, step_us));
        us[XCY_POINT_GOT] = (int64_t)(t + xcy_stream_exponential(stream, w->backward_us));
    }
}

/* Stamps are floored to microseconds on both sides of a difference. */
static void assert_holds(struct xcy_clock_bound b, double truth_us)
{
    assert_true(b.low_us <= truth_us + 2);
    assert_true(b.high_us >= truth_us - 2);
}

static void the_true_offset_is_in_every_interval(void **state)
{
    (void)state;
    struct simulated *s = xcy_alloc(sizeof *s);
    struct xcy_stream *stream = xcy_stream_new(11, "clock test");
    for (int run = 0; run < 1000; run++) {
        struct world w = {.forward_us = 3000, .backward_us = 1000}; /* three to one */
        for (int d = 0; d < 2; d++) {
            w.offset_us[d] = (xcy_stream_uniform(stream) - 0.5) * 100000;
            w.drift[d] = (xcy_stream_uniform(stream) - 0.5) * 300e-6;
        }
        simulate(&w, stream, s);
        struct xcy_clocks *clocks = xcy_clocks_new(s->records, N_REQUESTS, false, 200);
        assert_int_equal(xcy_clocks_steps(clocks, NULL), 0);
        assert_int_equal(xcy_clocks_count(clocks), 5);
        for (int i = 0; i < N_REQUESTS; i++) {
            const struct xcy_record *r = &s->records[i];
            assert_holds(xcy_clocks_at(clocks, r, XCY_POINT_START), s->theta_start_us[i]);
            assert_holds(xcy_clocks_at(clocks, r, XCY_POINT_SEEN), s->theta_seen_us[i]);
            /* A figure across the two clocks, corrected: true = measured - (theta to - theta from). */
            assert_holds(xcy_clocks_correction(clocks, r, XCY_POINT_START, XCY_POINT_SEEN),
                         s->theta_start_us[i] - s->theta_seen_us[i]);
        }
        xcy_clocks_free(clocks);
    }
    xcy_stream_free(stream);
    free(s);
}

static void a_step_beyond_the_bounds_is_found(void **state)
{
    (void)state;
    struct simulated *s = xcy_alloc(sizeof *s);
    struct xcy_stream *stream = xcy_stream_new(12, "clock step test");
    for (int run = 0; run < 100; run++) {
        /* The bounds of a reader are as wide as its fastest delivery: far below 1 s here. */
        struct world w = {.forward_us = 300, .backward_us = 300, .step_us = run % 2 ? 1e6 : -1e6};
        simulate(&w, stream, s);
        struct xcy_clocks *clocks = xcy_clocks_new(s->records, N_REQUESTS, false, 200);
        const char *example = NULL;
        assert_int_equal(xcy_clocks_steps(clocks, &example), 3);
        assert_memory_equal(example, "reader-", 7);
        xcy_clocks_free(clocks);
    }
    xcy_stream_free(stream);
    free(s);
}

static void without_replies_there_is_no_lower_bound(void **state)
{
    (void)state;
    struct simulated *s = xcy_alloc(sizeof *s);
    struct xcy_stream *stream = xcy_stream_new(13, "clock async test");
    struct world w = {.forward_us = 300, .backward_us = 300};
    simulate(&w, stream, s);
    for (int i = 0; i < N_REQUESTS; i++) {
        s->records[i].flags = 0;
    }
    struct xcy_clocks *clocks = xcy_clocks_new(s->records, N_REQUESTS, true, 200);
    struct xcy_clock_bound writer = xcy_clocks_at(clocks, &s->records[5], XCY_POINT_START);
    struct xcy_clock_bound reader = xcy_clocks_at(clocks, &s->records[5], XCY_POINT_SEEN);
    assert_true(isinf(writer.low_us) && isfinite(writer.high_us));
    assert_true(isinf(reader.low_us) && isfinite(reader.high_us));
    xcy_clocks_free(clocks);
    xcy_stream_free(stream);
    free(s);
}

/* The reply and the start may be of different attempts; what the reader sent back is its own. */
static void a_request_that_was_tried_again_bounds_no_writer(void **state)
{
    (void)state;
    struct simulated *s = xcy_alloc(sizeof *s);
    struct xcy_stream *stream = xcy_stream_new(14, "clock retry test");
    struct world w = {.forward_us = 300, .backward_us = 300};
    simulate(&w, stream, s);
    for (int i = 0; i < N_REQUESTS; i++) {
        s->records[i].attempts = 2;
    }
    struct xcy_clocks *clocks = xcy_clocks_new(s->records, N_REQUESTS, false, 200);
    struct xcy_clock_bound writer = xcy_clocks_at(clocks, &s->records[5], XCY_POINT_START);
    struct xcy_clock_bound reader = xcy_clocks_at(clocks, &s->records[5], XCY_POINT_SEEN);
    assert_true(isinf(writer.low_us) && isinf(writer.high_us));
    assert_true(isfinite(reader.low_us) && isinf(reader.high_us));
    xcy_clocks_free(clocks);
    xcy_stream_free(stream);
    free(s);
}

static void points_of_one_clock_need_no_correction(void **state)
{
    (void)state;
    struct xcy_record record = {.attempts = 1};
    struct xcy_clocks *clocks = xcy_clocks_new(&record, 1, false, 200);
    struct xcy_clock_bound b =
        xcy_clocks_correction(clocks, &record, XCY_POINT_SEEN, XCY_POINT_READY);
    assert_true(b.low_us == 0 && b.high_us == 0);
    xcy_clocks_free(clocks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_true_offset_is_in_every_interval),
        cmocka_unit_test(a_step_beyond_the_bounds_is_found),
        cmocka_unit_test(without_replies_there_is_no_lower_bound),
        cmocka_unit_test(a_request_that_was_tried_again_bounds_no_writer),
        cmocka_unit_test(points_of_one_clock_need_no_correction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
