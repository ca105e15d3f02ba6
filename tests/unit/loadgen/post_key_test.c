#include "loadgen/drive/post_key.h"
#include "tests/support/unit.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void a_key_is_ten_characters_the_number_and_then_letters(void **state)
{
    (void)state;
    static const int64_t numbers[] = {0, 7, 17, 999, 12345, 999999999};
    for (size_t n = 0; n < sizeof numbers / sizeof numbers[0]; n++) {
        char digits[24];
        char key[XCY_KEY_BYTES];
        int n_digits = snprintf(digits, sizeof digits, "%" PRId64, numbers[n]);
        xcy_post_key_format(42, numbers[n], key);
        assert_int_equal(strlen(key), 10);
        assert_memory_equal(key, digits, (size_t)n_digits);
        for (int c = n_digits; c < 10; c++) {
            assert_true(isupper((unsigned char)key[c]));
        }
    }
}

static void a_number_of_ten_digits_or_more_is_the_key(void **state)
{
    (void)state;
    char key[XCY_KEY_BYTES];
    xcy_post_key_format(42, 1000000000, key);
    assert_string_equal(key, "1000000000");
    xcy_post_key_format(42, 123456789012, key);
    assert_string_equal(key, "123456789012");
}

static void a_key_depends_on_the_seed_and_the_number_only(void **state)
{
    (void)state;
    char first[XCY_KEY_BYTES];
    char again[XCY_KEY_BYTES];
    char other[XCY_KEY_BYTES];
    xcy_post_key_format(1, 5, first);
    xcy_post_key_format(1, 6, other);
    xcy_post_key_format(1, 5, again);
    assert_string_equal(first, again);
    xcy_post_key_format(2, 5, other);
    assert_string_not_equal(first, other);
    xcy_post_key_format(1, 6, other);
    assert_string_not_equal(first + 1, other + 1);
}

static void all_letters_come_up_about_equally_often(void **state)
{
    (void)state;
    int count[26] = {0};
    for (int64_t i = 0; i < 10; i++) {
        for (uint64_t seed = 1; seed <= 1000; seed++) {
            char key[XCY_KEY_BYTES];
            xcy_post_key_format(seed, i, key);
            for (int c = 1; c < 10; c++) {
                count[key[c] - 'A']++;
            }
        }
    }
    for (int letter = 0; letter < 26; letter++) {
        assert_in_range(count[letter], 90000 / 26 - 300, 90000 / 26 + 300); /* 5 sigma */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_ten_characters_the_number_and_then_letters),
        cmocka_unit_test(a_number_of_ten_digits_or_more_is_the_key),
        cmocka_unit_test(a_key_depends_on_the_seed_and_the_number_only),
        cmocka_unit_test(all_letters_come_up_about_equally_often),
    };
    return cmocka_run_group_tests_name("post_key", tests, NULL, NULL);
}
