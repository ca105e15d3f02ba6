/* command.c - `plot report`: one page of runs, or of a campaign. */

#include "report/report.h"

#include "common/base/file.h"
#include "common/cli/command.h"

#include <stdlib.h>

enum { MAX_RUNS = 10000, MAX_OUTPUT_BYTES = 1 << 16 };

struct settings {
    struct xcy_runs_options runs;
    const char *to;
};

static int run(const struct settings *settings, const struct xcy_command_line *line)
{
    struct xcy_report report = {.path = NULL};
    struct xcy_buf out;
    struct xcy_error err;
    xcy_buf_init(&out, MAX_OUTPUT_BYTES);
    enum xcy_status status =
        xcy_report_make(&settings->runs, line->arguments, line->n_arguments, &report, &err);
    if (status == XCY_OK) {
        const char *path = settings->to ? settings->to : report.path;
        status = xcy_file_replace(path, xcy_buf_bytes(&report.page), 0644, &err);
        xcy_buf_addf(&out, status == XCY_OK ? "%s\n" : "", path);
    }
    if (status == XCY_OK && report.not_valid.status != XCY_OK) {
        err = report.not_valid;
        status = err.status;
    }
    xcy_report_clear(&report);
    return xcy_command_end(&out, status, &err);
}

int xcy_command_report(int argc, char *argv[])
{
    struct settings settings = {.runs = XCY_RUNS_OPTIONS_DEFAULT};
    const struct xcy_option table[] = {
        XCY_RUNS_OPTION_ROWS(settings.runs),
        {.type = XCY_OPTION_STRING,
         .name = "to",
         .arg = "FILE",
         .help = "Where the page is written: report.html in the folder of the one run or campaign, "
                 "of several runs in this folder.",
         .to = &settings.to,
         .no_default = true},
    };
    const struct xcy_program program = {
        .name = "plot report",
        .summary = "writes a page of runs, or of a campaign",
        .arguments = "[RUN...|CAMPAIGN]",
        .max_arguments = MAX_RUNS,
        .description =
            "One HTML file that holds all it needs and fetches nothing: whether each RUN (default: "
            "the newest) is valid, what was run, classes, the share of inconsistent reads, each "
            "metric with the errors of sampling, polling and clocks apart, windows, the run over "
            "time, and what a delay would hide. Several runs stand in one table before. Of a "
            "CAMPAIGN (its folder, or its name under campaigns) all its cells in tables and in "
            "pictures, and all its runs.\n\n"
            "The numbers are those of analyze --json, analyze windows --json, analyze delay --json "
            "and campaign --json, and each carries its path there. Behind every figure are its "
            "numbers, as a table and as CSV. Tables are sorted by a click on a heading. Prints the "
            "path of the page.",
        .options = table,
        .n_options = sizeof table / sizeof table[0],
        .examples = "plot report\tthe newest run\n"
                    "plot report runs/dynamo-sns/* --to dynamo.html\tseveral in one page\n"
                    "plot report runs/campaigns/quick\ta campaign",
        .see_also = "plot(1), analyze(1), analyze-windows(1), analyze-delay(1), campaign(1)",
    };
    struct xcy_command_line line = xcy_program_parse(&program, argc, argv);
    int code = line.run ? run(&settings, &line) : line.exit_code;
    free(line.arguments);
    return code;
}
