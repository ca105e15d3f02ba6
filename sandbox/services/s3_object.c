#include "sandbox/services/s3_object.h"

#include "common/base/mem.h"
#include "common/base/random.h"

#include <ctype.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>

struct counted {
    atomic_size_t holders;
    struct xcy_s3_object object;
};

static struct counted *counted_of(const struct xcy_s3_object *object)
{
    union {
        const char *given;
        char *wanted; /* only the count changes */
    } at = {.given = (const char *)object - offsetof(struct counted, object)};
    return (struct counted *)(void *)at.wanted;
}

static void make_version(char to[XCY_S3_VERSION_BYTES])
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";
    unsigned char bytes[XCY_S3_VERSION_BYTES - 1];
    xcy_random_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        to[i] = letters[bytes[i] % (sizeof letters - 1)];
    }
    to[sizeof bytes] = '\0';
}

struct xcy_s3_object *xcy_s3_object_new(struct xcy_s3_body *body)
{
    struct counted *counted = xcy_alloc(sizeof *counted);
    atomic_init(&counted->holders, 1);
    counted->object.body = body;
    counted->object.modified = xcy_wall_now();
    make_version(counted->object.version);
    return &counted->object;
}

struct xcy_s3_object *xcy_s3_object_hold(const struct xcy_s3_object *object)
{
    struct counted *counted = counted_of(object);
    atomic_fetch_add(&counted->holders, 1);
    return &counted->object;
}

void xcy_s3_header_free(struct xcy_reply_header *header)
{
    union {
        const char *given;
        char *wanted;
    } name = {.given = header->name}, value = {.given = header->value};
    free(name.wanted);
    free(value.wanted);
}

void xcy_s3_object_release(const struct xcy_s3_object *object)
{
    if (!object) {
        return;
    }
    struct counted *counted = counted_of(object);
    if (atomic_fetch_sub(&counted->holders, 1) == 1) {
        for (size_t i = 0; i < counted->object.n_headers; i++) {
            xcy_s3_header_free(&counted->object.headers[i]);
        }
        xcy_s3_body_release(counted->object.body);
        free(counted);
    }
}

bool xcy_s3_object_add_header(struct xcy_s3_object *object, const char *name, const char *value)
{
    static const char meta[] = "x-amz-meta-";
    if (object->n_headers == XCY_S3_MAX_OBJECT_HEADERS) {
        return false;
    }
    char *lower = xcy_strdup(name);
    for (char *c = lower; *c; c++) {
        *c = (char)tolower((unsigned char)*c);
    }
    if (strncmp(lower, meta, sizeof meta - 1) == 0) {
        object->metadata_bytes += strlen(lower) - (sizeof meta - 1) + strlen(value);
    }
    object->headers[object->n_headers++] =
        (struct xcy_reply_header){.name = lower, .value = xcy_strdup(value)};
    return true;
}

static struct tm parts_of(struct xcy_wall at)
{
    time_t seconds = (time_t)(at.ns / XCY_NS_PER_S);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    return parts;
}

void xcy_s3_format_date(struct xcy_wall at, char to[40])
{
    struct tm parts = parts_of(at);
    char whole[21];
    strftime(whole, sizeof whole, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(to, 40, "%s.%03dZ", whole, (int)(at.ns / XCY_NS_PER_MS % 1000));
}

/* Names are English whatever the locale, which the program leaves at "C". */
void xcy_s3_format_http_date(struct xcy_wall at, char to[30])
{
    struct tm parts = parts_of(at);
    strftime(to, 30, "%a, %d %b %Y %H:%M:%S GMT", &parts);
}
