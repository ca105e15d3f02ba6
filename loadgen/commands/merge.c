#include "common/base/mem.h"
#include "common/cli/program.h"
#include "common/run/folder.h"
#include "loadgen/commands/commands.h"
#include "loadgen/judge/verdict.h"
#include "loadgen/record/merged.h"
#include "loadgen/report/report.h"

#include <stdlib.h>

enum { MAX_REPORT_BYTES = 1 << 20 };

static const char description[] =
    "Adds the shards of one load up, which several machines sent (loadgen --shard I/N): counts "
    "from their run.yml, histograms from their latency.json, so that the percentiles are those of "
    "all requests, not an average of percentiles. Refuses runs of another load, a shard that is "
    "given "
    "twice, and one that has not ended; tells of shards that were not given.";

static const char exit_codes[] = "0\tmerged, and the result is valid\n"
                                 "1\tfailed\n"
                                 "2\tthe command line is wrong\n"
                                 "3\tmerged, but shards are missing or the result is not valid\n";

static const char examples[] =
    "loadgen merge runs/dynamo-sns/shard-1 runs/dynamo-sns/shard-2\tone report of both\n";

/* The directories that the arguments mean. */
static enum xcy_status find_runs(const struct xcy_command_line *line, const char *root,
                                 char **paths, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; status == XCY_OK && i < line->n_arguments; i++) {
        status = xcy_run_find(root, line->arguments[i], &paths[i], err);
    }
    return status;
}

static enum xcy_status tell_missing(const struct xcy_merged *merged, struct xcy_error *err)
{
    long long n = merged->n_missing;
    long long of = merged->n_shards;
    long long first = merged->first_missing + 1;
    if (n == 1) {
        return xcy_fail(err, XCY_EINVALID, "shard %lld/%lld was not given", first, of);
    }
    return xcy_fail(err, XCY_EINVALID,
                    "%lld of %lld shards were not given, the first of them %lld/%lld", n, of, first,
                    of);
}

/* As a run of all shards would have ended. */
static enum xcy_status conclude(const struct xcy_merged *merged, struct xcy_error *err)
{
    if (merged->n_missing > 0) {
        return tell_missing(merged, err);
    }
    return xcy_verdict_status(&merged->manifest, err);
}

static int merge(const struct xcy_command_line *line, const char *root, bool is_json)
{
    struct xcy_merged merged = {.n_missing = 0};
    struct xcy_error err;
    struct xcy_buf text;
    size_t n = line->n_arguments;
    char **paths = xcy_alloc_array(n, sizeof *paths);
    xcy_buf_init(&text, MAX_REPORT_BYTES);
    enum xcy_status status = find_runs(line, root, paths, &err);
    if (status == XCY_OK) {
        status = xcy_merged_read((const char *const *)paths, n, &merged, &err);
    }
    if (status == XCY_OK) {
        struct xcy_report report = {.manifest = &merged.manifest,
                                    .total = &merged.total,
                                    .path = "(merged)",
                                    .is_merged = true};
        (is_json ? xcy_report_json : xcy_report_text)(&report, &text);
        status = conclude(&merged, &err);
    }
    for (size_t i = 0; i < n; i++) {
        free(paths[i]);
    }
    free(paths);
    xcy_merged_clear(&merged);
    return xcy_command_end(&text, status, &err);
}

int xcy_command_merge(int argc, char *argv[])
{
    const char *root = "runs";
    bool is_json = false;
    const struct xcy_option table[] = {
        {.type = XCY_OPTION_STRING,
         .letter = 'o',
         .name = "root",
         .arg = "DIR",
         .help = "Folder of the runs.",
         .to = &root},
        {.type = XCY_OPTION_BOOL,
         .name = "json",
         .help = "Print the result as one JSON object, as loadgen --json.",
         .to = &is_json,
         .no_default = true},
    };
    const struct xcy_program program = {
        .name = "loadgen merge",
        .summary = "adds the shards of one load up",
        .arguments = "RUN...",
        .min_arguments = 1,
        .max_arguments = 1000,
        .description = description,
        .options = table,
        .n_options = sizeof table / sizeof table[0],
        .examples = examples,
        .exit_codes = exit_codes,
        .see_also = "loadgen(1)",
    };
    struct xcy_command_line line = xcy_program_parse(&program, argc, argv);
    int code = line.run ? merge(&line, root, is_json) : line.exit_code;
    free(line.arguments);
    return code;
}
