#ifndef XCY_DATA_YAML_NODE_H
#define XCY_DATA_YAML_NODE_H

/*
 * yaml_node.h - what a YAML tree is made of; for the yaml_*.c files only.
 *
 * Memory:   the document owns all nodes.
 */

#include "common/data/yaml.h"

struct xcy_yaml_pair {
    char *key; /* NULL in a list */
    size_t key_line;
    struct xcy_yaml *value;
};

struct xcy_yaml {
    const struct xcy_yaml_doc *doc;
    enum xcy_yaml_kind kind;
    size_t line;
    bool is_plain;
    char *text;                  /* of a scalar */
    struct xcy_yaml_pair *pairs; /* of a map or list */
    size_t n;
    size_t capacity;
};

struct xcy_yaml_doc {
    char *name;
    struct xcy_yaml *root;
};

/* As xcy_yaml_fail, at a line. */
enum xcy_status xcy_yaml_fail_line(const struct xcy_yaml_doc *doc, size_t line,
                                   struct xcy_error *err, const char *fmt, ...)
    XCY_PRINTF(4, 5) XCY_MUST_USE;

void xcy_yaml_node_free(struct xcy_yaml *node);

#endif
