/* yaml_test.c - the tree, its lines, and what is refused; scalars written. */

#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/data/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct xcy_yaml_doc *parse(const char *text)
{
    struct xcy_error err;
    struct xcy_yaml_doc *doc = NULL;
    assert_ok(xcy_yaml_parse("x.yml", xcy_bytes_of(text), &doc, &err), &err);
    return doc;
}

static void a_tree_has_kinds_texts_keys_and_lines(void **state)
{
    (void)state;
    struct xcy_yaml_doc *doc = parse("# comment\n"
                                     "rate: 200\n"
                                     "writer:\n"
                                     "  region: 'eu'\n"
                                     "stages: [1, {a: b}]\n");
    const struct xcy_yaml *root = xcy_yaml_root(doc);
    const struct xcy_yaml *region = xcy_yaml_get(xcy_yaml_get(root, "writer"), "region");
    const struct xcy_yaml *stages = xcy_yaml_get(root, "stages");
    assert_int_equal(xcy_yaml_kind(root), XCY_YAML_MAP);
    assert_int_equal(xcy_yaml_size(root), 3);
    assert_string_equal(xcy_yaml_key(root, 1), "writer");
    assert_null(xcy_yaml_key(root, 3));
    assert_string_equal(xcy_yaml_text(xcy_yaml_at(root, 0)), "200");
    assert_true(xcy_yaml_is_plain(xcy_yaml_at(root, 0)));
    assert_string_equal(xcy_yaml_text(region), "eu");
    assert_false(xcy_yaml_is_plain(region));
    assert_int_equal(xcy_yaml_line(region), 4);
    assert_int_equal(xcy_yaml_kind(stages), XCY_YAML_LIST);
    assert_int_equal(xcy_yaml_size(stages), 2);
    assert_null(xcy_yaml_text(stages));
    assert_string_equal(xcy_yaml_text(xcy_yaml_get(xcy_yaml_at(stages, 1), "a")), "b");
    assert_null(xcy_yaml_at(stages, 2));
    assert_null(xcy_yaml_key(stages, 0));
    assert_null(xcy_yaml_get(stages, "a"));
    assert_null(xcy_yaml_get(root, "Rate"));
    xcy_yaml_free(doc);
}

static void an_empty_file_has_no_root(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "\n\n", "# only a comment\n", "---\n", "---\n...\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct xcy_yaml_doc *doc = parse(texts[i]);
        assert_null(xcy_yaml_root(doc));
        xcy_yaml_free(doc);
    }
    xcy_yaml_free(NULL);
}

static void what_is_refused_is_named_with_file_and_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"a: 1\nb: &x 2\n", "x.yml:2: anchors (&name) are not supported; repeat the value"},
        {"a: &x [1]\n", "x.yml:1: anchors (&name) are not supported; repeat the value"},
        {"a: &x {b: c}\n", "x.yml:1: anchors (&name) are not supported; repeat the value"},
        {"a: 1\n\nb: *x\n", "x.yml:3: aliases (*name) are not supported; repeat the value"},
        {"a: !!int 1\n", "x.yml:1: tags (!name) are not supported"},
        {"a: 1\n---\nb: 2\n", "x.yml:2: a second document; only one is allowed in a file"},
        {"a: 1\nb: 2\n\na: 3\n", "x.yml:4: key 'a' appears twice (first on line 1)"},
        {"o:\n  a: 1\n  a: 2\n", "x.yml:3: key 'a' appears twice (first on line 2)"},
        {"? [a]\n: 1\n", "x.yml:1: a key must be a text, not a list or a map"},
        {"a: \"x\\0y\"\n", "x.yml:1: a zero character in a text"},
        {"a: 1\n\tb: 2\n", "x.yml:2: "},
        {"a: 1\n b: 2\n", "x.yml:2: "},
        {"a: [1, 2\nb: 3\n", "x.yml:2: "},
        {"a: 'open\n", "x.yml:2: "},
        {"a: 1\nb: @\n", "x.yml:2: "},
        {"a: 1\nb: \xFF\n", "x.yml:2: "},
        {"a: 1\nb: \x01\n", "x.yml:2: "},
        {"a\nb: 1\n", "x.yml:2: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct xcy_error err;
        struct xcy_yaml_doc *doc = NULL;
        enum xcy_status status = xcy_yaml_parse("x.yml", xcy_bytes_of(cases[i].text), &doc, &err);
        assert_int_equal(status, XCY_EUSAGE);
        assert_null(doc);
        size_t n = strlen(cases[i].message);
        bool is_whole = cases[i].message[n - 1] != ' ';
        assert_true(strncmp(err.text, cases[i].message, n) == 0);
        assert_true(is_whole ? strlen(err.text) == n : strlen(err.text) > n);
    }
}

static void depth_is_bounded(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_yaml_doc *doc = NULL;
    char text[200];
    for (size_t depth = 64; depth <= 65; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        enum xcy_status status = xcy_yaml_parse("x.yml", xcy_bytes(text, 2 * depth), &doc, &err);
        assert_status(status, depth == 64 ? XCY_OK : XCY_EUSAGE, &err);
    }
    assert_string_equal(err.text, "x.yml:1: more than 64 levels");
    xcy_yaml_free(doc);
}

static void many_keys_are_checked_quickly(void **state)
{
    (void)state;
    enum { N = 50000 };
    struct xcy_buf text;
    xcy_buf_init(&text, 4 << 20);
    for (int i = 0; i < N; i++) {
        xcy_buf_addf(&text, "k%d: 1\n", i);
    }
    struct xcy_yaml_doc *doc = parse(text.ptr);
    assert_int_equal(xcy_yaml_size(xcy_yaml_root(doc)), N);
    xcy_yaml_free(doc);
    xcy_buf_clear(&text);
}

static void an_error_at_a_node_is_one_line_that_names_it(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_yaml_doc *doc = parse("a: 1\nb: \"x\\ny\"\n");
    const struct xcy_yaml *node = xcy_yaml_get(xcy_yaml_root(doc), "b");
    enum xcy_status status = xcy_yaml_fail(node, &err, "no model '%s'", xcy_yaml_text(node));
    assert_int_equal(status, XCY_EUSAGE);
    assert_string_equal(err.text, "x.yml:2: no model 'x?y'");
    xcy_yaml_free(doc);
}

static void a_file_is_read_and_a_missing_one_has_a_code_of_its_own(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_yaml_doc *doc = NULL;
    char path[] = "/tmp/xcy_yaml_test_XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "a: 5\nb\n", 5), 5);
    close(fd);
    assert_ok(xcy_yaml_read(path, &doc, &err), &err);
    assert_string_equal(xcy_yaml_text(xcy_yaml_get(xcy_yaml_root(doc), "a")), "5");
    xcy_yaml_free(doc);
    unlink(path);
    assert_status(xcy_yaml_read(path, &doc, &err), XCY_ENOTFOUND, &err);
}

static void written_scalars_are_quoted_only_where_they_must_be(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"eu", "eu"},
        {"1000/1000", "1000/1000"},
        {"antipode__eu-us__1000__delay-0ms", "antipode__eu-us__1000__delay-0ms"},
        {"http://127.0.0.1:4566", "http://127.0.0.1:4566"},
        {"127.0.0.1", "127.0.0.1"},
        {"~/runs", "~/runs"},
        {"a, b", "a, b"},
        {"it's", "it's"},
        {"a#b", "a#b"},
        {"-r", "-r"},
        {"%_INCONSISTENCIES", "'%_INCONSISTENCIES'"},
        {"", "''"},
        {" x", "' x'"},
        {"x ", "'x '"},
        {"a: b", "'a: b'"},
        {"a #b", "'a #b'"},
        {"a:", "'a:'"},
        {"- x", "'- x'"},
        {"-", "'-'"},
        {"'quoted'", "'''quoted'''"},
        {"[x", "'[x'"},
        {"true", "'true'"},
        {"No", "'No'"},
        {"null", "'null'"},
        {"~", "'~'"},
        {"17", "'17'"},
        {"-1.5", "'-1.5'"},
        {"1e5", "'1e5'"},
        {"0x1F", "'0x1F'"},
        {"1_000", "'1_000'"},
        {"12:30", "'12:30'"},
        {".inf", "'.inf'"},
        {"2026-11-20", "'2026-11-20'"},
        {"2026-11-20T10:00:00Z", "'2026-11-20T10:00:00Z'"},
        {"two\nlines \"x\"", "\"two\\x0alines \\\"x\\\"\""},
        {"\xC2\x85\xE2\x80\xA8\xC3\xA9", "\"\\x85\\u2028\xC3\xA9\""},
        {"\xC3\xA9", "\xC3\xA9"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct xcy_buf out;
        xcy_buf_init(&out, 1000);
        xcy_yaml_add_scalar(&out, cases[i][0]);
        assert_string_equal(out.ptr, cases[i][1]);
        xcy_buf_clear(&out);
    }
}

static void every_written_scalar_reads_back(void **state)
{
    (void)state;
    static const char alphabet[] = "a :#-?'\"[{,}]%&*!|>@`\n\t\\0.~";
    unsigned seed = 7;
    for (int i = 0; i < 1000; i++) {
        char text[6] = "";
        size_t len = (size_t)(i % 5) + 1;
        for (size_t j = 0; j < len; j++) {
            seed = seed * 1103515245U + 12345U;
            text[j] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
        }
        struct xcy_buf out;
        xcy_buf_init(&out, 1000);
        xcy_buf_add_text(&out, "key: ");
        xcy_yaml_add_scalar(&out, text);
        xcy_buf_add_char(&out, '\n');
        struct xcy_yaml_doc *doc = parse(out.ptr);
        assert_string_equal(xcy_yaml_text(xcy_yaml_get(xcy_yaml_root(doc), "key")), text);
        xcy_yaml_free(doc);
        xcy_buf_clear(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_has_kinds_texts_keys_and_lines),
        cmocka_unit_test(an_empty_file_has_no_root),
        cmocka_unit_test(what_is_refused_is_named_with_file_and_line),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(many_keys_are_checked_quickly),
        cmocka_unit_test(an_error_at_a_node_is_one_line_that_names_it),
        cmocka_unit_test(a_file_is_read_and_a_missing_one_has_a_code_of_its_own),
        cmocka_unit_test(written_scalars_are_quoted_only_where_they_must_be),
        cmocka_unit_test(every_written_scalar_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
