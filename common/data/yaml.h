#ifndef XCY_DATA_YAML_H
#define XCY_DATA_YAML_H

/*
 * yaml.h - configuration files, over libyaml: a tree that knows its lines, and key
 * tables that fill structs and report `file:line: message`.
 *
 * Anchors and aliases, tags and several documents in a file are refused in words.
 * A key twice in a mapping is an error. Depth and size are bounded.
 *
 * Memory:   nodes and their texts are borrowed from the document.
 * Threads:  one owner; read-only use is safe.
 */

#include "common/base/buf.h"

#include <stdint.h>

struct xcy_yaml_doc;
struct xcy_yaml; /* a node */

enum xcy_yaml_kind { XCY_YAML_SCALAR, XCY_YAML_MAP, XCY_YAML_LIST };

enum xcy_status xcy_yaml_read(const char *path, struct xcy_yaml_doc **doc,
                              struct xcy_error *err) XCY_MUST_USE;
/* name stands for the file in messages. */
enum xcy_status xcy_yaml_parse(const char *name, struct xcy_bytes text, struct xcy_yaml_doc **doc,
                               struct xcy_error *err) XCY_MUST_USE;
void xcy_yaml_free(struct xcy_yaml_doc *doc);

const struct xcy_yaml *xcy_yaml_root(const struct xcy_yaml_doc *doc); /* NULL for an empty file */
enum xcy_yaml_kind xcy_yaml_kind(const struct xcy_yaml *node);
size_t xcy_yaml_line(const struct xcy_yaml *node);      /* from 1 */
const char *xcy_yaml_text(const struct xcy_yaml *node); /* of a scalar, else NULL */
bool xcy_yaml_is_plain(const struct xcy_yaml *node);    /* an unquoted scalar */
size_t xcy_yaml_size(const struct xcy_yaml *node); /* pairs of a map, items of a list, else 0 */
const struct xcy_yaml *xcy_yaml_at(const struct xcy_yaml *node, size_t index); /* item, or value */
const char *xcy_yaml_key(const struct xcy_yaml *map, size_t index);
const struct xcy_yaml *xcy_yaml_get(const struct xcy_yaml *map, const char *key); /* or NULL */

/* An error at a node: "<file>:<line>: <message>", XCY_EUSAGE. */
enum xcy_status xcy_yaml_fail(const struct xcy_yaml *node, struct xcy_error *err, const char *fmt,
                              ...) XCY_PRINTF(3, 4);

/* What a key may hold. `to` points at the type in the comment; it keeps its value if the key is
 * absent. */
enum xcy_key_type {
    XCY_KEY_STRING, /* char *: owned, the old value is freed */
    XCY_KEY_INT,    /* int64_t, within min..max */
    XCY_KEY_DOUBLE, /* double, within min..max */
    XCY_KEY_BOOL,   /* bool: true/false */
    XCY_KEY_CHOICE, /* int: the index in choices (NULL-terminated) */
    XCY_KEY_CUSTOM, /* parse(node, to, err) */
};

typedef enum xcy_status xcy_key_parse_fn(const struct xcy_yaml *node, void *to,
                                         struct xcy_error *err);

struct xcy_key {
    const char *name;
    enum xcy_key_type type;
    void *to;
    double min; /* min == max: unbounded */
    double max;
    const char *const *choices;
    xcy_key_parse_fn *parse;
    bool required;
    const char *help; /* one line, with the unit and the default */
};

/* Fills what the table names from the map. An unknown key fails with the nearest known one, a
 * wrong type or range with what was expected; a missing required key with its name. */
enum xcy_status xcy_yaml_bind(const struct xcy_yaml *map, const struct xcy_key *keys, size_t n_keys,
                              struct xcy_error *err) XCY_MUST_USE;

/* The same for a file of somebody else: a key that the table does not name is passed over. */
enum xcy_status xcy_yaml_bind_known(const struct xcy_yaml *map, const struct xcy_key *keys,
                                    size_t n_keys, struct xcy_error *err) XCY_MUST_USE;

/* Writing: a text in block style, quoted (with single quotes, or double ones around control
 * characters) only where it must be to be read back as that text. Texts that look like a number or
 * a boolean are quoted; a real number is to be added as it is. */
void xcy_yaml_add_scalar(struct xcy_buf *out, const char *text);

#endif
