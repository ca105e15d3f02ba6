#include "analyzers/commands/runs.h"

#include "common/base/mem.h"
#include "common/cli/command.h"
#include "common/run/folder.h"

#include <stdlib.h>

enum { MAX_OUTPUT_BYTES = 64 << 20 };

static enum xcy_status read_one(const struct xcy_runs_options *options, const char *name,
                                struct xcy_runs *runs, struct xcy_error *err)
{
    char *path = NULL;
    const struct xcy_evidence_settings settings = {.metrics = &runs->metrics,
                                                   .drift_ppm = options->drift_ppm};
    enum xcy_status status = xcy_run_find(options->root, name, &path, err);
    if (status == XCY_OK) {
        status = xcy_summary_make(path, &settings, &runs->items[runs->n], err);
    }
    runs->n += status == XCY_OK ? 1 : 0;
    free(path);
    return status;
}

enum xcy_status xcy_runs_read(const struct xcy_runs_options *options, const char *const *names,
                              size_t n_names, struct xcy_runs *runs, struct xcy_error *err)
{
    size_t n = n_names > 0 ? n_names : 1;
    enum xcy_status status = xcy_metric_set_read(options->config, &runs->metrics, err);
    if (status != XCY_OK) {
        return status;
    }
    runs->items = xcy_alloc_array(n, sizeof *runs->items);
    for (size_t i = 0; status == XCY_OK && i < n; i++) {
        status = read_one(options, n_names > 0 ? names[i] : NULL, runs, err);
    }
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
