#include "tests/support/unit.h"

#include "collectors/pace.h"

static int limit_at(int64_t round_trip_ns, int most)
{
    struct xcy_pace pace = xcy_pace_of(most);
    xcy_pace_note(&pace, round_trip_ns);
    return xcy_pace_limit(&pace);
}

static void before_anything_is_known_few_are_of_use(void **state)
{
    struct xcy_pace pace = xcy_pace_of(64);
    (void)state;
    assert_int_equal(xcy_pace_limit(&pace), XCY_PACE_LEAST);
}

static void as_many_as_carry_ten_thousand_messages_a_second(void **state)
{
    static const struct {
        int64_t round_trip_ns;
        int most;
        int limit;
    } cases[] = {
        {300 * XCY_NS_PER_US, 64, XCY_PACE_LEAST}, /* this machine */
        {20 * XCY_NS_PER_MS, 64, 20},
        {20 * XCY_NS_PER_MS + 1, 64, 21},
        {100 * XCY_NS_PER_MS, 64, 64},
        {100 * XCY_NS_PER_MS, 256, 100},
        {100 * XCY_NS_PER_MS, 1, 1},
        {0, 64, XCY_PACE_LEAST},
    };
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        assert_int_equal(limit_at(cases[c].round_trip_ns, cases[c].most), cases[c].limit);
    }
}

static void the_shortest_round_trip_stands_for_the_way(void **state)
{
    struct xcy_pace pace = xcy_pace_of(64);
    (void)state;
    xcy_pace_note(&pace, 50 * XCY_NS_PER_MS);
    xcy_pace_note(&pace, 900 * XCY_NS_PER_MS);
    assert_int_equal(xcy_pace_limit(&pace), 50);
    xcy_pace_note(&pace, 10 * XCY_NS_PER_MS);
    assert_int_equal(xcy_pace_limit(&pace), 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_anything_is_known_few_are_of_use),
        cmocka_unit_test(as_many_as_carry_ten_thousand_messages_a_second),
        cmocka_unit_test(the_shortest_round_trip_stands_for_the_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
