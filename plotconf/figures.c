#include "plotconf/figures.h"

#include "common/base/log.h"

#include <string.h>

enum { MAX_TEXT_BYTES = 16 << 20 };

/* The plots of the reference, one row a plot. */
static const struct {
    const char *name;
    xcy_figure_fn *draw; /* NULL: accepted in a config, not drawn by this version */
} figures[] = {
    {"consistency_window", xcy_consistency_window_draw},
    {"delay_vs_per_inconsistencies", NULL},
    {"storage_overhead", NULL},
};

enum { N_FIGURES = sizeof figures / sizeof *figures };

void xcy_drawn_init(struct xcy_drawn *drawn)
{
    *drawn = (struct xcy_drawn){.numbers = xcy_json_new_object()};
    xcy_buf_init(&drawn->text, MAX_TEXT_BYTES);
}

void xcy_drawn_clear(struct xcy_drawn *drawn)
{
    xcy_buf_clear(&drawn->text);
    xcy_json_free(drawn->numbers);
    *drawn = (struct xcy_drawn){0};
}

/* "a, b": the plots that can be drawn. */
static void list_known(struct xcy_buf *out)
{
    for (size_t i = 0; i < N_FIGURES; i++) {
        if (figures[i].draw) {
            xcy_buf_addf(out, "%s%s", out->len > 0 ? ", " : "", figures[i].name);
        }
    }
}

static bool can_draw(const char *name)
{
    for (size_t i = 0; i < N_FIGURES; i++) {
        if (figures[i].draw && strcmp(figures[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static enum xcy_status check_wanted(const struct xcy_plot_config *config, const char *path,
                                    const char *const *wanted, size_t n, const char *known,
                                    struct xcy_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (!can_draw(wanted[i])) {
            return xcy_fail(err, XCY_EUSAGE, "--plots %s: no such plot; known: %s", wanted[i],
                            known);
        }
        if (!xcy_plot_config_has(config, wanted[i])) {
            return xcy_fail(err, XCY_EUSAGE, "--plots %s: %s does not configure it", wanted[i],
                            path);
        }
    }
    return XCY_OK;
}

static enum xcy_status check_config(const struct xcy_plot_config *config, struct xcy_error *err)
{
    const char *names[N_FIGURES];
    for (size_t i = 0; i < N_FIGURES; i++) {
        names[i] = figures[i].name;
    }
    enum xcy_status status = xcy_plot_config_check(config, names, N_FIGURES, err);
    for (size_t i = 0; status == XCY_OK && i < N_FIGURES; i++) {
        if (!figures[i].draw && xcy_plot_config_has(config, names[i])) {
            xcy_log(XCY_LOG_WARNING, "%s is not drawn by this version", names[i]);
        }
    }
    return status;
}

static bool is_wanted(const char *const *wanted, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(wanted[i], name) == 0) {
            return true;
        }
    }
    return n == 0;
}

static enum xcy_status draw_each(const struct xcy_plot_config *config, const char *const *wanted,
                                 size_t n_wanted, const char *known,
                                 const struct xcy_figure_settings *settings,
                                 struct xcy_drawn *drawn, struct xcy_error *err)
{
    size_t n_drawn = 0;
    for (size_t i = 0; i < N_FIGURES; i++) {
        if (!figures[i].draw || !xcy_plot_config_has(config, figures[i].name) ||
            !is_wanted(wanted, n_wanted, figures[i].name)) {
            continue;
        }
        enum xcy_status status = figures[i].draw(config, settings, drawn, err);
        if (status != XCY_OK) {
            return status;
        }
        n_drawn++;
    }
    return n_drawn > 0
               ? XCY_OK
               : xcy_fail(err, XCY_EUSAGE, "the config names no plot that can be drawn: %s", known);
}

enum xcy_status xcy_figures_draw(const char *config_path, const char *const *wanted,
                                 size_t n_wanted, const struct xcy_figure_settings *settings,
                                 struct xcy_drawn *drawn, struct xcy_error *err)
{
    struct xcy_plot_config *config = NULL;
    struct xcy_buf known;
    xcy_buf_init(&known, 1024);
    list_known(&known);
    enum xcy_status status = xcy_plot_config_read(config_path, &config, err);
    if (status == XCY_OK) {
        status = check_config(config, err);
    }
    if (status == XCY_OK) {
        status = check_wanted(config, config_path, wanted, n_wanted, known.ptr, err);
    }
    if (status == XCY_OK) {
        status = draw_each(config, wanted, n_wanted, known.ptr, settings, drawn, err);
    }
    xcy_plot_config_free(config);
    xcy_buf_clear(&known);
    return status;
}
