/* cost.c - `analyze cost`: a delay and a barrier at the same residual inconsistency. */

#include "analyzers/cost/cost.h"
#include "analyzers/commands/commands.h"
#include "analyzers/commands/runs.h"

#include <stdlib.h>

enum { MAX_RUNS = 10000, MAX_OUTPUT_BYTES = 16 << 20 };

struct settings {
    struct xcy_runs_options runs;
    bool is_json;
};

static void format(const struct xcy_cost *cost, bool is_json, struct xcy_buf *out)
{
    if (is_json) {
        xcy_json_print(xcy_cost_to_json(cost), true, out);
    } else {
        xcy_cost_print(cost, out);
    }
}

static enum xcy_status judge(const struct xcy_cost *cost, struct xcy_error *err)
{
    for (size_t i = 0; i < cost->n_runs; i++) {
        const struct xcy_summary *s = &cost->runs[i];
        if (s->problem[0]) {
            return xcy_fail(err, XCY_EINVALID, "%s is not valid: %s", s->evidence.path, s->problem);
        }
    }
    return XCY_OK;
}

static enum xcy_status reckon(const struct settings *settings, const struct xcy_run_set *set,
                              struct xcy_buf *out, struct xcy_error *err)
{
    struct xcy_metric_set metrics = {.n = 0};
    struct xcy_cost cost;
    enum xcy_status status = xcy_metric_set_read(settings->runs.config, &metrics, err);
    if (status == XCY_OK) {
        const struct xcy_evidence_settings evidence = {.metrics = &metrics,
                                                       .drift_ppm = settings->runs.drift_ppm};
        status = xcy_cost_make(set, &evidence, &cost, err);
    }
    if (status == XCY_OK) {
        format(&cost, settings->is_json, out);
        status = judge(&cost, err);
        xcy_cost_clear(&cost);
    }
    xcy_metric_set_clear(&metrics);
    return status;
}

static int run(const struct settings *settings, const struct xcy_command_line *line)
{
    struct xcy_run_set set = {.n = 0};
    struct xcy_buf out;
    struct xcy_error err;
    enum xcy_status status = XCY_OK;
    xcy_buf_init(&out, MAX_OUTPUT_BYTES);
    for (size_t i = 0; i < line->n_arguments && status == XCY_OK; i++) {
        status = xcy_run_set_add(&set, settings->runs.root, line->arguments[i], &err);
    }
    if (status == XCY_OK) {
        status = reckon(settings, &set, &out, &err);
    }
    xcy_run_set_clear(&set);
    return xcy_command_end(&out, status, &err);
}

int xcy_command_cost(int argc, char *argv[])
{
    struct settings settings = {.runs = XCY_RUNS_OPTIONS_DEFAULT};
    const struct xcy_option table[] = {
        XCY_RUNS_OPTION_ROWS(settings.runs),
        {.type = XCY_OPTION_BOOL,
         .name = "json",
         .help = "Print settings, delay and comparisons as one JSON object.",
         .to = &settings.is_json,
         .no_default = true},
    };
    const struct xcy_program program = {
        .name = "analyze cost",
        .summary = "what a delay and a barrier cost at the same residual inconsistency",
        .arguments = "RUN...",
        .min_arguments = 1,
        .max_arguments = MAX_RUNS,
        .description =
            "The RUNs (runs, folders of runs or patterns) are of one combination, and differ in "
            "consistency and delay alone: some without either, some behind a barrier, and those of "
            "a sweep over delays. What each is of, its run.yml says.\n\n"
            "Of the delays that were run the least is taken that, as all longer ones, left no "
            "larger "
            "share inconsistent than the barrier; where that left nothing, of which no more can be "
            "claimed. No remedy, that delay and the barrier then stand side "
            "by side: what is left, response, window as published, throughput, bytes of post and "
            "notification, and where there are any requests whose first read was not answered "
            "(undecided); with what each costs, and the barrier against the delay, as analyze "
            "compare tells it. The delay that the race margins of the runs without either ask for "
            "is told, too: to be run, where none was enough. See docs/compare.md. plot draws it "
            "(cost_at_equal_residual).\n\n"
            "JSON has format_version, combination, target, is_claimed, delay_ms, curve, settings, "
            "comparisons, tests, undecided_tests and words (docs/formats.md).",
        .options = table,
        .n_options = sizeof table / sizeof *table,
        .examples = "analyze cost runs/campaigns/sweep\tall runs of a campaign over delays\n"
                    "analyze cost NONE BARRIER\twhich delay to run next",
        .see_also = "analyze(1), analyze-compare(1), analyze-delay(1), campaign(1), plot(1)",
    };
    struct xcy_command_line line = xcy_program_parse(&program, argc, argv);
    int code = line.run ? run(&settings, &line) : line.exit_code;
    free(line.arguments);
    return code;
}
