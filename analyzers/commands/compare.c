/* compare.c - `analyze compare`: two runs, or two sets of them, and how far they differ. */

#include "analyzers/commands/commands.h"
#include "analyzers/commands/runs.h"
#include "analyzers/compare/comparison.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/data/number.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_RUNS = 10000, MAX_OUTPUT_BYTES = 64 << 20 };

enum form { FORM_TEXT, FORM_JSON, FORM_MARKDOWN };

static const char *const form_names[] = {
    [FORM_TEXT] = "text", [FORM_JSON] = "json", [FORM_MARKDOWN] = "markdown", NULL};

struct options {
    struct xcy_runs_options runs;
    const char *metrics; /* names, by commas; NULL: all */
    const char *margin;
    int expect;
    bool has_expect;
    int form;
    bool is_json;
    const char *junit; /* a file; NULL: none */
    struct xcy_contrast_settings contrast;
};

static void print_json(const struct xcy_comparison *comparison, struct xcy_buf *out)
{
    struct xcy_json *json = xcy_comparison_to_json(comparison);
    xcy_json_print(json, true, out);
}

static void print(const struct xcy_comparison *comparison, int form, struct xcy_buf *out)
{
    static void (*const forms[])(const struct xcy_comparison *, struct xcy_buf *) = {
        [FORM_TEXT] = xcy_comparison_print,
        [FORM_JSON] = print_json,
        [FORM_MARKDOWN] = xcy_comparison_print_markdown,
    };
    forms[form](comparison, out);
}

/* Beside what is printed, so that one call serves a person and a pipeline. */
static enum xcy_status write_junit(const struct xcy_comparison *comparison, const char *path,
                                   struct xcy_error *err)
{
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_OUTPUT_BYTES);
    xcy_comparison_print_junit(comparison, &text);
    enum xcy_status status = xcy_file_replace(path, xcy_buf_bytes(&text), 0644, err);
    xcy_buf_clear(&text);
    return status;
}

static enum xcy_status judge(const struct xcy_comparison *c, struct xcy_error *err)
{
    if (c->n_not_valid > 0) {
        return xcy_fail(err, XCY_EINVALID, "%zu of the runs are not valid", c->n_not_valid);
    }
    if (c->n_missed > 0) {
        return xcy_fail(err, XCY_EEXPECT, "an expectation was not met: %zu figure%s miss%s '%s'",
                        c->n_missed, c->n_missed == 1 ? "" : "s", c->n_missed == 1 ? "es" : "",
                        xcy_expectation_names[c->settings->expect]);
    }
    return XCY_OK;
}

static enum xcy_status parse_margin(struct options *o, struct xcy_error *err)
{
    double percent = 0;
    size_t len = o->margin ? strlen(o->margin) : 0;
    if (!o->margin) {
        if (o->expect == XCY_EXPECT_EQUIVALENT) {
            return xcy_fail(err, XCY_EUSAGE, "--expect equivalent needs a --margin, as 2%%");
        }
        return XCY_OK;
    }
    if (len < 2 || o->margin[len - 1] != '%' ||
        !xcy_double_parse(xcy_bytes(o->margin, len - 1), &percent) ||
        !(percent > 0 && percent <= 1000)) {
        return xcy_fail(err, XCY_EUSAGE,
                        "--margin: '%s' is no percentage above 0%% and up to 1000%%, as 2%%",
                        o->margin);
    }
    o->contrast.margin = percent / 100;
    if (!o->has_expect) {
        o->expect = XCY_EXPECT_EQUIVALENT;
    }
    return XCY_OK;
}

/* The names in `text`, which is cut at its commas; the array is owned by the caller. */
static const char **split(char *text, size_t *n)
{
    const char **names = NULL;
    char *rest = NULL;
    for (char *name = strtok_r(text, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
        names = xcy_realloc_array((void *)names, *n + 1, sizeof *names);
        names[(*n)++] = name;
    }
    return names;
}

/* Which word parts the sides: the one behind `vs`, or of two words the second. */
static size_t begin_of_b(const struct xcy_command_line *line)
{
    for (size_t i = 0; i < line->n_arguments; i++) {
        if (strcmp(line->arguments[i], "vs") == 0) {
            return i + 1;
        }
    }
    return line->n_arguments == 2 ? 1 : 0;
}

static enum xcy_status list_side(const struct options *o, const char *const *words, size_t n,
                                 struct xcy_run_set *list, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; i < n && status == XCY_OK; i++) {
        status = xcy_run_set_add(list, o->runs.root, words[i], err);
    }
    return status;
}

static enum xcy_status list_runs(const struct options *o, const struct xcy_command_line *line,
                                 struct xcy_run_set lists[2], struct xcy_error *err)
{
    size_t begin = begin_of_b(line);
    size_t end_of_a =
        begin > 0 && strcmp(line->arguments[begin - 1], "vs") == 0 ? begin - 1 : begin;
    if (end_of_a == 0 || begin == line->n_arguments) {
        return xcy_fail(err, XCY_EUSAGE,
                        "two sides are needed: A B, or A1 A2 ... vs B1 B2 ...; see --help");
    }
    enum xcy_status status = list_side(o, line->arguments, end_of_a, &lists[0], err);
    if (status == XCY_OK) {
        status = list_side(o, line->arguments + begin, line->n_arguments - begin, &lists[1], err);
    }
    return status;
}

static enum xcy_status compare(const struct options *o,
                               const struct xcy_comparison_settings *settings,
                               const struct xcy_command_line *line, struct xcy_buf *out,
                               struct xcy_error *err)
{
    struct xcy_run_set lists[2] = {{.n = 0}, {.n = 0}};
    struct xcy_comparison comparison;
    enum xcy_status status = list_runs(o, line, lists, err);
    if (status == XCY_OK) {
        status = xcy_comparison_make(&lists[0], &lists[1], settings, &comparison, err);
    }
    if (status == XCY_OK) {
        print(&comparison, o->is_json ? FORM_JSON : o->form, out);
        if (o->junit) {
            status = write_junit(&comparison, o->junit, err);
        }
        status = status == XCY_OK ? judge(&comparison, err) : status;
        xcy_comparison_clear(&comparison);
    }
    xcy_run_set_clear(&lists[0]);
    xcy_run_set_clear(&lists[1]);
    return status;
}

static int run(struct options *o, const struct xcy_command_line *line)
{
    struct xcy_metric_set metrics = {.n = 0};
    struct xcy_buf out;
    struct xcy_error err;
    size_t n_figures = 0;
    char *names = xcy_strdup(o->metrics ? o->metrics : "");
    const char **figures = split(names, &n_figures);
    xcy_buf_init(&out, MAX_OUTPUT_BYTES);
    enum xcy_status status = parse_margin(o, &err);
    if (status == XCY_OK) {
        status = xcy_metric_set_read(o->runs.config, &metrics, &err);
    }
    if (status == XCY_OK) {
        const struct xcy_comparison_settings settings = {
            .evidence = {.metrics = &metrics, .drift_ppm = o->runs.drift_ppm},
            .contrast = o->contrast,
            .expect = (enum xcy_expectation)o->expect,
            .figures = figures,
            .n_figures = n_figures,
        };
        status = compare(o, &settings, line, &out, &err);
    }
    xcy_metric_set_clear(&metrics);
    free((void *)figures);
    free(names);
    return xcy_command_end(&out, status, &err);
}

static struct options asked = {.contrast.quantile = 0.5};

static const struct xcy_option table[] = {
    {.type = XCY_OPTION_GROUP, .help = "What is compared"},
    {.type = XCY_OPTION_STRING,
     .letter = 'm',
     .name = "metric",
     .arg = "NAMES",
     .help = "Only these, parted by commas: inconsistent, undecided, throughput, and the names "
             "of analyze metrics. Without it all but lag, which is the generator's own, and "
             "undecided only where some are.",
     .to = &asked.metrics,
     .no_default = true},
    {.type = XCY_OPTION_DOUBLE,
     .name = "quantile",
     .arg = "Q",
     .help = "Of rounds: which quantile of a duration stands for its round. Each round needs "
             "1 / (1 - Q) values of every duration that is compared (1 / Q, if that is more).",
     .to = &asked.contrast.quantile,
     .min = 0.001,
     .max = 0.999},
    XCY_RUNS_OPTION_ROWS(asked.runs),
    {.type = XCY_OPTION_GROUP, .help = "Judgement"},
    {.type = XCY_OPTION_STRING,
     .name = "margin",
     .arg = "PERCENT",
     .help = "As 2%: up to which ratio a difference does not matter. Equivalent is what is "
             "shown to lie within it. Of shares it is points.",
     .to = &asked.margin,
     .no_default = true},
    {.type = XCY_OPTION_CHOICE,
     .name = "expect",
     .arg = "WHAT",
     .help = "Exit code 4 unless every figure is so: equivalent within the margin, or "
             "not-worse: no figure of B is found worse (by more than the margin, if there is "
             "one). With --margin alone it is equivalent. Unless --metric names them, "
             "equivalence is not asked of figures that clocks, polls or a barrier leave "
             "open.",
     .to = &asked.expect,
     .choices = xcy_expectation_names,
     .given = &asked.has_expect},
    {.type = XCY_OPTION_GROUP, .help = "Output"},
    {.type = XCY_OPTION_CHOICE,
     .name = "format",
     .arg = "FORM",
     .help = "text, json, or markdown.",
     .to = &asked.form,
     .choices = form_names},
    {.type = XCY_OPTION_BOOL,
     .name = "json",
     .help = "The same as --format json.",
     .to = &asked.is_json,
     .no_default = true},
    {.type = XCY_OPTION_STRING,
     .name = "junit",
     .arg = "FILE",
     .help = "Write a test case a figure there, besides: failed where the expectation is "
             "missed, an error where a run is not valid.",
     .to = &asked.junit,
     .no_default = true},
};

static const struct xcy_program program = {
    .name = "analyze compare",
    .summary = "says how two runs, or two sets of runs, differ",
    .arguments = "A B | A... vs B...",
    .min_arguments = 2,
    .max_arguments = MAX_RUNS,
    .description =
        "A side is a run, a folder of runs (of a combination, of a campaign) or a pattern. "
        "Runs that measure the same are the rounds of one cell. Of two campaigns each cell of "
        "A is compared with its like in B; what is one thing throughout A and another "
        "throughout B, as the consistency, is what is compared.\n\n"
        "Of one run each the unit is the request: shares by Newcombe and Fisher, durations by the "
        "shift of Hodges and Lehmann and the test of Mann and Whitney, bytes by Welch. They tell "
        "of these two runs only. Of several runs the round is the unit: its share, its median, its "
        "mean of bytes, compared by Welch, shares never surer than their counts; below 3 rounds a "
        "side only the spread is told. All p values are adjusted for the number of tests (Holm). "
        "Requests whose first read was not answered (lost, failed, skipped) are counted beside "
        "them, and their share, undecided, is a figure whose p values are adjusted apart. "
        "What the clocks may have moved stands apart, and no difference is found that it could "
        "have made. See docs/compare.md.\n\n"
        "JSON has format_version, confidence, alpha, margin, quantile, expectation, tests, "
        "undecided_tests, not_valid, missed, words, cells and only_one_side (docs/formats.md).",
    .options = table,
    .n_options = sizeof table / sizeof *table,
    .examples = "analyze compare runs/dynamo-sns/a-1 runs/dynamo-sns/b-1\ttwo runs\n"
                "analyze compare 'runs/dynamo-sns/before-*' vs 'runs/dynamo-sns/after-*'\trounds\n"
                "analyze compare runs/campaigns/may runs/campaigns/june\tcell by cell\n"
                "analyze compare A B --margin 2% -m response\tis the overhead below 2 %?",
    .see_also = "analyze(1), analyze-cost(1), analyze-metrics(1), campaign(1)",
};

int xcy_command_compare(int argc, char *argv[])
{
    asked.runs = XCY_RUNS_OPTIONS_DEFAULT;
    struct xcy_command_line line = xcy_program_parse(&program, argc, argv);
    int code = line.run ? run(&asked, &line) : line.exit_code;
    free(line.arguments);
    return code;
}
