#include "common/base/log.h"
#include "plotconf/consistency_window.h"
#include "plotconf/figure.h"
#include "plotconf/picture.h"

#include <stdlib.h>

enum { MAX_FILE_BYTES = 16 << 20 };

static const char plot_name[] = "consistency_window";

static enum xcy_status pool(char *const *paths, size_t n, double drift_ppm,
                            struct xcy_window_plot *plot, struct xcy_error *err)
{
    for (size_t i = 0; i < n; i++) {
        struct xcy_gathered g;
        enum xcy_status status = xcy_gathered_read(paths[i], &g, err);
        if (status != XCY_OK) {
            return status;
        }
        xcy_gathered_bound(&g, drift_ppm);
        if (!xcy_window_plot_add(plot, &g)) {
            xcy_log(XCY_LOG_WARNING, "%s takes no part: its notification storage is not sns",
                    paths[i]);
        }
        xcy_gathered_clear(&g);
    }
    return XCY_OK;
}

static enum xcy_status read_runs(const struct xcy_plot_config *config,
                                 const struct xcy_figure_settings *settings,
                                 struct xcy_window_plot *plot, struct xcy_error *err)
{
    char **paths = NULL;
    size_t n = 0;
    enum xcy_status status =
        xcy_plot_config_gather_paths(config, plot_name, settings->root, &paths, &n, err);
    if (status == XCY_OK) {
        status = pool(paths, n, settings->drift_ppm, plot, err);
    }
    if (status == XCY_OK && plot->n_groups == 0) {
        status = xcy_fail(err, XCY_ENOTFOUND, "%s: no run to draw under %s; gather one first",
                          plot_name, settings->root);
    }
    xcy_paths_free(paths, n);
    return status;
}

static enum xcy_status draw(const struct xcy_window_plot *plot, const char *folder,
                            struct xcy_drawn *drawn, struct xcy_error *err)
{
    char *name = NULL;
    struct xcy_buf data;
    struct xcy_buf script;
    xcy_buf_init(&data, MAX_FILE_BYTES);
    xcy_buf_init(&script, MAX_FILE_BYTES);
    enum xcy_status status = xcy_picture_take_name(folder, plot_name, &name, err);
    if (status == XCY_OK) {
        xcy_window_plot_data(plot, &data);
        xcy_window_plot_script(plot, name, &script);
        status = xcy_picture_draw(folder, name, &data, &script, err);
    }
    if (status == XCY_OK) {
        xcy_window_plot_print(plot, &drawn->text);
        xcy_picture_list(folder, name, &drawn->text);
        xcy_json_put(drawn->numbers, plot_name, xcy_window_plot_to_json(plot));
    }
    free(name);
    xcy_buf_clear(&script);
    xcy_buf_clear(&data);
    return status;
}

enum xcy_status xcy_consistency_window_draw(const struct xcy_plot_config *config,
                                            const struct xcy_figure_settings *settings,
                                            struct xcy_drawn *drawn, struct xcy_error *err)
{
    struct xcy_window_plot plot = {0};
    enum xcy_status status = read_runs(config, settings, &plot, err);
    if (status == XCY_OK) {
        xcy_window_plot_compute(&plot);
        status = draw(&plot, settings->output, drawn, err);
    }
    xcy_window_plot_clear(&plot);
    return status;
}
