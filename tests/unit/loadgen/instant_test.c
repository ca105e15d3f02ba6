#include "loadgen/schedule/instant.h"
#include "tests/support/unit.h"

static void an_instant_is_read_to_the_nanosecond(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ns;
    } cases[] = {{"0", 0},
                 {"1970-01-01T00:00:00Z", 0},
                 {"1795255200", 1795255200000000000},
                 {"2026-11-21T10:00:00Z", 1795255200000000000},
                 {"2026-11-21T10:00:00+00:00", 1795255200000000000},
                 {"1795255200.123456789", 1795255200123456789},
                 {"2026-11-21T10:00:00.123456789Z", 1795255200123456789},
                 {"2026-11-21T10:00:00.5Z", 1795255200500000000},
                 {"0.0000000014", 1},
                 {"0.0000000015", 2},
                 {"0.9999999996", 1000000000},
                 {"2000-02-29T23:59:59Z", 951868799000000000},
                 {"2100-03-01T00:00:00Z", 4107542400000000000},
                 {"1e9", 1000000000000000000},
                 {".25", 250000000},
                 {"+3", 3000000000},
                 {"1.", 1000000000}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct xcy_wall instant = {-1};
        assert_true(xcy_instant_parse(xcy_bytes_of(cases[c].text), &instant));
        if (instant.ns != cases[c].ns) {
            fail_msg("%s: %ld", cases[c].text, (long)instant.ns);
        }
    }
}

static void what_is_no_instant_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "x",
                                        "-1",

                                        "1.5x",
                                        "1 ",
                                        " 1",
                                        "1e10",
                                        "9999999999",
                                        "nan",
                                        "inf",
                                        "1,5",
                                        "2026-11-21",
                                        "2026-11-21T10:00:00",
                                        "2026-11-21T10:00Z",
                                        "2026-11-21T10:00:00.Z",
                                        "2026-11-21 10:00:00Z",
                                        "2026-11-21T10:00:00+01:00",
                                        "2026-11-21T24:00:00Z",
                                        "2026-11-21T10:60:00Z",
                                        "2026-11-21T10:00:60Z",
                                        "2026-00-21T10:00:00Z",
                                        "2026-13-21T10:00:00Z",
                                        "2026-11-31T10:00:00Z",
                                        "2023-02-29T10:00:00Z",
                                        "2100-02-29T10:00:00Z",
                                        "1969-12-31T23:59:59Z",
                                        "2262-01-01T00:00:00Z",
                                        "2026-1-21T10:00:00Z",
                                        "20261121T100000Z"};
    for (size_t c = 0; c < sizeof texts / sizeof texts[0]; c++) {
        struct xcy_wall instant = {-1};
        if (xcy_instant_parse(xcy_bytes_of(texts[c]), &instant) || instant.ns != -1) {
            fail_msg("'%s' was read as %ld", texts[c], (long)instant.ns);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_instant_is_read_to_the_nanosecond),
        cmocka_unit_test(what_is_no_instant_is_refused),
    };
    return cmocka_run_group_tests_name("instant", tests, NULL, NULL);
}
