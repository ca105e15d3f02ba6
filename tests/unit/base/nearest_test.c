/* nearest_test.c - edit distance, and which word a misspelt one was meant to be. */

#include "tests/support/unit.h"

#include "common/base/nearest.h"

#include <string.h>

static void the_distance_counts_single_edits(void **state)
{
    (void)state;
    static const struct {
        const char *a;
        const char *b;
        size_t distance;
    } cases[] = {
        {"", "", 0},         {"rate", "rate", 0}, {"rate", "ratee", 1},    {"rate", "rte", 1},
        {"rate", "rote", 1}, {"rate", "rtae", 1}, {"", "rate", 4},         {"kitten", "sitting", 3},
        {"ab", "ba", 1},     {"abcd", "badc", 2}, {"region", "engine", 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(xcy_edit_distance(cases[i].a, cases[i].b), cases[i].distance);
        assert_int_equal(xcy_edit_distance(cases[i].b, cases[i].a), cases[i].distance);
    }
}

static void the_nearest_word_is_found(void **state)
{
    (void)state;
    static const char *const words[] = {"requests", "rate", "duration", "engine"};
    assert_string_equal(xcy_nearest("ratee", words, 4), "rate");
    assert_string_equal(xcy_nearest("request", words, 4), "requests");
    assert_string_equal(xcy_nearest("enigne", words, 4), "engine");
}

static void a_word_near_to_none_has_no_nearest(void **state)
{
    (void)state;
    static const char *const words[] = {"requests", "rate"};
    assert_null(xcy_nearest("colour", words, 2));
    assert_null(xcy_nearest("rite_of", words, 2));
    assert_null(xcy_nearest("rate", words, 0));
}

static void very_long_words_do_no_harm(void **state)
{
    (void)state;
    char word[5000];
    memset(word, 'a', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    static const char *const words[] = {"rate"};
    assert_null(xcy_nearest(word, words, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_distance_counts_single_edits),
        cmocka_unit_test(the_nearest_word_is_found),
        cmocka_unit_test(a_word_near_to_none_has_no_nearest),
        cmocka_unit_test(very_long_words_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
