#include "sandbox/services/evaluation_damage.h"

#include "common/base/mem.h"
#include "common/data/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As a whole. Each gives a text of its own, free with free(). */

/* At most n bytes of it, and not within a character: SQS would not carry that. */
static char *beginning(const char *body, size_t n)
{
    while (n > 0 && ((unsigned char)body[n] & 0xc0) == 0x80) {
        n--;
    }
    return n > 0 ? xcy_strndup(body, n) : xcy_strdup("{");
}

static char *cut(const char *body)
{
    return beginning(body, strlen(body) / 2);
}

static char *unclosed(const char *body)
{
    size_t n = strlen(body);
    return beginning(body, n > 0 ? n - 1 : 0);
}

static char *followed(const char *body)
{
    return xcy_format("%s}", body);
}

static char *twice(const char *body)
{
    return xcy_format("%s%s", body, body);
}

static char *nested(const char *body)
{
    enum { DEPTH = 20000 };
    (void)body;
    char *text = xcy_alloc(DEPTH + 1);
    memset(text, '[', DEPTH);
    return text;
}

static char *in_a_text(const char *body)
{
    struct xcy_json *json = xcy_json_new_string(body);
    char *text = xcy_json_text(json);
    xcy_json_free(json);
    return text;
}

static const struct {
    const char *name;
    const char *text; /* NULL: made of the body */
    char *(*make)(const char *body);
} wholes[] = {
    {"cut", NULL, cut},
    {"unclosed", NULL, unclosed},
    {"followed", NULL, followed},
    {"twice", NULL, twice},
    {"nested", NULL, nested},
    {"in_a_text", NULL, in_a_text},
    {"not_json", "this is no evaluation", NULL},
    {"blank", " ", NULL},
    {"empty_object", "{}", NULL},
    {"array", "[]", NULL},
    {"number", "7", NULL},
    {"null", "null", NULL},
};

/* Of a field. NULL: it is left out. */

static struct xcy_json *missing(const struct xcy_json *old)
{
    (void)old;
    return NULL;
}

static struct xcy_json *of_wrong_type(const struct xcy_json *old)
{
    switch (xcy_json_kind(old)) {
    case XCY_JSON_STRING:
    case XCY_JSON_NULL:
        return xcy_json_new_object();
    case XCY_JSON_NUMBER:
    case XCY_JSON_BOOL:
        return xcy_json_new_string("a text");
    case XCY_JSON_ARRAY:
    case XCY_JSON_OBJECT:
        break;
    }
    return xcy_json_new_number(7);
}

static struct xcy_json *huge(const struct xcy_json *old)
{
    (void)old;
    return xcy_json_new_number(1e300);
}

static struct xcy_json *negative(const struct xcy_json *old)
{
    (void)old;
    return xcy_json_new_number(-1);
}

static struct xcy_json *control(const struct xcy_json *old)
{
    (void)old;
    return xcy_json_new_string("\x01\x1b[2J\x7f\n");
}

static const struct {
    const char *name;
    struct xcy_json *(*make)(const struct xcy_json *old);
} ways[] = {
    {"missing", missing}, {"of_wrong_type", of_wrong_type}, {"huge", huge}, {"negative", negative},
    {"control", control},
};

enum { N_WHOLES = sizeof wholes / sizeof *wholes, N_WAYS = sizeof ways / sizeof *ways };

static size_t count_fields(const struct xcy_json *node)
{
    size_t n = 0;
    for (const struct xcy_json *child = xcy_json_first(node); child; child = xcy_json_next(child)) {
        n += 1 + (xcy_json_kind(child) == XCY_JSON_OBJECT ? count_fields(child) : 0);
    }
    return n;
}

/* A walk over an object's fields, deepest within each, to the one that is damaged. */
struct walk {
    size_t to_go; /* fields before it */
    size_t way;
    char *name; /* of XCY_DAMAGE_NAME_BYTES */
};

static const size_t done = SIZE_MAX;

static struct xcy_json *copy_damaged(const struct xcy_json *object, const char *path,
                                     struct walk *walk);

/* NULL: the field is the one, and left out. */
static struct xcy_json *copy_field(const struct xcy_json *field, const char *path,
                                   struct walk *walk)
{
    if (walk->to_go == 0) {
        walk->to_go = done;
        snprintf(walk->name, XCY_DAMAGE_NAME_BYTES, "%s %s", ways[walk->way].name, path);
        return ways[walk->way].make(field);
    }
    if (walk->to_go == done) {
        return xcy_json_copy(field);
    }
    walk->to_go--;
    if (xcy_json_kind(field) == XCY_JSON_OBJECT) {
        return copy_damaged(field, path, walk);
    }
    return xcy_json_copy(field);
}

static struct xcy_json *copy_damaged(const struct xcy_json *object, const char *path,
                                     struct walk *walk)
{
    struct xcy_json *copy = xcy_json_new_object();
    for (const struct xcy_json *field = xcy_json_first(object); field;
         field = xcy_json_next(field)) {
        const char *name = xcy_json_name(field);
        char *whole = xcy_format("%s%s%s", path, path[0] ? "." : "", name);
        struct xcy_json *value = copy_field(field, whole, walk);
        if (value) {
            xcy_json_put(copy, name, value);
        }
        free(whole);
    }
    return copy;
}

/* NULL: no JSON object, of which only the whole can be damaged. */
static struct xcy_json *read_object(const char *body)
{
    struct xcy_json *object = NULL;
    struct xcy_error err;
    if (xcy_json_parse(xcy_bytes_of(body), &object, &err) == XCY_OK &&
        xcy_json_kind(object) != XCY_JSON_OBJECT) {
        xcy_json_free(object);
        object = NULL;
    }
    return object;
}

size_t xcy_evaluation_damages(const char *body)
{
    struct xcy_json *object = read_object(body);
    size_t n = N_WHOLES + count_fields(object) * N_WAYS;
    xcy_json_free(object);
    return n;
}

void xcy_evaluation_damage(const char *body, uint64_t n, struct xcy_evaluation_damage *damage)
{
    struct xcy_json *object = read_object(body);
    size_t way = (size_t)(n % (N_WHOLES + count_fields(object) * N_WAYS));
    if (way < N_WHOLES) {
        snprintf(damage->name, sizeof damage->name, "%s", wholes[way].name);
        damage->text = wholes[way].make ? wholes[way].make(body) : xcy_strdup(wholes[way].text);
    } else {
        struct walk walk = {.to_go = (way - N_WHOLES) / N_WAYS,
                            .way = (way - N_WHOLES) % N_WAYS,
                            .name = damage->name};
        struct xcy_json *damaged = copy_damaged(object, "", &walk);
        damage->text = xcy_json_text(damaged);
        xcy_json_free(damaged);
    }
    xcy_json_free(object);
}

void xcy_evaluation_damage_clear(struct xcy_evaluation_damage *damage)
{
    free(damage->text);
    damage->text = NULL;
}
