#include "functions/reader_handler.h"

#include "common/base/mem.h"
#include "common/base/random.h"
#include "functions/backoff.h"
#include "functions/control.h"
#include "functions/observation.h"

#include <stdlib.h>
#include <string.h>

enum { REPORT_ATTEMPTS = 3, REPORT_PAUSE_MS = 10 };

struct reading {
    const struct xcy_reader *reader;
    const struct xcy_invocation *invocation;
    char *last; /* text of the last evaluation; owned */
};

static double seconds_of(const struct xcy_stamps *points, enum xcy_point point)
{
    return (double)points->us[point] / 1e6;
}

static void copy_points(const struct xcy_event *event, struct xcy_stamps *to)
{
    static const enum xcy_point carried[] = {XCY_POINT_START, XCY_POINT_WROTE, XCY_POINT_NOTED};
    for (size_t p = 0; p < sizeof carried / sizeof carried[0]; p++) {
        to->us[carried[p]] = event->points.us[carried[p]];
    }
}

static void begin_evaluation(const struct reading *r, size_t notification_bytes,
                             struct xcy_evaluation *e)
{
    *e = (struct xcy_evaluation){.has_xcy = true};
    const struct xcy_application *app = r->reader->app;
    xcy_random_uuid(e->eval);
    memcpy(e->reader_instance, app->instance,
           strnlen(app->instance, sizeof e->reader_instance - 1));
    e->combination = app->environment->combination;
    e->notification_size_bytes = (double)notification_bytes;
    e->points.us[XCY_POINT_SEEN] = xcy_invocation_us(r->invocation, r->invocation->anchor.mono);
}

static void take_event(const struct xcy_event *event, struct xcy_evaluation *e)
{
    e->id = event->id;
    memcpy(e->exec, event->exec, sizeof e->exec);
    memcpy(e->writer_instance, event->instance, sizeof e->writer_instance);
    e->context_bytes = event->context_bytes;
    copy_points(event, &e->points);
    if (event->exec[0] != '\0') { /* else a writer that knows no combination */
        e->combination = event->combination;
    }
}

/* The reference's keys, from the points. */
static void fill_reference_fields(struct xcy_evaluation *e)
{
    e->writer_start_at_s = seconds_of(&e->points, XCY_POINT_START);
    e->post_written_at_s = seconds_of(&e->points, XCY_POINT_WROTE);
    e->reader_received_at_s = seconds_of(&e->points, XCY_POINT_SEEN);
    e->post_read_at_s = seconds_of(&e->points, XCY_POINT_READ);
    e->consistent_read = e->found;
    if (xcy_stamps_has(&e->points, XCY_POINT_NOTED)) {
        int64_t spent_us = e->points.us[XCY_POINT_SEEN] - e->points.us[XCY_POINT_NOTED];
        int64_t spent_ms = spent_us / 1000; /* whole, cut toward zero, as the reference's */
        e->notification_to_reader_spent_ms = (double)spent_ms;
    }
}

/* Sends the evaluation; again if the network failed, which at worst makes a second copy of the same
 * eval. `reported` is stamped anew each time, as it must be no later than the sending. */
static enum xcy_status report(struct reading *r, struct xcy_evaluation *e, struct xcy_error *err)
{
    const struct xcy_reader *reader = r->reader;
    enum xcy_status status = XCY_OK;
    for (int attempt = 0; attempt < REPORT_ATTEMPTS; attempt++) {
        struct xcy_mono now = xcy_mono_now();
        e->points.us[XCY_POINT_REPORTED] = xcy_invocation_us(r->invocation, now);
        free(r->last);
        r->last = xcy_evaluation_format(e);
        status = reader->report(reader->report_ctx, r->last, err);
        if (status == XCY_OK) {
            return XCY_OK;
        }
        struct xcy_mono next = xcy_mono_add(xcy_mono_now(), REPORT_PAUSE_MS * XCY_NS_PER_MS);
        if (!xcy_is_passing_failure(status) || !xcy_mono_before(next, r->invocation->deadline)) {
            break;
        }
        if (attempt + 1 < REPORT_ATTEMPTS) {
            xcy_sleep_until(next, -1);
        }
    }
    return xcy_error_context(err, "reporting request %lld", (long long)e->id.i);
}

/* Both functions must run the same combination, else the result would bear a wrong name. */
static enum xcy_status check_combination(const struct reading *r, const struct xcy_event *event,
                                         struct xcy_error *err)
{
    const struct xcy_combination *own = &r->reader->app->environment->combination;
    if (event->exec[0] == '\0' || xcy_combination_equal(own, &event->combination)) {
        return XCY_OK;
    }
    char text[160];
    xcy_combination_describe(own, text);
    return xcy_fail(err, XCY_EUSAGE, "the reader runs another combination (%s)", text);
}

/* An event that cannot be read but names its request is reported as that request's error. */
static enum xcy_status salvage(struct reading *r, const struct xcy_json *json,
                               struct xcy_evaluation *e, const struct xcy_error *why,
                               struct xcy_error *err)
{
    struct xcy_error unnamed;
    if (!json || xcy_payload_parse(json, &e->id, &unnamed) != XCY_OK) {
        *err = *why;
        return xcy_error_context(err, "notification");
    }
    xcy_evaluation_set_error(e, why);
    fill_reference_fields(e);
    return report(r, e, err);
}

static enum xcy_status handle_event(void *ctx, struct xcy_bytes text, size_t bytes,
                                    struct xcy_error *err)
{
    struct reading *r = ctx;
    struct xcy_evaluation e;
    begin_evaluation(r, bytes, &e);
    struct xcy_json *json = NULL;
    struct xcy_event event = {0};
    struct xcy_error why;
    enum xcy_status status = xcy_json_parse(text, &json, &why);
    if (status == XCY_OK) {
        status = xcy_event_parse(json, &event, &why);
    }
    if (status != XCY_OK) {
        status = salvage(r, json, &e, &why, err);
        goto out;
    }
    take_event(&event, &e);
    if (check_combination(r, &event, &why) == XCY_OK) {
        xcy_observe(r->reader->app, r->invocation, &event, &e);
    } else {
        xcy_evaluation_set_error(&e, &why);
    }
    fill_reference_fields(&e);
    status = report(r, &e, err);
out:
    xcy_json_free(json);
    return status;
}

static void reply_with(const char *body, struct xcy_buf *reply)
{
    struct xcy_json *answer = xcy_json_new_object();
    xcy_json_put_int64(answer, "statusCode", 200);
    xcy_json_put_string(answer, "body", body);
    xcy_json_format(answer, false, reply);
    xcy_json_free(answer);
}

enum xcy_status xcy_reader_handle(const struct xcy_reader *reader,
                                  const struct xcy_invocation *invocation, struct xcy_buf *reply,
                                  struct xcy_error *err)
{
    struct xcy_json *payload = NULL;
    enum xcy_status status = xcy_json_parse(invocation->payload, &payload, err);
    if (status != XCY_OK) {
        return xcy_error_context(err, "payload");
    }
    if (xcy_control_of(payload) == XCY_CONTROL_STATS) {
        status = xcy_control_stats(reader->app, payload, reply, err);
        xcy_json_free(payload);
        return status;
    }
    struct reading r = {.reader = reader, .invocation = invocation};
    status = reader->app->notification->parse(payload, handle_event, &r, err);
    if (status == XCY_OK) {
        reply_with(r.last ? r.last : "", reply);
    }
    free(r.last);
    xcy_json_free(payload);
    return status;
}
