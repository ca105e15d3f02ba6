/* yaml_bind_test.c - key tables that fill structs, and what they say when they cannot. */

#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/data/yaml.h"

#include <math.h>
#include <stdlib.h>

static const char *const engines[] = {"lambda", "http", "null", NULL};

struct config {
    char *region;
    int64_t rate;
    int64_t seed;
    double scale;
    double least;
    double most;
    bool is_async;
    int engine;
    size_t n_items;
};

static enum xcy_status parse_items(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    if (xcy_yaml_kind(node) != XCY_YAML_LIST) {
        return xcy_yaml_fail(node, err, "items must be a list");
    }
    *(size_t *)to = xcy_yaml_size(node);
    return XCY_OK;
}

/* Binds the text; the error's text is left in err. */
static enum xcy_status bind(const char *text, struct config *c, bool needs_region,
                            struct xcy_error *err)
{
    const struct xcy_key keys[] = {
        {"region", XCY_KEY_STRING, &c->region, .required = needs_region},
        {"rate", XCY_KEY_INT, &c->rate, .min = 1, .max = 1000000},
        {"seed", XCY_KEY_INT, .to = &c->seed},
        {"scale", XCY_KEY_DOUBLE, &c->scale, .min = 0.5, .max = 2},
        {"least", XCY_KEY_DOUBLE, &c->least, .min = 0, .max = INFINITY},
        {"most", XCY_KEY_DOUBLE, &c->most, .min = -INFINITY, .max = 10},
        {"async", XCY_KEY_BOOL, .to = &c->is_async},
        {"engine", XCY_KEY_CHOICE, &c->engine, .choices = engines},
        {"items", XCY_KEY_CUSTOM, &c->n_items, .parse = parse_items},
    };
    struct xcy_yaml_doc *doc = NULL;
    assert_ok(xcy_yaml_parse("x.yml", xcy_bytes_of(text), &doc, err), err);
    enum xcy_status status =
        xcy_yaml_bind(xcy_yaml_root(doc), keys, sizeof keys / sizeof keys[0], err);
    xcy_yaml_free(doc);
    return status;
}

static void a_table_fills_a_struct(void **state)
{
    (void)state;
    struct xcy_error err;
    struct config c = {.region = xcy_strdup("us"), .seed = 5};
    assert_ok(bind("region: eu\nrate: 1000000\nscale: 0.5\nleast: 1e9\nmost: -5\nasync: true\n"
                   "engine: null\nitems: [a, b]\n",
                   &c, true, &err),
              &err);
    assert_string_equal(c.region, "eu");
    assert_int_equal(c.rate, 1000000);
    assert_int_equal(c.seed, 5);
    assert_true(c.scale == 0.5 && c.least == 1e9 && c.most == -5);
    assert_true(c.is_async);
    assert_int_equal(c.engine, 2);
    assert_int_equal(c.n_items, 2);
    free(c.region);
}

static void absent_keys_keep_their_values(void **state)
{
    (void)state;
    struct xcy_error err;
    struct config c = {.rate = 7, .engine = 1, .is_async = true};
    assert_ok(bind("seed: -9223372036854775808\n", &c, false, &err), &err);
    assert_int_equal(c.rate, 7);
    assert_int_equal(c.engine, 1);
    assert_true(c.is_async);
    assert_true(c.seed == INT64_MIN);
    assert_ok(bind("", &c, false, &err), &err);
    assert_int_equal(c.rate, 7);
}

static void texts_may_look_like_numbers_or_be_empty_when_quoted(void **state)
{
    (void)state;
    struct xcy_error err;
    struct config c = {.region = NULL};
    assert_ok(bind("region: 17\n", &c, true, &err), &err);
    assert_string_equal(c.region, "17");
    assert_ok(bind("region: ''\n", &c, true, &err), &err);
    assert_string_equal(c.region, "");
    free(c.region);
}

static void what_is_wrong_is_said_with_what_would_be_right(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"rate: 1\nratee: 2\n", "x.yml:2: unknown key 'ratee'; did you mean 'rate'?"},
        {"colour: red\n", "x.yml:1: unknown key 'colour'; known keys: region, rate, seed, scale, "
                          "least, most, async, engine, items"},
        {"rate: 0\n", "x.yml:1: rate must be 1..1000000, got 0"},
        {"\nrate: 1000001\n", "x.yml:2: rate must be 1..1000000, got 1000001"},
        {"rate: fast\n", "x.yml:1: rate must be a whole number, got 'fast'"},
        {"rate: 1.5\n", "x.yml:1: rate must be a whole number, got '1.5'"},
        {"rate: '5'\n", "x.yml:1: rate must be a whole number, got the text '5'"},
        {"rate:\n", "x.yml:1: rate must be a whole number, got nothing"},
        {"rate: ~\n", "x.yml:1: rate must be a whole number, got nothing"},
        {"rate:\n  - 5\n", "x.yml:1: rate must be a whole number, got a list"},
        {"rate:\n  a: 5\n", "x.yml:1: rate must be a whole number, got a map"},
        {"rate: 9223372036854775808\n",
         "x.yml:1: rate must be a whole number, got '9223372036854775808'"},
        {"scale: x\n", "x.yml:1: scale must be a number, got 'x'"},
        {"scale: nan\n", "x.yml:1: scale must be a number, got 'nan'"},
        {"scale: 2.5\n", "x.yml:1: scale must be 0.5..2, got 2.5"},
        {"least: -1\n", "x.yml:1: least must be at least 0, got -1"},
        {"most: 11\n", "x.yml:1: most must be at most 10, got 11"},
        {"async: yes\n", "x.yml:1: async must be true or false, got 'yes'"},
        {"async: 'true'\n", "x.yml:1: async must be true or false, got the text 'true'"},
        {"engine: curl\n", "x.yml:1: engine must be one of lambda, http, null, got 'curl'"},
        {"engine: htpp\n",
         "x.yml:1: engine must be one of lambda, http, null, got 'htpp'; did you mean 'http'?"},
        {"engine: [http]\n", "x.yml:1: engine must be one of lambda, http, null, got a list"},
        {"region: [eu]\n", "x.yml:1: region must be a text, got a list"},
        {"region: null\n", "x.yml:1: region must be a text, got nothing"},
        {"items: 5\n", "x.yml:1: items must be a list"},
        {"- a\n", "x.yml:1: expected keys with values (a map), got a list"},
        {"just text\n", "x.yml:1: expected keys with values (a map), got 'just text'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct xcy_error err;
        struct config c = {.rate = 7};
        assert_int_equal(bind(cases[i].text, &c, false, &err), XCY_EUSAGE);
        assert_string_equal(err.text, cases[i].message);
        assert_true(c.rate == 7 || c.rate == 1);
        free(c.region);
    }
}

static void a_missing_required_key_is_named(void **state)
{
    (void)state;
    struct xcy_error err;
    struct config c = {.rate = 0};
    assert_int_equal(bind("\nrate: 5\n", &c, true, &err), XCY_EUSAGE);
    assert_string_equal(err.text, "x.yml:2: key 'region' is missing");
    assert_int_equal(bind("", &c, true, &err), XCY_EUSAGE);
    assert_string_equal(err.text, "key 'region' is missing: the file is empty");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_fills_a_struct),
        cmocka_unit_test(absent_keys_keep_their_values),
        cmocka_unit_test(texts_may_look_like_numbers_or_be_empty_when_quoted),
        cmocka_unit_test(what_is_wrong_is_said_with_what_would_be_right),
        cmocka_unit_test(a_missing_required_key_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
