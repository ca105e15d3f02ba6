#include "sandbox/regions/lag.h"
#include "tests/support/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DRAWS = 40000 };

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* DRAWS delays in ms, ascending. */
static double *drawn(const struct xcy_delay *delay, double time_scale, uint64_t seed)
{
    struct xcy_error err;
    struct xcy_lag *lag;
    assert_ok(xcy_lag_new(delay, time_scale, seed, "test", &lag, &err), &err);
    double *ms = calloc(DRAWS, sizeof *ms);
    for (size_t i = 0; i < DRAWS; i++) {
        ms[i] = (double)xcy_lag_draw_ns(lag) / 1e6;
    }
    xcy_lag_free(lag);
    qsort(ms, DRAWS, sizeof *ms, compare_doubles);
    return ms;
}

static double mean_of(const double *ms)
{
    double sum = 0;
    for (size_t i = 0; i < DRAWS; i++) {
        sum += ms[i];
    }
    return sum / DRAWS;
}

/* The value at `share` lies between the order statistics five standard errors either way. */
static void assert_quantile(const double *ms, double share, double expected)
{
    double error = 5 * sqrt(share * (1 - share) / DRAWS);
    double low = ms[(size_t)(fmax(share - error, 0) * DRAWS)];
    double high = ms[(size_t)(fmin(share + error, 1) * (DRAWS - 1))];
    if (expected < low || expected > high) {
        fail_msg("quantile %g: %g is not within %g..%g", share, expected, low, high);
    }
}

static void a_constant_is_itself_times_the_scale(void **state)
{
    (void)state;
    struct xcy_delay delay = {.model = XCY_DELAY_CONSTANT, .a_ms = 20};
    double *ms = drawn(&delay, 0.5, 1);
    assert_true(ms[0] == 10 && ms[DRAWS - 1] == 10);
    free(ms);
}

static void a_uniform_recovers_its_bounds_and_quartiles(void **state)
{
    (void)state;
    struct xcy_delay delay = {.model = XCY_DELAY_UNIFORM, .a_ms = 5, .b_ms = 45};
    double *ms = drawn(&delay, 1, 2);
    assert_true(ms[0] >= 5 && ms[DRAWS - 1] <= 45);
    assert_quantile(ms, 0.25, 15);
    assert_quantile(ms, 0.5, 25);
    assert_quantile(ms, 0.75, 35);
    free(ms);
}

static void an_exponential_recovers_its_mean_and_median(void **state)
{
    (void)state;
    struct xcy_delay delay = {.model = XCY_DELAY_EXPONENTIAL, .a_ms = 30};
    double *ms = drawn(&delay, 1, 3);
    assert_quantile(ms, 0.5, 30 * log(2));
    assert_quantile(ms, 0.99, 30 * log(100));
    assert_true(fabs(mean_of(ms) - 30) < 5 * 30 / sqrt(DRAWS));
    free(ms);
}

static void a_lognormal_recovers_its_p50_and_p99(void **state)
{
    (void)state;
    struct xcy_delay delay = {.model = XCY_DELAY_LOGNORMAL, .a_ms = 180, .b_ms = 600};
    double *ms = drawn(&delay, 1, 4);
    assert_quantile(ms, 0.5, 180);
    assert_quantile(ms, 0.99, 600);
    assert_quantile(ms, 0.01, 180 * 180.0 / 600);
    free(ms);
}

static void a_lognormal_of_one_value_is_that_value(void **state)
{
    (void)state;
    struct xcy_delay delay = {.model = XCY_DELAY_LOGNORMAL, .a_ms = 7, .b_ms = 7};
    double *ms = drawn(&delay, 1, 4);
    assert_true(ms[0] == 7 && ms[DRAWS - 1] == 7);
    free(ms);
}

static void write_file(char path[64], const char *text)
{
    snprintf(path, 64, "/tmp/xcy-lag-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static void an_empirical_model_draws_its_values_alike(void **state)
{
    (void)state;
    char path[64];
    write_file(path, "# from a trace\n1\n 2.5 \n\n40\n1000\n");
    struct xcy_delay delay = {.model = XCY_DELAY_EMPIRICAL, .file = path};
    double *ms = drawn(&delay, 1, 5);
    static const double values[] = {1, 2.5, 40, 1000};
    size_t at = 0;
    for (size_t i = 0; i < 4; i++) {
        size_t n = 0;
        while (at < DRAWS && ms[at] == values[i]) {
            at++;
            n++;
        }
        assert_true(fabs((double)n / DRAWS - 0.25) < 5 * sqrt(0.25 * 0.75 / DRAWS));
    }
    assert_int_equal(at, DRAWS);
    free(ms);
    unlink(path);
}

static void a_bad_empirical_file_names_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *said;
    } cases[] = {{"1\n2\nthree\n", ":3: 'three'"}, {"-1\n", ":1: '-1'"}, {"# none\n", "no delay"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[64];
        struct xcy_error err;
        struct xcy_lag *lag = NULL;
        write_file(path, cases[i].text);
        struct xcy_delay delay = {.model = XCY_DELAY_EMPIRICAL, .file = path};
        assert_status(xcy_lag_new(&delay, 1, 1, "leg", &lag, &err), XCY_EPARSE, &err);
        assert_non_null(strstr(err.text, cases[i].said));
        assert_null(lag);
        unlink(path);
    }
}

static void a_missing_empirical_file_is_named(void **state)
{
    (void)state;
    char path[] = "/nonexistent/lags.txt";
    struct xcy_error err;
    struct xcy_lag *lag = NULL;
    struct xcy_delay delay = {.model = XCY_DELAY_EMPIRICAL, .file = path};
    assert_status(xcy_lag_new(&delay, 1, 1, "leg", &lag, &err), XCY_ENOTFOUND, &err);
    assert_non_null(strstr(err.text, path));
}

static void a_gate_is_one_and_draws_nothing(void **state)
{
    (void)state;
    struct xcy_delay delay = {.model = XCY_DELAY_GATE};
    struct xcy_error err;
    struct xcy_lag *lag;
    assert_ok(xcy_lag_new(&delay, 1, 1, "test", &lag, &err), &err);
    assert_true(xcy_lag_is_gate(lag));
    assert_int_equal(xcy_lag_draw_ns(lag), 0);
    xcy_lag_free(lag);
}

static void the_same_seed_and_purpose_draw_the_same(void **state)
{
    (void)state;
    struct xcy_delay delay = {.model = XCY_DELAY_LOGNORMAL, .a_ms = 180, .b_ms = 600};
    struct xcy_error err;
    struct xcy_lag *lags[3];
    assert_ok(xcy_lag_new(&delay, 1, 9, "leg", &lags[0], &err), &err);
    assert_ok(xcy_lag_new(&delay, 1, 9, "leg", &lags[1], &err), &err);
    assert_ok(xcy_lag_new(&delay, 1, 9, "other", &lags[2], &err), &err);
    int n_other = 0;
    for (int i = 0; i < 100; i++) {
        int64_t first = xcy_lag_draw_ns(lags[0]);
        assert_int_equal(first, xcy_lag_draw_ns(lags[1]));
        n_other += first != xcy_lag_draw_ns(lags[2]);
    }
    assert_true(n_other > 90);
    for (int i = 0; i < 3; i++) {
        xcy_lag_free(lags[i]);
    }
}

static void impossible_models_are_refused(void **state)
{
    (void)state;
    static const struct {
        struct xcy_delay delay;
        double time_scale;
    } cases[] = {
        {{.model = XCY_DELAY_CONSTANT, .a_ms = -1}, 1},
        {{.model = XCY_DELAY_UNIFORM, .a_ms = 5, .b_ms = 4}, 1},
        {{.model = XCY_DELAY_LOGNORMAL, .a_ms = 0, .b_ms = 4}, 1},
        {{.model = XCY_DELAY_LOGNORMAL, .a_ms = 5, .b_ms = 4}, 1},
        {{.model = XCY_DELAY_CONSTANT, .a_ms = 1}, 0},
        {{.model = XCY_DELAY_EMPIRICAL}, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct xcy_error err;
        struct xcy_lag *lag = NULL;
        assert_status(xcy_lag_new(&cases[i].delay, cases[i].time_scale, 1, "leg", &lag, &err),
                      XCY_EUSAGE, &err);
        assert_true(strncmp(err.text, "leg: ", 5) == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_constant_is_itself_times_the_scale),
        cmocka_unit_test(a_uniform_recovers_its_bounds_and_quartiles),
        cmocka_unit_test(an_exponential_recovers_its_mean_and_median),
        cmocka_unit_test(a_lognormal_recovers_its_p50_and_p99),
        cmocka_unit_test(a_lognormal_of_one_value_is_that_value),
        cmocka_unit_test(an_empirical_model_draws_its_values_alike),
        cmocka_unit_test(a_bad_empirical_file_names_its_line),
        cmocka_unit_test(a_missing_empirical_file_is_named),
        cmocka_unit_test(a_gate_is_one_and_draws_nothing),
        cmocka_unit_test(the_same_seed_and_purpose_draw_the_same),
        cmocka_unit_test(impossible_models_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
