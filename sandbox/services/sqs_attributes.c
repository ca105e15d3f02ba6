#include "sandbox/services/sqs_attributes.h"

#include "common/base/mem.h"
#include "common/net/crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ATTRIBUTES = 10, MAX_NAME_BYTES = 256, MAX_BYTES = 2 << 20 };

struct attribute {
    const char *name;
    const char *type;
    bool is_binary;
    const char *value; /* base64 when binary; NULL if missing */
};

static bool is_type(const char *type, const char *base)
{
    size_t n = strlen(base);
    return strncmp(type, base, n) == 0 && (type[n] == '\0' || type[n] == '.');
}

static struct attribute attribute_of(const struct xcy_json *node)
{
    struct attribute a = {.name = xcy_json_name(node)};
    a.type = xcy_json_get_string(node, "DataType", "");
    a.is_binary = is_type(a.type, "Binary");
    a.value = xcy_json_get_string(node, a.is_binary ? "BinaryValue" : "StringValue", NULL);
    return a;
}

static bool check_one(const struct attribute *a, char reason[200])
{
    size_t name_len = strlen(a->name);
    if (name_len == 0 || name_len > MAX_NAME_BYTES) {
        snprintf(reason, 200, "Message attribute names must have 1 to %d bytes.", MAX_NAME_BYTES);
        return false;
    }
    if (!a->is_binary && !is_type(a->type, "String") && !is_type(a->type, "Number")) {
        snprintf(reason, 200,
                 "The type of message attribute '%.60s' is invalid. You must use only the "
                 "following supported type prefixes: Binary, Number, String.",
                 a->name);
        return false;
    }
    struct xcy_buf decoded;
    xcy_buf_init(&decoded, MAX_BYTES);
    bool is_right = a->value && a->value[0] &&
                    (!a->is_binary || xcy_base64_decode(xcy_bytes_of(a->value), &decoded));
    xcy_buf_clear(&decoded);
    if (!is_right) {
        snprintf(reason, 200,
                 "Message attribute '%.60s' must contain a non-empty value of type '%.40s'.",
                 a->name, a->type);
    }
    return is_right;
}

bool xcy_sqs_attributes_check(const struct xcy_json *attributes, char reason[200])
{
    if (xcy_json_size(attributes) > MAX_ATTRIBUTES) {
        snprintf(reason, 200,
                 "Number of message attributes [%zu] exceeds the allowed maximum [%d].",
                 xcy_json_size(attributes), MAX_ATTRIBUTES);
        return false;
    }
    for (const struct xcy_json *node = xcy_json_first(attributes); node;
         node = xcy_json_next(node)) {
        struct attribute a = attribute_of(node);
        if (!check_one(&a, reason)) {
            return false;
        }
    }
    return true;
}

static void add_value(struct xcy_buf *out, const struct attribute *a)
{
    if (a->is_binary) {
        (void)xcy_base64_decode(xcy_bytes_of(a->value), out); /* checked when it was sent */
    } else {
        xcy_buf_add_text(out, a->value);
    }
}

static size_t value_bytes(const struct attribute *a)
{
    struct xcy_buf value;
    xcy_buf_init(&value, MAX_BYTES);
    add_value(&value, a);
    size_t n = value.len;
    xcy_buf_clear(&value);
    return n;
}

size_t xcy_sqs_attributes_bytes(const struct xcy_json *attributes)
{
    size_t n = 0;
    for (const struct xcy_json *node = xcy_json_first(attributes); node;
         node = xcy_json_next(node)) {
        struct attribute a = attribute_of(node);
        n += strlen(a.name) + strlen(a.type) + value_bytes(&a);
    }
    return n;
}

static void add_sized(struct xcy_buf *out, struct xcy_bytes bytes)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        xcy_buf_add_char(out, (char)(unsigned char)(bytes.len >> shift));
    }
    xcy_buf_add(out, bytes);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const struct attribute *)a)->name, ((const struct attribute *)b)->name);
}

void xcy_sqs_attributes_md5(const struct xcy_json *attributes, char hex[33])
{
    size_t n = xcy_json_size(attributes);
    hex[0] = '\0';
    if (n == 0) {
        return;
    }
    struct attribute *sorted = xcy_alloc_array(n, sizeof *sorted);
    size_t i = 0;
    for (const struct xcy_json *node = xcy_json_first(attributes); node;
         node = xcy_json_next(node)) {
        sorted[i++] = attribute_of(node);
    }
    qsort(sorted, n, sizeof *sorted, compare_names);
    struct xcy_buf all;
    xcy_buf_init(&all, MAX_BYTES);
    for (i = 0; i < n; i++) {
        struct xcy_buf value;
        xcy_buf_init(&value, MAX_BYTES);
        add_value(&value, &sorted[i]);
        add_sized(&all, xcy_bytes_of(sorted[i].name));
        add_sized(&all, xcy_bytes_of(sorted[i].type));
        xcy_buf_add_char(&all, sorted[i].is_binary ? 2 : 1);
        add_sized(&all, xcy_buf_bytes(&value));
        xcy_buf_clear(&value);
    }
    xcy_md5_hex(xcy_buf_bytes(&all), hex);
    xcy_buf_clear(&all);
    free(sorted);
}

static bool is_wanted(const char *name, const struct xcy_json *wanted)
{
    for (const struct xcy_json *node = xcy_json_first(wanted); node; node = xcy_json_next(node)) {
        const char *pattern = xcy_json_string(node);
        size_t n = pattern ? strlen(pattern) : 0;
        bool is_prefix = n >= 2 && strcmp(pattern + n - 2, ".*") == 0;
        if (pattern && (strcmp(pattern, name) == 0 || strcmp(pattern, "All") == 0 ||
                        (is_prefix && strncmp(pattern, name, n - 2) == 0))) {
            return true;
        }
    }
    return false;
}

struct xcy_json *xcy_sqs_attributes_select(const struct xcy_json *attributes,
                                           const struct xcy_json *wanted)
{
    struct xcy_json *selected = NULL;
    for (const struct xcy_json *node = xcy_json_first(attributes); node;
         node = xcy_json_next(node)) {
        if (is_wanted(xcy_json_name(node), wanted)) {
            selected = selected ? selected : xcy_json_new_object();
            xcy_json_put(selected, xcy_json_name(node), xcy_json_copy(node));
        }
    }
    return selected;
}
