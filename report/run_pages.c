#include "report/run_pages.h"

#include "analyzers/delay_report.h"
#include "analyzers/windows/likeliest.h"
#include "common/base/mem.h"
#include "report/overview.h"

#include <stdio.h>
#include <stdlib.h>

void xcy_run_pages_init(struct xcy_run_pages *pages, const struct xcy_runs_options *options)
{
    *pages = (struct xcy_run_pages){.options = options};
    xcy_buf_init(&pages->overview, XCY_PAGE_MAX_BYTES);
    xcy_buf_init(&pages->parts, XCY_PAGE_MAX_BYTES);
}

void xcy_run_pages_clear(struct xcy_run_pages *pages)
{
    xcy_buf_clear(&pages->overview);
    xcy_buf_clear(&pages->parts);
    free(pages->path);
    *pages = (struct xcy_run_pages){.n = 0};
}

void xcy_run_pages_anchor(size_t number, char to[XCY_ANCHOR_BYTES])
{
    snprintf(to, XCY_ANCHOR_BYTES, "run-%zu", number);
}

/* NULL: there is no curve, and *why says so. */
static struct xcy_json *delay_of(const struct xcy_summary *summary, struct xcy_error *why)
{
    struct xcy_delay_report report;
    if (xcy_delay_report_make(summary, 1, xcy_delay_targets, XCY_N_DELAY_TARGETS, &report, why) !=
        XCY_OK) {
        return NULL;
    }
    struct xcy_json *json = xcy_delay_report_to_json(&report);
    xcy_delay_report_clear(&report);
    return json;
}

/* Likewise of its windows. */
static struct xcy_json *windows_of(const struct xcy_summary *summary, struct xcy_error *why)
{
    struct xcy_windows windows;
    if (xcy_windows_make(summary, 1, &windows, why) != XCY_OK) {
        return NULL;
    }
    struct xcy_json *json =
        xcy_windows_estimate(&windows, why) == XCY_OK ? xcy_windows_to_json(&windows) : NULL;
    xcy_windows_clear(&windows);
    return json;
}

static void add(struct xcy_run_pages *pages, const struct xcy_summary *summary)
{
    char anchor[XCY_ANCHOR_BYTES];
    struct xcy_error no_delay;
    struct xcy_error no_windows;
    struct xcy_json *json = xcy_summary_to_json(summary);
    struct xcy_json *delay = delay_of(summary, &no_delay);
    struct xcy_json *windows = windows_of(summary, &no_windows);
    xcy_run_pages_anchor(++pages->n, anchor);
    const struct xcy_run_part part = {.anchor = anchor,
                                      .summary = summary,
                                      .json = xcy_branch_root(json),
                                      .delay = xcy_branch_root(delay),
                                      .no_delay = delay ? "" : no_delay.text,
                                      .windows = xcy_branch_root(windows),
                                      .no_windows = windows ? "" : no_windows.text};
    xcy_overview_add(&pages->overview, &part);
    xcy_run_part_add(&pages->parts, &part);
    xcy_json_free(windows);
    xcy_json_free(delay);
    xcy_json_free(json);
}

enum xcy_status xcy_run_pages_add(struct xcy_run_pages *pages, const char *name,
                                  struct xcy_error *err)
{
    struct xcy_runs runs = {.n = 0};
    enum xcy_status status = xcy_runs_read(pages->options, &name, 1, &runs, err);
    if (status != XCY_OK) {
        return status;
    }
    add(pages, &runs.items[0]);
    free(pages->path);
    pages->path = xcy_strdup(runs.items[0].evidence.path);
    struct xcy_error not_valid;
    if (xcy_runs_judge(&runs, &not_valid) != XCY_OK && pages->not_valid.status == XCY_OK) {
        pages->not_valid = not_valid;
    }
    xcy_runs_clear(&runs);
    return XCY_OK;
}
