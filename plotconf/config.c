#include "plotconf/config.h"

#include "common/base/log.h"
#include "common/base/mem.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

struct xcy_plot_config {
    struct xcy_yaml_doc *doc;
    const struct xcy_yaml *root;
};

struct path_list {
    char **paths;
    size_t n;
};

enum xcy_status xcy_plot_config_read(const char *path, struct xcy_plot_config **config,
                                     struct xcy_error *err)
{
    struct xcy_plot_config *c = xcy_alloc(sizeof *c);
    enum xcy_status status = xcy_yaml_read(path, &c->doc, err);
    if (status == XCY_ENOTFOUND) {
        err->status = XCY_EUSAGE;
        status = err->status;
    }
    if (status == XCY_OK) {
        c->root = xcy_yaml_root(c->doc);
        if (!c->root) {
            status = xcy_fail(err, XCY_EUSAGE, "%s: empty; it should name a plot", path);
        }
    }
    if (status == XCY_OK) {
        *config = c;
    } else {
        xcy_plot_config_free(c);
    }
    return status;
}

void xcy_plot_config_free(struct xcy_plot_config *config)
{
    if (config) {
        xcy_yaml_free(config->doc);
        free(config);
    }
}

/* Each value is looked at only when its plot is drawn. */
static enum xcy_status accept_any(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    (void)node;
    (void)to;
    (void)err;
    return XCY_OK;
}

enum xcy_status xcy_plot_config_check(const struct xcy_plot_config *config,
                                      const char *const *names, size_t n, struct xcy_error *err)
{
    struct xcy_key *keys = xcy_alloc_array(n, sizeof *keys);
    for (size_t i = 0; i < n; i++) {
        keys[i] = (struct xcy_key){.name = names[i], .type = XCY_KEY_CUSTOM, .parse = accept_any};
    }
    enum xcy_status status = xcy_yaml_bind(config->root, keys, n, err);
    free(keys);
    return status;
}

bool xcy_plot_config_has(const struct xcy_plot_config *config, const char *plot)
{
    return xcy_yaml_get(config->root, plot) != NULL;
}

static void add_path(struct path_list *list, const char *path)
{
    list->paths = xcy_realloc_array(list->paths, list->n + 1, sizeof *list->paths);
    list->paths[list->n++] = xcy_strdup(path);
}

/* Adds what one entry of gather_paths names. */
static enum xcy_status expand(const struct xcy_yaml *entry, const char *root,
                              struct path_list *list, struct xcy_error *err)
{
    const char *text = xcy_yaml_text(entry);
    if (!text || text[0] == '\0') {
        return xcy_yaml_fail(entry, err, "a gather path must be a text");
    }
    bool has_wildcard = strpbrk(text, "*?[") != NULL;
    char *pattern = text[0] == '/' ? xcy_strdup(text) : xcy_format("%s/%s", root, text);
    glob_t found;
    /* plot has one thread */
    int code = glob(pattern, GLOB_ONLYDIR, NULL, &found); /* NOLINT(concurrency-mt-unsafe) */
    enum xcy_status status = XCY_OK;
    if (code == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++) {
            add_path(list, found.gl_pathv[i]);
        }
        globfree(&found);
    } else if (has_wildcard && code == GLOB_NOMATCH) {
        xcy_log(XCY_LOG_WARNING, "nothing matches %s", pattern);
    } else {
        xcy_yaml_fail(entry, err, "no directory %s", pattern);
        err->status = XCY_ENOTFOUND;
        status = err->status;
    }
    free(pattern);
    return status;
}

static enum xcy_status accept_list(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    if (xcy_yaml_kind(node) != XCY_YAML_LIST) {
        return xcy_yaml_fail(node, err, "gather_paths must be a list of directories");
    }
    *(const struct xcy_yaml **)to = node;
    return XCY_OK;
}

enum xcy_status xcy_plot_config_gather_paths(const struct xcy_plot_config *config, const char *plot,
                                             const char *root, char ***paths, size_t *n,
                                             struct xcy_error *err)
{
    const struct xcy_yaml *entries = NULL;
    const struct xcy_key key = {.name = "gather_paths",
                                .type = XCY_KEY_CUSTOM,
                                .to = &entries,
                                .parse = accept_list,
                                .required = true};
    struct path_list list = {0};
    enum xcy_status status = xcy_yaml_bind(xcy_yaml_get(config->root, plot), &key, 1, err);
    for (size_t i = 0; status == XCY_OK && i < xcy_yaml_size(entries); i++) {
        status = expand(xcy_yaml_at(entries, i), root, &list, err);
    }
    if (status == XCY_OK) {
        *paths = list.paths;
        *n = list.n;
    } else {
        xcy_paths_free(list.paths, list.n);
    }
    return status;
}

void xcy_paths_free(char **paths, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(paths[i]);
    }
    free(paths);
}
