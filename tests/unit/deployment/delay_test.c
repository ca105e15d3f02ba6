#include "tests/support/unit.h"

#include "common/deployment/delay.h"

#include <stdlib.h>
#include <string.h>

static enum xcy_status parse(const char *text, struct xcy_delay *delay, struct xcy_error *err)
{
    struct xcy_yaml_doc *doc = NULL;
    assert_ok(xcy_yaml_parse("lags.yml", xcy_bytes_of(text), &doc, err), err);
    enum xcy_status status = xcy_delay_parse(xcy_yaml_get(xcy_yaml_root(doc), "lag"), delay, err);
    xcy_yaml_free(doc);
    return status;
}

struct right {
    const char *text;
    enum xcy_delay_model model;
    double a_ms;
    double b_ms;
};

static void every_model_is_read(void **state)
{
    (void)state;
    static const struct right cases[] = {
        {"lag: 20", XCY_DELAY_CONSTANT, 20, 0},
        {"lag: 0", XCY_DELAY_CONSTANT, 0, 0},
        {"lag: 0.25", XCY_DELAY_CONSTANT, 0.25, 0},
        {"lag: {model: constant, ms: 20}", XCY_DELAY_CONSTANT, 20, 0},
        {"lag: {model: uniform, low_ms: 5, high_ms: 50}", XCY_DELAY_UNIFORM, 5, 50},
        {"lag: {model: exponential, mean_ms: 30}", XCY_DELAY_EXPONENTIAL, 30, 0},
        {"lag: {model: lognormal, p50_ms: 180, p99_ms: 600}", XCY_DELAY_LOGNORMAL, 180, 600},
        {"lag: {model: gate}", XCY_DELAY_GATE, 0, 0},
    };
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct xcy_error err;
        struct xcy_delay delay = {.model = XCY_DELAY_GATE};
        assert_ok(parse(cases[n].text, &delay, &err), &err);
        assert_int_equal(delay.model, cases[n].model);
        assert_true(delay.a_ms == cases[n].a_ms && delay.b_ms == cases[n].b_ms);
        assert_null(delay.file);
        xcy_delay_clear(&delay);
    }
}

static void an_empirical_model_names_its_file(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_delay delay = {.model = XCY_DELAY_GATE};
    assert_ok(parse("lag: {model: empirical, file: old.txt}", &delay, &err), &err);
    assert_ok(parse("lag: {model: empirical, file: lags.txt}", &delay, &err), &err);
    assert_int_equal(delay.model, XCY_DELAY_EMPIRICAL);
    assert_string_equal(delay.file, "lags.txt");
    xcy_delay_clear(&delay);
    assert_null(delay.file);
}

static void wrong_delays_are_refused_with_file_and_line(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"lag: -1", "lags.yml:1: a delay is a number of milliseconds"},
        {"lag: soon", "lags.yml:1: a delay is a number of milliseconds"},
        {"lag: nan", "lags.yml:1: a delay is a number of milliseconds"},
        {"lag: 3600001", "lags.yml:1: a delay is a number of milliseconds"},
        {"lag: '20'", "lags.yml:1: a delay is a number of milliseconds"},
        {"lag: [20]", "lags.yml:1: a delay is a number of milliseconds"},
        {"lag: ", "lags.yml:1: a delay is a number of milliseconds"},
        {"\nlag: {ms: 20}", "lags.yml:2: a delay needs `model`"},
        {"lag: {model: lognorm, p50_ms: 1, p99_ms: 2}", "lags.yml:1: model must be constant"},
        {"lag: {model: [a]}", "lags.yml:1: model must be constant"},
        {"lag: {model: uniform, low_ms: 5}", "lags.yml:1: key 'high_ms' is missing"},
        {"lag: {model: uniform, low_ms: 5, high_ms: 4}",
         "lags.yml:1: high_ms (4) must not be below low_ms (5)"},
        {"lag:\n  model: uniform\n  low_ms: 5\n  hihg_ms: 9",
         "lags.yml:4: unknown key 'hihg_ms'; did you mean 'high_ms'?"},
        {"lag: {model: lognormal, p50_ms: 10, p99_ms: 9}",
         "lags.yml:1: p99_ms (9) must not be below p50_ms (10)"},
        {"lag: {model: lognormal, p50_ms: 0, p99_ms: 9}", "lags.yml:1: p50_ms must be above 0"},
        {"lag: {model: exponential, mean_ms: 0}", "lags.yml:1: mean_ms must be above 0"},
        {"lag: {model: exponential, mean_ms: -1}", "lags.yml:1: mean_ms must be 0..3600000"},
        {"lag: {model: gate, ms: 5}", "lags.yml:1: unknown key 'ms'"},
        {"lag: {model: empirical}", "lags.yml:1: key 'file' is missing"},
        {"lag: {model: empirical, file: ''}", "lags.yml:1: expected the path of a file"},
    };
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct xcy_error err;
        struct xcy_delay delay = {.model = XCY_DELAY_UNIFORM, .a_ms = 77};
        assert_status(parse(cases[n][0], &delay, &err), XCY_EUSAGE, &err);
        if (strncmp(err.text, cases[n][1], strlen(cases[n][1])) != 0) {
            fail_msg("%s: %s", cases[n][0], err.text);
        }
        assert_true(delay.model == XCY_DELAY_UNIFORM && delay.a_ms == 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_model_is_read),
        cmocka_unit_test(an_empirical_model_names_its_file),
        cmocka_unit_test(wrong_delays_are_refused_with_file_and_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
