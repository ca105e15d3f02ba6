#include "loadgen/engines/engine.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

static void every_engine_is_found_by_its_name(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const struct xcy_engine *engine;
        int64_t sleep_ns;
    } cases[] = {
        {"lambda", &xcy_engine_lambda, 0},
        {"http", &xcy_engine_http, 0},
        {"null", &xcy_engine_null, 0},
        {"sleep:20", &xcy_engine_sleep, 20 * XCY_NS_PER_MS},
        {"sleep:0.5", &xcy_engine_sleep, 500 * XCY_NS_PER_US},
        {"sleep:0", &xcy_engine_sleep, 0},
        {"sleep:3600000", &xcy_engine_sleep, 3600 * XCY_NS_PER_S},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        const struct xcy_engine *engine = NULL;
        int64_t sleep_ns = -1;
        struct xcy_error err;
        assert_ok(xcy_engine_find(cases[c].text, &engine, &sleep_ns, &err), &err);
        assert_ptr_equal(engine, cases[c].engine);
        assert_int_equal(sleep_ns, cases[c].sleep_ns);
    }
    size_t n = 0;
    while (xcy_engines[n]) {
        n++;
    }
    assert_int_equal(n, 4);
}

static void what_is_no_engine_is_told_what_was_meant(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *words;
    } cases[] = {
        {"lamda", "did you mean lambda?"},
        {"sleeep:5", "did you mean sleep:MS?"},
        {"carrier-pigeon", "there are lambda, http, null, sleep:MS"},
        {"", "there are lambda, http, null, sleep:MS"},
        {"sleep", "as sleep:20"},
        {"sleep:", "'' is not a length"},
        {"sleep:soon", "'soon' is not a length"},
        {"sleep:-1", "'-1' is not a length"},
        {"sleep:nan", "'nan' is not a length"},
        {"sleep:3600001", "0..3600000"},
        {"sleep:5ms", "'5ms' is not a length"},
        {"null:5", "engine null takes no ':5'"},
        {"http://127.0.0.1/", "engine http takes no '://127.0.0.1/'"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        const struct xcy_engine *engine = NULL;
        int64_t sleep_ns = -1;
        struct xcy_error err;
        assert_status(xcy_engine_find(cases[c].text, &engine, &sleep_ns, &err), XCY_EUSAGE, &err);
        if (!strstr(err.text, cases[c].words)) {
            fail_msg("'%s': %s", cases[c].text, err.text);
        }
        assert_null(engine);
        assert_int_equal(sleep_ns, -1);
    }
}

static void only_tls_that_nobody_checks_is_unverified(void **state)
{
    (void)state;
    static const struct {
        const struct xcy_engine *engine;
        const char *address; /* of the endpoint and the URL; NULL: AWS */
        bool insecure;
        bool is_unverified;
    } cases[] = {
        {&xcy_engine_http, "https://127.0.0.1/", true, true},
        {&xcy_engine_http, "https://127.0.0.1/", false, false},
        {&xcy_engine_http, "http://127.0.0.1/", true, false},
        {&xcy_engine_lambda, "https://127.0.0.1", true, true},
        {&xcy_engine_lambda, "http://127.0.0.1", true, false},
        {&xcy_engine_lambda, NULL, true, true},
        {&xcy_engine_lambda, NULL, false, false},
        {&xcy_engine_null, "https://127.0.0.1", true, false},
        {&xcy_engine_sleep, "https://127.0.0.1", true, false},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        char address[64];
        struct xcy_deployment deployment = {.endpoint = cases[c].address ? address : NULL};
        struct xcy_target target = {.deployment = &deployment};
        struct xcy_web web = {.request.url = address};
        struct xcy_engine_setting setting = {
            .target = &target, .web = &web, .http.insecure = cases[c].insecure};
        snprintf(address, sizeof address, "%s", cases[c].address ? cases[c].address : "");
        assert_int_equal(xcy_engine_is_unverified(cases[c].engine, &setting),
                         cases[c].is_unverified);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_engine_is_found_by_its_name),
        cmocka_unit_test(what_is_no_engine_is_told_what_was_meant),
        cmocka_unit_test(only_tls_that_nobody_checks_is_unverified),
    };
    return cmocka_run_group_tests_name("engine_find", tests, NULL, NULL);
}
