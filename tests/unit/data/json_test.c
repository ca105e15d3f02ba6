/* json_test.c - reading, building and writing JSON. */

#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/data/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct xcy_json *parse(const char *text)
{
    struct xcy_error err;
    struct xcy_json *root = NULL;
    assert_ok(xcy_json_parse(xcy_bytes_of(text), &root, &err), &err);
    return root;
}

/* The text of the taken value. */
static void assert_text(struct xcy_json *taken, const char *expected)
{
    char *text = xcy_json_text(taken);
    assert_string_equal(text, expected);
    free(text);
    xcy_json_free(taken);
}

static void what_is_parsed_prints_back_without_blanks(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"null", "null"},
        {" true ", "true"},
        {"[ ]", "[]"},
        {"{ }", "{}"},
        {"\t[1, 2.50 ,-3e0,1E2]\r\n", "[1,2.5,-3,100]"},
        {"{\"a\": {\"b\": [false, null]}, \"\": \"\"}", "{\"a\":{\"b\":[false,null]},\"\":\"\"}"},
        {"\"\\u00e9\\ud83d\\ude00\\/\"", "\"\xC3\xA9\xF0\x9F\x98\x80/\""},
        {"\"\\\"\\\\\\b\\f\\n\\r\\t\\u001f\\u007f\"", "\"\\\"\\\\\\b\\f\\n\\r\\t\\u001f\\u007f\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_text(parse(cases[i][0]), cases[i][1]);
    }
}

static void numbers_print_in_the_shortest_form_that_reads_back(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"0.1", "0.1"},
        {"1795100010.245589", "1795100010.245589"},
        {"1795168800123456", "1795168800123456"},
        {"9007199254740992", "9007199254740992"},
        {"-9007199254740991", "-9007199254740991"},
        {"1e300", "1e+300"},
        {"0.000001", "1e-06"},
        {"-0", "-0"},
        {"100.0", "100"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_text(parse(cases[i][0]), cases[i][1]);
    }
}

static void what_is_not_json_is_refused_with_its_byte_offset(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"", "not JSON: the text ends too early at byte 0"},
        {"  ", "not JSON: the text ends too early at byte 2"},
        {"{} {}", "not JSON: more text after the value at byte 3"},
        {"{}x", "not JSON: more text after the value at byte 2"},
        {"nul", "not JSON: an unexpected character at byte 0"},
        {"[1,]", "not JSON: an unexpected character at byte 3"},
        {"[1 2]", "not JSON: ',' or ']' is missing at byte 3"},
        {"{\"a\":1,}", "not JSON: a string is missing at byte 7"},
        {"{\"a\" 1}", "not JSON: ':' is missing at byte 5"},
        {"{a:1}", "not JSON: a string is missing at byte 1"},
        {"[", "not JSON: the text ends too early at byte 1"},
        {"{\"a\":1", "not JSON: ',' or '}' is missing at byte 6"},
        {"\"ab", "not JSON: an unfinished string at byte 3"},
        {"\"a\nb\"", "not JSON: a control character in a string at byte 2"},
        {"\"\\x\"", "not JSON: an unknown escape at byte 2"},
        {"\"\\u12g4\"", "not JSON: a \\u escape without four digits at byte 5"},
        {"\"\\ud800\"", "not JSON: half a surrogate pair at byte 7"},
        {"\"\\udc00\"", "not JSON: half a surrogate pair at byte 7"},
        {"\"\\u0000\"", "not JSON: a zero character (\\u0000) at byte 7"},
        {"\"\xFF\"", "not JSON: a byte that is not UTF-8 at byte 1"},
        {"\xEF\xBB\xBF{}", "not JSON: an unexpected character at byte 0"},
        {"01", "not JSON: more text after the value at byte 1"},
        {"1.", "not JSON: a digit is missing at byte 2"},
        {"-", "not JSON: a digit is missing at byte 1"},
        {"1e", "not JSON: a digit is missing at byte 2"},
        {"+1", "not JSON: an unexpected character at byte 0"},
        {".5", "not JSON: an unexpected character at byte 0"},
        {"NaN", "not JSON: an unexpected character at byte 0"},
        {"1e999", "not JSON: a number that is too large at byte 5"},
        {"'a'", "not JSON: an unexpected character at byte 0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct xcy_error err;
        struct xcy_json *root = NULL;
        enum xcy_status status = xcy_json_parse(xcy_bytes_of(cases[i].text), &root, &err);
        assert_int_equal(status, XCY_EPARSE);
        assert_string_equal(err.text, cases[i].message);
        assert_null(root);
    }
}

static void only_the_bytes_of_the_view_are_read(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_json *root = NULL;
    assert_ok(xcy_json_parse(xcy_bytes("12345", 2), &root, &err), &err);
    assert_text(root, "12");
    static const char list[] = {'[', '1',
                                ']'}; /* no zero behind it: a step too far would be seen */
    char *exact = malloc(sizeof list);
    memcpy(exact, list, sizeof list);
    assert_ok(xcy_json_parse(xcy_bytes(exact, 3), &root, &err), &err);
    assert_text(root, "[1]");
    free(exact);
}

static char *nested(size_t depth)
{
    char *text = xcy_alloc(2 * depth + 1);
    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    return text;
}

static void depth_is_bounded(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_json *root = NULL;
    char *deepest = nested(128);
    char *deeper = nested(129);
    char *abyss = nested(1000000);
    assert_ok(xcy_json_parse(xcy_bytes_of(deepest), &root, &err), &err);
    assert_status(xcy_json_parse(xcy_bytes_of(deeper), &root, &err), XCY_EPARSE, &err);
    assert_status(xcy_json_parse(xcy_bytes_of(abyss), &root, &err), XCY_EPARSE, &err);
    xcy_json_free(root);
    free(deepest);
    free(deeper);
    free(abyss);
}

static void values_are_read_by_key_index_and_order(void **state)
{
    (void)state;
    struct xcy_json *root =
        parse("{\"i\":17,\"on\":true,\"name\":\"post\",\"list\":[1,\"two\",null]}");
    const struct xcy_json *list = xcy_json_get(root, "list");
    int64_t number = 0;
    bool truth = false;
    assert_int_equal(xcy_json_kind(root), XCY_JSON_OBJECT);
    assert_int_equal(xcy_json_size(root), 4);
    assert_int_equal(xcy_json_size(list), 3);
    assert_string_equal(xcy_json_string(xcy_json_at(list, 1)), "two");
    assert_null(xcy_json_at(list, 3));
    assert_true(xcy_json_int64(xcy_json_get(root, "i"), &number) && number == 17);
    assert_true(xcy_json_bool(xcy_json_get(root, "on"), &truth) && truth);
    static const char *const names[] = {"i", "on", "name", "list"};
    size_t n = 0;
    for (const struct xcy_json *c = xcy_json_first(root); c; c = xcy_json_next(c)) {
        assert_string_equal(xcy_json_name(c), names[n++]);
    }
    assert_int_equal(n, 4);
    assert_null(xcy_json_name(xcy_json_first(list)));
    xcy_json_free(root);
}

static void keys_are_told_apart_by_case_and_the_last_of_two_counts(void **state)
{
    (void)state;
    struct xcy_json *root = parse("{\"Key\":1,\"key\":2,\"key\":3}");
    assert_int_equal(xcy_json_get_int64(root, "Key", 0), 1);
    assert_int_equal(xcy_json_get_int64(root, "key", 0), 3);
    assert_null(xcy_json_get(root, "KEY"));
    xcy_json_free(root);
}

static void a_path_through_nothing_gives_nothing(void **state)
{
    (void)state;
    double number = 7;
    assert_int_equal(xcy_json_kind(NULL), XCY_JSON_NULL);
    assert_null(xcy_json_get(xcy_json_at(xcy_json_get(NULL, "Records"), 0), "Sns"));
    assert_null(xcy_json_first(NULL));
    assert_null(xcy_json_next(NULL));
    assert_null(xcy_json_name(NULL));
    assert_null(xcy_json_string(NULL));
    assert_int_equal(xcy_json_size(NULL), 0);
    assert_false(xcy_json_number(NULL, &number));
    assert_true(number == 7);
    xcy_json_free(NULL);
    struct xcy_json *root = parse("[\"text\"]");
    assert_null(xcy_json_get(root, "text"));
    assert_null(xcy_json_first(xcy_json_at(root, 0)));
    xcy_json_free(root);
}

static void a_value_of_another_kind_gives_the_fallback(void **state)
{
    (void)state;
    struct xcy_json *root = parse("{\"n\":2.5,\"s\":\"17\",\"b\":false,\"z\":null}");
    assert_int_equal(xcy_json_get_int64(root, "n", -1), -1);
    assert_int_equal(xcy_json_get_int64(root, "s", -1), -1);
    assert_true(xcy_json_get_number(root, "n", -1) == 2.5);
    assert_true(xcy_json_get_number(root, "b", -1) == -1);
    assert_string_equal(xcy_json_get_string(root, "s", "?"), "17");
    assert_string_equal(xcy_json_get_string(root, "z", "?"), "?");
    assert_null(xcy_json_get_string(root, "none", NULL));
    assert_false(xcy_json_get_bool(root, "b", true));
    assert_true(xcy_json_get_bool(root, "n", true));
    xcy_json_free(root);
}

static void only_exact_integers_are_integers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_integer;
        int64_t value;
    } cases[] = {
        {"7", true, 7},
        {"7.0", true, 7},
        {"-1e3", true, -1000},
        {"9007199254740992", true, INT64_C(9007199254740992)},
        {"9007199254740994", false, 0},
        {"1e300", false, 0},
        {"7.5", false, 0},
        {"\"7\"", false, 0},
        {"true", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct xcy_json *root = parse(cases[i].text);
        int64_t value = 0;
        assert_int_equal(xcy_json_int64(root, &value), cases[i].is_integer);
        assert_int_equal(value, cases[i].value);
        xcy_json_free(root);
    }
}

static void a_tree_is_built_from_parts(void **state)
{
    (void)state;
    struct xcy_json *root = xcy_json_new_object();
    xcy_json_put_string(root, "name", "a \"b\"\n");
    xcy_json_put_string(root, "none", NULL);
    xcy_json_put_int64(root, "sent_us", INT64_C(1795168800123456));
    xcy_json_put_number(root, "share", 0.25);
    xcy_json_put_bool(root, "found", true);
    xcy_json_put_null(root, "end");
    xcy_json_put_int64(xcy_json_put_object(root, "tags"), "n", 1);
    struct xcy_json *list = xcy_json_put_array(root, "list");
    xcy_json_append(list, xcy_json_new_string("x"));
    xcy_json_put_int64(xcy_json_append_object(list), "k", 2);
    assert_text(root, "{\"name\":\"a \\\"b\\\"\\n\",\"none\":null,\"sent_us\":1795168800123456,"
                      "\"share\":0.25,\"found\":true,\"end\":null,\"tags\":{\"n\":1},"
                      "\"list\":[\"x\",{\"k\":2}]}");
}

static void a_key_put_again_replaces_the_old_value_in_its_place(void **state)
{
    (void)state;
    struct xcy_json *root = xcy_json_new_object();
    xcy_json_put_int64(root, "a", 1);
    xcy_json_put_int64(root, "b", 2);
    xcy_json_put_int64(root, "A", 3);
    xcy_json_put_string(root, "a", "new");
    assert_text(root, "{\"a\":\"new\",\"b\":2,\"A\":3}");
}

static void what_json_cannot_say_becomes_null(void **state)
{
    (void)state;
    struct xcy_json *root = xcy_json_new_array();
    xcy_json_append(root, xcy_json_new_number(NAN));
    xcy_json_append(root, xcy_json_new_number(INFINITY));
    xcy_json_append(root, xcy_json_new_number(-INFINITY));
    assert_text(root, "[null,null,null]");
    assert_text(NULL, "null");
}

static void a_string_that_is_not_utf8_prints_as_valid_json(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_json *back = NULL;
    struct xcy_json *root = xcy_json_new_string("a\xFF\xC3z");
    char *text = xcy_json_text(root);
    assert_string_equal(text, "\"a\xEF\xBF\xBD\xEF\xBF\xBDz\"");
    assert_ok(xcy_json_parse(xcy_bytes_of(text), &back, &err), &err);
    free(text);
    xcy_json_free(root);
    xcy_json_free(back);
}

static void a_copy_lives_on_without_its_source(void **state)
{
    (void)state;
    struct xcy_json *root = parse("{\"a\":[1,{\"b\":\"c\"}]}");
    struct xcy_json *copy = xcy_json_copy(xcy_json_get(root, "a"));
    xcy_json_free(root);
    assert_text(copy, "[1,{\"b\":\"c\"}]");
    assert_text(xcy_json_copy(NULL), "null");
}

static void people_get_indented_text(void **state)
{
    (void)state;
    struct xcy_buf out;
    xcy_buf_init(&out, 1000);
    struct xcy_json *root = parse("{\"a\":[1,{}],\"b\":{\"c\":[]}}");
    xcy_json_format(root, true, &out);
    assert_string_equal(out.ptr, "{\n"
                                 "  \"a\": [\n"
                                 "    1,\n"
                                 "    {}\n"
                                 "  ],\n"
                                 "  \"b\": {\n"
                                 "    \"c\": []\n"
                                 "  }\n"
                                 "}");
    xcy_json_free(root);
    xcy_buf_clear(&out);
}

/* Parsed trees, built ones and copies hang in each other and are replaced in every place; what is freed
 * twice, or never, the sanitizers find. */
static void trees_of_all_kinds_hang_in_each_other(void **state)
{
    (void)state;
    static const char *const keys[] = {"first", "middle", "last", "new"};
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
        struct xcy_json *outer = parse("{\"first\":{\"a\":[1]},\"middle\":\"x\",\"last\":[{}]}");
        xcy_json_put(outer, keys[k], parse("{\"in\": [\"parsed\"]}"));
        struct xcy_json *inner = xcy_json_put_object(outer, keys[(k + 1) % 3]);
        xcy_json_put_string(inner, "in", "built");
        xcy_json_put(inner, "deep", parse("[null]"));
        xcy_json_put(inner, "deep", parse("[true]"));
        struct xcy_json *copy = xcy_json_copy(outer);
        char *before = xcy_json_text(outer);
        xcy_json_free(outer);
        xcy_json_put(copy, "first", parse("1"));
        xcy_json_put(copy, "first", xcy_json_copy(xcy_json_get(copy, "last")));
        struct xcy_json *list = xcy_json_new_array();
        xcy_json_append(list, copy);
        xcy_json_append(list, parse(before));
        free(before);
        assert_int_equal(xcy_json_size(list), 2);
        assert_non_null(xcy_json_get(xcy_json_at(list, 1), keys[k]));
        xcy_json_free(list);
    }
    assert_text(parse("{\"a\":1}"), "{\"a\":1}");
    struct xcy_json *only = parse("{\"a\":1}");
    xcy_json_put_bool(only, "a", true);
    xcy_json_put_bool(only, "b", false);
    assert_text(only, "{\"a\":true,\"b\":false}");
}

/* The quick way to read a number says what strtod says. */
static void numbers_are_read_as_the_c_library_does(void **state)
{
    (void)state;
    static const char *const cases[] = {"0",
                                        "-0",
                                        "-0.0",
                                        "0.1",
                                        "0.3",
                                        "1795284206.176138",
                                        "9007199254740992",
                                        "1.5",
                                        "-2.5",
                                        "1e22",
                                        "1e23",
                                        "1E-5",
                                        "9007199254740993",
                                        "0.9007199254740993",
                                        "12.",
                                        "5e-324",
                                        "4.35",
                                        "0.000001",
                                        "123456789012345678",
                                        "0.1234567890123456",
                                        "1.7976931348623157e308",
                                        "-1795284206.0",
                                        "90071992547409.92",
                                        "2.2250738585072014e-308"};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct xcy_error err;
        struct xcy_json *root = NULL;
        double value = 0;
        if (xcy_json_parse(xcy_bytes_of(cases[c]), &root, &err) != XCY_OK) {
            assert_string_equal(cases[c], "12.");
            continue;
        }
        double expected = strtod(cases[c], NULL);
        assert_true(xcy_json_number(root, &value));
        assert_memory_equal(&value, &expected, sizeof value);
        xcy_json_free(root);
    }
    for (uint64_t n = 1, seed = 88172645463325252; n < 20000; n++) {
        char text[40];
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        snprintf(text, sizeof text, "%llu.%0*llu", (unsigned long long)(seed % 10000000000),
                 (int)(1 + n % 9), (unsigned long long)(seed >> 40) % 10);
        struct xcy_json *root = parse(text);
        double value = 0;
        double expected = strtod(text, NULL);
        assert_true(xcy_json_number(root, &value));
        assert_memory_equal(&value, &expected, sizeof value);
        xcy_json_free(root);
    }
}

static void escapes_at_every_place_of_a_string_are_read(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"\"\\n\"", "\n"},
        {"\"a\\nb\\tc\"", "a\nb\tc"},
        {"\"\\\\\\\"\"", "\\\""},
        {"\"\\u0041\\u00e9\\u20ac\\ud83d\\ude00z\"", "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z"},
        {"\"\\/\\b\\f\\r\"", "/\b\f\r"},
        {"\"\xC3\xA9\\u0020\xF0\x9F\x98\x80\"", "\xC3\xA9 \xF0\x9F\x98\x80"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct xcy_json *root = parse(cases[c][0]);
        assert_string_equal(xcy_json_string(root), cases[c][1]);
        xcy_json_free(root);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_parsed_prints_back_without_blanks),
        cmocka_unit_test(numbers_print_in_the_shortest_form_that_reads_back),
        cmocka_unit_test(what_is_not_json_is_refused_with_its_byte_offset),
        cmocka_unit_test(only_the_bytes_of_the_view_are_read),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(values_are_read_by_key_index_and_order),
        cmocka_unit_test(keys_are_told_apart_by_case_and_the_last_of_two_counts),
        cmocka_unit_test(a_path_through_nothing_gives_nothing),
        cmocka_unit_test(a_value_of_another_kind_gives_the_fallback),
        cmocka_unit_test(only_exact_integers_are_integers),
        cmocka_unit_test(a_tree_is_built_from_parts),
        cmocka_unit_test(a_key_put_again_replaces_the_old_value_in_its_place),
        cmocka_unit_test(what_json_cannot_say_becomes_null),
        cmocka_unit_test(a_string_that_is_not_utf8_prints_as_valid_json),
        cmocka_unit_test(a_copy_lives_on_without_its_source),
        cmocka_unit_test(people_get_indented_text),
        cmocka_unit_test(trees_of_all_kinds_hang_in_each_other),
        cmocka_unit_test(numbers_are_read_as_the_c_library_does),
        cmocka_unit_test(escapes_at_every_place_of_a_string_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
