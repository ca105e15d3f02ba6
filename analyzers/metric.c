#include "analyzers/metric.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define BYTES(member)    offsetof(struct xcy_record, member)
#define MEASURED(member) BYTES(member), .measured_at = BYTES(member)

const struct xcy_metric xcy_metrics[XCY_N_METRICS] = {
    {.name = "window_as_published",
     .title = "window as published",
     .kind = XCY_METRIC_POINTS,
     .from = XCY_POINT_START,
     .to = XCY_POINT_READ,
     .needs_single_exec = true,
     .spans_barrier = true,
     .meaning = "writer began to first read returned, whether it found the post or not; the "
                "definition of the reference implementation, artificial delay included"},
    {.name = "window",
     .title = "window by visibility",
     .kind = XCY_METRIC_VISIBILITY,
     .from = XCY_POINT_WROTE,
     .to = XCY_POINT_VISIBLE,
     .needs_single_exec = true,
     .floor_us = 0,
     .meaning = "post acknowledged to post visible where the reader is"},
    {.name = "race_margin",
     .title = "race margin",
     .kind = XCY_METRIC_VISIBILITY,
     .from = XCY_POINT_ASKED,
     .to = XCY_POINT_VISIBLE,
     .without_barrier = true,
     .needs_single_exec = true,
     .floor_us = -INFINITY,
     .meaning = "first read sent to post visible: the delay that would have hidden the "
                "inconsistency; at most 0 where the first read found the post"},
    {.name = "notification_latency",
     .title = "notification latency",
     .kind = XCY_METRIC_POINTS,
     .from = XCY_POINT_NOTED,
     .to = XCY_POINT_SEEN,
     .meaning = "writer began to publish to reader received"},
    {.name = "barrier_cost",
     .title = "barrier cost",
     .kind = XCY_METRIC_POINTS,
     .from = XCY_POINT_SEEN,
     .to = XCY_POINT_READY,
     .needs_barrier = true,
     .spans_barrier = true,
     .meaning = "reader received the notification to barrier returned"},
    {.name = "write_latency",
     .title = "write latency",
     .kind = XCY_METRIC_POINTS,
     .from = XCY_POINT_START,
     .to = XCY_POINT_WROTE,
     .meaning = "writer began to post acknowledged"},
    {.name = "read_latency",
     .title = "read latency",
     .kind = XCY_METRIC_POINTS,
     .from = XCY_POINT_ASKED,
     .to = XCY_POINT_READ,
     .meaning = "first read sent to answered"},
    {.name = "response",
     .title = "response",
     .kind = XCY_METRIC_POINTS,
     .from = XCY_POINT_DUE,
     .to = XCY_POINT_ACKED,
     .meaning = "invocation due to reply complete, of the last attempt; of outcome ok"},
    {.name = "service",
     .title = "service",
     .kind = XCY_METRIC_POINTS,
     .from = XCY_POINT_SENT,
     .to = XCY_POINT_ACKED,
     .meaning = "invocation sent to reply complete, of the last attempt; of outcome ok"},
    {.name = "lag",
     .title = "generator lag",
     .kind = XCY_METRIC_POINTS,
     .from = XCY_POINT_DUE,
     .to = XCY_POINT_SENT,
     .needs_one_attempt = true,
     .meaning = "invocation due to sent: the generator's own"},
    {.name = "post_stored",
     .title = "post stored",
     .kind = XCY_METRIC_BYTES,
     .bytes_at = MEASURED(post_stored_bytes),
     .meaning = "stored object: key, body and metadata, as its store counts"},
    {.name = "post_metadata",
     .title = "of it metadata",
     .kind = XCY_METRIC_BYTES,
     .bytes_at = BYTES(post_metadata_bytes),
     .measured_at = BYTES(post_stored_bytes),
     .meaning = "of the stored object, what the consistency added"},
    {.name = "notification",
     .title = "notification",
     .kind = XCY_METRIC_BYTES,
     .bytes_at = MEASURED(notification_bytes),
     .meaning = "notification, as its store counts"},
    {.name = "context",
     .title = "of it context",
     .kind = XCY_METRIC_BYTES,
     .bytes_at = BYTES(context_bytes),
     .measured_at = BYTES(notification_bytes),
     .meaning = "of the notification, the consistency's context, as it stands there"},
};

const struct xcy_metric *xcy_metric_find(const char *name)
{
    for (size_t i = 0; i < XCY_N_METRICS; i++) {
        if (strcmp(xcy_metrics[i].name, name) == 0) {
            return &xcy_metrics[i];
        }
    }
    return NULL;
}

const char *xcy_metric_unit(const struct xcy_metric *metric)
{
    return metric->kind == XCY_METRIC_BYTES ? "bytes" : "ms";
}

void xcy_metric_clocks(const struct xcy_metric *metric, char to[32])
{
    const char *from = xcy_domain_names[xcy_points[metric->from].domain];
    if (metric->kind == XCY_METRIC_BYTES) {
        snprintf(to, 32, "-");
    } else if (xcy_metric_crosses_clocks(metric)) {
        snprintf(to, 32, "%s -> %s", from, xcy_domain_names[xcy_points[metric->to].domain]);
    } else {
        snprintf(to, 32, "%s", from);
    }
}

bool xcy_metric_is_interval(const struct xcy_metric *metric, bool has_barrier)
{
    return metric->kind == XCY_METRIC_VISIBILITY || (metric->spans_barrier && has_barrier);
}

bool xcy_metric_crosses_clocks(const struct xcy_metric *metric)
{
    return metric->kind != XCY_METRIC_BYTES &&
           xcy_points[metric->from].domain != xcy_points[metric->to].domain;
}

static double difference_us(const struct xcy_stamps *p, enum xcy_point to, enum xcy_point from)
{
    return (double)(p->us[to] - p->us[from]);
}

/* The latest point at which the post was certainly not there. Functions that send the reference's
 * keys only do not tell when they asked: it was after they were notified. */
static enum xcy_point last_miss_of(const struct xcy_stamps *p)
{
    static const enum xcy_point latest_first[] = {XCY_POINT_MISSED, XCY_POINT_ASKED};
    for (size_t i = 0; i < sizeof latest_first / sizeof *latest_first; i++) {
        if (xcy_stamps_has(p, latest_first[i])) {
            return latest_first[i];
        }
    }
    return XCY_POINT_SEEN;
}

/* (last failing poll sent, first succeeding one returned]; the first read counts as a poll. Only a
 * first read that was answered says anything. */
static bool visibility_of(const struct xcy_metric *metric, const struct xcy_record *record,
                          struct xcy_value *value)
{
    const struct xcy_stamps *p = &record->points;
    if (record->klass == XCY_CLASS_CONSISTENT) {
        /* Of the margin nothing is known but its sign: the post was there when the read was made. */
        bool is_margin = metric->from == XCY_POINT_ASKED;
        enum xcy_point high_to = is_margin ? XCY_POINT_ASKED : XCY_POINT_READ;
        *value = (struct xcy_value){.low_us = metric->floor_us,
                                    .high_us = difference_us(p, high_to, metric->from),
                                    .low_to = XCY_N_POINTS,
                                    .high_to = high_to};
        return true;
    }
    if (record->klass != XCY_CLASS_INCONSISTENT) {
        return false;
    }
    bool is_visible = xcy_stamps_has(p, XCY_POINT_VISIBLE);
    value->low_to = last_miss_of(p);
    value->low_us = difference_us(p, value->low_to, metric->from);
    value->high_to = is_visible ? XCY_POINT_VISIBLE : XCY_N_POINTS;
    value->high_us = is_visible ? difference_us(p, XCY_POINT_VISIBLE, metric->from) : INFINITY;
    return true;
}

static bool has_point(const struct xcy_record *record, enum xcy_point point)
{
    return xcy_stamps_has(&record->points, point) &&
           !(xcy_points[point].needs_ok && record->outcome != XCY_OUTCOME_OK);
}

static bool applies(const struct xcy_metric *metric, const struct xcy_record *record,
                    enum xcy_consistency consistency)
{
    bool has_barrier = consistency != XCY_CONSISTENCY_NONE;
    bool many_execs = (record->flags & XCY_FLAG_MANY_EXECS) != 0;
    return !(metric->needs_barrier && !has_barrier) && !(metric->without_barrier && has_barrier) &&
           !(metric->needs_single_exec && many_execs) &&
           !(metric->needs_one_attempt && record->attempts > 1);
}

static int64_t member(const struct xcy_record *record, size_t offset)
{
    int64_t value;
    memcpy(&value, (const char *)record + offset, sizeof value);
    return value;
}

static bool bytes_of(const struct xcy_metric *metric, const struct xcy_record *record,
                     struct xcy_value *value)
{
    if (member(record, metric->measured_at) <= 0) {
        return false;
    }
    value->low_us = (double)member(record, metric->bytes_at);
    value->high_us = value->low_us;
    value->low_to = XCY_N_POINTS;
    value->high_to = XCY_N_POINTS;
    return true;
}

bool xcy_metric_of(const struct xcy_metric *metric, const struct xcy_record *record,
                   enum xcy_consistency consistency, struct xcy_value *value)
{
    const struct xcy_stamps *p = &record->points;
    if (metric->kind == XCY_METRIC_BYTES) {
        return bytes_of(metric, record, value);
    }
    if (!applies(metric, record, consistency) || !has_point(record, metric->from)) {
        return false;
    }
    if (metric->kind == XCY_METRIC_VISIBILITY) {
        return visibility_of(metric, record, value);
    }
    if (!has_point(record, metric->to)) {
        return false;
    }
    bool gave_up = metric->spans_barrier && consistency != XCY_CONSISTENCY_NONE &&
                   (record->flags & XCY_FLAG_BARRIER_TIMEOUT) != 0;
    value->low_us = difference_us(p, metric->to, metric->from);
    value->low_to = metric->to;
    value->high_us = gave_up ? INFINITY : value->low_us;
    value->high_to = gave_up ? XCY_N_POINTS : metric->to;
    return true;
}

void xcy_value_order(struct xcy_value *value)
{
    if (value->low_to == XCY_N_POINTS && value->low_us > value->high_us) {
        value->low_us = -INFINITY;
    }
}
