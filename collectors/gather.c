/* gather - takes a run's evaluations from their queue and joins them with its requests. */

#include "collectors/gather_options.h"
#include "collectors/gathering.h"
#include "collectors/missing.h"
#include "collectors/reference_report.h"
#include "collectors/report.h"

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/stop.h"
#include "common/cli/program.h"
#include "common/run/folder.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_REPORT_BYTES = 1 << 30, LOOK_EVERY_MS = 100, BEGIN_WAIT_S = 10, REFERENCE_QUIET_S = 10 };

static const struct xcy_gather_options *const options = &xcy_gather_options;

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
    struct xcy_mono until = xcy_mono_add(xcy_mono_now(), options->wait_ns);
    for (;;) {
        enum xcy_status status = xcy_run_find(options->root, argument, path, err);
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
        xcy_missing_format(d, options->missing ? 0 : XCY_MISSING_SHOWN, &text);
        status = print_text(&text, stderr, err);
    }
    if (status == XCY_OK) {
        (options->json ? xcy_report_json : xcy_report_text)(facts, &text);
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
        .from_queue = !options->rejoin,
        .ask_stats = options->stats,
        .take_foreign = options->take_foreign,
        .imports = options->imports,
        .receivers = options->receivers,
        .quiet_ns = options->quiet_given ? options->quiet_ns : xcy_gathering_quiet_ns(&manifest),
        .deadline_ns = options->deadline_ns,
        .progress = xcy_progress_start(options->progress),
    };
    struct xcy_gathered gathered;
    struct xcy_report_facts facts = {.run_path = run_path,
                                     .manifest = &manifest,
                                     .derived = &derived,
                                     .gathered = &gathered,
                                     .names_all = options->missing};
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

static enum xcy_status report_reference(const struct xcy_reference_gathered *gathered,
                                        struct xcy_error *err)
{
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_REPORT_BYTES);
    if (gathered->tally.counts[XCY_MESSAGE_MALFORMED] > 0) {
        xcy_log(XCY_LOG_WARNING,
                "%lld messages are malformed, and stand with the reason in %s/quarantine.jsonl; "
                "the reference would have ended at the first",
                (long long)gathered->tally.counts[XCY_MESSAGE_MALFORMED], gathered->path);
    }
    if (gathered->tally.counts[XCY_MESSAGE_FOREIGN] > 0) {
        xcy_log(XCY_LOG_WARNING,
                "%lld messages are of no request in %s, and were left where they are; the "
                "reference would have ended at the first",
                (long long)gathered->tally.counts[XCY_MESSAGE_FOREIGN], options->reference_state);
    }
    (options->json ? xcy_reference_report_json : xcy_reference_report_text)(gathered, &text);
    enum xcy_status status = print_text(&text, stdout, err);
    xcy_buf_clear(&text);
    if (status == XCY_OK && !gathered->is_valid) {
        status = xcy_fail(err, XCY_EINVALID, "not valid: %s", gathered->why_invalid);
    }
    return status;
}

static enum xcy_status gather_reference(struct xcy_error *err)
{
    struct xcy_reference_gather_options gathering = {
        .state_path = options->reference_state,
        .config = options->config,
        .messages = options->messages,
        .root = options->root_given ? options->root : "gather",
        .tag = options->tag,
        .post_sizes = options->post_sizes,
        .quiet_ns = options->quiet_given ? options->quiet_ns : REFERENCE_QUIET_S * XCY_NS_PER_S,
        .deadline_ns = options->deadline_ns,
        .progress = xcy_progress_start(options->progress),
    };
    struct xcy_reference_gathered gathered;
    enum xcy_status status = xcy_reference_gather_run(&gathering, &gathered, err);
    xcy_progress_end(gathering.progress);
    if (status == XCY_OK) {
        status = report_reference(&gathered, err);
        xcy_reference_gathered_clear(&gathered);
    }
    return status;
}

int main(int argc, char *argv[])
{
    xcy_log_init(xcy_gather_program.name, XCY_LOG_INFO);
    xcy_stop_watch();
    struct xcy_command_line line = xcy_program_parse(&xcy_gather_program, argc, argv);
    int exit_code = line.exit_code;
    const char *misplaced = line.run ? xcy_gather_misplaced(line.n_arguments > 0) : NULL;
    if (misplaced) {
        exit_code =
            xcy_program_usage(&xcy_gather_program,
                              options->reference_state ? "%s means nothing with --reference-state"
                                                       : "%s needs --reference-state",
                              misplaced);
    } else if (line.run) {
        struct xcy_error err;
        enum xcy_status status =
            options->reference_state
                ? gather_reference(&err)
                : gather(line.n_arguments > 0 ? line.arguments[0] : NULL, &err);
        exit_code = status == XCY_OK ? 0 : xcy_log_exit(&err);
    }
    free(line.arguments);
    free(xcy_gather_options.imports.items);
    return exit_code;
}
