/* summarise.c - `analyze`: a summary of gathered runs. */

#include "analyzers/commands/commands.h"
#include "analyzers/summary.h"
#include "common/base/mem.h"
#include "common/cli/program.h"
#include "common/run/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MAX_RUNS = 10000, MAX_OUTPUT_BYTES = 64 << 20 };

struct settings {
    const char *root;
    const char *config;
    struct xcy_evidence_settings evidence;
    bool json;
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

static enum xcy_status make_one(const struct settings *settings, const char *argument,
                                struct xcy_summary *s, struct xcy_error *err)
{
    char *path = NULL;
    struct xcy_summary made = {0};
    enum xcy_status status = xcy_run_find(settings->root, argument, &path, err);
    if (status == XCY_OK) {
        status = xcy_summary_make(path, &settings->evidence, &made, err);
    }
    if (status == XCY_OK) {
        status = write_summary(&made, err);
    }
    if (status == XCY_OK) {
        *s = made;
    } else {
        xcy_summary_clear(&made);
    }
    free(path);
    return status;
}

static void format_result(const struct settings *settings, const struct xcy_summary *runs, size_t n,
                          struct xcy_buf *out)
{
    if (!settings->json) {
        if (n == 1) {
            xcy_summary_print_one(&runs[0], out);
        } else {
            xcy_summary_print_table(runs, n, out);
        }
        return;
    }
    struct xcy_json *list = xcy_json_new_array();
    for (size_t i = 0; i < n; i++) {
        xcy_json_append(list, xcy_summary_to_json(&runs[i]));
    }
    xcy_json_format(n == 1 ? xcy_json_at(list, 0) : list, true, out);
    xcy_buf_add_char(out, '\n');
    xcy_json_free(list);
}

static enum xcy_status judge(const struct xcy_summary *runs, size_t n, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; status == XCY_OK && i < n; i++) {
        if (runs[i].problem[0]) {
            status = xcy_fail(err, XCY_EINVALID, "%s is not valid: %s", runs[i].evidence.path,
                              runs[i].problem);
        }
    }
    return status;
}

static enum xcy_status summarise(const struct settings *settings, const char *const *arguments,
                                 size_t n_arguments, struct xcy_buf *out, struct xcy_error *err)
{
    size_t n = n_arguments > 0 ? n_arguments : 1;
    struct xcy_summary *runs = xcy_alloc_array(n, sizeof *runs);
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; i < n && status == XCY_OK; i++) {
        status = make_one(settings, n_arguments > 0 ? arguments[i] : NULL, &runs[i], err);
    }
    if (status == XCY_OK) {
        format_result(settings, runs, n, out);
        status = judge(runs, n, err);
    }
    for (size_t i = 0; i < n; i++) {
        xcy_summary_clear(&runs[i]);
    }
    free(runs);
    return status;
}

static int run(struct settings *settings, const struct xcy_command_line *line)
{
    struct xcy_metric_set metrics = {.n = 0};
    struct xcy_buf out;
    struct xcy_error err;
    xcy_buf_init(&out, MAX_OUTPUT_BYTES);
    enum xcy_status status = xcy_metric_set_read(settings->config, &metrics, &err);
    if (status == XCY_OK) {
        settings->evidence.metrics = &metrics;
        status = summarise(settings, line->arguments, line->n_arguments, &out, &err);
    }
    xcy_metric_set_clear(&metrics);
    return xcy_command_end(&out, status, &err);
}

int xcy_command_summarise(int argc, char *argv[])
{
    struct settings settings = {.root = "runs", .evidence.drift_ppm = XCY_DEFAULT_DRIFT_PPM};
    const struct xcy_option options[] = {
        XCY_ANALYSIS_CONFIG_OPTION(&settings.config),
        {.type = XCY_OPTION_STRING,
         .letter = 'o',
         .name = "root",
         .arg = "DIR",
         .help = "Where run directories are.",
         .to = &settings.root},
        {.type = XCY_OPTION_DOUBLE,
         .name = "drift-ppm",
         .arg = "PPM",
         .help = "How fast two machines' clocks may run apart, in parts per million.",
         .to = &settings.evidence.drift_ppm,
         .min = 0,
         .max = 1e5},
        {.type = XCY_OPTION_BOOL,
         .name = "json",
         .help = "Print summary.json on stdout: an object for one run, an array for several.",
         .to = &settings.json},
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
                    "analyze metrics\twhat is computed, and from what",
        .see_also = "analyze-metrics(1), loadgen(1), gather(1), plot(1)",
    };
    struct xcy_command_line line = xcy_program_parse(&program, argc, argv);
    int code = line.run ? run(&settings, &line) : line.exit_code;
    free(line.arguments);
    return code;
}
