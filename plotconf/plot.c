/* plot.c - the program: pictures from a plot config. */

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/cli/command.h"
#include "common/cli/program.h"
#include "plotconf/figures.h"
#include "report/report.h"

#include "analyzers/clock.h"

#include <stdlib.h>
#include <unistd.h>

static struct xcy_figure_settings settings = {.output = "plots",
                                              .drift_ppm = XCY_DEFAULT_DRIFT_PPM};
static struct xcy_string_list wanted;
static bool as_json;

static const struct xcy_option options[] = {
    {.type = XCY_OPTION_LIST,
     .name = "plots",
     .arg = "NAME",
     .help = "Which plots of the config to draw; all of them when left out.",
     .to = &wanted},
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
    {.type = XCY_OPTION_DOUBLE,
     .name = "drift-ppm",
     .arg = "PPM",
     .help = "How fast two machines' clocks may run apart, in parts per million.",
     .to = &settings.drift_ppm,
     .min = 0,
     .max = 1e5},
    {.type = XCY_OPTION_BOOL,
     .name = "no-pictures",
     .help = "Write data files and scripts, and do not run gnuplot.",
     .to = &settings.no_pictures},
    {.type = XCY_OPTION_BOOL,
     .name = "json",
     .help = "Print every number drawn, in full precision, instead of the table.",
     .to = &as_json},
};

static const struct xcy_program program = {
    .name = "plot",
    .summary = "draws pictures of gathered runs",
    .arguments = "CONFIG",
    .min_arguments = 1,
    .max_arguments = 1,
    .description =
        "CONFIG maps plot names to their arguments, in the format of the reference "
        "implementation (Antipode's post-notification benchmark); directories that its "
        "tools gathered are read as well as ours. gather_paths may hold wildcards.\n\n"
        "consistency_window: the median time from writer start to the first read, without and with "
        "Antipode, by post storage, and the true window beside it.\n\n"
        "delay_vs_per_inconsistencies: the share of inconsistent reads against the artificial "
        "delay.\n\n"
        "storage_overhead: the bytes that a consistency adds to posts and notifications.\n\n"
        "write_post_overhead and prevented_inconsistencies: those of the reference's Rendezvous "
        "branch.\n\n"
        "cost_at_equal_residual, which is ours: no remedy, an artificial delay and a barrier that "
        "leave the same share of inconsistent reads, as analyze cost tells them.\n\n"
        "The others give the reference's numbers, to the digit, and beside them the corrected ones "
        "with "
        "their intervals and the bounds of the clocks. What is missing, left out, mixed or not "
        "valid is told as a warning, and in notes of --json.\n\n"
        "For each plot a PNG, an SVG, a PDF, a gnuplot script that reruns anywhere and a data file "
        "are written under a name of their own, and the numbers are printed.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .examples = "plot samples/plots.yml\tthe pictures of all runs in ./runs\n"
                "plot my.yml --plots consistency_window --json\tits numbers\n"
                "plot report\ta page of the newest run",
    .see_also = "plot-report(1), gather(1), analyze(1), gnuplot(1)",
};

static enum xcy_status run(const char *path, struct xcy_error *err)
{
    struct xcy_drawn drawn;
    xcy_drawn_init(&drawn);
    enum xcy_status status = xcy_figures_draw(path, wanted.items, wanted.n, &settings, &drawn, err);
    if (status == XCY_OK && as_json) {
        xcy_buf_reset(&drawn.text);
        xcy_json_format(drawn.numbers, true, &drawn.text);
        xcy_buf_add_char(&drawn.text, '\n');
    }
    if (status == XCY_OK) {
        status = xcy_write_all(STDOUT_FILENO, xcy_buf_bytes(&drawn.text), "stdout", err);
    }
    xcy_drawn_clear(&drawn);
    return status;
}

int main(int argc, char **argv)
{
    static const struct xcy_command commands[] = {{"report", xcy_command_report}};
    int done = 0;
    xcy_log_init(program.name, XCY_LOG_INFO);
    if (xcy_command_run(commands, sizeof commands / sizeof *commands, argc, argv, &done)) {
        return done;
    }
    settings.root = xcy_file_exists("gather") ? "gather" : "runs";
    struct xcy_command_line line = xcy_program_parse(&program, argc, argv);
    int code = line.exit_code;
    if (line.run) {
        struct xcy_error err;
        code = run(line.arguments[0], &err) == XCY_OK ? 0 : xcy_log_exit(&err);
    }
    free(wanted.items);
    free(line.arguments);
    return code;
}
