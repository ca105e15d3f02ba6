#include "analyzers/export/hists.h"

#include "analyzers/counts.h"
#include "analyzers/export/target.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/run/folder.h"
#include "common/stats/hgrm.h"
#include "common/time/clock.h"

#include <math.h>
#include <stdlib.h>

/* As loadgen's, so that tools which want equal scales have them. */
enum { HIST_BITS = 8, MAX_FILE_BYTES = 1 << 20, FOLDER_MODE = 0755 };
#define HIST_MAX_NS (INT64_C(1) << 47)

static void take_value(struct xcy_metric_hist *m, const struct xcy_value *value)
{
    bool is_right = isinf(value->high_us);
    double us = is_right ? value->low_us : value->high_us;
    m->n_right += is_right;
    m->n_below += us < 0;
    xcy_hist_add(m->hist, us < 0 ? 0 : (int64_t)us * XCY_NS_PER_US);
}

static void take_record(void *context, const struct xcy_record *record)
{
    const struct xcy_hists *hists = context;
    struct xcy_value value;
    if (xcy_record_is_warmup(record)) {
        return;
    }
    for (size_t i = 0; i < hists->n; i++) {
        struct xcy_metric_hist *m = &hists->items[i];
        if (m->hist && xcy_metric_of(m->metric, record, hists->consistency, &value)) {
            take_value(m, &value);
        }
    }
}

enum xcy_status xcy_hists_read(const char *run_path, const struct xcy_metric_set *metrics,
                               enum xcy_consistency consistency, struct xcy_hists *hists,
                               struct xcy_error *err)
{
    struct xcy_hists made = {.n = metrics->n, .consistency = consistency};
    void *const contexts[] = {&made};
    made.items = xcy_alloc_array(metrics->n, sizeof *made.items);
    for (size_t i = 0; i < metrics->n; i++) {
        const struct xcy_metric *metric = &metrics->items[i];
        bool is_bytes = metric->kind == XCY_METRIC_BYTES;
        made.items[i].metric = metric;
        made.items[i].hist = is_bytes ? NULL : xcy_hist_new(HIST_MAX_NS, HIST_BITS);
    }
    enum xcy_status status =
        xcy_records_scan(run_path, XCY_USE_FIGURES, take_record, contexts, 1, err);
    if (status == XCY_OK) {
        *hists = made;
    } else {
        xcy_hists_clear(&made);
    }
    return status;
}

void xcy_hists_clear(struct xcy_hists *hists)
{
    for (size_t i = 0; i < hists->n; i++) {
        xcy_hist_free(hists->items[i].hist);
    }
    free(hists->items);
    *hists = (struct xcy_hists){.n = 0};
}

static bool has_values(const struct xcy_metric_hist *m)
{
    return m->hist && xcy_hist_count(m->hist) > 0;
}

static char *file_of(const struct xcy_metric_hist *m)
{
    return xcy_format("%s.hgrm", m->metric->name);
}

static enum xcy_status check_all(const struct xcy_hists *hists, const char *folder,
                                 bool may_replace, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; status == XCY_OK && i < hists->n; i++) {
        char *name = file_of(&hists->items[i]);
        char *path = xcy_run_file(folder, name);
        if (has_values(&hists->items[i])) {
            status = xcy_target_check(path, may_replace, err);
        }
        free(path);
        free(name);
    }
    return status;
}

static enum xcy_status write_one(const struct xcy_metric_hist *m, const char *folder,
                                 struct xcy_error *err)
{
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_FILE_BYTES);
    xcy_hgrm_format(m->hist, XCY_NS_PER_MS, &text);
    char *name = file_of(m);
    enum xcy_status status = xcy_run_replace_file(folder, name, &text, err);
    free(name);
    xcy_buf_clear(&text);
    return status;
}

enum xcy_status xcy_hists_write(const struct xcy_hists *hists, const char *folder, bool may_replace,
                                size_t *n_files, struct xcy_error *err)
{
    size_t n_written = 0;
    enum xcy_status status = xcy_dir_make(folder, FOLDER_MODE, err);
    if (status == XCY_OK) {
        status = check_all(hists, folder, may_replace, err);
    }
    for (size_t i = 0; status == XCY_OK && i < hists->n; i++) {
        if (has_values(&hists->items[i])) {
            status = write_one(&hists->items[i], folder, err);
            n_written++;
        }
    }
    if (status == XCY_OK) {
        *n_files = n_written;
    }
    return status;
}
