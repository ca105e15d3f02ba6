#include "analyzers/evidence.h"

#include "analyzers/readers.h"
#include "common/base/mem.h"
#include "common/run/folder.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_THREADS = 16, BYTES_WORTH_A_THREAD = 4 << 20 };

/* When requests were sent, the warm-up's left out. */
struct span {
    int64_t n;
    int64_t first_us;
    int64_t last_us;
};

/* What one thread finds in the records that it is given. */
struct part {
    const struct xcy_evidence *of; /* its settings, and its clocks once they are known */
    struct xcy_clocks *clocks; /* of the first reading; the first part's becomes the evidence's */
    struct span span;          /* of the first reading, too */
    struct xcy_counts counts;
    struct xcy_disorders disorders;
    bool wants_readers;
    struct xcy_readers readers;
    struct xcy_distribution *distributions;
    struct xcy_distribution polled;
    struct xcy_timeline timeline;
};

static void part_init(struct part *part, const struct xcy_evidence *e)
{
    const struct xcy_manifest *m = &e->manifest;
    *part = (struct part){.of = e, .clocks = xcy_clocks_begin(m->is_async, e->drift_ppm)};
    part->wants_readers = m->combination.notification_storage != XCY_NOTIFICATION_SNS;
    xcy_distribution_init(&part->polled, xcy_metric_find("race_margin"),
                          m->combination.consistency);
    part->distributions = xcy_alloc_array(e->metrics->n, sizeof *part->distributions);
    for (size_t i = 0; i < e->metrics->n; i++) {
        xcy_distribution_init(&part->distributions[i], &e->metrics->items[i],
                              m->combination.consistency);
    }
}

static void part_clear(struct part *part)
{
    xcy_distribution_clear(&part->polled);
    xcy_timeline_clear(&part->timeline);
    for (size_t i = 0; part->distributions && i < part->of->metrics->n; i++) {
        xcy_distribution_clear(&part->distributions[i]);
    }
    free(part->distributions);
    xcy_readers_clear(&part->readers);
    xcy_clocks_free(part->clocks);
}

static void widen(struct span *span, int64_t first_us, int64_t last_us, int64_t n)
{
    span->first_us = span->n == 0 || first_us < span->first_us ? first_us : span->first_us;
    span->last_us = span->n == 0 || last_us > span->last_us ? last_us : span->last_us;
    span->n += n;
}

static void take_clocks(void *context, const struct xcy_record *record)
{
    struct part *part = context;
    int64_t sent_us = record->points.us[XCY_POINT_SENT];
    xcy_clocks_take(part->clocks, record);
    if (sent_us != 0 && !xcy_record_is_warmup(record)) {
        widen(&part->span, sent_us, sent_us, 1);
    }
}

static void take_values(void *context, const struct xcy_record *record)
{
    struct part *part = context;
    struct xcy_clocks_view view;
    xcy_clocks_look(part->of->clocks, record, &view);
    xcy_counts_take(&part->counts, record);
    xcy_disorders_take(&part->disorders, &view);
    if (part->wants_readers) {
        xcy_readers_take(&part->readers, &view);
    }
    if (part->of->metrics->n == 0 || xcy_record_is_warmup(record)) {
        return;
    }
    xcy_timeline_take(&part->timeline, record);
    for (size_t i = 0; i < part->of->metrics->n; i++) {
        xcy_distribution_take(&part->distributions[i], &view);
    }
    if ((record->flags & XCY_FLAG_POLLED) != 0 && record->klass == XCY_CLASS_INCONSISTENT) {
        xcy_distribution_take(&part->polled, &view);
    }
}

/* The clocks of all parts become the evidence's. */
static void settle_clocks(struct xcy_evidence *e, struct part *parts, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        xcy_clocks_merge(parts[0].clocks, parts[i].clocks);
    }
    xcy_clocks_settle(parts[0].clocks);
    e->clocks = parts[0].clocks;
    parts[0].clocks = NULL;
}

/* All parts cut the same span into the same blocks. */
static void begin_timelines(struct part *parts, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const struct span *span = &parts[i].span;
        if (span->n > 0) {
            widen(&parts[0].span, span->first_us, span->last_us, span->n);
        }
    }
    const struct span *all = &parts[0].span;
    for (size_t i = 0; i < n; i++) {
        xcy_timeline_init(&parts[i].timeline, all->first_us, all->last_us, all->n);
    }
}

static void settle_values(struct xcy_evidence *e, struct part *parts, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        xcy_counts_add(&parts[0].counts, &parts[i].counts);
        xcy_disorders_add(&parts[0].disorders, &parts[i].disorders);
        xcy_readers_add(&parts[0].readers, &parts[i].readers);
        xcy_distribution_merge(&parts[0].polled, &parts[i].polled);
        xcy_timeline_merge(&parts[0].timeline, &parts[i].timeline);
        for (size_t m = 0; m < e->metrics->n; m++) {
            xcy_distribution_merge(&parts[0].distributions[m], &parts[i].distributions[m]);
        }
    }
    for (size_t m = 0; m < e->metrics->n; m++) {
        xcy_distribution_settle(&parts[0].distributions[m]);
    }
    xcy_distribution_settle(&parts[0].polled);
    e->polled = parts[0].polled;
    parts[0].polled = (struct xcy_distribution){.n_left = 0};
    xcy_timeline_settle(&parts[0].timeline);
    e->timeline = parts[0].timeline;
    parts[0].timeline = (struct xcy_timeline){.n = 0};
    e->counts = parts[0].counts;
    e->disorders = parts[0].disorders;
    e->readers_at_a_time = xcy_readers_at_a_time(&parts[0].readers);
    e->distributions = parts[0].distributions;
    parts[0].distributions = NULL;
    xcy_counts_check(&e->counts);
}

static enum xcy_status read_records(struct xcy_evidence *e, struct part *parts, size_t n,
                                    struct xcy_error *err)
{
    void *contexts[MOST_THREADS];
    for (size_t i = 0; i < n; i++) {
        contexts[i] = &parts[i];
    }
    enum xcy_status status =
        xcy_records_scan(e->path, XCY_USE_CLOCKS, take_clocks, contexts, n, err);
    if (status == XCY_OK) {
        settle_clocks(e, parts, n);
        begin_timelines(parts, n);
        status = xcy_records_scan(e->path, XCY_USE_FIGURES, take_values, contexts, n, err);
    }
    if (status == XCY_OK) {
        settle_values(e, parts, n);
    }
    return status;
}

/* Of small files one thread makes an end before another has begun. */
static size_t threads_for(const char *run_path, size_t asked)
{
    struct stat st = {.st_size = 0};
    char *path = xcy_run_file(run_path, "records.csv");
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    size_t worth = stat(path, &st) == 0 ? (size_t)st.st_size / BYTES_WORTH_A_THREAD + 1 : 1;
    size_t most = asked > 0 ? asked : cpus > 0 ? (size_t)cpus : 1;
    free(path);
    most = most < MOST_THREADS ? most : MOST_THREADS;
    return asked > 0 || most < worth ? most : worth;
}

static enum xcy_status read_parts(struct xcy_evidence *e, size_t n_threads, struct xcy_error *err)
{
    size_t n = threads_for(e->path, n_threads);
    struct part *parts = xcy_alloc_array(n, sizeof *parts);
    for (size_t i = 0; i < n; i++) {
        part_init(&parts[i], e);
    }
    enum xcy_status status = read_records(e, parts, n, err);
    for (size_t i = 0; i < n; i++) {
        part_clear(&parts[i]);
    }
    free(parts);
    return status;
}

static enum xcy_status check_sum(const struct xcy_evidence *e, struct xcy_error *err)
{
    bool is_known = xcy_manifest_knows_planned(&e->manifest);
    if (is_known && e->counts.planned != e->manifest.planned) {
        return xcy_fail(err, XCY_EINVALID,
                        "%s: records.csv has %lld lines but %lld requests were planned; run gather "
                        "again",
                        e->path, (long long)e->counts.planned, (long long)e->manifest.planned);
    }
    return XCY_OK;
}

enum xcy_status xcy_evidence_read(const char *run_path,
                                  const struct xcy_evidence_settings *settings,
                                  struct xcy_evidence *evidence, struct xcy_error *err)
{
    struct xcy_evidence made = {.path = xcy_strdup(run_path),
                                .metrics = settings->metrics,
                                .drift_ppm = settings->drift_ppm};
    enum xcy_status status = xcy_manifest_read(run_path, &made.manifest, err);
    if (status == XCY_OK) {
        status = xcy_manifest_check_invoked(&made.manifest, run_path, err);
    }
    if (status == XCY_OK) {
        status = read_parts(&made, settings->n_threads, err);
    }
    if (status == XCY_OK) {
        status = check_sum(&made, err);
    }
    if (status == XCY_OK) {
        *evidence = made;
    } else {
        xcy_evidence_clear(&made);
    }
    return status;
}

void xcy_evidence_clear(struct xcy_evidence *e)
{
    for (size_t i = 0; e->distributions && i < e->metrics->n; i++) {
        xcy_distribution_clear(&e->distributions[i]);
    }
    free(e->distributions);
    xcy_distribution_clear(&e->polled);
    xcy_timeline_clear(&e->timeline);
    xcy_clocks_free(e->clocks);
    xcy_manifest_clear(&e->manifest);
    free(e->path);
    *e = (struct xcy_evidence){.path = NULL};
}

const struct xcy_distribution *xcy_evidence_find(const struct xcy_evidence *e, const char *metric)
{
    const struct xcy_metric *found = xcy_metric_set_find(e->metrics, metric);
    xcy_assert(found);
    return &e->distributions[found - e->metrics->items];
}
