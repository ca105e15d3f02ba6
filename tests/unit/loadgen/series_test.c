#include "loadgen/record/series.h"
#include "tests/unit/loadgen/played.h"

#include <string.h>

static void the_header_names_the_columns(void **state)
{
    (void)state;
    struct xcy_buf out;
    xcy_buf_init(&out, 4096);
    xcy_series_header(&out);
    assert_string_equal(out.ptr,
                        "second,started_us,warmup,asked_per_s,sent,ok,failed,skipped,late,retries,"
                        "in_flight,response_p50_us,response_p99_us,response_max_us,service_p50_us,"
                        "service_p99_us,lag_p50_us,lag_p99_us,lag_max_us\n");
    xcy_buf_clear(&out);
}

/* One ok (response 10 ms, service 8 ms, lag 2 ms), one failed, one of the warm-up, one skipped, one
 * attempt to be repeated. */
static void a_second_is_a_line_of_all_that_was_seen_in_it(void **state)
{
    (void)state;
    struct xcy_tally t;
    struct xcy_buf out;
    xcy_tally_init(&t);
    xcy_buf_init(&out, 4096);
    play(&t, (struct play){0, 0, 2, 10, XCY_OUTCOME_OK, 1, false});
    play(&t, (struct play){1, 0, 0, 900, XCY_OUTCOME_RESET, 1, false});
    play(&t, (struct play){2, 0, 0, 700, XCY_OUTCOME_OK, 1, true});
    play_failed_attempt(&t, (struct play){3, 0, 0, 5, XCY_OUTCOME_THROTTLED, 1, false});
    xcy_tally_skip(&t, XCY_SKIP_LATE, false);
    struct xcy_second second = {.number = 7,
                                .started_us = 1700000000000000,
                                .asked_per_s = 12.5,
                                .tally = &t,
                                .in_flight = 9};
    xcy_second_format(&second, &out);
    assert_string_equal(out.ptr, "7,1700000000000000,0,12.5,4,2,1,1,1,1,9,10000.0,10000.0,10000.0,"
                                 "8000.0,8000.0,2000.0,2000.0,2000.0\n");
    xcy_buf_clear(&out);
    xcy_tally_clear(&t);
}

static void nothing_measured_is_an_empty_field_and_no_zero(void **state)
{
    (void)state;
    struct xcy_tally t;
    struct xcy_buf out;
    xcy_tally_init(&t);
    xcy_buf_init(&out, 4096);
    play(&t, (struct play){0, 0, 0, 700, XCY_OUTCOME_OK, 1, true});
    struct xcy_second second = {.started_us = 1700000000000000, .is_warmup = true, .tally = &t};
    xcy_second_format(&second, &out);
    assert_string_equal(out.ptr, "0,1700000000000000,1,0.0,1,1,0,0,0,0,0,,,,,,,,\n");
    xcy_buf_clear(&out);
    xcy_tally_clear(&t);
}

static void a_zero_that_was_measured_is_a_zero(void **state)
{
    (void)state;
    struct xcy_tally t;
    struct xcy_buf out;
    xcy_tally_init(&t);
    xcy_buf_init(&out, 4096);
    play(&t, (struct play){0, 0, 0, 0, XCY_OUTCOME_OK, 1, false});
    struct xcy_second second = {.started_us = 1700000000000000, .tally = &t};
    xcy_second_format(&second, &out);
    assert_non_null(strstr(out.ptr, ",0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0\n"));
    xcy_buf_clear(&out);
    xcy_tally_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_header_names_the_columns),
        cmocka_unit_test(a_second_is_a_line_of_all_that_was_seen_in_it),
        cmocka_unit_test(nothing_measured_is_an_empty_field_and_no_zero),
        cmocka_unit_test(a_zero_that_was_measured_is_a_zero),
    };
    return cmocka_run_group_tests_name("series", tests, NULL, NULL);
}
