/* summarise.c - `analyze`: a summary of gathered runs. */

#include "analyzers/commands/commands.h"
#include "analyzers/commands/runs.h"
#include "common/run/folder.h"

#include <stdlib.h>

enum { MAX_RUNS = 10000, MAX_OUTPUT_BYTES = 64 << 20 };

struct settings {
    struct xcy_runs_options runs;
    bool is_json;
};

/* summary.json beside the run's other files. */
static enum xcy_status write_summary(const struct xcy_summary *s, struct xcy_error *err)
{
    struct xcy_json *json = xcy_summary_to_json(s);
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_OUTPUT_BYTES);
    xcy_json_format(json, true, &text);
    xcy_buf_add_char(&text, '\n');
    enum xcy_status status = xcy_run_replace_file(s->evidence.path, "summary.json", &text, err);
    xcy_buf_clear(&text);
    xcy_json_free(json);
    return status;
}

static void format_result(const struct xcy_runs *runs, bool is_json, struct xcy_buf *out)
{
    if (!is_json) {
        if (runs->n == 1) {
            xcy_summary_print_one(&runs->items[0], out);
        } else {
            xcy_summary_print_table(runs->items, runs->n, out);
        }
        return;
    }
    struct xcy_json *list = xcy_json_new_array();
    for (size_t i = 0; i < runs->n; i++) {
        xcy_json_append(list, xcy_summary_to_json(&runs->items[i]));
    }
    xcy_json_format(runs->n == 1 ? xcy_json_at(list, 0) : list, true, out);
    xcy_buf_add_char(out, '\n');
    xcy_json_free(list);
}

static enum xcy_status write_all(const struct xcy_runs *runs, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; status == XCY_OK && i < runs->n; i++) {
        status = write_summary(&runs->items[i], err);
    }
    return status;
}

static enum xcy_status report_runs(const void *context, const struct xcy_runs *runs,
                                   struct xcy_buf *out, struct xcy_error *err)
{
    const struct settings *settings = context;
    enum xcy_status status = write_all(runs, err);
    if (status == XCY_OK) {
        format_result(runs, settings->is_json, out);
    }
    return status;
}

int xcy_command_summarise(int argc, char *argv[])
{
    struct settings settings = {.runs = XCY_RUNS_OPTIONS_DEFAULT};
    const struct xcy_option options[] = {
        XCY_RUNS_OPTION_ROWS(settings.runs),
        {.type = XCY_OPTION_BOOL,
         .name = "json",
         .help = "Print summary.json on stdout: an object for one run, an array for several.",
         .to = &settings.is_json},
    };
    const struct xcy_program program = {
        .name = "analyze",
        .summary = "computes classes, shares and windows of gathered runs",
        .arguments = "[RUN...]",
        .max_arguments = MAX_RUNS,
        .description =
            "Reads records.csv of each RUN (default: the newest, runs/latest) and prints how often "
            "a read was inconsistent, for how long posts were invisible, how long notifications "
            "took and what the barrier cost; each with its sampling interval, the bound of the "
            "clocks and what polling leaves open. One run is printed in full, several as a "
            "table. Writes summary.json into each run.\n\n"
            "Quantiles are order statistics; their intervals are exact. A value in left-censored "
            "mass (the first read found the post already) is printed as \"<= x\", one in "
            "right-censored mass (still invisible at the deadline) as \"> x\".",
        .options = options,
        .n_options = sizeof options / sizeof *options,
        .examples = "analyze\tthe newest run in full\n"
                    "analyze runs/dynamo-sns/*\tall runs of a combination, a row each\n"
                    "analyze --json | jq .inconsistent\tone number for a script\n"
                    "analyze windows\tfor how long posts were invisible, by round and over time\n"
                    "analyze delay\twhat an artificial delay would hide\n"
                    "analyze compare A B\twhat is different between two runs\n"
                    "analyze cost RUNS\ta delay and a barrier at the same residual\n"
                    "analyze export >requests.csv\teach request's values, for other tools\n"
                    "analyze metrics\twhat is computed, and from what",
        .see_also = "analyze-windows(1), analyze-delay(1), analyze-compare(1), analyze-cost(1), "
                    "analyze-export(1), analyze-metrics(1), loadgen(1), gather(1), plot(1)",
    };
    struct xcy_command_line line = xcy_program_parse(&program, argc, argv);
    int code =
        line.run ? xcy_runs_report(&settings.runs, &line, report_runs, &settings) : line.exit_code;
    free(line.arguments);
    return code;
}
