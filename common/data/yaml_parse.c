#include "common/data/yaml_node.h"

#include "common/base/file.h"
#include "common/base/mem.h"

#include <stdlib.h>
#include <yaml.h>

enum { MAX_DEPTH = 64, MAX_FILE_BYTES = 16 << 20 };

struct builder {
    yaml_parser_t parser;
    struct xcy_bytes text;
    struct xcy_yaml_doc *doc;
    struct xcy_yaml *open[MAX_DEPTH]; /* the maps and lists around the next event */
    size_t depth;
    char *key; /* read, its value not yet */
    size_t key_line;
    bool has_document;
    struct xcy_error *err;
};

/* libyaml gives no line for bytes that are not text, only their offset. */
static size_t line_of_offset(struct xcy_bytes text, size_t offset)
{
    size_t line = 1;
    for (size_t i = 0; i < offset && i < text.len; i++) {
        line += text.ptr[i] == '\n';
    }
    return line;
}

static enum xcy_status fail_syntax(struct builder *b)
{
    const yaml_parser_t *p = &b->parser;
    const char *problem = p->problem ? p->problem : "not YAML";
    xcy_assert(p->error != YAML_MEMORY_ERROR);
    if (p->error == YAML_READER_ERROR) {
        return xcy_yaml_fail_line(b->doc, line_of_offset(b->text, p->problem_offset), b->err, "%s",
                                  problem);
    }
    size_t line = p->problem_mark.line + 1;
    if (!p->context) {
        return xcy_yaml_fail_line(b->doc, line, b->err, "%s", problem);
    }
    return xcy_yaml_fail_line(b->doc, line, b->err, "%s (%s from line %zu)", problem, p->context,
                              p->context_mark.line + 1);
}

static enum xcy_status refuse(struct builder *b, const yaml_event_t *event, const char *what)
{
    return xcy_yaml_fail_line(b->doc, event->start_mark.line + 1, b->err, "%s", what);
}

static struct xcy_yaml *new_node(struct builder *b, const yaml_event_t *event,
                                 enum xcy_yaml_kind kind)
{
    struct xcy_yaml *node = xcy_alloc(sizeof *node);
    node->doc = b->doc;
    node->kind = kind;
    node->line = event->start_mark.line + 1;
    return node;
}

/* Hands the node to the map or list around it, or makes it the root. */
static void place(struct builder *b, struct xcy_yaml *node)
{
    if (b->depth == 0) {
        b->doc->root = node;
        return;
    }
    struct xcy_yaml *parent = b->open[b->depth - 1];
    if (parent->n == parent->capacity) {
        parent->capacity = parent->capacity ? parent->capacity * 2 : 8;
        parent->pairs = xcy_realloc_array(parent->pairs, parent->capacity, sizeof *parent->pairs);
    }
    parent->pairs[parent->n++] =
        (struct xcy_yaml_pair){.key = b->key, .key_line = b->key_line, .value = node};
    b->key = NULL;
}

static bool wants_key(const struct builder *b)
{
    return b->depth > 0 && b->open[b->depth - 1]->kind == XCY_YAML_MAP && !b->key;
}

static enum xcy_status on_scalar(struct builder *b, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    if (strlen(text) != event->data.scalar.length) {
        return refuse(b, event, "a zero character in a text");
    }
    if (wants_key(b)) {
        b->key = xcy_strdup(text);
        b->key_line = event->start_mark.line + 1;
        return XCY_OK;
    }
    struct xcy_yaml *node = new_node(b, event, XCY_YAML_SCALAR);
    node->text = xcy_strdup(text);
    node->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    place(b, node);
    return XCY_OK;
}

static enum xcy_status on_start(struct builder *b, const yaml_event_t *event,
                                enum xcy_yaml_kind kind)
{
    if (wants_key(b)) {
        return refuse(b, event, "a key must be a text, not a list or a map");
    }
    if (b->depth == MAX_DEPTH) {
        return refuse(b, event, "more than 64 levels");
    }
    struct xcy_yaml *node = new_node(b, event, kind);
    place(b, node);
    b->open[b->depth++] = node;
    return XCY_OK;
}

static int by_key_then_line(const void *a, const void *b)
{
    const struct xcy_yaml_pair *left = a;
    const struct xcy_yaml_pair *right = b;
    int order = strcmp(left->key, right->key);
    return order ? order : (left->key_line > right->key_line) - (left->key_line < right->key_line);
}

/* Sorted first: comparing each key with each would take minutes on a hostile file. */
static enum xcy_status check_unique(struct builder *b, const struct xcy_yaml *map)
{
    enum xcy_status status = XCY_OK;
    struct xcy_yaml_pair *sorted = xcy_alloc_array(map->n, sizeof *sorted);
    for (size_t i = 0; i < map->n; i++) {
        sorted[i] = map->pairs[i];
    }
    qsort(sorted, map->n, sizeof *sorted, by_key_then_line);
    for (size_t i = 1; status == XCY_OK && i < map->n; i++) {
        const struct xcy_yaml_pair *before = &sorted[i - 1];
        if (strcmp(before->key, sorted[i].key) == 0) {
            status = xcy_yaml_fail_line(b->doc, sorted[i].key_line, b->err,
                                        "key '%.100s' appears twice (first on line %zu)",
                                        before->key, before->key_line);
        }
    }
    free(sorted);
    return status;
}

static enum xcy_status on_end(struct builder *b)
{
    const struct xcy_yaml *done = b->open[--b->depth];
    return done->kind == XCY_YAML_MAP ? check_unique(b, done) : XCY_OK;
}

static enum xcy_status on_document(struct builder *b, const yaml_event_t *event)
{
    if (b->has_document) {
        return refuse(b, event, "a second document; only one is allowed in a file");
    }
    b->has_document = true;
    return XCY_OK;
}

static enum xcy_status check_no_extras(struct builder *b, const yaml_event_t *event,
                                       const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor) {
        return refuse(b, event, "anchors (&name) are not supported; repeat the value");
    }
    if (tag) {
        return refuse(b, event, "tags (!name) are not supported");
    }
    return XCY_OK;
}

static enum xcy_status check_event(struct builder *b, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return check_no_extras(b, event, event->data.scalar.anchor, event->data.scalar.tag);
    case YAML_SEQUENCE_START_EVENT:
        return check_no_extras(b, event, event->data.sequence_start.anchor,
                               event->data.sequence_start.tag);
    case YAML_MAPPING_START_EVENT:
        return check_no_extras(b, event, event->data.mapping_start.anchor,
                               event->data.mapping_start.tag);
    case YAML_ALIAS_EVENT:
        return refuse(b, event, "aliases (*name) are not supported; repeat the value");
    default:
        return XCY_OK;
    }
}

static enum xcy_status on_event(struct builder *b, const yaml_event_t *event)
{
    enum xcy_status status = check_event(b, event);
    if (status != XCY_OK) {
        return status;
    }
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return on_document(b, event);
    case YAML_SCALAR_EVENT:
        return on_scalar(b, event);
    case YAML_SEQUENCE_START_EVENT:
        return on_start(b, event, XCY_YAML_LIST);
    case YAML_MAPPING_START_EVENT:
        return on_start(b, event, XCY_YAML_MAP);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return on_end(b);
    default:
        return XCY_OK;
    }
}

static enum xcy_status read_events(struct builder *b)
{
    enum xcy_status status = XCY_OK;
    bool done = false;
    while (status == XCY_OK && !done) {
        yaml_event_t event;
        if (!yaml_parser_parse(&b->parser, &event)) {
            return fail_syntax(b);
        }
        status = on_event(b, &event);
        done = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    return status;
}

/* "---" alone is an empty file too. */
static void drop_empty_root(struct xcy_yaml_doc *doc)
{
    const struct xcy_yaml *root = doc->root;
    if (root && root->is_plain && root->text[0] == '\0') {
        xcy_yaml_node_free(doc->root);
        doc->root = NULL;
    }
}

enum xcy_status xcy_yaml_parse(const char *name, struct xcy_bytes text, struct xcy_yaml_doc **doc,
                               struct xcy_error *err)
{
    struct builder b = {.text = text, .err = err};
    b.doc = xcy_alloc(sizeof *b.doc);
    b.doc->name = xcy_strdup(name);
    int ready = yaml_parser_initialize(&b.parser);
    xcy_assert(ready && "out of memory");
    yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&b.parser, (const unsigned char *)(text.ptr ? text.ptr : ""),
                                 text.len);
    enum xcy_status status = read_events(&b);
    yaml_parser_delete(&b.parser);
    free(b.key);
    if (status != XCY_OK) {
        xcy_yaml_free(b.doc);
        return status;
    }
    drop_empty_root(b.doc);
    *doc = b.doc;
    return XCY_OK;
}

enum xcy_status xcy_yaml_read(const char *path, struct xcy_yaml_doc **doc, struct xcy_error *err)
{
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_FILE_BYTES);
    enum xcy_status status = xcy_file_read(path, &text, err);
    if (status == XCY_OK) {
        status = xcy_yaml_parse(path, xcy_buf_bytes(&text), doc, err);
    }
    xcy_buf_clear(&text);
    return status;
}
