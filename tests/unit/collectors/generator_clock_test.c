#include "tests/support/unit.h"

#include "collectors/generator_clock.h"
#include "common/time/clock.h"

#include <stdio.h>

static const char here[] = "11111111-1111-4111-8111-111111111111";

static struct xcy_manifest manifest_of(const char *boot_id, int64_t wall_minus_mono_ns)
{
    struct xcy_manifest m = {.wall_minus_mono_ns = wall_minus_mono_ns};
    snprintf(m.boot_id, sizeof m.boot_id, "%s", boot_id);
    return m;
}

/* The machine's clock was put forward by an hour since the load began: the generator's stamps, and so
 * gather's, go on from where they were. */
static void a_step_of_the_machines_clock_is_in_no_stamp(void **state)
{
    (void)state;
    struct xcy_anchor anchor = xcy_anchor_now();
    anchor.wall.ns -= 3600 * XCY_NS_PER_S;
    struct xcy_manifest m = manifest_of(here, anchor.wall.ns - anchor.mono.ns);
    struct xcy_generator_clock clock = xcy_generator_clock_of(&m, here);
    assert_true(clock.is_here);
    int64_t before_us = xcy_wall_us(xcy_wall_at(anchor, xcy_mono_now()));
    int64_t us = xcy_generator_clock_us(&clock);
    int64_t after_us = xcy_wall_us(xcy_wall_at(anchor, xcy_mono_now()));
    assert_true(us >= before_us && us <= after_us);
}

static void assert_own_clock(const struct xcy_manifest *m, const char *boot_id, bool is_here)
{
    struct xcy_generator_clock clock = xcy_generator_clock_of(m, boot_id);
    assert_true(clock.is_here == is_here);
    int64_t before_us = xcy_wall_us(xcy_wall_now());
    int64_t us = xcy_generator_clock_us(&clock);
    assert_true(us >= before_us && us <= xcy_wall_us(xcy_wall_now()));
}

static void elsewhere_the_machines_own_clock_is_all_there_is(void **state)
{
    (void)state;
    struct xcy_manifest other = manifest_of("22222222-2222-4222-8222-222222222222", 1);
    assert_own_clock(&other, here, false);
    struct xcy_manifest unknown = manifest_of("unknown", 1);
    assert_own_clock(&unknown, here, false);
    assert_own_clock(&unknown, "unknown", false); /* two machines of which nothing is known */
    struct xcy_manifest older = manifest_of(here, 0);
    assert_own_clock(&older, here, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_of_the_machines_clock_is_in_no_stamp),
        cmocka_unit_test(elsewhere_the_machines_own_clock_is_all_there_is),
    };
    return cmocka_run_group_tests_name("generator clock", tests, NULL, NULL);
}
