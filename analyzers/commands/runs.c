#include "analyzers/commands/runs.h"

#include "common/base/mem.h"
#include "common/base/names.h"
#include "common/cli/command.h"
#include "common/run/folder.h"

#include <stdlib.h>

enum { MAX_OUTPUT_BYTES = 64 << 20 };

static enum xcy_status check_once(const struct xcy_run_paths *paths, struct xcy_error *err)
{
    struct xcy_names *ids = xcy_names_new();
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; status == XCY_OK && i < paths->n; i++) {
        struct xcy_manifest m;
        status = xcy_manifest_read(paths->items[i], &m, err);
        if (status != XCY_OK) {
            break;
        }
        size_t earlier = xcy_names_add(ids, m.run);
        if (earlier < i) {
            status = xcy_fail(err, XCY_EUSAGE, "%s and %s are the same run, %s; name it once",
                              paths->items[earlier], paths->items[i], m.run);
        }
        xcy_manifest_clear(&m);
    }
    xcy_names_free(ids);
    return status;
}

enum xcy_status xcy_run_paths_find(const struct xcy_runs_options *options, const char *const *names,
                                   size_t n_names, struct xcy_run_paths *paths,
                                   struct xcy_error *err)
{
    size_t n = n_names > 0 ? n_names : 1;
    struct xcy_run_paths found = {.items = xcy_alloc_array(n, sizeof *found.items)};
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; status == XCY_OK && i < n; i++) {
        const char *name = n_names > 0 ? names[i] : NULL;
        status = xcy_run_find(options->root, name, &found.items[i], err);
        found.n += status == XCY_OK ? 1 : 0;
    }
    if (status == XCY_OK) {
        status = check_once(&found, err);
    }
    if (status == XCY_OK) {
        *paths = found;
    } else {
        xcy_run_paths_clear(&found);
    }
    return status;
}

void xcy_run_paths_clear(struct xcy_run_paths *paths)
{
    for (size_t i = 0; i < paths->n; i++) {
        free(paths->items[i]);
    }
    free((void *)paths->items);
    *paths = (struct xcy_run_paths){.n = 0};
}

static enum xcy_status read_all(const struct xcy_run_paths *paths, double drift_ppm,
                                struct xcy_runs *runs, struct xcy_error *err)
{
    const struct xcy_evidence_settings settings = {.metrics = &runs->metrics,
                                                   .drift_ppm = drift_ppm};
    enum xcy_status status = XCY_OK;
    runs->items = xcy_alloc_array(paths->n, sizeof *runs->items);
    for (size_t i = 0; status == XCY_OK && i < paths->n; i++) {
        status = xcy_summary_make(paths->items[i], &settings, &runs->items[i], err);
        runs->n += status == XCY_OK ? 1 : 0;
    }
    return status;
}

enum xcy_status xcy_runs_read(const struct xcy_runs_options *options, const char *const *names,
                              size_t n_names, struct xcy_runs *runs, struct xcy_error *err)
{
    struct xcy_run_paths paths = {.n = 0};
    enum xcy_status status = xcy_metric_set_read(options->config, &runs->metrics, err);
    if (status == XCY_OK) {
        status = xcy_run_paths_find(options, names, n_names, &paths, err);
    }
    if (status == XCY_OK) {
        status = read_all(&paths, options->drift_ppm, runs, err);
    }
    xcy_run_paths_clear(&paths);
    if (status != XCY_OK) {
        xcy_runs_clear(runs);
    }
    return status;
}

void xcy_runs_clear(struct xcy_runs *runs)
{
    for (size_t i = 0; i < runs->n; i++) {
        xcy_summary_clear(&runs->items[i]);
    }
    free(runs->items);
    xcy_metric_set_clear(&runs->metrics);
    *runs = (struct xcy_runs){.n = 0};
}

enum xcy_status xcy_runs_judge(const struct xcy_runs *runs, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; status == XCY_OK && i < runs->n; i++) {
        status = xcy_summary_check(&runs->items[i], err);
    }
    return status;
}

int xcy_runs_report(const struct xcy_runs_options *options, const struct xcy_command_line *line,
                    xcy_runs_report_fn *report, const void *settings)
{
    struct xcy_runs runs = {.n = 0};
    struct xcy_buf out;
    struct xcy_error err;
    xcy_buf_init(&out, MAX_OUTPUT_BYTES);
    enum xcy_status status =
        xcy_runs_read(options, line->arguments, line->n_arguments, &runs, &err);
    if (status == XCY_OK) {
        status = report(settings, &runs, &out, &err);
    }
    if (status == XCY_OK) {
        status = xcy_runs_judge(&runs, &err);
    }
    xcy_runs_clear(&runs);
    return xcy_command_end(&out, status, &err);
}
