#include "loadgen/drive/waiting.h"
#include "tests/support/unit.h"

enum { LIMIT = 100 };

static void there_are_as_many_as_may_be_and_each_is_another(void **state)
{
    (void)state;
    struct xcy_flights flights;
    struct xcy_flight *taken[LIMIT];
    xcy_flights_init(&flights, LIMIT);
    for (int i = 0; i < LIMIT; i++) {
        taken[i] = xcy_flights_take(&flights);
        assert_non_null(taken[i]);
        taken[i]->call.id.i = i;
    }
    assert_null(xcy_flights_take(&flights));
    for (int i = 0; i < LIMIT; i++) {
        assert_int_equal(taken[i]->call.id.i, i);
        assert_ptr_equal(xcy_flight_of(&taken[i]->call), taken[i]);
        xcy_flights_give(&flights, taken[i]);
    }
    assert_int_equal(flights.n_out, 0);
    xcy_flights_clear(&flights);
}

static void the_one_that_came_back_last_is_used_next(void **state)
{
    (void)state;
    struct xcy_flights flights;
    xcy_flights_init(&flights, LIMIT);
    struct xcy_flight *first = xcy_flights_take(&flights);
    struct xcy_flight *second = xcy_flights_take(&flights);
    xcy_flights_give(&flights, first);
    xcy_flights_give(&flights, second);
    assert_ptr_equal(xcy_flights_take(&flights), second);
    assert_ptr_equal(xcy_flights_take(&flights), first);
    xcy_flights_give(&flights, first);
    xcy_flights_give(&flights, second);
    xcy_flights_clear(&flights);
}

static void those_that_wait_come_out_in_the_order_of_their_instants(void **state)
{
    (void)state;
    static struct xcy_flight flights[LIMIT];
    struct xcy_waiting waiting = {0};
    assert_null(xcy_waiting_first(&waiting));
    for (int i = 0; i < LIMIT; i++) {
        flights[i].call.again.ns = i * 37 % LIMIT / 2; /* each twice, in no order */
        xcy_waiting_add(&waiting, &flights[i]);
    }
    for (int i = 0; i < LIMIT; i++) {
        const struct xcy_flight *first = xcy_waiting_first(&waiting);
        assert_int_equal(first->call.again.ns, i / 2);
        assert_ptr_equal(xcy_waiting_take(&waiting), first);
    }
    assert_null(xcy_waiting_first(&waiting));
    xcy_waiting_clear(&waiting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_are_as_many_as_may_be_and_each_is_another),
        cmocka_unit_test(the_one_that_came_back_last_is_used_next),
        cmocka_unit_test(those_that_wait_come_out_in_the_order_of_their_instants),
    };
    return cmocka_run_group_tests_name("flights", tests, NULL, NULL);
}
