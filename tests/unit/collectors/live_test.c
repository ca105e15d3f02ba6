#include "tests/support/unit.h"

#include "collectors/live.h"

#include <string.h>

static struct xcy_mono at_s(double seconds)
{
    return (struct xcy_mono){(int64_t)(seconds * 1e9)};
}

static void all_is_on_one_line_of_80_columns(void **state)
{
    struct xcy_live live = xcy_live_begin(at_s(100), 0);
    struct xcy_live_facts facts = {.got = 50000,
                                   .expected = 100000,
                                   .is_load_over = true,
                                   .duplicate = 12,
                                   .foreign = 3,
                                   .malformed = 1};
    char line[XCY_LIVE_BYTES];
    (void)state;
    xcy_live_format(&live, at_s(102), &facts, line);
    assert_string_equal(line, "got 50000/100000 missing 50000 dup 12 foreign 3 malformed 1 "
                              "25000/s ETA 2s");
    assert_true(strlen(line) < 80);
}

static void beside_a_load_nobody_knows_when_it_is_over(void **state)
{
    struct xcy_live live = xcy_live_begin(at_s(1), 10);
    struct xcy_live_facts facts = {.got = 30, .expected = 45};
    char line[XCY_LIVE_BYTES];
    (void)state;
    xcy_live_format(&live, at_s(3), &facts, line);
    assert_string_equal(line, "got 30/45 missing 15 dup 0 foreign 0 malformed 0 10/s load runs");
}

static void the_rate_is_of_the_last_seconds(void **state)
{
    struct xcy_live live = xcy_live_begin(at_s(0), 0);
    struct xcy_live_facts facts = {.expected = 100000, .is_load_over = true};
    char line[XCY_LIVE_BYTES];
    (void)state;
    for (int s = 0; s <= 20; s++) { /* a thousand a second, and then nothing for long */
        facts.got = s <= 10 ? 1000 * s : 10000;
        xcy_live_format(&live, at_s(s), &facts, line);
        if (s == 10) {
            assert_non_null(strstr(line, " 1000/s ETA 90s"));
        }
    }
    xcy_live_format(&live, at_s(26), &facts, line);
    assert_non_null(strstr(line, " 0/s ETA ?"));
}

static void what_is_left_is_told_in_fitting_units(void **state)
{
    static const struct {
        int64_t missing;
        const char *eta;
    } cases[] = {{0, "ETA 0s"},       {1, "ETA 1s"},    {99, "ETA 99s"},     {120, "ETA 2min"},
                 {5900, "ETA 99min"}, {7200, "ETA 2h"}, {350000, "ETA 98h"}, {400000000, "ETA ?"}};
    char line[XCY_LIVE_BYTES];
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct xcy_live live = xcy_live_begin(at_s(0), 0); /* one a second */
        struct xcy_live_facts facts = {
            .got = 2, .expected = 2 + cases[c].missing, .is_load_over = true};
        xcy_live_format(&live, at_s(2), &facts, line);
        assert_string_equal(strstr(line, "ETA"), cases[c].eta);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_on_one_line_of_80_columns),
        cmocka_unit_test(beside_a_load_nobody_knows_when_it_is_over),
        cmocka_unit_test(the_rate_is_of_the_last_seconds),
        cmocka_unit_test(what_is_left_is_told_in_fitting_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
