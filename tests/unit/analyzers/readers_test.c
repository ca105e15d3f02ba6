#include "analyzers/readers.h"
#include "tests/support/unit.h"

#include <string.h>

static struct xcy_record stay(const char *instance, int64_t seen_us, int64_t reported_us)
{
    struct xcy_record r = {.k = 0};
    memcpy(r.reader_instance, instance, strlen(instance));
    r.points.us[XCY_POINT_SEEN] = seen_us;
    r.points.us[XCY_POINT_REPORTED] = reported_us;
    return r;
}

/* Without clocks: readers are known by their names' numbers, here the first letter. */
static double readers_at_a_time(const struct xcy_record *records, size_t n)
{
    struct xcy_readers parts[2] = {{.n = 0}};
    for (size_t i = 0; i < n; i++) {
        struct xcy_clocks_view view = {.record = &records[i],
                                       .instance[XCY_DOMAIN_READER] =
                                           (size_t)records[i].reader_instance[0]};
        xcy_readers_take(&parts[i % 2], &view);
    }
    xcy_readers_add(&parts[0], &parts[1]);
    double readers = xcy_readers_at_a_time(&parts[0]);
    xcy_readers_clear(&parts[0]);
    xcy_readers_clear(&parts[1]);
    return readers;
}

static bool is_near(double a, double b)
{
    return a - b < 1e-9 && b - a < 1e-9;
}

static void nobody_read_is_nobody_busy(void **state)
{
    (void)state;
    const struct xcy_record records[] = {stay("a", 0, 0), stay("a", 5, 0)};
    assert_true(readers_at_a_time(records, 0) == 0);
    assert_true(readers_at_a_time(records, 2) == 0);
}

static void readers_side_by_side_add_up(void **state)
{
    (void)state;
    const struct xcy_record records[] = {stay("b", 1000, 1100), stay("a", 1000, 1050),
                                         stay("a", 1050, 1100), stay("c", 1000, 1000)};
    assert_true(is_near(readers_at_a_time(records, 4), 2.0));
}

static void idle_time_counts(void **state)
{
    (void)state;
    const struct xcy_record records[] = {stay("a", 1000, 1010), stay("a", 1090, 1100)};
    assert_true(is_near(readers_at_a_time(records, 2), 0.2));
}

static void a_batch_is_one_invocation_until_its_last_report(void **state)
{
    (void)state;
    const struct xcy_record records[] = {stay("a", 1000, 1020), stay("a", 1000, 1100),
                                         stay("a", 1000, 1060)};
    assert_true(is_near(readers_at_a_time(records, 3), 1.0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_read_is_nobody_busy),
        cmocka_unit_test(readers_side_by_side_add_up),
        cmocka_unit_test(idle_time_counts),
        cmocka_unit_test(a_batch_is_one_invocation_until_its_last_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
