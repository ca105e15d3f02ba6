#include "common/record/field.h"

#include "common/record/evaluation.h"

#include <stdio.h>
#include <string.h>

static bool is_id(const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c <= ' ' || *c > '~') {
            return false;
        }
    }
    return true;
}

enum xcy_status xcy_id_read(const struct xcy_json *node, const char *key, char *to, size_t size,
                            struct xcy_error *err)
{
    const char *text = xcy_json_string(node);
    if (!text) {
        return xcy_fail(err, XCY_EPARSE, "%s: missing, or not a string", key);
    }
    size_t len = strlen(text);
    if (len == 0) {
        return xcy_fail(err, XCY_EPARSE, "%s: empty", key);
    }
    if (len >= size) {
        return xcy_fail(err, XCY_EPARSE, "%s: %zu characters, at most %zu are allowed", key, len,
                        size - 1);
    }
    if (!is_id(text)) {
        return xcy_fail(err, XCY_EPARSE, "%s: holds a blank or a character that is not ASCII", key);
    }
    memcpy(to, text, len + 1);
    return XCY_OK;
}

/* Cuts before a character that would not fit whole. */
static void copy_cut(char *to, size_t size, const char *text)
{
    size_t len = strnlen(text, size);
    if (len == size) {
        len--;
        while (len > 0 && ((unsigned char)text[len] & 0xC0U) == 0x80) {
            len--;
        }
    }
    memcpy(to, text, len);
    to[len] = '\0';
}

static enum xcy_status read_text(const struct xcy_json *node, const struct xcy_field *field,
                                 void *to, struct xcy_error *err)
{
    const char *text = xcy_json_string(node);
    if (!text) {
        return xcy_fail(err, XCY_EPARSE, "%s: not a string", field->name);
    }
    copy_cut(to, field->size, text);
    return XCY_OK;
}

static enum xcy_status read_count(const struct xcy_json *node, const struct xcy_field *field,
                                  void *to, struct xcy_error *err)
{
    int64_t value;
    if (!xcy_json_int64(node, &value) || value < 0) {
        return xcy_fail(err, XCY_EPARSE, "%s: not a whole number of 0 or more", field->name);
    }
    memcpy(to, &value, sizeof value);
    return XCY_OK;
}

static enum xcy_status read_bool(const struct xcy_json *node, const struct xcy_field *field,
                                 void *to, struct xcy_error *err)
{
    bool value;
    if (!xcy_json_bool(node, &value)) {
        return xcy_fail(err, XCY_EPARSE, "%s: not true or false", field->name);
    }
    memcpy(to, &value, sizeof value);
    return XCY_OK;
}

static enum xcy_status read_id(const struct xcy_json *node, const struct xcy_field *field, void *to,
                               struct xcy_error *err)
{
    return xcy_id_read(node, field->name, to, field->size, err);
}

static void put_text(struct xcy_json *object, const struct xcy_field *field, const void *from)
{
    const char *text = from;
    if (*text) {
        xcy_json_put_string(object, field->name, text);
    }
}

static void put_count(struct xcy_json *object, const struct xcy_field *field, const void *from)
{
    int64_t value;
    memcpy(&value, from, sizeof value);
    xcy_json_put_int64(object, field->name, value);
}

static void put_bool(struct xcy_json *object, const struct xcy_field *field, const void *from)
{
    bool value;
    memcpy(&value, from, sizeof value);
    xcy_json_put_bool(object, field->name, value);
}

struct codec {
    enum xcy_status (*read)(const struct xcy_json *node, const struct xcy_field *field, void *to,
                            struct xcy_error *err);
    void (*put)(struct xcy_json *object, const struct xcy_field *field, const void *from);
};

static const struct codec codecs[] = {
    [XCY_FIELD_ID] = {read_id, put_text},
    [XCY_FIELD_TEXT] = {read_text, put_text},
    [XCY_FIELD_COUNT] = {read_count, put_count},
    [XCY_FIELD_BOOL] = {read_bool, put_bool},
};

void xcy_fields_put(struct xcy_json *object, const struct xcy_field *fields, size_t n,
                    const void *record)
{
    for (size_t f = 0; f < n; f++) {
        codecs[fields[f].kind].put(object, &fields[f], (const char *)record + fields[f].offset);
    }
}

enum xcy_status xcy_fields_read(const struct xcy_json *object, const struct xcy_field *fields,
                                size_t n, void *record, struct xcy_error *err)
{
    for (size_t f = 0; f < n; f++) {
        const struct xcy_json *node = xcy_json_get(object, fields[f].name);
        if (xcy_json_kind(node) == XCY_JSON_NULL) {
            if (fields[f].is_required) {
                return xcy_fail(err, XCY_EPARSE, "%s: missing", fields[f].name);
            }
            continue;
        }
        enum xcy_status status =
            codecs[fields[f].kind].read(node, &fields[f], (char *)record + fields[f].offset, err);
        if (status) {
            return status;
        }
    }
    return XCY_OK;
}

void xcy_stamps_put(struct xcy_json *object, const struct xcy_stamps *stamps)
{
    for (int p = 0; p < XCY_N_POINTS; p++) {
        if (stamps->us[p] != 0) {
            xcy_json_put_int64(object, xcy_points[p].name, stamps->us[p]);
        }
    }
}

enum xcy_status xcy_stamps_read(const struct xcy_json *object, struct xcy_stamps *stamps,
                                struct xcy_error *err)
{
    struct xcy_stamps read = {{0}};
    if (xcy_json_kind(object) != XCY_JSON_OBJECT) {
        return xcy_fail(err, XCY_EPARSE, "missing, or not an object");
    }
    for (int p = 0; p < XCY_N_POINTS; p++) {
        const struct xcy_field field = {.name = xcy_points[p].name};
        const struct xcy_json *node = xcy_json_get(object, field.name);
        if (node && read_count(node, &field, &read.us[p], err)) {
            return err->status;
        }
    }
    *stamps = read;
    return XCY_OK;
}

enum xcy_status xcy_format_check(const struct xcy_json *xcy, struct xcy_error *err)
{
    int64_t version;
    if (xcy_json_kind(xcy) != XCY_JSON_OBJECT) {
        return xcy_fail(err, XCY_EPARSE, "not an object");
    }
    if (!xcy_json_int64(xcy_json_get(xcy, "v"), &version)) {
        return xcy_fail(err, XCY_EPARSE, "v: missing, or not a whole number");
    }
    if (version != XCY_FORMAT_VERSION) {
        return xcy_fail(err, XCY_EPARSE, "v: %lld, but this program knows %d", (long long)version,
                        XCY_FORMAT_VERSION);
    }
    return XCY_OK;
}
