/* campaign - measures a whole matrix of combinations, in rounds, and goes on where it stopped. */

#include "campaign/ask.h"
#include "campaign/drive.h"
#include "campaign/plan_text.h"
#include "campaign/plots.h"
#include "campaign/results.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/random.h"
#include "common/base/stop.h"
#include "common/cli/program.h"
#include "common/deployment/deployment.h"

#include <stdlib.h>
#include <unistd.h>

enum { MAX_OUTPUT_BYTES = 256 << 20 };

static struct {
    const char *output;
    bool fresh;
    bool retry_failed;
    bool table;
    bool dry_run;
    bool json;
    bool progress;
} options;

static const struct xcy_option option_table[] = {
    {.type = XCY_OPTION_GROUP, .help = "What to do"},
    {.type = XCY_OPTION_BOOL,
     .name = "dry-run",
     .help = "Print the runs in their order and how long sending takes, and do nothing.",
     .to = &options.dry_run,
     .no_default = true},
    {.type = XCY_OPTION_BOOL,
     .name = "table",
     .help = "Only print the table of what is measured so far, from the journal alone, and write "
             "plots.yml anew. With --output CONFIG may be left out.",
     .to = &options.table,
     .no_default = true},
    {.type = XCY_OPTION_BOOL,
     .name = "retry-failed",
     .help = "Do the runs that failed again, too.",
     .to = &options.retry_failed,
     .no_default = true},
    {.type = XCY_OPTION_BOOL,
     .name = "fresh",
     .help = "Begin anew, with this CONFIG; the old journal is renamed, run folders stay.",
     .to = &options.fresh,
     .no_default = true},
    {.type = XCY_OPTION_GROUP, .help = "Output"},
    {.type = XCY_OPTION_STRING,
     .letter = 'o',
     .name = "output",
     .arg = "DIR",
     .help = "The campaign's folder (default: runs/campaigns/NAME).",
     .to = &options.output,
     .no_default = true},
    {.type = XCY_OPTION_BOOL,
     .name = "json",
     .help = "Print the results as one JSON object instead of the table.",
     .to = &options.json,
     .no_default = true},
    {.type = XCY_OPTION_BOOL,
     .name = "progress",
     .help = "Show progress even if stderr is no terminal.",
     .to = &options.progress,
     .no_default = true},
};

static const struct xcy_program program = {
    .name = "campaign",
    .summary = "measures a whole matrix of combinations, in rounds",
    .arguments = "[CONFIG]",
    .max_arguments = 1,
    .description =
        "CONFIG (YAML, as samples/campaign-quick.yml) says which combinations of post storage and "
        "notification storage, consistencies and delays are measured, with how much load and in "
        "how many rounds. Each round has every cell once, in an order of its own that the seed "
        "shuffles, so that what drifts falls on all cells alike.\n\n"
        "For each run the other programs are started: deploy, clean, loadgen with gather beside "
        "it, analyze. What they say goes to a file in DIR/logs. A run that fails is recorded and "
        "the rest goes on; one whose result is not valid is kept and marked. An evaluation that "
        "comes late of a run before disturbs none: runs are told apart by their ids.\n\n"
        "DIR/journal.jsonl has a line for everything that happens, on the disk before it goes on. "
        "Called again with the same CONFIG, after Ctrl-C or a kill, it goes on where it stopped; a "
        "run that had not ended is done again, and its folder stays. A CONFIG that asks for "
        "something else is refused.\n\n"
        "In the end there is one table of all cells, each over its rounds: the share of "
        "inconsistent reads pooled, with its Wilson interval, and by rounds (Student's t from 3 "
        "rounds on, the bootstrap from 10 on, below 3 the spread); medians of windows and "
        "latencies, taken over the rounds; what the barrier costs against the same cell without "
        "it. DIR/plots.yml is a config for plot.\n\n"
        "Keys of CONFIG: name; deployment (a file, relative to CONFIG); seed; parts, a list of "
        "mappings with the keys that follow, which also may stand at the top for all parts or "
        "instead of them: combinations ('all' or a list of post_storage, notification_storage "
        "and, if it has its own, delays_ms), consistency (a list of none, antipode), delays_ms (of "
        "consistency none), rounds, requests, rate_per_s, warmup_s, async, as_published, "
        "post_bytes, visibility, and loadgen, a list of further words for its command line.",
    .options = option_table,
    .n_options = sizeof option_table / sizeof *option_table,
    .examples = "campaign samples/campaign-quick.yml\tall combinations, in minutes\n"
                "campaign my.yml --dry-run\twhat would be done, and how long it takes\n"
                "campaign my.yml --table\twhat is known so far\n"
                "campaign my.yml --retry-failed\tagain what failed\n",
    .exit_codes = "0\tevery run is done and valid\n"
                  "1\ta run failed, or the campaign could not go on\n"
                  "2\tthe command line or the config is wrong\n"
                  "3\tevery run is done, but the result of one is not valid\n"
                  "130\tinterrupted, everything saved\n",
    .see_also = "deploy(1), clean(1), loadgen(1), gather(1), analyze(1), plot(1)",
};

static enum xcy_status print_buf(struct xcy_buf *text, struct xcy_error *err)
{
    enum xcy_status status = xcy_buf_check(text, "the output", err);
    if (status == XCY_OK) {
        status = xcy_write_all(STDOUT_FILENO, xcy_buf_bytes(text), "stdout", err);
    }
    xcy_buf_clear(text);
    return status;
}

static enum xcy_status print_results(const struct xcy_campaign_state *state, struct xcy_error *err)
{
    struct xcy_campaign_results results = xcy_campaign_results_of(state);
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_OUTPUT_BYTES);
    if (options.json) {
        struct xcy_json *json = xcy_campaign_results_json(&results);
        xcy_json_print(json, true, &text);
    } else {
        xcy_campaign_results_text(&results, &text);
    }
    xcy_campaign_results_clear(&results);
    return print_buf(&text, err);
}

/* What the whole came to. */
static enum xcy_status judge(const struct xcy_campaign_state *state, struct xcy_error *err)
{
    size_t n_failed = xcy_campaign_count(state, XCY_RUN_FAILED);
    size_t n_done = xcy_campaign_count(state, XCY_RUN_DONE);
    size_t n_valid = 0;
    for (size_t i = 0; i < state->plan.n_runs; i++) {
        n_valid += state->runs[i].progress == XCY_RUN_DONE && state->runs[i].is_valid ? 1 : 0;
    }
    if (n_failed > 0) {
        return xcy_fail(err, XCY_EFAIL,
                        "%zu of %zu runs failed; after mending what was wrong: --retry-failed",
                        n_failed, state->plan.n_runs);
    }
    if (n_valid < n_done) {
        return xcy_fail(err, XCY_EINVALID, "the results of %zu of %zu runs are not valid",
                        n_done - n_valid, state->plan.n_runs);
    }
    return XCY_OK;
}

static enum xcy_status conclude(const struct xcy_campaign_state *state, struct xcy_error *err)
{
    enum xcy_status status = print_results(state, err);
    return status == XCY_OK ? judge(state, err) : status;
}

static enum xcy_status show_table(const char *folder, struct xcy_error *err)
{
    struct xcy_campaign_state state = {0};
    size_t whole_bytes = 0;
    char *path = xcy_format("%s/journal.jsonl", folder);
    enum xcy_status status = xcy_campaign_journal_read(path, &state, &whole_bytes, err);
    if (status == XCY_OK) {
        status = xcy_campaign_write_plots(folder, &state, err);
    }
    if (status == XCY_OK) {
        status = conclude(&state, err);
    }
    xcy_campaign_state_clear(&state);
    free(path);
    return status;
}

/* Whether it is there and can be read. */
static enum xcy_status check_deployment(const struct xcy_campaign_config *config,
                                        const char *config_path, struct xcy_error *err)
{
    struct xcy_deployment *deployment = NULL;
    if (config->deployment && !xcy_file_exists(config->deployment)) {
        return xcy_fail(err, XCY_EUSAGE,
                        "%s:%zu: deployment: no such file %s; name one, relative to the config's "
                        "folder, or leave the key out to use what deploy uses by itself",
                        config_path, config->deployment_line, config->deployment);
    }
    enum xcy_status status = xcy_deployment_load(config->deployment, &deployment, err);
    xcy_deployment_free(deployment);
    if (status != XCY_OK && config->deployment) {
        xcy_error_context(err, "%s:%zu: deployment", config_path, config->deployment_line);
        err->status = XCY_EUSAGE; /* also of a folder: the config names it */
        status = err->status;
    }
    return status;
}

/* What would fail every run alike: a deployment that cannot be read, words that loadgen does not take. */
static enum xcy_status check_config(const struct xcy_campaign_config *config,
                                    const char *config_path, struct xcy_error *err)
{
    char *programs = NULL;
    enum xcy_status status = check_deployment(config, config_path, err);
    if (status == XCY_OK) {
        status = xcy_program_folder(&programs, err);
    }
    if (status == XCY_OK) {
        status = xcy_campaign_ask_loadgen(programs, config_path, config, err);
    }
    free(programs);
    return status;
}

/* The plan that would be followed: the journal's, if there is one of this config. */
static enum xcy_status dry_run(const struct xcy_campaign_config *config, const char *folder,
                               struct xcy_error *err)
{
    struct xcy_campaign_state state = {0};
    struct xcy_campaign_plan plan = {0};
    struct xcy_buf text;
    size_t whole_bytes = 0;
    char *path = xcy_format("%s/journal.jsonl", folder);
    enum xcy_status status =
        options.fresh ? XCY_ENOTFOUND : xcy_campaign_journal_read(path, &state, &whole_bytes, err);
    xcy_buf_init(&text, MAX_OUTPUT_BYTES);
    if (status == XCY_OK) {
        status = xcy_campaign_check_same(config, path, &state, err);
        if (status == XCY_OK) {
            xcy_campaign_plan_text(&state.plan, state.runs, &text);
        }
    } else if (status == XCY_ENOTFOUND) {
        int64_t seed = config->seed != 0 ? config->seed : (int64_t)(xcy_random_seed() | 1);
        status = xcy_campaign_plan_make(config->cells, config->n_cells, seed, &plan, err);
        if (status == XCY_OK) {
            xcy_campaign_plan_text(&plan, NULL, &text);
            xcy_buf_add_text(&text, config->seed != 0 ? ""
                                                      : "no seed is given: the order will be "
                                                        "another one\n");
        }
    }
    xcy_campaign_state_clear(&state);
    xcy_campaign_plan_clear(&plan);
    free(path);
    if (status != XCY_OK) {
        xcy_buf_clear(&text);
        return status;
    }
    return print_buf(&text, err);
}

static enum xcy_status measure(const struct xcy_campaign_config *config, const char *config_path,
                               const char *folder, struct xcy_error *err)
{
    struct xcy_campaign_state state = {0};
    const struct xcy_campaign_settings settings = {.config = config,
                                                   .config_path = config_path,
                                                   .folder = folder,
                                                   .is_fresh = options.fresh,
                                                   .retries_failed = options.retry_failed,
                                                   .shows_progress = options.progress};
    enum xcy_status status = xcy_campaign_drive(&settings, &state, err);
    if (status == XCY_OK) {
        status = conclude(&state, err);
    }
    xcy_campaign_state_clear(&state);
    return status;
}

static enum xcy_status run(const char *config_path, struct xcy_error *err)
{
    struct xcy_campaign_config config = {0};
    enum xcy_status status =
        config_path ? xcy_campaign_config_read(config_path, &config, err) : XCY_OK;
    if (status != XCY_OK) {
        return status;
    }
    char *folder =
        options.output ? xcy_strdup(options.output) : xcy_format("runs/campaigns/%s", config.name);
    if (options.table) {
        status = show_table(folder, err);
    } else {
        status = check_config(&config, config_path, err);
        if (status == XCY_OK) {
            status = options.dry_run ? dry_run(&config, folder, err)
                                     : measure(&config, config_path, folder, err);
        }
    }
    free(folder);
    xcy_campaign_config_clear(&config);
    return status;
}

/* The contradictions of a command line; 0 if there is none. */
static int check_usage(const struct xcy_command_line *line)
{
    if (line->n_arguments == 0 && !(options.table && options.output)) {
        return xcy_program_usage(&program, "an argument is missing: CONFIG");
    }
    if (options.table && (options.dry_run || options.fresh || options.retry_failed)) {
        return xcy_program_usage(&program, "--table only prints; it goes with no other");
    }
    if (options.dry_run && (options.json || options.retry_failed)) {
        return xcy_program_usage(&program, "--dry-run goes neither with --json nor with "
                                           "--retry-failed");
    }
    if (options.fresh && options.retry_failed) {
        return xcy_program_usage(&program, "--fresh begins anew: nothing has failed yet for "
                                           "--retry-failed");
    }
    return 0;
}

int main(int argc, char *argv[])
{
    xcy_log_init(program.name, XCY_LOG_INFO);
    xcy_stop_watch();
    struct xcy_command_line line = xcy_program_parse(&program, argc, argv);
    int code = line.run ? check_usage(&line) : line.exit_code;
    if (line.run && code == 0) {
        struct xcy_error err;
        enum xcy_status status = run(line.n_arguments > 0 ? line.arguments[0] : NULL, &err);
        code = status == XCY_OK ? 0 : xcy_log_exit(&err);
    }
    free(line.arguments);
    return code;
}
