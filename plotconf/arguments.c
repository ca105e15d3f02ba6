#include "plotconf/arguments.h"

#include "common/base/mem.h"
#include "common/data/number.h"

#include <stdlib.h>

static enum xcy_status accept_paths(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    if (xcy_yaml_kind(node) != XCY_YAML_LIST) {
        return xcy_yaml_fail(node, err, "gather_paths must be a list of directories");
    }
    for (size_t i = 0; i < xcy_yaml_size(node); i++) {
        const struct xcy_yaml *entry = xcy_yaml_at(node, i);
        const char *text = xcy_yaml_text(entry);
        if (!text || text[0] == '\0') {
            return xcy_yaml_fail(entry, err, "a gather path must be a text");
        }
    }
    *(const struct xcy_yaml **)to = node;
    return XCY_OK;
}

static enum xcy_status read_pair(const struct xcy_yaml *node, struct xcy_pair *pair,
                                 struct xcy_error *err)
{
    int post = 0;
    int notification = 0;
    const struct xcy_key keys[] = {
        {.name = "post_storage",
         .type = XCY_KEY_CHOICE,
         .to = &post,
         .choices = xcy_post_storage_names,
         .required = true},
        {.name = "notification_storage",
         .type = XCY_KEY_CHOICE,
         .to = &notification,
         .choices = xcy_notification_storage_names,
         .required = true},
    };
    enum xcy_status status = xcy_yaml_bind(node, keys, sizeof keys / sizeof *keys, err);
    *pair =
        (struct xcy_pair){(enum xcy_post_storage)post, (enum xcy_notification_storage)notification};
    return status;
}

static enum xcy_status accept_pairs(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    struct xcy_arguments *arguments = to;
    if (xcy_yaml_kind(node) != XCY_YAML_LIST || xcy_yaml_size(node) == 0) {
        return xcy_yaml_fail(node, err,
                             "combinations must be a list of {post_storage, notification_storage}");
    }
    size_t n = xcy_yaml_size(node);
    arguments->pairs = xcy_alloc_array(n, sizeof *arguments->pairs);
    for (size_t i = 0; i < n; i++) {
        enum xcy_status status = read_pair(xcy_yaml_at(node, i), &arguments->pairs[i], err);
        if (status != XCY_OK) {
            return status;
        }
    }
    arguments->n_pairs = n;
    return XCY_OK;
}

/* The reference takes it as it stands, so that it may be quoted. */
static enum xcy_status accept_number(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    const char *text = xcy_yaml_text(node);
    int64_t n = 0;
    if (!text || !xcy_int64_parse(xcy_bytes_of(text), &n)) {
        return xcy_yaml_fail(node, err, "num_requests must be a whole number, got '%.40s'",
                             text ? text : "a list or map");
    }
    if (n < 1) {
        return xcy_yaml_fail(node, err, "num_requests must be at least 1, got %s", text);
    }
    *(int64_t *)to = n;
    return XCY_OK;
}

static enum xcy_status bind_runs(const struct xcy_yaml *node, struct xcy_arguments *a,
                                 struct xcy_error *err)
{
    const struct xcy_key key = {.name = "gather_paths",
                                .type = XCY_KEY_CUSTOM,
                                .to = (void *)&a->gather_paths,
                                .parse = accept_paths,
                                .required = true};
    return xcy_yaml_bind(node, &key, 1, err);
}

static enum xcy_status bind_sweep(const struct xcy_yaml *node, struct xcy_arguments *a,
                                  struct xcy_error *err)
{
    const struct xcy_key keys[] = {
        {.name = "combinations",
         .type = XCY_KEY_CUSTOM,
         .to = a,
         .parse = accept_pairs,
         .required = true},
        {.name = "writer_region",
         .type = XCY_KEY_STRING,
         .to = &a->writer_region,
         .required = true},
        {.name = "reader_region",
         .type = XCY_KEY_STRING,
         .to = &a->reader_region,
         .required = true},
        {.name = "num_requests",
         .type = XCY_KEY_CUSTOM,
         .to = &a->num_requests,
         .parse = accept_number,
         .required = true},
        {.name = "gather_paths",
         .type = XCY_KEY_CUSTOM,
         .to = (void *)&a->gather_paths,
         .parse = accept_paths},
    };
    return xcy_yaml_bind(node, keys, sizeof keys / sizeof *keys, err);
}

enum xcy_status xcy_arguments_read(const struct xcy_yaml *node, enum xcy_arguments_form form,
                                   struct xcy_arguments *arguments, struct xcy_error *err)
{
    struct xcy_arguments made = {0};
    enum xcy_status status =
        form == XCY_ARGUMENTS_RUNS ? bind_runs(node, &made, err) : bind_sweep(node, &made, err);
    if (status == XCY_OK) {
        *arguments = made;
    } else {
        xcy_arguments_clear(&made);
    }
    return status;
}

void xcy_arguments_clear(struct xcy_arguments *arguments)
{
    free(arguments->pairs);
    free(arguments->writer_region);
    free(arguments->reader_region);
    *arguments = (struct xcy_arguments){0};
}
