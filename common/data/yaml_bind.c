#include "common/data/yaml_node.h"

#include "common/base/mem.h"
#include "common/base/nearest.h"
#include "common/data/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LIST_MAX_BYTES = 800 };

/* A value on its way into the struct. Messages name the key and stand at the key's line. */
struct binding {
    const struct xcy_yaml_pair *pair;
    const struct xcy_key *key;
    struct xcy_error *err;
};

static bool is_null(const struct xcy_yaml *node)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    for (size_t i = 0; node->is_plain && i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(node->text, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* "<key> must be <expected>, got <what stands there>" */
static enum xcy_status fail_expected(struct binding b, const char *expected)
{
    const struct xcy_yaml *value = b.pair->value;
    const struct xcy_yaml_doc *doc = value->doc;
    const char *name = b.pair->key;
    if (value->kind != XCY_YAML_SCALAR) {
        return xcy_yaml_fail_line(doc, b.pair->key_line, b.err, "%s must be %s, got a %s", name,
                                  expected, value->kind == XCY_YAML_LIST ? "list" : "map");
    }
    if (is_null(value)) {
        return xcy_yaml_fail_line(doc, b.pair->key_line, b.err, "%s must be %s, got nothing", name,
                                  expected);
    }
    const char *quote = value->is_plain ? "" : "the text ";
    return xcy_yaml_fail_line(doc, b.pair->key_line, b.err, "%s must be %s, got %s'%.100s'", name,
                              expected, quote, value->text);
}

static struct xcy_bytes plain_text(struct binding b)
{
    const struct xcy_yaml *value = b.pair->value;
    return value->is_plain ? xcy_bytes_of(value->text) : xcy_bytes(NULL, 0);
}

static void format_bound(double bound, char to[XCY_DOUBLE_TEXT_BYTES])
{
    xcy_double_format(bound, to);
    size_t n = strlen(to);
    if (n > 2 && strcmp(to + n - 2, ".0") == 0) {
        to[n - 2] = '\0';
    }
}

static enum xcy_status check_range(struct binding b, double value)
{
    const struct xcy_key *key = b.key;
    if (key->min == key->max || (value >= key->min && value <= key->max)) {
        return XCY_OK;
    }
    char low[XCY_DOUBLE_TEXT_BYTES];
    char high[XCY_DOUBLE_TEXT_BYTES];
    format_bound(key->min, low);
    format_bound(key->max, high);
    const struct xcy_yaml_doc *doc = b.pair->value->doc;
    const char *got = b.pair->value->text;
    if (isinf(key->max)) {
        return xcy_yaml_fail_line(doc, b.pair->key_line, b.err, "%s must be at least %s, got %s",
                                  key->name, low, got);
    }
    if (isinf(key->min)) {
        return xcy_yaml_fail_line(doc, b.pair->key_line, b.err, "%s must be at most %s, got %s",
                                  key->name, high, got);
    }
    return xcy_yaml_fail_line(doc, b.pair->key_line, b.err, "%s must be %s..%s, got %s", key->name,
                              low, high, got);
}

static enum xcy_status bind_string(struct binding b)
{
    const struct xcy_yaml *value = b.pair->value;
    if (value->kind != XCY_YAML_SCALAR || is_null(value)) {
        return fail_expected(b, "a text");
    }
    char **to = b.key->to;
    free(*to);
    *to = xcy_strdup(value->text);
    return XCY_OK;
}

static enum xcy_status bind_int(struct binding b)
{
    int64_t value = 0;
    if (!xcy_int64_parse(plain_text(b), &value)) {
        return fail_expected(b, "a whole number");
    }
    enum xcy_status status = check_range(b, (double)value);
    if (status == XCY_OK) {
        *(int64_t *)b.key->to = value;
    }
    return status;
}

static enum xcy_status bind_double(struct binding b)
{
    double value = 0;
    if (!xcy_double_parse(plain_text(b), &value) || !isfinite(value)) {
        return fail_expected(b, "a number");
    }
    enum xcy_status status = check_range(b, value);
    if (status == XCY_OK) {
        *(double *)b.key->to = value;
    }
    return status;
}

static enum xcy_status bind_bool(struct binding b)
{
    struct xcy_bytes text = plain_text(b);
    bool is_true = xcy_bytes_equal(text, xcy_bytes_of("true"));
    if (!is_true && !xcy_bytes_equal(text, xcy_bytes_of("false"))) {
        return fail_expected(b, "true or false");
    }
    *(bool *)b.key->to = is_true;
    return XCY_OK;
}

static void add_word(char to[LIST_MAX_BYTES], const char *word)
{
    size_t used = strlen(to);
    int n = snprintf(to + used, LIST_MAX_BYTES - used, "%s%s", used ? ", " : "", word);
    xcy_assert(n >= 0);
}

/* Behind what was wrong, the choice that was meant, if one is near. */
static enum xcy_status suggest(struct binding b)
{
    size_t n = 0;
    while (b.key->choices[n]) {
        n++;
    }
    const char *nearest = xcy_nearest(b.pair->value->text, b.key->choices, n);
    if (!nearest) {
        return b.err->status;
    }
    char *text = xcy_strdup(b.err->text);
    enum xcy_status status =
        xcy_fail(b.err, b.err->status, "%s; did you mean '%s'?", text, nearest);
    free(text);
    return status;
}

static enum xcy_status bind_choice(struct binding b)
{
    const struct xcy_yaml *value = b.pair->value;
    char expected[LIST_MAX_BYTES] = "";
    for (int i = 0; b.key->choices[i]; i++) {
        if (value->kind == XCY_YAML_SCALAR && strcmp(value->text, b.key->choices[i]) == 0) {
            *(int *)b.key->to = i;
            return XCY_OK;
        }
        add_word(expected, b.key->choices[i]);
    }
    char *one_of = xcy_format("one of %s", expected);
    enum xcy_status status = fail_expected(b, one_of);
    free(one_of);
    return value->kind == XCY_YAML_SCALAR ? suggest(b) : status;
}

static enum xcy_status bind_custom(struct binding b)
{
    return b.key->parse(b.pair->value, b.key->to, b.err);
}

static enum xcy_status bind_one(struct binding b)
{
    static enum xcy_status (*const binders[])(struct binding) = {
        [XCY_KEY_STRING] = bind_string, [XCY_KEY_INT] = bind_int,
        [XCY_KEY_DOUBLE] = bind_double, [XCY_KEY_BOOL] = bind_bool,
        [XCY_KEY_CHOICE] = bind_choice, [XCY_KEY_CUSTOM] = bind_custom,
    };
    return binders[b.key->type](b);
}

static enum xcy_status fail_unknown(const struct xcy_yaml_doc *doc,
                                    const struct xcy_yaml_pair *pair, const struct xcy_key *keys,
                                    size_t n_keys, struct xcy_error *err)
{
    char known[LIST_MAX_BYTES] = "";
    const char **names = xcy_alloc_array(n_keys, sizeof *names);
    for (size_t i = 0; i < n_keys; i++) {
        names[i] = keys[i].name;
        add_word(known, names[i]);
    }
    const char *nearest = xcy_nearest(pair->key, names, n_keys);
    free(names);
    if (nearest) {
        return xcy_yaml_fail_line(doc, pair->key_line, err,
                                  "unknown key '%.100s'; did you mean '%s'?", pair->key, nearest);
    }
    return xcy_yaml_fail_line(doc, pair->key_line, err, "unknown key '%.100s'; known keys: %s",
                              pair->key, known);
}

static const struct xcy_key *find_key(const char *name, const struct xcy_key *keys, size_t n_keys)
{
    for (size_t i = 0; i < n_keys; i++) {
        if (strcmp(keys[i].name, name) == 0) {
            return &keys[i];
        }
    }
    return NULL;
}

static enum xcy_status check_required(const struct xcy_yaml *map, const struct xcy_key *keys,
                                      size_t n_keys, struct xcy_error *err)
{
    for (size_t i = 0; i < n_keys; i++) {
        if (!keys[i].required || (map && xcy_yaml_get(map, keys[i].name))) {
            continue;
        }
        if (!map) {
            return xcy_fail(err, XCY_EUSAGE, "key '%s' is missing: the file is empty",
                            keys[i].name);
        }
        return xcy_yaml_fail(map, err, "key '%s' is missing", keys[i].name);
    }
    return XCY_OK;
}

static enum xcy_status bind(const struct xcy_yaml *map, const struct xcy_key *keys, size_t n_keys,
                            bool takes_unknown, struct xcy_error *err)
{
    if (map && map->kind == XCY_YAML_LIST) {
        return xcy_yaml_fail(map, err, "expected keys with values (a map), got a list");
    }
    if (map && map->kind == XCY_YAML_SCALAR && !is_null(map)) {
        return xcy_yaml_fail(map, err, "expected keys with values (a map), got '%.100s'",
                             map->text);
    }
    for (size_t i = 0; map && i < map->n; i++) {
        const struct xcy_yaml_pair *pair = &map->pairs[i];
        const struct xcy_key *key = find_key(pair->key, keys, n_keys);
        enum xcy_status status = XCY_OK;
        if (key) {
            status = bind_one((struct binding){.pair = pair, .key = key, .err = err});
        } else if (!takes_unknown) {
            status = fail_unknown(map->doc, pair, keys, n_keys, err);
        }
        if (status != XCY_OK) {
            return status;
        }
    }
    return check_required(map, keys, n_keys, err);
}

enum xcy_status xcy_yaml_bind(const struct xcy_yaml *map, const struct xcy_key *keys, size_t n_keys,
                              struct xcy_error *err)
{
    return bind(map, keys, n_keys, false, err);
}

enum xcy_status xcy_yaml_bind_known(const struct xcy_yaml *map, const struct xcy_key *keys,
                                    size_t n_keys, struct xcy_error *err)
{
    return bind(map, keys, n_keys, true, err);
}
