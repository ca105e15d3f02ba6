/* metrics.c - `analyze metrics`: what is computed, and from what. */

#include "analyzers/commands/commands.h"
#include "analyzers/metric_print.h"

#include <stdlib.h>

enum { MAX_OUTPUT_BYTES = 1 << 20 };

enum form { FORM_TEXT, FORM_JSON, FORM_MARKDOWN };

static const char *const form_names[] = {
    [FORM_TEXT] = "text", [FORM_JSON] = "json", [FORM_MARKDOWN] = "markdown", NULL};

static void format(const struct xcy_metric_set *set, int form, struct xcy_buf *out)
{
    if (form == FORM_JSON) {
        struct xcy_json *json = xcy_metric_set_to_json(set);
        xcy_json_print(json, true, out);
    } else {
        (form == FORM_TEXT ? xcy_metric_set_print : xcy_metric_set_print_markdown)(set, out);
    }
}

static int run(const char *config, int form)
{
    struct xcy_metric_set set = {.n = 0};
    struct xcy_buf out;
    struct xcy_error err;
    xcy_buf_init(&out, MAX_OUTPUT_BYTES);
    enum xcy_status status = xcy_metric_set_read(config, &set, &err);
    if (status == XCY_OK) {
        format(&set, form, &out);
    }
    xcy_metric_set_clear(&set);
    return xcy_command_end(&out, status, &err);
}

int xcy_command_metrics(int argc, char *argv[])
{
    const char *config = NULL;
    int form = FORM_TEXT;
    bool is_json = false;
    const struct xcy_option table[] = {
        {.type = XCY_OPTION_STRING,
         .letter = 'c',
         .name = "config",
         .arg = "FILE",
         .help = "Metrics of your own, as rows under the key metrics.",
         .to = &config,
         .no_default = true},
        {.type = XCY_OPTION_CHOICE,
         .name = "format",
         .arg = "FORM",
         .help = "text, json, or markdown as in docs/metrics.md.",
         .to = &form,
         .choices = form_names},
        {.type = XCY_OPTION_BOOL,
         .name = "json",
         .help = "The same as --format json.",
         .to = &is_json,
         .no_default = true},
    };
    const struct xcy_program program = {
        .name = "analyze metrics",
        .summary = "lists what is computed of each request",
        .arguments = "",
        .description =
            "Each metric is the difference of two points of a request, to - from, or a number of "
            "bytes. Where the two points are stamped by clocks of different processes, figures "
            "carry the bound of these clocks. Rows of your own are added by --config:\n\n"
            "metrics: [{name: publish_latency, from: noted, to: ended}]",
        .options = table,
        .n_options = sizeof table / sizeof table[0],
        .examples = "analyze metrics\tthe table\n"
                    "analyze metrics -c mine.yml\twith rows of your own",
        .see_also = "analyze(1)",
    };
    struct xcy_command_line line = xcy_program_parse(&program, argc, argv);
    int code = line.run ? run(config, is_json ? FORM_JSON : form) : line.exit_code;
    free(line.arguments);
    return code;
}
