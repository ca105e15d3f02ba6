/* delay.c - `analyze delay`: the share of inconsistent reads behind a delay, from one run. */

#include "analyzers/commands/commands.h"
#include "analyzers/commands/runs.h"
#include "analyzers/delay_report.h"
#include "common/data/number.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_RUNS = 1000, MAX_TARGETS = 100 };

struct settings {
    struct xcy_runs_options runs;
    struct xcy_string_list targets;
    bool is_json;
};

/* "1%" or "0.01". */
static bool parse_share(const char *text, double *share)
{
    size_t len = strlen(text);
    bool is_percent = len > 0 && text[len - 1] == '%';
    if (!xcy_double_parse(xcy_bytes(text, is_percent ? len - 1 : len), share)) {
        return false;
    }
    *share /= is_percent ? 100 : 1;
    return *share > 0 && *share < 1;
}

static enum xcy_status parse_targets(const struct xcy_string_list *texts,
                                     double targets[MAX_TARGETS], size_t *n, struct xcy_error *err)
{
    if (texts->n == 0) {
        memcpy(targets, xcy_delay_targets, sizeof xcy_delay_targets);
        *n = XCY_N_DELAY_TARGETS;
        return XCY_OK;
    }
    if (texts->n > MAX_TARGETS) {
        return xcy_fail(err, XCY_EUSAGE, "--target: more than %d shares", MAX_TARGETS);
    }
    for (size_t i = 0; i < texts->n; i++) {
        if (!parse_share(texts->items[i], &targets[i])) {
            return xcy_fail(err, XCY_EUSAGE,
                            "--target %.60s: a share between 0 and 1 was expected, as 1%% or 0.01",
                            texts->items[i]);
        }
    }
    *n = texts->n;
    return XCY_OK;
}

static void format(const struct xcy_delay_report *report, bool is_json, struct xcy_buf *out)
{
    if (is_json) {
        xcy_json_print(xcy_delay_report_to_json(report), true, out);
    } else {
        xcy_delay_report_print(report, out);
    }
}

static enum xcy_status report_runs(const void *context, const struct xcy_runs *runs,
                                   struct xcy_buf *out, struct xcy_error *err)
{
    const struct settings *settings = context;
    double targets[MAX_TARGETS];
    size_t n_targets = 0;
    struct xcy_delay_report report;
    enum xcy_status status = parse_targets(&settings->targets, targets, &n_targets, err);
    if (status == XCY_OK) {
        status = xcy_delay_report_make(runs->items, runs->n, targets, n_targets, &report, err);
    }
    if (status == XCY_OK) {
        format(&report, settings->is_json, out);
        xcy_delay_report_clear(&report);
    }
    return status;
}

int xcy_command_delay(int argc, char *argv[])
{
    struct settings settings = {.runs = XCY_RUNS_OPTIONS_DEFAULT};
    const struct xcy_option table[] = {
        XCY_RUNS_OPTION_ROWS(settings.runs),
        {.type = XCY_OPTION_LIST,
         .name = "target",
         .arg = "SHARE",
         .help = "For which shares of inconsistent reads a delay is told: 10%, 1%, 0.1% and 0.01% "
                 "when left out.",
         .to = &settings.targets},
        {.type = XCY_OPTION_BOOL,
         .name = "json",
         .help = "Print curve, delays and checks as one JSON object.",
         .to = &settings.is_json,
         .no_default = true},
    };
    const struct xcy_program program = {
        .name = "analyze delay",
        .summary = "tells what a delay would hide, from one run without one",
        .arguments = "[RUN [SWEEP_RUN...]]",
        .max_arguments = MAX_RUNS,
        .description =
            "An artificial delay hides an inconsistency when the post became visible no later than "
            "that after the reader asked. So the race margins of one RUN (default: the newest) of "
            "consistency none give the share of inconsistent reads behind any delay, with a "
            "lower and an upper end (what polling leaves open) and a band that holds at all "
            "delays at once; and the delay behind which at most 1 % are left, with its interval, "
            "or how many reads that would need.\n\n"
            "Runs of a real sweep over delays are held against it: each one's exact interval "
            "against the band.",
        .options = table,
        .n_options = sizeof table / sizeof table[0],
        .examples = "analyze delay\tthe newest run\n"
                    "analyze delay RUN --target 1% 0.5%\tdelays for two shares\n"
                    "analyze delay RUN0 RUN50 RUN100\ta real sweep held against the curve",
        .see_also = "analyze(1), plot(1)",
    };
    struct xcy_command_line line = xcy_program_parse(&program, argc, argv);
    int code =
        line.run ? xcy_runs_report(&settings.runs, &line, report_runs, &settings) : line.exit_code;
    free(settings.targets.items);
    free(line.arguments);
    return code;
}
