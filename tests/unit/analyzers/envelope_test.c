#include "tests/support/unit.h"

#include "analyzers/envelope.h"
#include "common/stats/stream.h"

#include <math.h>

enum { MANY = 3000 };

static double lowest_of_all(const struct xcy_envelope_bound *bounds, size_t n, double slope,
                            double at_us)
{
    double lowest = INFINITY;
    for (size_t i = 0; i < n; i++) {
        lowest = fmin(lowest, bounds[i].value_us + fabs(at_us - bounds[i].at_us) * slope);
    }
    return lowest;
}

/* Bounds in any order, some of one instant, some of one value. */
static void draw(struct xcy_stream *stream, struct xcy_envelope_bound *bounds, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bounds[i] =
            (struct xcy_envelope_bound){.at_us = floor(xcy_stream_uniform(stream) * 1e6),
                                        .value_us = floor(xcy_stream_lognormal(stream, 300, 20000)),
                                        .i = (int64_t)i};
    }
}

static void an_envelope_is_the_lowest_of_all_bounds_at_any_instant(void **state)
{
    (void)state;
    static const double slopes[] = {0, 2e-4, 0.01, 0.9};
    static struct xcy_envelope_bound bounds[MANY];
    struct xcy_stream *stream = xcy_stream_new(5, "envelope");
    for (size_t s = 0; s < sizeof slopes / sizeof *slopes; s++) {
        struct xcy_envelope envelope;
        xcy_envelope_init(&envelope, slopes[s]);
        draw(stream, bounds, MANY);
        for (size_t i = 0; i < MANY; i++) {
            xcy_envelope_add(&envelope, bounds[i]);
        }
        xcy_envelope_settle(&envelope);
        for (int step = 0; step < 1204; step++) {
            double at_us = -1e5 + 997.0 * step;
            struct xcy_envelope_bound found = xcy_envelope_at(&envelope, at_us);
            double expected = lowest_of_all(bounds, MANY, slopes[s], at_us);
            assert_true(fabs(found.value_us - expected) < 1e-6);
            const struct xcy_envelope_bound *whose = &bounds[found.i];
            assert_true(fabs(lowest_of_all(whose, 1, slopes[s], at_us) - expected) < 1e-6);
        }
        xcy_envelope_clear(&envelope);
    }
    xcy_stream_free(stream);
}

/* A bound is kept for the time in which nothing lower comes: at 200 ppm and some 10 ms of noise for
 * seconds, however many bounds there are meanwhile. */
static void what_is_kept_follows_the_time_and_not_the_number(void **state)
{
    (void)state;
    size_t kept[2];
    struct xcy_stream *stream = xcy_stream_new(6, "envelope");
    for (size_t k = 0; k < 2; k++) {
        size_t n = k == 0 ? 10000 : 1000000;
        struct xcy_envelope envelope;
        xcy_envelope_init(&envelope, 2e-4);
        for (size_t i = 0; i < n; i++) {
            struct xcy_envelope_bound bound = {.at_us = (double)i / (double)n * 600e6,
                                               .value_us = xcy_stream_exponential(stream, 10000)};
            xcy_envelope_add(&envelope, bound);
        }
        xcy_envelope_settle(&envelope);
        kept[k] = envelope.n;
        assert_true(envelope.capacity < n / 10);
        xcy_envelope_clear(&envelope);
    }
    assert_true(kept[0] > 1);
    assert_true(kept[1] < 20 * kept[0]); /* of a hundred times as many */
    xcy_stream_free(stream);
}

static void without_a_bound_there_is_none(void **state)
{
    (void)state;
    struct xcy_envelope envelope;
    xcy_envelope_init(&envelope, 2e-4);
    xcy_envelope_settle(&envelope);
    struct xcy_envelope_bound found = xcy_envelope_at(&envelope, 5);
    assert_true(isinf(found.value_us) && found.i == -1);
    xcy_envelope_clear(&envelope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_envelope_is_the_lowest_of_all_bounds_at_any_instant),
        cmocka_unit_test(what_is_kept_follows_the_time_and_not_the_number),
        cmocka_unit_test(without_a_bound_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
