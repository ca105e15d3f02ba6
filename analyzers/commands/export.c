/* export.c - `analyze export`: what was measured of each request, for other tools. */

#include "analyzers/commands/commands.h"
#include "analyzers/commands/runs.h"
#include "analyzers/export/hists.h"
#include "analyzers/export/rows.h"
#include "analyzers/export/target.h"
#include "common/base/log.h"
#include "common/base/stop.h"

#include <stdlib.h>

enum { MAX_RUNS = 10000 };

enum form { FORM_CSV, FORM_JSONL, FORM_SQLITE, FORM_HGRM };

static const char *const form_names[] = {[FORM_CSV] = "csv",
                                         [FORM_JSONL] = "jsonl",
                                         [FORM_SQLITE] = "sqlite",
                                         [FORM_HGRM] = "hgrm",
                                         NULL};

static const struct xcy_export_form *const row_forms[] = {[FORM_CSV] = &xcy_export_csv,
                                                          [FORM_JSONL] = &xcy_export_jsonl,
                                                          [FORM_SQLITE] = &xcy_export_sqlite,
                                                          [FORM_HGRM] = NULL};

struct settings {
    struct xcy_runs_options runs;
    int form;
    const char *target; /* NULL: stdout */
    bool force;
};

/* What becomes of the runs at these paths. */
struct job {
    const struct settings *settings;
    const struct xcy_metric_set *metrics;
    const char *const *paths;
    size_t n_paths;
};

static enum xcy_status export_rows(const struct job *job, struct xcy_error *err)
{
    const char *target = job->settings->target;
    const struct xcy_export_settings settings = {.paths = job->paths,
                                                 .n_paths = job->n_paths,
                                                 .metrics = job->metrics,
                                                 .drift_ppm = job->settings->runs.drift_ppm,
                                                 .target = target};
    int64_t n_rows = -1;
    enum xcy_status status = target ? xcy_target_check(target, job->settings->force, err) : XCY_OK;
    if (status == XCY_OK) {
        status = xcy_rows_export(&settings, row_forms[job->settings->form], &n_rows, err);
    }
    if (target && n_rows >= 0) {
        xcy_log(XCY_LOG_INFO, "%lld rows of %zu run%s in %s", (long long)n_rows, job->n_paths,
                job->n_paths == 1 ? "" : "s", target);
    }
    return status;
}

/* What the form cannot say. */
static void tell_ends(const struct xcy_hists *hists)
{
    for (size_t i = 0; i < hists->n; i++) {
        const struct xcy_metric_hist *m = &hists->items[i];
        if (m->n_right > 0) {
            xcy_log(XCY_LOG_WARNING, "%s.hgrm: %lld values are more than what is written of them",
                    m->metric->name, (long long)m->n_right);
        }
        if (m->n_below > 0) {
            xcy_log(XCY_LOG_WARNING, "%s.hgrm: %lld values below 0 stand as 0", m->metric->name,
                    (long long)m->n_below);
        }
    }
}

static enum xcy_status write_hists(const struct job *job, const struct xcy_summary *s,
                                   struct xcy_error *err)
{
    struct xcy_hists hists = {.n = 0};
    size_t n_files = 0;
    enum xcy_status status = xcy_hists_read(
        s->evidence.path, job->metrics, s->evidence.manifest.combination.consistency, &hists, err);
    if (status == XCY_OK) {
        status =
            xcy_hists_write(&hists, job->settings->target, job->settings->force, &n_files, err);
    }
    if (status == XCY_OK) {
        tell_ends(&hists);
        xcy_log(XCY_LOG_INFO, "%zu durations in %s", n_files, job->settings->target);
    }
    xcy_hists_clear(&hists);
    return status;
}

static enum xcy_status export_hists(const struct job *job, struct xcy_error *err)
{
    const struct xcy_metric_set none = {.n = 0};
    const struct xcy_evidence_settings evidence = {.metrics = &none,
                                                   .drift_ppm = job->settings->runs.drift_ppm};
    struct xcy_summary s;
    enum xcy_status status = xcy_summary_make(job->paths[0], &evidence, &s, err);
    if (status != XCY_OK) {
        return status;
    }
    status = write_hists(job, &s, err);
    if (status == XCY_OK) {
        status = xcy_summary_check(&s, err);
    }
    xcy_summary_clear(&s);
    return status;
}

static enum xcy_status export_found(const struct settings *settings, const char *const *paths,
                                    size_t n_paths, struct xcy_error *err)
{
    struct xcy_metric_set metrics = {.n = 0};
    const struct job job = {settings, &metrics, paths, n_paths};
    enum xcy_status status = xcy_metric_set_read(settings->runs.config, &metrics, err);
    if (status == XCY_OK) {
        status = (row_forms[settings->form] ? export_rows : export_hists)(&job, err);
    }
    xcy_metric_set_clear(&metrics);
    return status;
}

static enum xcy_status export_all(const struct settings *settings,
                                  const struct xcy_command_line *line, struct xcy_error *err)
{
    struct xcy_run_paths paths = {.n = 0};
    enum xcy_status status =
        xcy_run_paths_find(&settings->runs, line->arguments, line->n_arguments, &paths, err);
    if (status == XCY_OK) {
        status = export_found(settings, (const char *const *)paths.items, paths.n, err);
    }
    xcy_run_paths_clear(&paths);
    return status;
}

static int run(const struct xcy_program *program, const struct settings *settings,
               const struct xcy_command_line *line)
{
    const struct xcy_export_form *form = row_forms[settings->form];
    const char *name = form_names[settings->form];
    struct xcy_error err;
    if (!settings->target && !(form && form->is_stream)) {
        return xcy_program_usage(program, "--format %s needs --output %s", name,
                                 form ? "FILE" : "DIR");
    }
    if (!form && line->n_arguments > 1) {
        return xcy_program_usage(program, "--format %s takes one RUN: several would be mixed",
                                 name);
    }
    if (settings->target) {
        xcy_stop_watch(); /* stdout is somebody else's: a pipe that closes ends us in silence */
    }
    return export_all(settings, line, &err) == XCY_OK ? 0 : xcy_log_exit(&err);
}

static const char description[] =
    "Writes a row for each request and observer of each RUN (default: the newest, runs/latest): "
    "its run with combination and rate, its class, outcome and flags, and each metric's value; of "
    "an interval both ends and how it is censored, and across clocks by how much each end may be "
    "wrong. Warm-up rows are there, too: is_warmup says so. docs/export.md has all columns.\n\n"
    "csv and jsonl go to stdout unless a FILE is named. sqlite makes the tables runs, requests and "
    "metrics, and the view tidy of the same columns as csv. hgrm makes a file METRIC.hgrm in DIR "
    "for each duration of one run: milliseconds, of upper ends, without the warm-up, as "
    "HdrHistogram's tools read them.\n\n"
    "A file appears when it is whole. One that is there already is left alone unless --force is "
    "given. No row is kept in memory.";

static const char examples[] =
    "analyze export >requests.csv\tthe newest run\n"
    "analyze export --format jsonl | jq .window_high_ms\tone value a line\n"
    "analyze export --format sqlite -o all.db runs/dynamo-sns/*\tseveral runs, for queries\n"
    "analyze export --format hgrm -o percentiles\tfor HdrHistogram's plotter";

int xcy_command_export(int argc, char *argv[])
{
    struct settings settings = {.runs = XCY_RUNS_OPTIONS_DEFAULT};
    const struct xcy_option options[] = {
        {.type = XCY_OPTION_CHOICE,
         .letter = 'f',
         .name = "format",
         .arg = "FORM",
         .help = "What to write.",
         .to = &settings.form,
         .choices = form_names},
        {.type = XCY_OPTION_STRING,
         .letter = 'o',
         .name = "output",
         .arg = "FILE",
         .help = "Where to; of hgrm a folder, which is made if need be.",
         .to = &settings.target,
         .no_default = true},
        {.type = XCY_OPTION_BOOL,
         .name = "force",
         .help = "Replace what is there already.",
         .to = &settings.force,
         .no_default = true},
        XCY_RUNS_OPTION_ROWS_BY(settings.runs, 0),
    };
    const struct xcy_program program = {
        .name = "analyze export",
        .summary = "writes each request's values for other tools",
        .arguments = "[RUN...]",
        .max_arguments = MAX_RUNS,
        .description = description,
        .options = options,
        .n_options = sizeof options / sizeof *options,
        .examples = examples,
        .see_also = "analyze(1), analyze-metrics(1)",
    };
    struct xcy_command_line line = xcy_program_parse(&program, argc, argv);
    int code = line.run ? run(&program, &settings, &line) : line.exit_code;
    free(line.arguments);
    return code;
}
