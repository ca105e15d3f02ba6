#include "plotconf/derived.h"

#include "analyzers/summary.h"
#include "common/base/mem.h"

#include <math.h>
#include <stdlib.h>

enum { N_STEPS = 120, MAX_SENTENCE_BYTES = 1024 };

static const double us_per_ms = 1e3;

static enum xcy_status make_curve(struct xcy_derived *d, struct xcy_error *err)
{
    enum xcy_status status = xcy_delay_curve_make(&d->evidence, XCY_CONFIDENCE, &d->curve, err);
    if (status == XCY_OK && d->curve.basis == XCY_DELAY_AT_ZERO) {
        status = xcy_fail(err, XCY_EUSAGE,
                          "%s: none of its inconsistent reads was polled (visibility off), so that "
                          "nothing is known beyond its own delay",
                          d->path);
    }
    return status;
}

enum xcy_status xcy_derived_new(const char *run_path, double drift_ppm,
                                struct xcy_derived **derived, struct xcy_error *err)
{
    struct xcy_derived *d = xcy_alloc(sizeof *d);
    const struct xcy_evidence_settings settings = {.metrics = &d->metrics, .drift_ppm = drift_ppm};
    d->path = xcy_strdup(run_path);
    enum xcy_status status = xcy_metric_set_read(NULL, &d->metrics, err);
    if (status == XCY_OK) {
        status = xcy_evidence_read(run_path, &settings, &d->evidence, err);
    }
    if (status == XCY_OK) {
        d->delay_ms = d->evidence.manifest.combination.delay_ms;
        status = make_curve(d, err);
    }
    if (status == XCY_OK) {
        *derived = d;
    } else {
        xcy_derived_free(d);
    }
    return status;
}

void xcy_derived_free(struct xcy_derived *d)
{
    if (d) {
        xcy_evidence_clear(&d->evidence);
        xcy_metric_set_clear(&d->metrics);
        free(d->path);
        free(d->rows);
        free(d->checks);
        free(d);
    }
}

/* Of the run no more is computed than the metric that tells them. */
enum xcy_status xcy_derived_read(const struct xcy_derived *d, const char *run_path,
                                 struct xcy_delay_reads *reads, struct xcy_error *err)
{
    struct xcy_metric margin = *xcy_metric_find("race_margin");
    const struct xcy_metric_set metrics = {.items = &margin, .n = 1};
    const struct xcy_evidence_settings settings = {.metrics = &metrics,
                                                   .drift_ppm = d->evidence.drift_ppm};
    struct xcy_evidence evidence;
    enum xcy_status status = xcy_evidence_read(run_path, &settings, &evidence, err);
    if (status == XCY_OK) {
        *reads = xcy_delay_reads_of(&evidence);
        xcy_evidence_clear(&evidence);
    }
    return status;
}

void xcy_derived_check(struct xcy_derived *d, int64_t delay_ms, struct xcy_delay_reads reads,
                       size_t n_points)
{
    int64_t beyond_us = (delay_ms - d->delay_ms) * (int64_t)us_per_ms;
    d->checks = xcy_realloc_array(d->checks, d->n_checks + 1, sizeof *d->checks);
    d->checks[d->n_checks++] = (struct xcy_derived_check){
        .delay_ms = delay_ms, .check = xcy_delay_check(&d->curve, beyond_us, reads, n_points)};
}

size_t xcy_derived_disagreeing(const struct xcy_derived *d)
{
    size_t n = 0;
    for (size_t i = 0; i < d->n_checks; i++) {
        n += d->checks[i].check.agrees ? 0 : 1;
    }
    return n;
}

static void add_row(struct xcy_derived *d, int64_t beyond_us)
{
    d->rows[d->n_rows++] =
        (struct xcy_derived_row){.delay_ms = (double)d->delay_ms + (double)beyond_us / us_per_ms,
                                 .at = xcy_delay_curve_at(&d->curve, beyond_us)};
}

void xcy_derived_draw(struct xcy_derived *d, double low_ms, double high_ms)
{
    xcy_assert(low_ms > 0 && low_ms < high_ms);
    d->rows = xcy_alloc_array(N_STEPS + 2, sizeof *d->rows);
    add_row(d, 0);
    for (int step = 0; step <= N_STEPS; step++) {
        double ms = low_ms * pow(high_ms / low_ms, (double)step / N_STEPS);
        int64_t beyond_us = llround((ms - (double)d->delay_ms) * us_per_ms);
        if (beyond_us > 0) {
            add_row(d, beyond_us);
        }
    }
}

void xcy_derived_describe(const struct xcy_derived *d, struct xcy_buf *out)
{
    if (d->n_checks > 0) {
        xcy_delay_check_describe(d->n_checks, xcy_derived_disagreeing(d), d->curve.confidence,
                                 "delay", out);
    }
}

static void put_rows(struct xcy_json *row, const struct xcy_derived *d)
{
    struct xcy_json *list = xcy_json_put_array(row, "curve");
    for (size_t i = 0; i < d->n_rows; i++) {
        const struct xcy_delay_point *at = &d->rows[i].at;
        struct xcy_json *one = xcy_json_append_object(list);
        xcy_json_put_number(one, "delay_ms", d->rows[i].delay_ms);
        xcy_json_put_number(one, "share_low", at->share.low);
        xcy_json_put_number(one, "share_high", at->share.high);
        xcy_json_put_number(one, "band95_low", at->band.low);
        xcy_json_put_number(one, "band95_high", at->band.high);
    }
}

static void put_checks(struct xcy_json *row, const struct xcy_derived *d)
{
    struct xcy_json *list = xcy_json_put_array(row, "checks");
    for (size_t i = 0; i < d->n_checks; i++) {
        struct xcy_json *one = xcy_json_append_object(list);
        xcy_json_put_int64(one, "delay_ms", d->checks[i].delay_ms);
        xcy_delay_check_put(&d->checks[i].check, one);
    }
}

static void put_verdict(struct xcy_json *row, const struct xcy_derived *d)
{
    if (d->n_checks == 0) {
        xcy_json_put_null(row, "agrees");
        xcy_json_put_null(row, "statement");
        return;
    }
    struct xcy_buf sentence;
    xcy_buf_init(&sentence, MAX_SENTENCE_BYTES);
    xcy_derived_describe(d, &sentence);
    xcy_json_put_bool(row, "agrees", xcy_derived_disagreeing(d) == 0);
    xcy_json_put_string(row, "statement", sentence.ptr);
    xcy_buf_clear(&sentence);
}

void xcy_derived_put(const struct xcy_derived *d, struct xcy_json *row)
{
    xcy_json_put_string(row, "path", d->path);
    xcy_json_put_int64(row, "delay_ms", d->delay_ms);
    xcy_delay_curve_put(&d->curve, row);
    xcy_json_put_number(row, "defined_to_ms",
                        (double)d->delay_ms + d->curve.defined_to_us / us_per_ms);
    put_rows(row, d);
    put_checks(row, d);
    put_verdict(row, d);
}
