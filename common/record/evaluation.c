#include "common/record/evaluation.h"

#include "common/record/field.h"
#include "common/record/loose.h"
#include "common/record/reply.h"

#include <math.h>
#include <stddef.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* A key of the reference's evaluation. What its gather needs is required of functions that send
 * nothing else; ours have points, and leave out what did not happen. */
struct reference_key {
    const char *key;
    enum xcy_status (*read)(const struct xcy_json *object, const char *key, bool *has,
                            double *value, struct xcy_error *err);
    size_t offset;
    bool is_required;
};

static const struct reference_key reference_keys[] = {
    {"client_sent_at", xcy_loose_seconds, offsetof(struct xcy_evaluation, id.client_sent_at_s),
     true},
    {"writer_start_at", xcy_loose_seconds, offsetof(struct xcy_evaluation, writer_start_at_s),
     true},
    {"post_written_at", xcy_loose_seconds, offsetof(struct xcy_evaluation, post_written_at_s),
     false},
    {"reader_received_at", xcy_loose_seconds, offsetof(struct xcy_evaluation, reader_received_at_s),
     true},
    {"notification_to_reader_spent_ms", xcy_loose_integer,
     offsetof(struct xcy_evaluation, notification_to_reader_spent_ms), true},
    {"post_read_at", xcy_loose_seconds, offsetof(struct xcy_evaluation, post_read_at_s), true},
    {"notification_size_bytes", xcy_loose_integer,
     offsetof(struct xcy_evaluation, notification_size_bytes), true},
};

#define MEMBER(member) offsetof(struct xcy_evaluation, member)

/* Members of "xcy" in an evaluation, but for its points and combination. */
static const struct xcy_field xcy_members[] = {
    {"run", XCY_FIELD_ID, false, MEMBER(id.run), XCY_ID_BYTES},
    {"key", XCY_FIELD_ID, true, MEMBER(id.key), XCY_KEY_BYTES},
    {"exec", XCY_FIELD_ID, false, MEMBER(exec), XCY_ID_BYTES},
    {"eval", XCY_FIELD_ID, true, MEMBER(eval), XCY_ID_BYTES},
    {"k", XCY_FIELD_COUNT, false, MEMBER(k), 0},
    {"writer_instance", XCY_FIELD_ID, false, MEMBER(writer_instance), XCY_ID_BYTES},
    {"reader_instance", XCY_FIELD_ID, true, MEMBER(reader_instance), XCY_ID_BYTES},
    {"has_read", XCY_FIELD_BOOL, true, MEMBER(has_read), 0},
    {"found", XCY_FIELD_BOOL, true, MEMBER(found), 0},
    {"waited", XCY_FIELD_BOOL, true, MEMBER(waited), 0},
    {"barrier_timed_out", XCY_FIELD_BOOL, true, MEMBER(barrier_timed_out), 0},
    {"is_polled", XCY_FIELD_BOOL, true, MEMBER(is_polled), 0},
    {"is_censored", XCY_FIELD_BOOL, true, MEMBER(is_censored), 0},
    {"polls", XCY_FIELD_COUNT, true, MEMBER(polls), 0},
    {"post_stored_bytes", XCY_FIELD_COUNT, true, MEMBER(post_stored_bytes), 0},
    {"post_metadata_bytes", XCY_FIELD_COUNT, false, MEMBER(post_metadata_bytes), 0},
    {"context_bytes", XCY_FIELD_COUNT, true, MEMBER(context_bytes), 0},
    {"error", XCY_FIELD_TEXT, false, MEMBER(error), XCY_REASON_BYTES},
};

/* As the reference computes a duration: over doubles of seconds, cut towards zero. */
static double spent_ms(double to_s, double from_s)
{
    return trunc((to_s - from_s) * 1000) + 0.0; /* no negative zero */
}

/* What the reference's keys say, from the points. */
static void derive(const struct xcy_evaluation *from, struct xcy_evaluation *e)
{
    const int64_t *us = from->points.us;
    *e = *from;
    e->writer_start_at_s = xcy_seconds_of_us(us[XCY_POINT_START]);
    e->post_written_at_s = xcy_seconds_of_us(us[XCY_POINT_WROTE]);
    e->reader_received_at_s = xcy_seconds_of_us(us[XCY_POINT_SEEN]);
    e->post_read_at_s = xcy_seconds_of_us(us[XCY_POINT_READ]);
    e->notification_to_reader_spent_ms =
        spent_ms(e->reader_received_at_s, xcy_seconds_of_us(us[XCY_POINT_NOTED]));
    e->consistent_read = from->found;
    e->has_antipode_spent =
        from->combination.consistency == XCY_CONSISTENCY_ANTIPODE && us[XCY_POINT_READY] != 0;
    e->antipode_spent_ms =
        spent_ms(xcy_seconds_of_us(us[XCY_POINT_READY]), e->reader_received_at_s);
}

static void put_number_or_null(struct xcy_json *object, const char *key, bool has, double value)
{
    if (has) {
        xcy_json_put_number(object, key, value);
    } else {
        xcy_json_put_null(object, key);
    }
}

static void put_reference_keys(struct xcy_json *object, const struct xcy_evaluation *e)
{
    bool has_read = !e->has_xcy || e->has_read;
    bool has_start = !e->has_xcy || xcy_stamps_has(&e->points, XCY_POINT_START);
    bool has_noted = !e->has_xcy || xcy_stamps_has(&e->points, XCY_POINT_NOTED);
    xcy_json_put_int64(object, "i", e->id.i);
    xcy_json_put_number(object, "client_sent_at", e->id.client_sent_at_s);
    put_number_or_null(object, "writer_start_at", has_start, e->writer_start_at_s);
    put_number_or_null(object, "post_written_at", e->post_written_at_s > 0, e->post_written_at_s);
    xcy_json_put_number(object, "reader_received_at", e->reader_received_at_s);
    put_number_or_null(object, "notification_to_reader_spent_ms", has_noted,
                       e->notification_to_reader_spent_ms);
    put_number_or_null(object, "post_read_at", has_read, e->post_read_at_s);
    put_number_or_null(object, "consistent_read", has_read, e->consistent_read ? 1 : 0);
    put_number_or_null(object, "antipode_spent_ms", e->has_antipode_spent, e->antipode_spent_ms);
    xcy_json_put_number(object, "notification_size_bytes", e->notification_size_bytes);
}

char *xcy_evaluation_format(const struct xcy_evaluation *e)
{
    struct xcy_evaluation derived;
    struct xcy_json *object = xcy_json_new_object();
    if (e->has_xcy) {
        derive(e, &derived);
        put_reference_keys(object, &derived);
        struct xcy_json *xcy = xcy_json_put_object(object, "xcy");
        xcy_json_put_int64(xcy, "v", XCY_FORMAT_VERSION);
        xcy_fields_put(xcy, xcy_members, COUNT_OF(xcy_members), e);
        xcy_stamps_put(xcy_json_put_object(xcy, "points_us"), &e->points);
        xcy_json_put(xcy, "combination", xcy_combination_to_json(&e->combination));
    } else {
        put_reference_keys(object, e);
    }
    char *text = xcy_json_text(object);
    xcy_json_free(object);
    return text;
}

static enum xcy_status read_consistent(const struct xcy_json *object, struct xcy_evaluation *e,
                                       struct xcy_error *err)
{
    bool has = false;
    double value = 0;
    enum xcy_status status = xcy_loose_integer(object, "consistent_read", &has, &value, err);
    if (status) {
        return status;
    }
    if (!has && (!e->has_xcy || e->has_read)) {
        return xcy_fail(err, XCY_EPARSE, "consistent_read: missing");
    }
    e->consistent_read = has && value != 0;
    if (e->has_xcy && e->consistent_read != e->found) {
        return xcy_fail(err, XCY_EPARSE, "consistent_read: contradicts xcy.found");
    }
    return XCY_OK;
}

static enum xcy_status read_reference_keys(const struct xcy_json *object, struct xcy_evaluation *e,
                                           struct xcy_error *err)
{
    enum xcy_status status = xcy_loose_i(object, &e->id.i, err);
    for (size_t n = 0; n < COUNT_OF(reference_keys) && !status; n++) {
        const struct reference_key *r = &reference_keys[n];
        double *to = (double *)(void *)((char *)e + r->offset);
        bool has = false;
        status = r->read(object, r->key, &has, to, err);
        if (!status && !has && r->is_required && !e->has_xcy) {
            status = xcy_fail(err, XCY_EPARSE, "%s: missing", r->key);
        }
    }
    if (!status) {
        status = read_consistent(object, e, err);
    }
    if (!status) {
        status = xcy_loose_integer(object, "antipode_spent_ms", &e->has_antipode_spent,
                                   &e->antipode_spent_ms, err);
    }
    return status;
}

/* An answered read must have happened. */
static enum xcy_status check_points(const struct xcy_evaluation *e, struct xcy_error *err)
{
    static const enum xcy_point needed[] = {XCY_POINT_ASKED, XCY_POINT_READ};
    if (e->found && !e->has_read) {
        return xcy_fail(err, XCY_EPARSE, "found: true without has_read");
    }
    if (!xcy_stamps_has(&e->points, XCY_POINT_SEEN)) {
        return xcy_fail(err, XCY_EPARSE, "points_us: seen: missing");
    }
    for (size_t n = 0; e->has_read && n < COUNT_OF(needed); n++) {
        if (!xcy_stamps_has(&e->points, needed[n])) {
            return xcy_fail(err, XCY_EPARSE, "points_us: %s: missing", xcy_points[needed[n]].name);
        }
    }
    return XCY_OK;
}

static enum xcy_status read_xcy(const struct xcy_json *xcy, struct xcy_evaluation *e,
                                struct xcy_error *err)
{
    enum xcy_status status = xcy_format_check(xcy, err);
    if (!status) {
        status = xcy_fields_read(xcy, xcy_members, COUNT_OF(xcy_members), e, err);
    }
    if (!status && xcy_stamps_read(xcy_json_get(xcy, "points_us"), &e->points, err)) {
        status = xcy_error_context(err, "points_us");
    }
    if (!status &&
        xcy_combination_from_json(xcy_json_get(xcy, "combination"), &e->combination, err)) {
        status = xcy_error_context(err, "combination");
    }
    if (!status) {
        status = check_points(e, err);
    }
    return status ? xcy_error_context(err, "xcy") : XCY_OK;
}

static enum xcy_status read_object(const struct xcy_json *object, struct xcy_evaluation *e,
                                   struct xcy_error *err)
{
    if (xcy_json_kind(object) != XCY_JSON_OBJECT) {
        return xcy_fail(err, XCY_EPARSE, "not a JSON object");
    }
    const struct xcy_json *xcy = xcy_json_get(object, "xcy");
    struct xcy_evaluation read = {.has_xcy = xcy_json_kind(xcy) != XCY_JSON_NULL};
    enum xcy_status status = read.has_xcy ? read_xcy(xcy, &read, err) : XCY_OK;
    if (!status) {
        status = read_reference_keys(object, &read, err);
    }
    if (status) {
        return status;
    }
    if (!read.has_xcy) {
        read.has_read = true;
        read.found = read.consistent_read;
    }
    *e = read;
    return XCY_OK;
}

/* A record of a Lambda destination carries the function's answer. */
static enum xcy_status read_destination(const struct xcy_json *payload, struct xcy_evaluation *e,
                                        struct xcy_error *err)
{
    struct xcy_json *body = NULL;
    int64_t code = 0;
    enum xcy_status status = xcy_reply_status(payload, &code, err);
    if (!status && code != 200) {
        status = xcy_fail(err, XCY_EPARSE, "statusCode: %lld, not 200", (long long)code);
    }
    if (!status) {
        status = xcy_reply_body(payload, &body, err);
    }
    if (!status) {
        status = read_object(body, e, err);
    }
    xcy_json_free(body);
    return status ? xcy_error_context(err, "responsePayload") : XCY_OK;
}

enum xcy_status xcy_evaluation_parse(struct xcy_bytes text, struct xcy_evaluation *e,
                                     struct xcy_error *err)
{
    struct xcy_json *root = NULL;
    enum xcy_status status = xcy_json_parse(text, &root, err);
    if (status) {
        return status;
    }
    const struct xcy_json *payload = xcy_json_get(root, "responsePayload");
    status = payload ? read_destination(payload, e, err) : read_object(root, e, err);
    xcy_json_free(root);
    return status;
}
