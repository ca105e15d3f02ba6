#include "common/data/json.h"

#include "common/data/json_parse.h"
#include "common/data/json_tree.h"

#include <math.h>
#include <stdlib.h>

/* A struct xcy_json is a cJSON under another name, so that cJSON.h stays in this folder. */
static const cJSON *inner(const struct xcy_json *node)
{
    return (const cJSON *)node;
}

static cJSON *inner_mutable(struct xcy_json *node)
{
    return (cJSON *)node;
}

static const struct xcy_json *outer(const cJSON *node)
{
    return (const struct xcy_json *)node;
}

/* cJSON answers NULL only when memory is out. */
static struct xcy_json *made(cJSON *node)
{
    xcy_assert(node != NULL && "out of memory");
    return (struct xcy_json *)node;
}

enum xcy_status xcy_json_parse(struct xcy_bytes text, struct xcy_json **root, struct xcy_error *err)
{
    cJSON *read = NULL;
    enum xcy_status status = xcy_json_read(text, &read, err);
    if (status == XCY_OK) {
        *root = (struct xcy_json *)read;
    }
    return status;
}

void xcy_json_free(struct xcy_json *root)
{
    xcy_json_tree_free(inner_mutable(root));
}

void xcy_json_free_secret(struct xcy_json *root)
{
    for (cJSON *child = root ? inner_mutable(root)->child : NULL; child; child = child->next) {
        if (child->valuestring) {
            explicit_bzero(child->valuestring, strlen(child->valuestring));
        }
    }
    xcy_json_free(root);
}

enum xcy_json_kind xcy_json_kind(const struct xcy_json *node)
{
    switch (node ? inner(node)->type & 0xFF : cJSON_NULL) {
    case cJSON_True:
    case cJSON_False:
        return XCY_JSON_BOOL;
    case cJSON_Number:
        return XCY_JSON_NUMBER;
    case cJSON_String:
        return XCY_JSON_STRING;
    case cJSON_Array:
        return XCY_JSON_ARRAY;
    case cJSON_Object:
        return XCY_JSON_OBJECT;
    default:
        return XCY_JSON_NULL;
    }
}

static const cJSON *first_child(const struct xcy_json *node)
{
    enum xcy_json_kind kind = xcy_json_kind(node);
    return kind == XCY_JSON_ARRAY || kind == XCY_JSON_OBJECT ? inner(node)->child : NULL;
}

const struct xcy_json *xcy_json_get(const struct xcy_json *object, const char *key)
{
    const cJSON *found = NULL;
    if (xcy_json_kind(object) != XCY_JSON_OBJECT) {
        return NULL;
    }
    for (const cJSON *child = first_child(object); child; child = child->next) {
        if (child->string[0] == key[0] && strcmp(child->string, key) == 0) {
            found = child;
        }
    }
    return outer(found);
}

const struct xcy_json *xcy_json_at(const struct xcy_json *array, size_t index)
{
    const cJSON *child = first_child(array);
    while (child && index > 0) {
        child = child->next;
        index--;
    }
    return outer(child);
}

size_t xcy_json_size(const struct xcy_json *array_or_object)
{
    size_t n = 0;
    for (const cJSON *child = first_child(array_or_object); child; child = child->next) {
        n++;
    }
    return n;
}

const struct xcy_json *xcy_json_first(const struct xcy_json *array_or_object)
{
    return outer(first_child(array_or_object));
}

const struct xcy_json *xcy_json_next(const struct xcy_json *child)
{
    return child ? outer(inner(child)->next) : NULL;
}

const char *xcy_json_name(const struct xcy_json *child)
{
    return child ? inner(child)->string : NULL;
}

const char *xcy_json_string(const struct xcy_json *node)
{
    return cJSON_IsString(inner(node)) ? inner(node)->valuestring : NULL;
}

bool xcy_json_number(const struct xcy_json *node, double *value)
{
    if (!cJSON_IsNumber(inner(node))) {
        return false;
    }
    *value = inner(node)->valuedouble;
    return true;
}

bool xcy_json_int64(const struct xcy_json *node, int64_t *value)
{
    static const double largest = 9007199254740992.0; /* 2^53 */
    double number = 0;
    if (!xcy_json_number(node, &number) || fabs(number) > largest || number != floor(number)) {
        return false;
    }
    *value = (int64_t)number;
    return true;
}

bool xcy_json_bool(const struct xcy_json *node, bool *value)
{
    if (!cJSON_IsBool(inner(node))) {
        return false;
    }
    *value = cJSON_IsTrue(inner(node)) != 0;
    return true;
}

const char *xcy_json_get_string(const struct xcy_json *object, const char *key,
                                const char *fallback)
{
    const char *text = xcy_json_string(xcy_json_get(object, key));
    return text ? text : fallback;
}

double xcy_json_get_number(const struct xcy_json *object, const char *key, double fallback)
{
    double value = fallback;
    return xcy_json_number(xcy_json_get(object, key), &value) ? value : fallback;
}

int64_t xcy_json_get_int64(const struct xcy_json *object, const char *key, int64_t fallback)
{
    int64_t value = fallback;
    return xcy_json_int64(xcy_json_get(object, key), &value) ? value : fallback;
}

bool xcy_json_get_bool(const struct xcy_json *object, const char *key, bool fallback)
{
    bool value = fallback;
    return xcy_json_bool(xcy_json_get(object, key), &value) ? value : fallback;
}

struct xcy_json *xcy_json_new_object(void)
{
    return made(cJSON_CreateObject());
}

struct xcy_json *xcy_json_new_array(void)
{
    return made(cJSON_CreateArray());
}

struct xcy_json *xcy_json_new_string(const char *text)
{
    return made(text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

struct xcy_json *xcy_json_new_number(double value)
{
    return made(isfinite(value) ? cJSON_CreateNumber(value) : cJSON_CreateNull());
}

struct xcy_json *xcy_json_copy(const struct xcy_json *node)
{
    return made(node ? xcy_json_tree_copy(inner(node)) : cJSON_CreateNull());
}

static cJSON *first_named(const cJSON *object, const char *key)
{
    cJSON *child = object->child;
    while (child && (child->string[0] != key[0] || strcmp(child->string, key) != 0)) {
        child = child->next;
    }
    return child;
}

/* In cJSON's lists the first knows the last as its previous one. */
static void take_place(cJSON *parent, cJSON *old, cJSON *added)
{
    added->next = old->next;
    added->prev = old->prev;
    if (parent->child == old) {
        parent->child = added;
    } else {
        old->prev->next = added;
    }
    (old->next ? old->next : parent->child)->prev = added;
    old->next = NULL;
    old->prev = NULL;
}

/* Not by cJSON's replacing, which would free the old one its own way. */
void xcy_json_put(struct xcy_json *object, const char *key, struct xcy_json *taken)
{
    xcy_assert(xcy_json_kind(object) == XCY_JSON_OBJECT && taken != NULL);
    cJSON *into = inner_mutable(object);
    cJSON *added = inner_mutable(taken);
    cJSON *old = first_named(into, key);
    cJSON_bool done = cJSON_AddItemToObject(into, key, added);
    xcy_assert(done);
    if (old) {
        take_place(into, old, cJSON_DetachItemViaPointer(into, added));
        xcy_json_tree_free(old);
    }
}

void xcy_json_put_string(struct xcy_json *object, const char *key, const char *text)
{
    xcy_json_put(object, key, xcy_json_new_string(text));
}

void xcy_json_put_number(struct xcy_json *object, const char *key, double value)
{
    xcy_json_put(object, key, xcy_json_new_number(value));
}

void xcy_json_put_int64(struct xcy_json *object, const char *key, int64_t value)
{
    xcy_json_put(object, key, xcy_json_new_number((double)value));
}

void xcy_json_put_bool(struct xcy_json *object, const char *key, bool value)
{
    xcy_json_put(object, key, made(cJSON_CreateBool(value)));
}

void xcy_json_put_null(struct xcy_json *object, const char *key)
{
    xcy_json_put(object, key, made(cJSON_CreateNull()));
}

struct xcy_json *xcy_json_put_object(struct xcy_json *object, const char *key)
{
    struct xcy_json *child = xcy_json_new_object();
    xcy_json_put(object, key, child);
    return child;
}

struct xcy_json *xcy_json_put_array(struct xcy_json *object, const char *key)
{
    struct xcy_json *child = xcy_json_new_array();
    xcy_json_put(object, key, child);
    return child;
}

void xcy_json_append(struct xcy_json *array, struct xcy_json *taken)
{
    xcy_assert(xcy_json_kind(array) == XCY_JSON_ARRAY && taken != NULL);
    cJSON_bool done = cJSON_AddItemToArray(inner_mutable(array), inner_mutable(taken));
    xcy_assert(done);
}

struct xcy_json *xcy_json_append_object(struct xcy_json *array)
{
    struct xcy_json *child = xcy_json_new_object();
    xcy_json_append(array, child);
    return child;
}
