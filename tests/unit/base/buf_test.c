/* buf_test.c - growing buffers and their maximum. */

#include "tests/support/unit.h"

#include "common/base/buf.h"

#include <stdlib.h>

static void what_is_added_stands_there_terminated(void **state)
{
    (void)state;
    struct xcy_buf buf;
    xcy_buf_init(&buf, 1000);
    assert_string_equal(buf.ptr, "");
    xcy_buf_add_text(&buf, "rate");
    xcy_buf_add_char(&buf, '=');
    xcy_buf_addf(&buf, "%d/%s", 200, "s");
    xcy_buf_add(&buf, xcy_bytes("!?", 1));
    assert_string_equal(buf.ptr, "rate=200/s!");
    assert_int_equal(buf.len, 11);
    xcy_buf_clear(&buf);
}

static void growth_keeps_every_byte(void **state)
{
    (void)state;
    struct xcy_buf buf;
    xcy_buf_init(&buf, 100000);
    for (int i = 0; i < 20000; i++) {
        xcy_buf_add_char(&buf, (char)('a' + i % 26));
    }
    assert_int_equal(buf.len, 20000);
    for (int i = 0; i < 20000; i++) {
        assert_int_equal(buf.ptr[i], 'a' + i % 26);
    }
    assert_int_equal(buf.ptr[20000], '\0');
    xcy_buf_clear(&buf);
}

static void exactly_the_maximum_fits_and_one_more_does_not(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_buf buf;
    xcy_buf_init(&buf, 8);
    xcy_buf_add_text(&buf, "12345678");
    assert_ok(xcy_buf_check(&buf, "the reply", &err), &err);
    xcy_buf_addf(&buf, "%d", 9);
    assert_status(xcy_buf_check(&buf, "the reply", &err), XCY_EFULL, &err);
    assert_string_equal(err.text, "the reply is larger than 8 bytes");
    assert_string_equal(buf.ptr, "12345678");
    xcy_buf_clear(&buf);
}

static void after_an_overflow_nothing_more_is_added_until_reset(void **state)
{
    (void)state;
    struct xcy_buf buf;
    xcy_buf_init(&buf, 8);
    xcy_buf_add_text(&buf, "123456");
    xcy_buf_add_text(&buf, "789");
    xcy_buf_add_text(&buf, "7");
    assert_string_equal(buf.ptr, "123456");
    assert_true(buf.overflowed);
    xcy_buf_reset(&buf);
    xcy_buf_add_text(&buf, "7");
    assert_string_equal(buf.ptr, "7");
    assert_false(buf.overflowed);
    xcy_buf_clear(&buf);
}

static void dropping_keeps_the_rest(void **state)
{
    (void)state;
    struct xcy_buf buf;
    xcy_buf_init(&buf, 100);
    xcy_buf_add_text(&buf, "one two");
    xcy_buf_drop(&buf, 4);
    assert_string_equal(buf.ptr, "two");
    xcy_buf_drop(&buf, 3);
    assert_string_equal(buf.ptr, "");
    xcy_buf_clear(&buf);
}

static void taken_text_belongs_to_the_caller_and_the_buffer_starts_anew(void **state)
{
    (void)state;
    struct xcy_buf buf;
    xcy_buf_init(&buf, 100);
    xcy_buf_add_text(&buf, "mine");
    char *taken = xcy_buf_take(&buf);
    assert_string_equal(taken, "mine");
    assert_null(buf.ptr);
    free(taken);
    xcy_buf_clear(&buf); /* allowed, and does nothing */
}

static void clearing_nothing_is_allowed(void **state)
{
    (void)state;
    struct xcy_buf never = {0};
    xcy_buf_clear(&never);
    xcy_buf_clear(NULL);
    assert_null(never.ptr);
}

static void bytes_are_equal_by_content(void **state)
{
    (void)state;
    assert_true(xcy_bytes_equal(xcy_bytes_of("a"), xcy_bytes("ab", 1)));
    assert_false(xcy_bytes_equal(xcy_bytes_of("a"), xcy_bytes_of("b")));
    assert_false(xcy_bytes_equal(xcy_bytes_of("a"), xcy_bytes_of("ab")));
    assert_true(xcy_bytes_equal(xcy_bytes_of(NULL), xcy_bytes_of("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_added_stands_there_terminated),
        cmocka_unit_test(growth_keeps_every_byte),
        cmocka_unit_test(exactly_the_maximum_fits_and_one_more_does_not),
        cmocka_unit_test(after_an_overflow_nothing_more_is_added_until_reset),
        cmocka_unit_test(dropping_keeps_the_rest),
        cmocka_unit_test(taken_text_belongs_to_the_caller_and_the_buffer_starts_anew),
        cmocka_unit_test(clearing_nothing_is_allowed),
        cmocka_unit_test(bytes_are_equal_by_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
