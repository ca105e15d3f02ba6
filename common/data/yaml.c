#include "common/data/yaml_node.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

void xcy_yaml_node_free(struct xcy_yaml *node)
{
    if (!node) {
        return;
    }
    for (size_t i = 0; i < node->n; i++) {
        free(node->pairs[i].key);
        xcy_yaml_node_free(node->pairs[i].value);
    }
    free(node->pairs);
    free(node->text);
    free(node);
}

void xcy_yaml_free(struct xcy_yaml_doc *doc)
{
    if (doc) {
        xcy_yaml_node_free(doc->root);
        free(doc->name);
        free(doc);
    }
}

const struct xcy_yaml *xcy_yaml_root(const struct xcy_yaml_doc *doc)
{
    return doc->root;
}

enum xcy_yaml_kind xcy_yaml_kind(const struct xcy_yaml *node)
{
    return node->kind;
}

size_t xcy_yaml_line(const struct xcy_yaml *node)
{
    return node->line;
}

const char *xcy_yaml_text(const struct xcy_yaml *node)
{
    return node->text;
}

bool xcy_yaml_is_plain(const struct xcy_yaml *node)
{
    return node->is_plain;
}

size_t xcy_yaml_size(const struct xcy_yaml *node)
{
    return node->n;
}

const struct xcy_yaml *xcy_yaml_at(const struct xcy_yaml *node, size_t index)
{
    return index < node->n ? node->pairs[index].value : NULL;
}

const char *xcy_yaml_key(const struct xcy_yaml *map, size_t index)
{
    return index < map->n ? map->pairs[index].key : NULL;
}

const struct xcy_yaml *xcy_yaml_get(const struct xcy_yaml *map, const char *key)
{
    for (size_t i = 0; map->kind == XCY_YAML_MAP && i < map->n; i++) {
        if (strcmp(map->pairs[i].key, key) == 0) {
            return map->pairs[i].value;
        }
    }
    return NULL;
}

/* What the file holds may be quoted in the message; that stays one line all the same. */
static void flatten(char *text)
{
    for (; *text; text++) {
        *text = iscntrl((unsigned char)*text) ? '?' : *text;
    }
}

static enum xcy_status fail_at(const struct xcy_yaml_doc *doc, size_t line, struct xcy_error *err,
                               const char *fmt, va_list args)
{
    int n = vsnprintf(err->text, sizeof err->text, fmt, args);
    xcy_assert(n >= 0);
    flatten(err->text);
    err->status = XCY_EUSAGE;
    return xcy_error_context(err, "%s:%zu", doc->name, line);
}

enum xcy_status xcy_yaml_fail_line(const struct xcy_yaml_doc *doc, size_t line,
                                   struct xcy_error *err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    enum xcy_status status = fail_at(doc, line, err, fmt, args);
    va_end(args);
    return status;
}

enum xcy_status xcy_yaml_fail(const struct xcy_yaml *node, struct xcy_error *err, const char *fmt,
                              ...)
{
    va_list args;
    va_start(args, fmt);
    enum xcy_status status = fail_at(node->doc, node->line, err, fmt, args);
    va_end(args);
    return status;
}
