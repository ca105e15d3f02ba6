#include "functions/runtime.h"
#include "tests/support/unit.h"

#include <string.h>

#define ID "11111111-2222-4333-8444-555555555555"

static const struct xcy_anchor machine = {{5000 * XCY_NS_PER_S}, {1795000000 * XCY_NS_PER_S}};

/* The machine's anchor, so many seconds later. */
static struct xcy_anchor after_s(int64_t s)
{
    return (struct xcy_anchor){{machine.mono.ns + s * XCY_NS_PER_S},
                               {machine.wall.ns + s * XCY_NS_PER_S}};
}

static struct xcy_test_clock clock_of(const char *text)
{
    struct xcy_test_clock clock;
    struct xcy_error err;
    assert_ok(xcy_test_clock_parse(text, &clock, &err), &err);
    return clock;
}

/* How far ahead of the machine's the clock is then. */
static int64_t ahead_us(const struct xcy_test_clock *clock, int64_t at_s)
{
    struct xcy_anchor bent = xcy_test_clock_bend(clock, after_s(at_s));
    assert_int_equal(bent.mono.ns, after_s(at_s).mono.ns);
    return (bent.wall.ns - after_s(at_s).wall.ns) / XCY_NS_PER_US;
}

static void without_one_the_anchor_is_the_machines(void **state)
{
    (void)state;
    const struct xcy_test_clock none = {.offset_us = 0};
    assert_int_equal(ahead_us(&none, 0), 0);
    assert_int_equal(ahead_us(&none, 100000), 0);
}

static void it_is_offset_drifts_and_steps_once(void **state)
{
    (void)state;
    const struct xcy_test_clock clock = clock_of(ID ":5000000000000:-50000:100:3000:5010000000000");
    assert_string_equal(clock.instance, ID);
    assert_int_equal(ahead_us(&clock, 0), -50000);
    assert_int_equal(ahead_us(&clock, 9), -50000 + 900);
    assert_int_equal(ahead_us(&clock, 10), -50000 + 1000 + 3000);
    assert_int_equal(ahead_us(&clock, 100), -50000 + 10000 + 3000);
}

static void without_an_instant_there_is_no_step(void **state)
{
    (void)state;
    const struct xcy_test_clock clock = clock_of(ID ":5000000000000:0:0:3000:0");
    assert_int_equal(ahead_us(&clock, 10), 0);
}

static void within_an_invocation_it_drifts_and_does_not_step(void **state)
{
    (void)state;
    const struct xcy_test_clock clock = clock_of(ID ":5000000000000:0:100:3000:5010000000000");
    struct xcy_invocation invocation = {.anchor = xcy_test_clock_bend(&clock, after_s(8)),
                                        .drift = clock.drift};
    for (int64_t s = 8; s < 20; s++) {
        int64_t us = xcy_invocation_us(&invocation, after_s(s).mono);
        assert_int_equal(us - xcy_wall_us(after_s(s).wall), s * 100);
    }
}

static void what_is_no_clock_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        ID,
                                        "short:1:2:3:4:5",
                                        ID ":1:2:3:4",
                                        ID ":1:2:3:4:5:6",
                                        ID ":1:2:three:4:5",
                                        ID ":1:2::4:5",
                                        ID ":1:2:3:4:5 "};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct xcy_test_clock clock;
        struct xcy_error err;
        assert_status(xcy_test_clock_parse(texts[i], &clock, &err), XCY_EUSAGE, &err);
        assert_non_null(strstr(err.text, "XCY_TEST_CLOCK must be"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_one_the_anchor_is_the_machines),
        cmocka_unit_test(it_is_offset_drifts_and_steps_once),
        cmocka_unit_test(without_an_instant_there_is_no_step),
        cmocka_unit_test(within_an_invocation_it_drifts_and_does_not_step),
        cmocka_unit_test(what_is_no_clock_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
