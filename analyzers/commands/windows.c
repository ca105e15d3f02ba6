/* windows.c - `analyze windows`: for how long posts were invisible. */

#include "analyzers/commands/commands.h"
#include "analyzers/commands/runs.h"
#include "analyzers/windows/likeliest.h"

#include <stdlib.h>

enum { MAX_RUNS = 1000 };

struct settings {
    struct xcy_runs_options runs;
    bool is_json;
};

static void format(const struct xcy_windows *windows, bool is_json, struct xcy_buf *out)
{
    if (is_json) {
        xcy_json_print(xcy_windows_to_json(windows), true, out);
    } else {
        xcy_windows_print(windows, out);
    }
}

static enum xcy_status report_runs(const void *context, const struct xcy_runs *runs,
                                   struct xcy_buf *out, struct xcy_error *err)
{
    const struct settings *settings = context;
    struct xcy_windows windows;
    enum xcy_status status = xcy_windows_make(runs->items, runs->n, &windows, err);
    if (status != XCY_OK) {
        return status;
    }
    status = xcy_windows_estimate(&windows, err);
    if (status == XCY_OK) {
        format(&windows, settings->is_json, out);
    }
    xcy_windows_clear(&windows);
    return status;
}

int xcy_command_windows(int argc, char *argv[])
{
    struct settings settings = {.runs = XCY_RUNS_OPTIONS_DEFAULT};
    const struct xcy_option table[] = {
        XCY_RUNS_OPTION_ROWS(settings.runs),
        {.type = XCY_OPTION_BOOL,
         .name = "json",
         .help = "Print groups, percentiles, envelopes, rounds and blocks as one JSON object.",
         .to = &settings.is_json,
         .no_default = true},
    };
    const struct xcy_program program = {
        .name = "analyze windows",
        .summary = "tells for how long posts were invisible",
        .arguments = "[RUN...]",
        .max_arguments = MAX_RUNS,
        .description =
            "A window lasts from the write's acknowledgement until the post is visible where the "
            "reader is. It is known as at most so long (the first read found the post), between "
            "two times (polled) or more than so long (polls given up); the three are counted "
            "apart, and none is guessed: percentiles and the share visible within a time are "
            "told for all lower and all upper ends, with what the clocks and chance add.\n\n"
            "Runs (default: the newest) of one combination are its rounds. Where rounds, or the "
            "blocks of time of one run, differ by more than chance, a warning says so: one "
            "figure for all is then of no system that stood still.",
        .options = table,
        .n_options = sizeof table / sizeof table[0],
        .examples = "analyze windows\tthe newest run\n"
                    "analyze windows RUN1 RUN2 RUN3\tthree rounds, or three backends\n"
                    "analyze windows --json RUN\tevery number of it",
        .see_also = "analyze(1), analyze-delay(1), plot(1)",
    };
    struct xcy_command_line line = xcy_program_parse(&program, argc, argv);
    int code =
        line.run ? xcy_runs_report(&settings.runs, &line, report_runs, &settings) : line.exit_code;
    free(line.arguments);
    return code;
}
