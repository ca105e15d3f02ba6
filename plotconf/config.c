#include "plotconf/config.h"

#include "common/base/mem.h"

#include <stdlib.h>

struct xcy_plot_config {
    struct xcy_yaml_doc *doc;
    const struct xcy_yaml *root;
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

const struct xcy_yaml *xcy_plot_config_get(const struct xcy_plot_config *config, const char *plot)
{
    return xcy_yaml_get(config->root, plot);
}
