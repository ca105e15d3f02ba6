#include "plotconf/measured.h"

#include "analyzers/clock.h"
#include "analyzers/metric.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/run/folder.h"
#include "common/run/manifest.h"

#include <math.h>
#include <stdlib.h>

/* Rows have whole milliseconds, cut. */
static const double cut_ms = 1.001;

struct xcy_measured {
    struct xcy_record *records;
    size_t n;
    const struct xcy_record **by_seen; /* in order of that point */
    struct xcy_clocks *clocks;
    struct xcy_combination combination;
};

static int compare_seen(const void *a, const void *b)
{
    const struct xcy_record *x = *(const struct xcy_record *const *)a;
    const struct xcy_record *y = *(const struct xcy_record *const *)b;
    int64_t seen = x->points.us[XCY_POINT_SEEN];
    int64_t other = y->points.us[XCY_POINT_SEEN];
    return (seen > other) - (seen < other);
}

static void sort_by_seen(struct xcy_measured *m)
{
    m->by_seen = xcy_alloc_array(m->n + 1, sizeof(const struct xcy_record *));
    for (size_t i = 0; i < m->n; i++) {
        m->by_seen[i] = &m->records[i];
    }
    qsort((void *)m->by_seen, m->n, sizeof(const struct xcy_record *), compare_seen);
}

bool xcy_measured_is_there(const char *run_path)
{
    char *manifest = xcy_run_file(run_path, "run.yml");
    char *records = xcy_run_file(run_path, "records.csv");
    bool has = xcy_file_exists(manifest) && xcy_file_exists(records);
    free(records);
    free(manifest);
    return has;
}

struct xcy_measured *xcy_measured_open(const char *run_path, double drift_ppm)
{
    if (!xcy_measured_is_there(run_path)) {
        return NULL;
    }
    struct xcy_error err;
    struct xcy_manifest manifest = {0};
    struct xcy_measured *m = xcy_alloc(sizeof *m);
    enum xcy_status status = xcy_manifest_read(run_path, &manifest, &err);
    if (status == XCY_OK) {
        status = xcy_records_read(run_path, &m->records, &m->n, &err);
    }
    if (status == XCY_OK) {
        m->clocks = xcy_clocks_new(m->records, m->n, manifest.is_async, drift_ppm);
        m->combination = manifest.combination;
        sort_by_seen(m);
    } else {
        xcy_log(XCY_LOG_WARNING, "no records of %s: %s", run_path, err.text);
        xcy_measured_free(m);
        m = NULL;
    }
    xcy_manifest_clear(&manifest);
    return m;
}

void xcy_measured_free(struct xcy_measured *m)
{
    if (m) {
        xcy_clocks_free(m->clocks);
        free((void *)m->by_seen);
        free(m->records);
        free(m);
    }
}

static size_t first_seen_at(const struct xcy_measured *m, int64_t seen_us)
{
    size_t low = 0;
    size_t n = m->n;
    while (low < n) {
        size_t middle = low + (n - low) / 2;
        if (m->by_seen[middle]->points.us[XCY_POINT_SEEN] < seen_us) {
            low = middle + 1;
        } else {
            n = middle;
        }
    }
    return low;
}

static double between_ms(const struct xcy_record *r, enum xcy_point from, enum xcy_point to)
{
    return (double)(r->points.us[to] - r->points.us[from]) / 1e3;
}

/* A batch has several with one time of reception: of those that the row may be of, the widest bound,
 * and the mean of their values, which are less than a millisecond apart. */
static void bound_row(const struct xcy_measured *m, enum xcy_point from, enum xcy_point to,
                      struct xcy_traces *traces, size_t row)
{
    double seen_s = traces->received_s[row];
    int64_t seen_us = !isnan(seen_s) ? llround(seen_s * 1e6) : 0;
    double least_ms = INFINITY;
    double most_ms = -INFINITY;
    double sum_ms = 0;
    size_t n = 0;
    for (size_t i = first_seen_at(m, seen_us);
         seen_us != 0 && i < m->n && m->by_seen[i]->points.us[XCY_POINT_SEEN] == seen_us; i++) {
        double ms = between_ms(m->by_seen[i], from, to);
        if (fabs(ms - traces->values_ms[row]) < cut_ms) {
            struct xcy_clock_bound b = xcy_clocks_correction(m->clocks, m->by_seen[i], from, to);
            least_ms = fmin(least_ms, ms + b.low_us / 1e3);
            most_ms = fmax(most_ms, ms + b.high_us / 1e3);
            sum_ms += ms;
            n++;
        }
    }
    if (n > 0) {
        traces->uncut_ms[row] = sum_ms / (double)n;
        traces->least_ms[row] = least_ms;
        traces->most_ms[row] = most_ms;
    }
}

void xcy_measured_bound(const struct xcy_measured *m, enum xcy_point from, enum xcy_point to,
                        struct xcy_traces *traces)
{
    for (size_t row = 0; row < traces->n; row++) {
        bound_row(m, from, to, traces, row);
    }
}

const struct xcy_combination *xcy_measured_combination(const struct xcy_measured *m)
{
    return &m->combination;
}

const struct xcy_record *xcy_measured_next(const struct xcy_measured *m, size_t *index)
{
    while (*index < m->n) {
        const struct xcy_record *r = &m->records[(*index)++];
        bool is_decided = r->klass == XCY_CLASS_CONSISTENT || r->klass == XCY_CLASS_INCONSISTENT;
        if (is_decided && !(r->flags & XCY_FLAG_WARMUP)) {
            return r;
        }
    }
    return NULL;
}

void xcy_measured_rows(const struct xcy_measured *m, enum xcy_point from, enum xcy_point to,
                       struct xcy_traces *traces)
{
    const struct xcy_record *r = NULL;
    size_t index = 0;
    while ((r = xcy_measured_next(m, &index)) != NULL) {
        if (xcy_stamps_has(&r->points, from) && xcy_stamps_has(&r->points, to)) {
            xcy_traces_add(traces, trunc(between_ms(r, from, to)),
                           (double)r->points.us[XCY_POINT_SEEN] / 1e6);
        }
    }
    xcy_measured_bound(m, from, to, traces);
}

/* How far the clocks may have moved an end; one that is no difference of two stamps they do not move. */
static struct xcy_clock_bound moved(const struct xcy_measured *m, const struct xcy_record *r,
                                    enum xcy_point from, enum xcy_point to)
{
    return to == XCY_N_POINTS ? (struct xcy_clock_bound){0, 0}
                              : xcy_clocks_correction(m->clocks, r, from, to);
}

static struct xcy_span span_of(const struct xcy_measured *m, const struct xcy_record *r,
                               const struct xcy_metric *metric, const struct xcy_value *v)
{
    double least_us = v->low_us + moved(m, r, metric->from, v->low_to).low_us;
    double most_us = v->high_us + moved(m, r, metric->from, v->high_to).high_us;
    return (struct xcy_span){v->low_us / 1e3, v->high_us / 1e3, least_us / 1e3, most_us / 1e3};
}

void xcy_measured_windows(const struct xcy_measured *m, struct xcy_spans *spans)
{
    const struct xcy_metric *window = xcy_metric_find("window");
    const struct xcy_record *r = NULL;
    struct xcy_value value;
    size_t index = 0;
    spans->items = xcy_realloc_array(spans->items, spans->n + m->n + 1, sizeof *spans->items);
    while ((r = xcy_measured_next(m, &index)) != NULL) {
        if (xcy_metric_of(window, r, m->combination.consistency, &value)) {
            spans->items[spans->n++] = span_of(m, r, window, &value);
        }
    }
}
