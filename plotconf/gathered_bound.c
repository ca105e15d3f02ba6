#include "plotconf/gathered.h"

#include "analyzers/clock.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/run/folder.h"
#include "common/run/manifest.h"

#include <math.h>
#include <stdlib.h>

/* Rows have whole milliseconds, cut. */
static const double cut_ms = 1.001;

static int by_seen(const void *a, const void *b)
{
    const struct xcy_record *x = *(const struct xcy_record *const *)a;
    const struct xcy_record *y = *(const struct xcy_record *const *)b;
    int64_t seen = x->points.us[XCY_POINT_SEEN];
    int64_t other = y->points.us[XCY_POINT_SEEN];
    return (seen > other) - (seen < other);
}

static const struct xcy_record **sorted(const struct xcy_record *records, size_t n)
{
    const struct xcy_record **list = xcy_alloc_array(n + 1, sizeof(const struct xcy_record *));
    for (size_t i = 0; i < n; i++) {
        list[i] = &records[i];
    }
    qsort((void *)list, n, sizeof(const struct xcy_record *), by_seen);
    return list;
}

static size_t first_seen_at(const struct xcy_record *const *list, size_t n, int64_t seen_us)
{
    size_t low = 0;
    while (low < n) {
        size_t middle = low + (n - low) / 2;
        if (list[middle]->points.us[XCY_POINT_SEEN] < seen_us) {
            low = middle + 1;
        } else {
            n = middle;
        }
    }
    return low;
}

/* A batch has several with one time of reception: of those that the row may be of, the widest. */
static void bound_row(struct xcy_gathered *g, size_t row, const struct xcy_record *const *list,
                      size_t n, const struct xcy_clocks *clocks)
{
    int64_t seen_us = !isnan(g->received_s[row]) ? llround(g->received_s[row] * 1e6) : 0;
    double least_ms = INFINITY;
    double most_ms = -INFINITY;
    for (size_t i = first_seen_at(list, n, seen_us);
         seen_us != 0 && i < n && list[i]->points.us[XCY_POINT_SEEN] == seen_us; i++) {
        const int64_t *us = list[i]->points.us;
        double window_ms = (double)(us[XCY_POINT_READ] - us[XCY_POINT_START]) / 1e3;
        if (fabs(window_ms - g->window_ms[row]) < cut_ms) {
            struct xcy_clock_bound b =
                xcy_clocks_correction(clocks, list[i], XCY_POINT_START, XCY_POINT_READ);
            least_ms = fmin(least_ms, window_ms + b.low_us / 1e3);
            most_ms = fmax(most_ms, window_ms + b.high_us / 1e3);
        }
    }
    if (least_ms <= most_ms) {
        g->least_ms[row] = least_ms;
        g->most_ms[row] = most_ms;
    }
}

static void bound_rows(struct xcy_gathered *g, const struct xcy_manifest *manifest,
                       const struct xcy_record *records, size_t n, double drift_ppm)
{
    struct xcy_clocks *clocks = xcy_clocks_new(records, n, manifest->is_async, drift_ppm);
    const struct xcy_record **list = sorted(records, n);
    for (size_t row = 0; row < g->n; row++) {
        bound_row(g, row, list, n, clocks);
    }
    free((void *)list);
    xcy_clocks_free(clocks);
}

/* False: a folder of the reference's tools, which have no clocks to bound. */
static bool has_records(const char *path)
{
    char *manifest = xcy_run_file(path, "run.yml");
    char *records = xcy_run_file(path, "records.csv");
    bool has = xcy_file_exists(manifest) && xcy_file_exists(records);
    free(records);
    free(manifest);
    return has;
}

void xcy_gathered_bound(struct xcy_gathered *g, double drift_ppm)
{
    struct xcy_error err;
    struct xcy_manifest manifest = {0};
    struct xcy_record *records = NULL;
    size_t n = 0;
    g->least_ms = xcy_alloc_array(g->n, sizeof *g->least_ms);
    g->most_ms = xcy_alloc_array(g->n, sizeof *g->most_ms);
    for (size_t row = 0; row < g->n; row++) {
        g->least_ms[row] = -INFINITY;
        g->most_ms[row] = INFINITY;
    }
    if (!has_records(g->path)) {
        return;
    }
    enum xcy_status status = xcy_manifest_read(g->path, &manifest, &err);
    if (status == XCY_OK) {
        status = xcy_records_read(g->path, &records, &n, &err);
    }
    if (status == XCY_OK) {
        bound_rows(g, &manifest, records, n, drift_ppm);
    } else {
        xcy_log(XCY_LOG_WARNING, "no clock bounds of %s: %s", g->path, err.text);
    }
    free(records);
    xcy_manifest_clear(&manifest);
}
