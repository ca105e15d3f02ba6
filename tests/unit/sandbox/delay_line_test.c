#include "tests/support/unit.h"

#include "sandbox/hosts/delay_line.h"

static struct xcy_mono at_ms(int64_t ms)
{
    return (struct xcy_mono){1000 * XCY_NS_PER_S + ms * XCY_NS_PER_MS};
}

static void add(struct xcy_delay_line *line, int64_t now_ms, int64_t lag_ms, const char *text)
{
    xcy_delay_line_add(line, at_ms(now_ms), lag_ms * XCY_NS_PER_MS, xcy_bytes_of(text));
}

static void assert_first(const struct xcy_delay_line *line, int64_t now_ms, const char *text)
{
    struct xcy_bytes first = xcy_delay_line_peek(line, at_ms(now_ms));
    assert_int_equal(first.len, strlen(text));
    assert_memory_equal(first.ptr, text, first.len);
}

static void bytes_come_out_a_lag_later_and_not_before(void **state)
{
    (void)state;
    struct xcy_delay_line *line = xcy_delay_line_new(0, 100);
    add(line, 0, 35, "hello");
    assert_int_equal(xcy_delay_line_peek(line, at_ms(34)).len, 0);
    assert_int_equal(xcy_delay_line_due(line).ns, at_ms(35).ns);
    assert_first(line, 35, "hello");
    xcy_delay_line_take(line, 2);
    assert_first(line, 35, "llo");
    xcy_delay_line_take(line, 3);
    assert_true(xcy_delay_line_is_empty(line));
    assert_int_equal(xcy_delay_line_room(line), 100);
    xcy_delay_line_free(line);
}

static void a_short_lag_does_not_overtake_a_long_one(void **state)
{
    (void)state;
    struct xcy_delay_line *line = xcy_delay_line_new(0, 100);
    add(line, 0, 50, "slow");
    add(line, 1, 5, "fast");
    assert_int_equal(xcy_delay_line_peek(line, at_ms(49)).len, 0);
    assert_first(line, 50, "slow");
    xcy_delay_line_take(line, 4);
    assert_first(line, 50, "fast");
    xcy_delay_line_free(line);
}

static void the_rate_cap_adds_the_time_on_the_wire(void **state)
{
    (void)state;
    struct xcy_delay_line *line = xcy_delay_line_new(8, 100000); /* 1000 bytes a millisecond */
    char chunk[5001];
    memset(chunk, 'x', 5000);
    chunk[5000] = '\0';
    add(line, 0, 10, chunk);
    add(line, 0, 10, chunk);
    assert_int_equal(xcy_delay_line_due(line).ns, at_ms(15).ns);
    xcy_delay_line_take(line, 5000);
    assert_int_equal(xcy_delay_line_due(line).ns, at_ms(20).ns);
    xcy_delay_line_take(line, 5000);
    add(line, 100, 10, chunk); /* an idle wire saves nothing up */
    assert_int_equal(xcy_delay_line_due(line).ns, at_ms(115).ns);
    xcy_delay_line_free(line);
}

static void what_is_under_way_takes_room(void **state)
{
    (void)state;
    struct xcy_delay_line *line = xcy_delay_line_new(0, 10);
    add(line, 0, 1, "1234567");
    assert_int_equal(xcy_delay_line_room(line), 3);
    xcy_delay_line_take(line, 4);
    assert_int_equal(xcy_delay_line_room(line), 7);
    xcy_delay_line_free(line); /* with bytes in it: none may leak */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_come_out_a_lag_later_and_not_before),
        cmocka_unit_test(a_short_lag_does_not_overtake_a_long_one),
        cmocka_unit_test(the_rate_cap_adds_the_time_on_the_wire),
        cmocka_unit_test(what_is_under_way_takes_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
