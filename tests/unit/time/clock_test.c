/* clock_test.c - arithmetic of instants, formats, and what the kernel's clocks promise. */

#include "tests/support/unit.h"

#include "common/time/clock.h"

#include <string.h>
#include <unistd.h>

static const struct xcy_anchor anchor = {.mono = {1000}, .wall = {5000000}};

static void an_anchor_turns_stamps_of_one_clock_into_the_other(void **state)
{
    (void)state;
    struct xcy_mono later = xcy_mono_add(anchor.mono, 250);
    assert_int_equal(xcy_wall_at(anchor, later).ns, 5000250);
    assert_int_equal(xcy_mono_at(anchor, (struct xcy_wall){5000250}).ns, later.ns);
    assert_int_equal(xcy_wall_at(anchor, (struct xcy_mono){400}).ns, 4999400);
}

static void differences_and_order_are_those_of_the_numbers(void **state)
{
    (void)state;
    struct xcy_mono a = {100};
    struct xcy_mono b = {350};
    assert_int_equal(xcy_mono_diff_ns(b, a), 250);
    assert_int_equal(xcy_mono_diff_ns(a, b), -250);
    assert_true(xcy_mono_before(a, b));
    assert_false(xcy_mono_before(b, a));
    assert_false(xcy_mono_before(a, a));
}

static void microseconds_are_floored_before_1970_too(void **state)
{
    (void)state;
    assert_int_equal(xcy_wall_us((struct xcy_wall){1999}), 1);
    assert_int_equal(xcy_wall_us((struct xcy_wall){2000}), 2);
    assert_int_equal(xcy_wall_us((struct xcy_wall){-1}), -1);
    assert_int_equal(xcy_wall_us((struct xcy_wall){-1000}), -1);
    assert_int_equal(xcy_wall_us((struct xcy_wall){-1001}), -2);
    assert_int_equal(xcy_wall_us(xcy_wall_from_us(1795168800123456)), 1795168800123456);
}

static void instants_print_as_utc(void **state)
{
    (void)state;
    static const struct {
        int64_t seconds;
        const char *compact;
        const char *iso;
    } cases[] = {
        /* date -u -d @N +%Y%m%d%H%M%S */
        {0, "19700101000000", "1970-01-01T00:00:00Z"},
        {951782400, "20000229000000", "2000-02-29T00:00:00Z"},
        {1795168800, "20261120100000", "2026-11-20T10:00:00Z"},
        {4102444799, "20991231235959", "2099-12-31T23:59:59Z"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char compact[15];
        char iso[21];
        struct xcy_wall t = {cases[i].seconds * XCY_NS_PER_S + 999999999};
        xcy_wall_format_compact(t, compact);
        xcy_wall_format_iso(t, iso);
        assert_string_equal(compact, cases[i].compact);
        assert_string_equal(iso, cases[i].iso);
    }
}

static void the_monotonic_clock_never_goes_back(void **state)
{
    (void)state;
    struct xcy_mono last = xcy_mono_now();
    for (int i = 0; i < 10000; i++) {
        struct xcy_mono now = xcy_mono_now();
        assert_false(xcy_mono_before(now, last));
        last = now;
    }
}

static void an_anchor_lies_between_the_readings_around_it(void **state)
{
    (void)state;
    struct xcy_mono before = xcy_mono_now();
    struct xcy_anchor taken = xcy_anchor_now();
    struct xcy_mono after = xcy_mono_now();
    assert_false(xcy_mono_before(taken.mono, before));
    assert_false(xcy_mono_before(after, taken.mono));
    assert_true(taken.wall.ns > INT64_C(1577836800) * XCY_NS_PER_S); /* 2020 */
}

static void a_sleep_ends_not_before_its_instant(void **state)
{
    (void)state;
    struct xcy_mono when = xcy_mono_add(xcy_mono_now(), 2 * XCY_NS_PER_MS);
    assert_true(xcy_sleep_until(when, -1));
    assert_false(xcy_mono_before(xcy_mono_now(), when));
    assert_true(xcy_sleep_until(when, -1));
}

static void a_readable_descriptor_ends_a_long_sleep(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    struct xcy_mono when = xcy_mono_add(xcy_mono_now(), 3600 * XCY_NS_PER_S);
    assert_false(xcy_sleep_until(when, ends[0]));
    close(ends[0]);
    close(ends[1]);
}

static void the_boot_id_is_a_uuid_and_stays(void **state)
{
    (void)state;
    char a[37];
    char b[37];
    xcy_boot_id(a);
    xcy_boot_id(b);
    assert_string_equal(a, b);
    assert_true(strlen(a) == 36 || strcmp(a, "unknown") == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_anchor_turns_stamps_of_one_clock_into_the_other),
        cmocka_unit_test(differences_and_order_are_those_of_the_numbers),
        cmocka_unit_test(microseconds_are_floored_before_1970_too),
        cmocka_unit_test(instants_print_as_utc),
        cmocka_unit_test(the_monotonic_clock_never_goes_back),
        cmocka_unit_test(an_anchor_lies_between_the_readings_around_it),
        cmocka_unit_test(a_sleep_ends_not_before_its_instant),
        cmocka_unit_test(a_readable_descriptor_ends_a_long_sleep),
        cmocka_unit_test(the_boot_id_is_a_uuid_and_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
