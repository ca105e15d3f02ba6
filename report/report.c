#include "report/report.h"

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/run/folder.h"
#include "report/campaign_part.h"
#include "report/overview.h"
#include "report/page.h"
#include "report/run_pages.h"

#include <stdlib.h>

void xcy_report_clear(struct xcy_report *report)
{
    xcy_buf_clear(&report->page);
    free(report->path);
    *report = (struct xcy_report){.path = NULL};
}

/* A campaign's folder of this name, or NULL. */
static char *campaign_folder(const char *root, const char *name)
{
    char *candidates[] = {xcy_strdup(name), xcy_format("%s/campaigns/%s", root, name)};
    char *found = NULL;
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
        char *journal = xcy_run_file(candidates[i], "journal.jsonl");
        if (!found && xcy_file_exists(journal)) {
            found = candidates[i];
        } else {
            free(candidates[i]);
        }
        free(journal);
    }
    return found;
}

/* The page of what was collected: a campaign's own words first, or the table of several runs. */
static enum xcy_status compose(const char *title, const struct xcy_buf *head,
                               const struct xcy_run_pages *pages, struct xcy_report *report,
                               struct xcy_error *err)
{
    xcy_buf_init(&report->page, XCY_PAGE_MAX_BYTES);
    xcy_page_begin(&report->page, title);
    xcy_buf_add(&report->page, xcy_buf_bytes(head));
    if (pages->n > 1) {
        xcy_overview_begin(&report->page);
        xcy_buf_add(&report->page, xcy_buf_bytes(&pages->overview));
        xcy_overview_end(&report->page);
    }
    xcy_buf_add(&report->page, xcy_buf_bytes(&pages->parts));
    xcy_page_end(&report->page);
    report->not_valid = pages->not_valid;
    enum { N_BUFS = 4 };
    const struct xcy_buf *const bufs[N_BUFS] = {head, &pages->overview, &pages->parts,
                                                &report->page};
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; status == XCY_OK && i < N_BUFS; i++) {
        status = xcy_buf_check(bufs[i], "the page", err);
    }
    return status;
}

/* A campaign among runs is told apart from a run that is not there. */
static enum xcy_status check_name(const struct xcy_runs_options *options, const char *name,
                                  struct xcy_error *err)
{
    char *campaign = name ? campaign_folder(options->root, name) : NULL;
    enum xcy_status status = XCY_OK;
    if (campaign) {
        status =
            xcy_fail(err, XCY_EUSAGE, "%s: a campaign has a page of its own; name it alone", name);
    }
    free(campaign);
    return status;
}

static enum xcy_status make_of_runs(const struct xcy_runs_options *options,
                                    const char *const *names, size_t n_names,
                                    struct xcy_report *report, struct xcy_error *err)
{
    struct xcy_run_pages pages;
    struct xcy_buf head;
    size_t n = n_names > 0 ? n_names : 1;
    enum xcy_status status = XCY_OK;
    xcy_buf_init(&head, 1);
    xcy_run_pages_init(&pages, options);
    for (size_t i = 0; status == XCY_OK && i < n; i++) {
        const char *name = n_names > 0 ? names[i] : NULL;
        status = check_name(options, name, err);
        status = status == XCY_OK ? xcy_run_pages_add(&pages, name, err) : status;
    }
    if (status == XCY_OK) {
        status =
            compose(n == 1 ? "A run of xcybench" : "Runs of xcybench", &head, &pages, report, err);
        report->path = n == 1 ? xcy_run_file(pages.path, "report.html") : xcy_strdup("report.html");
    }
    xcy_run_pages_clear(&pages);
    xcy_buf_clear(&head);
    return status;
}

/* A run whose folder was moved away keeps its figures in the journal, and has no part of its own. */
static void add_runs(const struct xcy_campaign_state *state, const char *folder,
                     struct xcy_run_pages *pages, size_t *parts)
{
    for (size_t i = 0; i < state->plan.n_runs; i++) {
        struct xcy_error err;
        const struct xcy_run_record *run = &state->runs[i];
        if (run->progress != XCY_RUN_DONE || !run->folder) {
            continue;
        }
        char *path = xcy_run_file(folder, run->folder);
        if (xcy_run_pages_add(pages, path, &err) == XCY_OK) {
            parts[i] = pages->n;
        } else {
            xcy_log(XCY_LOG_WARNING, "run %zu has no part of its own: %s", i + 1, err.text);
        }
        free(path);
    }
}

static enum xcy_status compose_campaign(const struct xcy_runs_options *options,
                                        const struct xcy_campaign_state *state, const char *folder,
                                        struct xcy_report *report, struct xcy_error *err)
{
    struct xcy_run_pages pages;
    struct xcy_buf head;
    struct xcy_campaign_results results = xcy_campaign_results_of(state);
    struct xcy_json *json = xcy_campaign_results_json(&results);
    size_t *parts = xcy_alloc_array(state->plan.n_runs, sizeof *parts);
    char *title = xcy_format("Campaign %s", state->name);
    xcy_buf_init(&head, XCY_PAGE_MAX_BYTES);
    xcy_run_pages_init(&pages, options);
    add_runs(state, folder, &pages, parts);
    const struct xcy_campaign_part part = {
        .results = &results, .json = xcy_branch_root(json), .parts = parts};
    xcy_campaign_part_add(&head, &part);
    enum xcy_status status = compose(title, &head, &pages, report, err);
    report->path = xcy_run_file(folder, "report.html");
    free(title);
    free(parts);
    xcy_run_pages_clear(&pages);
    xcy_buf_clear(&head);
    xcy_json_free(json);
    xcy_campaign_results_clear(&results);
    return status;
}

static enum xcy_status make_of_campaign(const struct xcy_runs_options *options, const char *folder,
                                        struct xcy_report *report, struct xcy_error *err)
{
    struct xcy_campaign_state state;
    size_t whole_bytes = 0;
    char *journal = xcy_run_file(folder, "journal.jsonl");
    enum xcy_status status = xcy_campaign_journal_read(journal, &state, &whole_bytes, err);
    if (status == XCY_OK) {
        status = compose_campaign(options, &state, folder, report, err);
        xcy_campaign_state_clear(&state);
    }
    free(journal);
    return status;
}

enum xcy_status xcy_report_make(const struct xcy_runs_options *options, const char *const *names,
                                size_t n_names, struct xcy_report *report, struct xcy_error *err)
{
    struct xcy_report made = {.path = NULL};
    char *campaign = n_names == 1 ? campaign_folder(options->root, names[0]) : NULL;
    enum xcy_status status = campaign ? make_of_campaign(options, campaign, &made, err)
                                      : make_of_runs(options, names, n_names, &made, err);
    free(campaign);
    if (status == XCY_OK) {
        *report = made;
    } else {
        xcy_report_clear(&made);
    }
    return status;
}
