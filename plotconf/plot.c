/* plot.c - the program: pictures from a plot config. */

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/cli/program.h"
#include "common/time/clock.h"
#include "plotconf/config.h"
#include "plotconf/consistency_window.h"
#include "plotconf/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_TEXT_BYTES = 16 << 20, MAX_SAME_SECOND = 1000 };

struct settings {
    const char *root;
    const char *output;
    bool json;
};

/* What one plot gave: for stdout. */
struct drawn {
    struct xcy_json *numbers;
    struct xcy_buf text;
};

static enum xcy_status write_file(const char *folder, const char *name, const char *ending,
                                  const struct xcy_buf *text, struct xcy_error *err)
{
    char *path = xcy_format("%s/%s.%s", folder, name, ending);
    enum xcy_status status = xcy_buf_check(text, path, err);
    if (status == XCY_OK) {
        status = xcy_file_replace(path, xcy_buf_bytes(text), 0644, err);
    }
    free(path);
    return status;
}

/* Takes a name that no picture has: <plot>-<UTC stamp>[-n]; its data file is made now, so that two
 * plots of the same second do not overwrite each other. */
static enum xcy_status take_name(const char *folder, const char *plot, char **name,
                                 struct xcy_error *err)
{
    char stamp[15];
    xcy_wall_format_compact(xcy_wall_now(), stamp);
    for (int n = 1; n <= MAX_SAME_SECOND; n++) {
        char *candidate =
            n == 1 ? xcy_format("%s-%s", plot, stamp) : xcy_format("%s-%s-%d", plot, stamp, n);
        char *path = xcy_format("%s/%s.dat", folder, candidate);
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        int reason = errno;
        if (fd < 0 && reason != EEXIST) {
            xcy_fail_errno(err, reason, "%s", path);
        }
        free(path);
        if (fd >= 0) {
            close(fd);
            *name = candidate;
            return XCY_OK;
        }
        free(candidate);
        if (reason != EEXIST) {
            return err->status;
        }
    }
    return xcy_fail(err, XCY_EIO, "%s: too many pictures of this second", folder);
}

static enum xcy_status draw_window(const struct xcy_window_plot *plot, const char *folder,
                                   struct drawn *drawn, struct xcy_error *err)
{
    char *name = NULL;
    char *script_name = NULL;
    struct xcy_buf data;
    struct xcy_buf script;
    xcy_buf_init(&data, MAX_TEXT_BYTES);
    xcy_buf_init(&script, MAX_TEXT_BYTES);
    enum xcy_status status = xcy_dir_make(folder, 0755, err);
    if (status == XCY_OK) {
        status = take_name(folder, "consistency_window", &name, err);
    }
    if (status != XCY_OK) {
        goto out;
    }
    xcy_window_plot_data(plot, &data);
    xcy_window_plot_script(plot, name, &script);
    script_name = xcy_format("%s.gp", name);
    status = write_file(folder, name, "dat", &data, err);
    if (status == XCY_OK) {
        status = write_file(folder, name, "gp", &script, err);
    }
    if (status == XCY_OK) {
        status = xcy_gnuplot_run(folder, script_name, err);
    }
    if (status == XCY_OK) {
        xcy_window_plot_print(plot, &drawn->text);
        for (const char *const *e = (const char *const[]){"png", "svg", "gp", "dat", NULL}; *e;
             e++) {
            xcy_buf_addf(&drawn->text, "%s/%s.%s\n", folder, name, *e);
        }
        xcy_json_put(drawn->numbers, "consistency_window", xcy_window_plot_to_json(plot));
    }
out:
    free(script_name);
    free(name);
    xcy_buf_clear(&script);
    xcy_buf_clear(&data);
    return status;
}

static enum xcy_status pool(char *const *paths, size_t n, struct xcy_window_plot *plot,
                            struct xcy_error *err)
{
    for (size_t i = 0; i < n; i++) {
        struct xcy_gathered g;
        enum xcy_status status = xcy_gathered_read(paths[i], &g, err);
        if (status != XCY_OK) {
            return status;
        }
        if (!xcy_window_plot_add(plot, &g)) {
            xcy_log(XCY_LOG_WARNING, "%s takes no part: its notification storage is not sns",
                    paths[i]);
        }
        xcy_gathered_clear(&g);
    }
    return XCY_OK;
}

static enum xcy_status plot_window(const struct xcy_plot_config *config,
                                   const struct settings *settings, struct drawn *drawn,
                                   struct xcy_error *err)
{
    char **paths = NULL;
    size_t n = 0;
    struct xcy_window_plot plot = {0};
    enum xcy_status status =
        xcy_plot_config_gather_paths(config, "consistency_window", settings->root, &paths, &n, err);
    if (status == XCY_OK) {
        status = pool(paths, n, &plot, err);
    }
    if (status == XCY_OK && plot.n_groups == 0) {
        status = xcy_fail(err, XCY_ENOTFOUND,
                          "consistency_window: no run to draw under %s; gather one first",
                          settings->root);
    }
    if (status == XCY_OK) {
        xcy_window_plot_compute(&plot);
        status = draw_window(&plot, settings->output, drawn, err);
    }
    xcy_window_plot_clear(&plot);
    xcy_paths_free(paths, n);
    return status;
}

static const struct {
    const char *name;
    enum xcy_status (*draw)(const struct xcy_plot_config *config, const struct settings *settings,
                            struct drawn *drawn, struct xcy_error *err);
} plots[] = {
    {"consistency_window", plot_window},
};

enum { N_PLOTS = sizeof plots / sizeof *plots };

static bool is_wanted(const struct xcy_string_list *names, const char *name)
{
    for (size_t i = 0; i < names->n; i++) {
        if (strcmp(names->items[i], name) == 0) {
            return true;
        }
    }
    return names->n == 0;
}

static enum xcy_status check_names(const struct xcy_plot_config *config, const char *path,
                                   const struct xcy_string_list *names, struct xcy_error *err)
{
    for (size_t i = 0; i < names->n; i++) {
        bool is_known = false;
        for (size_t p = 0; p < N_PLOTS; p++) {
            is_known = is_known || strcmp(plots[p].name, names->items[i]) == 0;
        }
        if (!is_known) {
            return xcy_fail(err, XCY_EUSAGE, "--plots %s: no such plot; known: %s", names->items[i],
                            plots[0].name);
        }
        if (!xcy_plot_config_has(config, names->items[i])) {
            return xcy_fail(err, XCY_EUSAGE, "--plots %s: %s does not configure it",
                            names->items[i], path);
        }
    }
    return XCY_OK;
}

static enum xcy_status draw_all(const struct xcy_plot_config *config,
                                const struct settings *settings,
                                const struct xcy_string_list *names, struct drawn *drawn,
                                struct xcy_error *err)
{
    size_t n_drawn = 0;
    for (size_t p = 0; p < N_PLOTS; p++) {
        if (!xcy_plot_config_has(config, plots[p].name) || !is_wanted(names, plots[p].name)) {
            continue;
        }
        enum xcy_status status = plots[p].draw(config, settings, drawn, err);
        if (status != XCY_OK) {
            return status;
        }
        n_drawn++;
    }
    return n_drawn > 0 ? XCY_OK
                       : xcy_fail(err, XCY_EUSAGE, "the config names no plot that can be drawn: %s",
                                  plots[0].name);
}

static enum xcy_status run(const char *path, const struct settings *settings,
                           const struct xcy_string_list *names, struct xcy_error *err)
{
    struct xcy_plot_config *config = NULL;
    struct drawn drawn = {.numbers = xcy_json_new_object()};
    xcy_buf_init(&drawn.text, MAX_TEXT_BYTES);
    enum xcy_status status = xcy_plot_config_read(path, &config, err);
    if (status == XCY_OK) {
        status = check_names(config, path, names, err);
    }
    if (status == XCY_OK) {
        status = draw_all(config, settings, names, &drawn, err);
    }
    if (status == XCY_OK && settings->json) {
        xcy_buf_reset(&drawn.text);
        xcy_json_format(drawn.numbers, true, &drawn.text);
        xcy_buf_add_char(&drawn.text, '\n');
    }
    if (status == XCY_OK) {
        status = xcy_write_all(STDOUT_FILENO, xcy_buf_bytes(&drawn.text), "stdout", err);
    }
    xcy_buf_clear(&drawn.text);
    xcy_json_free(drawn.numbers);
    xcy_plot_config_free(config);
    return status;
}

int main(int argc, char **argv)
{
    xcy_log_init("plot", XCY_LOG_INFO);
    struct settings settings = {.root = xcy_file_exists("gather") ? "gather" : "runs",
                                .output = "plots"};
    struct xcy_string_list names = {0};
    const struct xcy_option options[] = {
        {.type = XCY_OPTION_LIST,
         .name = "plots",
         .arg = "NAME...",
         .help = "Which plots of the config to draw; all of them when left out.",
         .to = &names},
        {.type = XCY_OPTION_STRING,
         .name = "root",
         .arg = "DIR",
         .help = "What gather_paths are relative to: ./gather if there is one, else ./runs.",
         .to = &settings.root,
         .no_default = true},
        {.type = XCY_OPTION_STRING,
         .letter = 'o',
         .name = "output",
         .arg = "DIR",
         .help = "Where pictures, scripts and data files are put.",
         .to = &settings.output},
        {.type = XCY_OPTION_BOOL,
         .name = "json",
         .help = "Print every number drawn, in full precision, instead of the table.",
         .to = &settings.json},
    };
    const struct xcy_program program = {
        .name = "plot",
        .summary = "draws pictures of gathered runs",
        .arguments = "CONFIG",
        .min_arguments = 1,
        .max_arguments = 1,
        .description =
            "CONFIG maps plot names to their arguments, in the format of the reference "
            "implementation (Antipode's post-notification benchmark); directories that its "
            "tools gathered are read as well as ours. gather_paths may hold wildcards.\n\n"
            "consistency_window: the median time from writer start to the first read, without "
            "and with Antipode, by post storage, with the exact 95 % interval of each median.\n\n"
            "For each plot a PNG, an SVG, a gnuplot script that reruns anywhere and a data file "
            "are written under a name of their own, and the numbers are printed.",
        .options = options,
        .n_options = sizeof options / sizeof *options,
        .examples = "plot samples/plots.yml\tthe pictures of all runs in ./runs\n"
                    "plot my.yml --plots consistency_window --json\tits numbers",
        .see_also = "gather(1), analyze(1), gnuplot(1)",
    };
    struct xcy_command_line line = xcy_program_parse(&program, argc, argv);
    int code = line.exit_code;
    if (line.run) {
        struct xcy_error err;
        enum xcy_status status = run(line.arguments[0], &settings, &names, &err);
        code = status == XCY_OK ? 0 : xcy_log_exit(&err);
    }
    free(names.items);
    free(line.arguments);
    return code;
}
