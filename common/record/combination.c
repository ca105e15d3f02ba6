#include "common/record/combination.h"

#include "common/data/number.h"
#include "common/record/field.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *const xcy_post_storage_names[] = {
    [XCY_POST_DYNAMO] = "dynamo",
    [XCY_POST_S3] = "s3",
    [XCY_POST_MYSQL] = "mysql",
    [XCY_POST_CACHE] = "cache",
    NULL,
};

const char *const xcy_notification_storage_names[] = {
    [XCY_NOTIFICATION_SNS] = "sns",
    [XCY_NOTIFICATION_DYNAMO] = "dynamo",
    [XCY_NOTIFICATION_MQ] = "mq",
    NULL,
};

const char *const xcy_consistency_names[] = {
    [XCY_CONSISTENCY_NONE] = "none",
    [XCY_CONSISTENCY_ANTIPODE] = "antipode",
    NULL,
};

const char *const xcy_visibility_names[] = {
    [XCY_VISIBILITY_OFF] = "off",
    [XCY_VISIBILITY_INLINE] = "inline",
    [XCY_VISIBILITY_SAMPLE] = "sample",
    NULL,
};

int64_t xcy_post_published_bytes(enum xcy_post_storage storage)
{
    static const int64_t bytes[] = {
        [XCY_POST_DYNAMO] = 350000,
        [XCY_POST_S3] = 1000000,
        [XCY_POST_MYSQL] = 1000000,
        [XCY_POST_CACHE] = 2900000,
    };
    return bytes[storage];
}

int xcy_name_index(const char *const names[], const char *name)
{
    for (int n = 0; names[n]; n++) {
        if (strcmp(names[n], name) == 0) {
            return n;
        }
    }
    return -1;
}

void xcy_combination_folder(const struct xcy_combination *c, char to[32])
{
    snprintf(to, 32, "%s-%s", xcy_post_storage_names[c->post_storage],
             xcy_notification_storage_names[c->notification_storage]);
}

void xcy_combination_describe(const struct xcy_combination *c, char to[160])
{
    snprintf(to, 160, "%s-%s, %s, delay %" PRId64 " ms, %.31s to %.31s",
             xcy_post_storage_names[c->post_storage],
             xcy_notification_storage_names[c->notification_storage],
             xcy_consistency_names[c->consistency], c->delay_ms, c->writer_region,
             c->reader_region);
}

bool xcy_combination_equal(const struct xcy_combination *a, const struct xcy_combination *b)
{
    return a->post_storage == b->post_storage &&
           a->notification_storage == b->notification_storage && a->consistency == b->consistency &&
           a->delay_ms == b->delay_ms && a->post_bytes == b->post_bytes &&
           a->visibility == b->visibility && a->visibility_share == b->visibility_share &&
           strcmp(a->writer_region, b->writer_region) == 0 &&
           strcmp(a->reader_region, b->reader_region) == 0;
}

static void set_visibility(struct xcy_combination *c, enum xcy_visibility visibility, double share)
{
    c->visibility = visibility;
    c->visibility_share = share;
}

enum xcy_status xcy_visibility_parse(const char *text, struct xcy_combination *c,
                                     struct xcy_error *err)
{
    static const char sample[] = "sample:";
    const char *p = text + strlen(sample);
    double share;
    if (strcmp(text, "off") == 0) {
        set_visibility(c, XCY_VISIBILITY_OFF, 0);
    } else if (strcmp(text, "inline") == 0) {
        set_visibility(c, XCY_VISIBILITY_INLINE, 1);
    } else if (strncmp(text, sample, strlen(sample)) == 0 &&
               xcy_double_parse(xcy_bytes_of(p), &share) && share > 0 && share <= 1) {
        set_visibility(c, XCY_VISIBILITY_SAMPLE, share);
    } else {
        return xcy_fail(err, XCY_EPARSE,
                        "\"%.40s\" is not off, inline, or sample:P with 0 < P <= 1", text);
    }
    return XCY_OK;
}

void xcy_visibility_format(const struct xcy_combination *c, char to[XCY_VISIBILITY_BYTES])
{
    char share[XCY_DOUBLE_TEXT_BYTES] = "";
    bool is_sample = c->visibility == XCY_VISIBILITY_SAMPLE;
    if (is_sample) {
        xcy_double_format(c->visibility_share, share);
    }
    snprintf(to, XCY_VISIBILITY_BYTES, "%s%s%s", xcy_visibility_names[c->visibility],
             is_sample ? ":" : "", share);
}

void xcy_visibility_set_default(struct xcy_combination *c)
{
    bool is_sns = c->notification_storage == XCY_NOTIFICATION_SNS;
    set_visibility(c, is_sns ? XCY_VISIBILITY_INLINE : XCY_VISIBILITY_OFF, is_sns ? 1 : 0);
}

struct xcy_json *xcy_combination_to_json(const struct xcy_combination *c)
{
    char visibility[XCY_VISIBILITY_BYTES];
    xcy_visibility_format(c, visibility);
    struct xcy_json *object = xcy_json_new_object();
    xcy_json_put_string(object, "post_storage", xcy_post_storage_names[c->post_storage]);
    xcy_json_put_string(object, "notification_storage",
                        xcy_notification_storage_names[c->notification_storage]);
    xcy_json_put_string(object, "consistency", xcy_consistency_names[c->consistency]);
    xcy_json_put_int64(object, "delay_ms", c->delay_ms);
    xcy_json_put_int64(object, "post_bytes", c->post_bytes);
    xcy_json_put_string(object, "visibility", visibility);
    xcy_json_put_string(object, "writer_region", c->writer_region);
    xcy_json_put_string(object, "reader_region", c->reader_region);
    return object;
}

static enum xcy_status read_choice(const struct xcy_json *object, const char *key,
                                   const char *const names[], int *index, struct xcy_error *err)
{
    const char *text = xcy_json_get_string(object, key, NULL);
    if (!text) {
        return xcy_fail(err, XCY_EPARSE, "%s: missing, or not a string", key);
    }
    int found = xcy_name_index(names, text);
    if (found < 0) {
        return xcy_fail(err, XCY_EPARSE, "%s: \"%.40s\" is not known", key, text);
    }
    *index = found;
    return XCY_OK;
}

static enum xcy_status read_names(const struct xcy_json *object, struct xcy_combination *c,
                                  struct xcy_error *err)
{
    int post = 0;
    int notification = 0;
    int consistency = 0;
    enum xcy_status status =
        read_choice(object, "post_storage", xcy_post_storage_names, &post, err);
    if (!status) {
        status = read_choice(object, "notification_storage", xcy_notification_storage_names,
                             &notification, err);
    }
    if (!status) {
        status = read_choice(object, "consistency", xcy_consistency_names, &consistency, err);
    }
    c->post_storage = (enum xcy_post_storage)post;
    c->notification_storage = (enum xcy_notification_storage)notification;
    c->consistency = (enum xcy_consistency)consistency;
    return status;
}

static const struct xcy_field plain_fields[] = {
    {"delay_ms", XCY_FIELD_COUNT, true, offsetof(struct xcy_combination, delay_ms), 0},
    {"post_bytes", XCY_FIELD_COUNT, true, offsetof(struct xcy_combination, post_bytes), 0},
    {"writer_region", XCY_FIELD_ID, true, offsetof(struct xcy_combination, writer_region),
     XCY_REGION_BYTES},
    {"reader_region", XCY_FIELD_ID, true, offsetof(struct xcy_combination, reader_region),
     XCY_REGION_BYTES},
};

enum xcy_status xcy_combination_from_json(const struct xcy_json *object, struct xcy_combination *c,
                                          struct xcy_error *err)
{
    if (xcy_json_kind(object) != XCY_JSON_OBJECT) {
        return xcy_fail(err, XCY_EPARSE, "missing, or not an object");
    }
    struct xcy_combination read = {0};
    enum xcy_status status = read_names(object, &read, err);
    if (!status) {
        status = xcy_fields_read(object, plain_fields, sizeof plain_fields / sizeof plain_fields[0],
                                 &read, err);
    }
    if (status) {
        return status;
    }
    const char *visibility = xcy_json_get_string(object, "visibility", NULL);
    if (!visibility) {
        return xcy_fail(err, XCY_EPARSE, "visibility: missing, or not a string");
    }
    status = xcy_visibility_parse(visibility, &read, err);
    if (status) {
        return xcy_error_context(err, "visibility");
    }
    *c = read;
    return XCY_OK;
}
