#ifndef XCY_DATA_JSON_H
#define XCY_DATA_JSON_H

/*
 * json.h - JSON values, over cJSON.
 *
 * Numbers are IEEE doubles: integers are exact up to 2^53 (microseconds since
 * 1970 fit until the year 2255) and print as integers; others print in the
 * shortest form that reads back. Depth and size of what is parsed are bounded.
 *
 * Memory:   a value got from another is borrowed from its root; a root is owned
 *           by whoever parsed or made it; release with xcy_json_free.
 * Threads:  one owner.
 */

#include "common/base/buf.h"

#include <stdint.h>

struct xcy_json; /* opaque: a cJSON node */

enum xcy_json_kind {
    XCY_JSON_NULL,
    XCY_JSON_BOOL,
    XCY_JSON_NUMBER,
    XCY_JSON_STRING,
    XCY_JSON_ARRAY,
    XCY_JSON_OBJECT,
};

/* Anything but blanks after the value is XCY_EPARSE; the message names the byte offset. */
enum xcy_status xcy_json_parse(struct xcy_bytes text, struct xcy_json **root,
                               struct xcy_error *err) XCY_MUST_USE;
void xcy_json_free(struct xcy_json *root);
void xcy_json_free_secret(
    struct xcy_json *root); /* the texts of its members are overwritten before */

enum xcy_json_kind xcy_json_kind(const struct xcy_json *node); /* NULL counts as null */

/* Reading. Of a key that stands twice in a text the last one counts. Every one takes NULL and answers "nothing", so that paths can be chained. */
const struct xcy_json *xcy_json_get(const struct xcy_json *object, const char *key);
const struct xcy_json *xcy_json_at(const struct xcy_json *array, size_t index);
size_t xcy_json_size(const struct xcy_json *array_or_object);
/* The children of an array or object in order; NULL after the last. Linear over all, unlike _at. */
const struct xcy_json *xcy_json_first(const struct xcy_json *array_or_object);
const struct xcy_json *xcy_json_next(const struct xcy_json *child);
const char *xcy_json_name(const struct xcy_json *child);  /* its key in the object, else NULL */
const char *xcy_json_string(const struct xcy_json *node); /* NULL if not a string */
bool xcy_json_number(const struct xcy_json *node, double *value);
bool xcy_json_int64(const struct xcy_json *node, int64_t *value); /* only integral, |v| <= 2^53 */
bool xcy_json_bool(const struct xcy_json *node, bool *value);

/* The same by key of an object, with a fallback where missing or of another kind. */
const char *xcy_json_get_string(const struct xcy_json *object, const char *key,
                                const char *fallback);
double xcy_json_get_number(const struct xcy_json *object, const char *key, double fallback);
int64_t xcy_json_get_int64(const struct xcy_json *object, const char *key, int64_t fallback);
bool xcy_json_get_bool(const struct xcy_json *object, const char *key, bool fallback);

/* Building. The container takes what is put into it. A key put again replaces the old value. */
struct xcy_json *xcy_json_new_object(void);
struct xcy_json *xcy_json_new_array(void);
struct xcy_json *xcy_json_new_string(const char *text);
struct xcy_json *xcy_json_new_number(double value); /* NaN and infinities become null */
struct xcy_json *xcy_json_copy(const struct xcy_json *node);
void xcy_json_put(struct xcy_json *object, const char *key, struct xcy_json *taken);
void xcy_json_put_string(struct xcy_json *object, const char *key,
                         const char *text); /* NULL: null */
void xcy_json_put_number(struct xcy_json *object, const char *key, double value);
void xcy_json_put_int64(struct xcy_json *object, const char *key, int64_t value);
void xcy_json_put_bool(struct xcy_json *object, const char *key, bool value);
void xcy_json_put_null(struct xcy_json *object, const char *key);
struct xcy_json *xcy_json_put_object(struct xcy_json *object,
                                     const char *key); /* the new, borrowed */
struct xcy_json *xcy_json_put_array(struct xcy_json *object,
                                    const char *key); /* the new, borrowed */
void xcy_json_append(struct xcy_json *array, struct xcy_json *taken);
struct xcy_json *xcy_json_append_object(struct xcy_json *array); /* the new, borrowed */

/* Text of the value: on one line, or indented by two blanks for people. */
void xcy_json_format(const struct xcy_json *node, bool indented, struct xcy_buf *out);
/* The same with a line end; releases the value. */
void xcy_json_print(struct xcy_json *taken, bool indented, struct xcy_buf *out);
char *xcy_json_text(const struct xcy_json *node); /* one line; free with free() */
/* Text of a string alone, in its quotes, as it stands in the text of a value. */
void xcy_json_add_string(struct xcy_buf *out, const char *string);

#endif
