/* gather - takes a run's evaluations from their queue and joins them with its requests. */

#include "collectors/gathering.h"
#include "collectors/missing.h"
#include "collectors/report.h"

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/stop.h"
#include "common/cli/program.h"
#include "common/run/folder.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_REPORT_BYTES = 1 << 30, LOOK_EVERY_MS = 100, BEGIN_WAIT_S = 10 };

static struct {
    const char *root;
    int64_t wait_ns;
    int64_t quiet_ns;
    int64_t deadline_ns;
    int64_t receivers;
    bool rejoin;
    bool stats;
    bool quiet_given;
    bool missing;
    bool json;
    bool progress;
    bool take_foreign;
    struct xcy_string_list imports;
} options = {.root = "runs", .receivers = XCY_PACE_MOST, .stats = true};

static const struct xcy_option option_table[] = {
    {.type = XCY_OPTION_GROUP, .help = "Which run"},
    {XCY_OPTION_STRING, 'o', "root", "DIR", "Folder of the runs.", &options.root, 0, 0, NULL, false,
     NULL},
    {XCY_OPTION_DURATION, 0, "wait", "TIME",
     "Wait this long for the run, or without RUN for one that is not gathered yet, to appear: for "
     "a "
     "gather that is started before its loadgen.",
     &options.wait_ns, 0, 86400, NULL, true, NULL},
    {.type = XCY_OPTION_GROUP, .help = "When to stop waiting"},
    {XCY_OPTION_DURATION, 0, "quiet", "TIME",
     "Stop when the load has ended and nothing new came for this long. Default: 10 s, or as long "
     "as a reader of this run may be busy and 5 s.",
     &options.quiet_ns, 0, 86400, NULL, true, &options.quiet_given},
    {XCY_OPTION_DURATION, 0, "deadline", "TIME",
     "Stop after this long, whatever is missing. Default: none.", &options.deadline_ns, 0, 604800,
     NULL, true, NULL},
    {.type = XCY_OPTION_GROUP, .help = "How"},
    {XCY_OPTION_BOOL, 0, "rejoin", NULL,
     "Use no queue and no network: only rebuild the files from what was received.", &options.rejoin,
     0, 0, NULL, true, NULL},
    {XCY_OPTION_BOOL, 0, "stats", NULL,
     "Ask the writer once for the sizes in its post storage (stats.json).", &options.stats, 0, 0,
     NULL, false, NULL},
    {XCY_OPTION_INT, 0, "receivers", "N",
     "Connections that empty a full queue side by side, at most, and as many that delete. How many "
     "of "
     "them are of use is found from the shortest round trip.",
     &options.receivers, 1, 256, NULL, false, NULL},
    {XCY_OPTION_BOOL, 0, "take-foreign", NULL,
     "Take messages of other runs out of the queue, too, into ROOT/orphans/<run id>.jsonl; the "
     "gather of "
     "that run takes them from there.",
     &options.take_foreign, 0, 0, NULL, true, NULL},
    {XCY_OPTION_LIST, 0, "import", "FILE",
     "Take what another gather wrote down for this run, too: evaluations.jsonl of a copy of RUN, "
     "or a "
     "file of orphans. What is here already is not taken twice.",
     &options.imports, 0, 0, NULL, true, NULL},
    {.type = XCY_OPTION_GROUP, .help = "Output"},
    {XCY_OPTION_BOOL, 0, "missing", NULL, "Name every request that has not reported, not only ten.",
     &options.missing, 0, 0, NULL, true, NULL},
    {XCY_OPTION_BOOL, 0, "json", NULL, "Print the result as one line of JSON.", &options.json, 0, 0,
     NULL, true, NULL},
    {XCY_OPTION_BOOL, 0, "progress", NULL, "Show progress even if stderr is no terminal.",
     &options.progress, 0, 0, NULL, true, NULL},
};

static const struct xcy_program program = {
    .name = "gather",
    .summary = "takes a run's evaluations from their queue and joins them with its requests",
    .arguments = "[RUN]",
    .max_arguments = 1,
    .description =
        "Receives the readers' evaluations of RUN (default: the newest, runs/latest), writes each "
        "to RUN/evaluations.jsonl and to the disk before it deletes it from the queue, and ends "
        "when every request that may still report has reported. It can run beside the loadgen, "
        "and again at any time: nothing is lost, nothing is counted twice.\n\n"
        "Then every planned request gets one line and one class in RUN/records.csv, and the "
        "reference implementation's files are written beside it: traces.csv, traces.info, "
        "tags.yml.\n\n"
        "Messages of other runs stay in the queue, unless --take-foreign is given. What is no "
        "evaluation goes to "
        "RUN/quarantine.jsonl. Evaluations of another combination under this run's id are refused "
        "and make the run invalid.\n\n"
        "Calls that fail for a reason that may pass are made again, AWS_MAX_ATTEMPTS times in all "
        "(default 8). A sum that does not hold is exit code 3.",
    .options = option_table,
    .n_options = sizeof option_table / sizeof *option_table,
    .examples =
        "gather\tthe newest run\n"
        "gather --wait 10 --progress\tstarted before, or beside, its loadgen\n"
        "gather --rejoin runs/dynamo-sns/x\trebuild the files, no network\n"
        "gather runs/dynamo-sns/x --import copy/evaluations.jsonl\tbring a copy of the run back "
        "together\n",
    .see_also = "loadgen(1), analyze(1), clean(1)",
};

/* Whether another look is worth it: time is left and nobody asked to stop. */
static bool look_again(struct xcy_mono until)
{
    struct xcy_mono next = xcy_mono_add(xcy_mono_now(), LOOK_EVERY_MS * XCY_NS_PER_MS);
    return xcy_mono_before(next, until) && xcy_sleep_until(next, xcy_stop_fd());
}

/* Whether nobody has begun to gather this run, or its load still runs. */
static bool is_fresh(const char *run_path)
{
    char *journal = xcy_run_file(run_path, "evaluations.jsonl");
    bool fresh = !xcy_file_exists(journal) || xcy_sent_is_live(run_path);
    free(journal);
    return fresh;
}

/* With --wait and no name, the newest run may still be that of an earlier load. */
static enum xcy_status find_run(const char *argument, char **path, struct xcy_error *err)
{
    struct xcy_mono until = xcy_mono_add(xcy_mono_now(), options.wait_ns);
    for (;;) {
        enum xcy_status status = xcy_run_find(options.root, argument, path, err);
        bool is_wanted = status == XCY_OK && (argument || is_fresh(*path));
        if (is_wanted || (status != XCY_OK && status != XCY_ENOTFOUND) || !look_again(until)) {
            return status;
        }
        if (status == XCY_OK) {
            free(*path);
            *path = NULL;
        }
    }
}

/* A loadgen that has just begun may have written run.yml and not yet sent.bin. */
static void await_beginning(const char *run_path, const struct xcy_manifest *manifest)
{
    struct xcy_mono until = xcy_mono_add(xcy_mono_now(), BEGIN_WAIT_S * XCY_NS_PER_S);
    int64_t now_us = xcy_wall_us(xcy_wall_now());
    char *path = xcy_run_file(run_path, "sent.bin");
    bool is_new = manifest->state == XCY_RUN_RUNNING &&
                  manifest->started_us > now_us - BEGIN_WAIT_S * (int64_t)1000000;
    while (is_new && !xcy_file_exists(path) && look_again(until)) {
    }
    free(path);
}

static enum xcy_status print_text(struct xcy_buf *text, FILE *to, struct xcy_error *err)
{
    enum xcy_status status = xcy_buf_check(text, "the report", err);
    if (status == XCY_OK && (fwrite(text->ptr, 1, text->len, to) != text->len || fflush(to) != 0)) {
        status = xcy_fail(err, XCY_EIO, "cannot write the report");
    }
    xcy_buf_reset(text);
    return status;
}

static enum xcy_status report(const struct xcy_report_facts *facts, struct xcy_error *err)
{
    const struct xcy_derived *d = facts->derived;
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_REPORT_BYTES);
    enum xcy_status status = XCY_OK;
    if (d->n_missing > 0) {
        xcy_log(XCY_LOG_WARNING, "%lld requests have not reported (%s)", (long long)d->n_missing,
                facts->gathered->ended);
        xcy_missing_format(d, options.missing ? 0 : XCY_MISSING_SHOWN, &text);
        status = print_text(&text, stderr, err);
    }
    if (status == XCY_OK) {
        (options.json ? xcy_report_json : xcy_report_text)(facts, &text);
        status = print_text(&text, stdout, err);
    }
    xcy_buf_clear(&text);
    if (status == XCY_OK && !d->is_valid) {
        status = xcy_fail(err, XCY_EINVALID, "the run is not valid: %s", d->why_invalid);
    }
    return status;
}

static enum xcy_status gather(const char *argument, struct xcy_error *err)
{
    char *run_path = NULL;
    struct xcy_manifest manifest = {0};
    struct xcy_derived derived = {0};
    enum xcy_status status = find_run(argument, &run_path, err);
    if (status != XCY_OK) {
        return status;
    }
    if (xcy_stop_asked()) {
        free(run_path);
        return xcy_fail(err, XCY_ESTOPPED, "interrupted");
    }
    status = xcy_manifest_read(run_path, &manifest, err);
    if (status == XCY_OK) {
        status = xcy_manifest_check_invoked(&manifest, run_path, err);
    }
    if (status != XCY_OK) {
        goto out;
    }
    await_beginning(run_path, &manifest);
    struct xcy_gathering_options gathering = {
        .from_queue = !options.rejoin,
        .ask_stats = options.stats,
        .take_foreign = options.take_foreign,
        .imports = options.imports,
        .receivers = options.receivers,
        .quiet_ns = options.quiet_given ? options.quiet_ns : xcy_gathering_quiet_ns(&manifest),
        .deadline_ns = options.deadline_ns,
        .progress = xcy_progress_start(options.progress),
    };
    struct xcy_gathered gathered;
    struct xcy_report_facts facts = {.run_path = run_path,
                                     .manifest = &manifest,
                                     .derived = &derived,
                                     .gathered = &gathered,
                                     .names_all = options.missing};
    status = xcy_gathering_run(run_path, &manifest, &gathering, &derived, &gathered, err);
    xcy_progress_end(gathering.progress);
    if (status == XCY_ESTOPPED) {
        status =
            xcy_fail(err, XCY_ESTOPPED,
                     "interrupted; what was received is kept, go on with: gather %s", run_path);
    } else if (status == XCY_OK) {
        status = report(&facts, err);
    }
out:
    xcy_derived_clear(&derived);
    xcy_manifest_clear(&manifest);
    free(run_path);
    return status;
}

int main(int argc, char *argv[])
{
    xcy_log_init(program.name, XCY_LOG_INFO);
    xcy_stop_watch();
    struct xcy_command_line line = xcy_program_parse(&program, argc, argv);
    if (!line.run) {
        free(line.arguments);
        return line.exit_code;
    }
    struct xcy_error err;
    enum xcy_status status = gather(line.n_arguments > 0 ? line.arguments[0] : NULL, &err);
    free(line.arguments);
    free(options.imports.items);
    return status == XCY_OK ? 0 : xcy_log_exit(&err);
}
