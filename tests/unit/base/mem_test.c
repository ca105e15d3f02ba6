/* mem_test.c - allocation and formatted texts. */

#include "tests/support/unit.h"

#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>

static void allocated_memory_is_zero(void **state)
{
    (void)state;
    unsigned char *p = xcy_alloc_array(100, 3);
    for (size_t i = 0; i < 300; i++) {
        assert_int_equal(p[i], 0);
    }
    free(p);
}

static void allocating_nothing_gives_memory_to_free(void **state)
{
    (void)state;
    void *a = xcy_alloc(0);
    void *b = xcy_alloc_array(0, 8);
    void *c = xcy_realloc_array(NULL, 0, 8);
    assert_non_null(a);
    assert_non_null(b);
    assert_non_null(c);
    free(a);
    free(b);
    free(c);
}

static void growing_keeps_the_old_part(void **state)
{
    (void)state;
    int *p = xcy_alloc_array(2, sizeof *p);
    p[0] = 7;
    p[1] = 9;
    p = xcy_realloc_array(p, 5000, sizeof *p);
    assert_int_equal(p[0], 7);
    assert_int_equal(p[1], 9);
    free(p);
}

static void texts_are_copied_whole_or_up_to_a_length(void **state)
{
    (void)state;
    char *whole = xcy_strdup("post");
    char *part = xcy_strndup("posts", 4);
    char *shorter = xcy_strndup("post", 40);
    assert_string_equal(whole, "post");
    assert_string_equal(part, "post");
    assert_string_equal(shorter, "post");
    assert_null(xcy_strdup(NULL));
    free(whole);
    free(part);
    free(shorter);
}

static void format_makes_texts_of_any_length(void **state)
{
    (void)state;
    char *text = xcy_format("%s-%05d-%.2f", "run", 42, 1.5);
    assert_string_equal(text, "run-00042-1.50");
    free(text);
    text = xcy_format("%*d", 5000, 1);
    assert_int_equal(strlen(text), 5000);
    assert_int_equal(text[4999], '1');
    free(text);
    text = xcy_format("%s", "");
    assert_string_equal(text, "");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(allocated_memory_is_zero),
        cmocka_unit_test(allocating_nothing_gives_memory_to_free),
        cmocka_unit_test(growing_keeps_the_old_part),
        cmocka_unit_test(texts_are_copied_whole_or_up_to_a_length),
        cmocka_unit_test(format_makes_texts_of_any_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
