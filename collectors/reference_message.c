#include "collectors/reference_message.h"

#include "common/record/loose.h"

#include <stddef.h>

#define MEMBER(member) offsetof(struct xcy_reference_row, member)

/* What must stand in a message; of: XCY_REFERENCE_… columns that need it, 0: always. */
struct key {
    const char *name;
    size_t offset;
    unsigned of;
};

static const struct key seconds[] = {
    {"client_sent_at", MEMBER(client_sent_at_s), 0},
    {"writer_start_at", MEMBER(writer_start_at_s), 0},
    {"reader_received_at", MEMBER(reader_received_at_s), 0},
    {"post_read_at", MEMBER(post_read_at_s), 0},
    {"post_written_at", MEMBER(post_written_at_s), XCY_REFERENCE_WRITE_POST},
};

static const struct key integers[] = {
    {"consistent_read", MEMBER(consistent_read), 0},
    {"notification_to_reader_spent_ms", MEMBER(notification_to_reader_spent_ms), 0},
    {"notification_size_bytes", MEMBER(notification_size_bytes), 0},
    {"antipode_spent_ms", MEMBER(antipode_spent_ms), XCY_REFERENCE_ANTIPODE},
    {"rendezvous_call_writer_spent_ms", MEMBER(rendezvous_call_writer_spent_ms),
     XCY_REFERENCE_RENDEZVOUS},
    {"rendezvous_call_reader_spent_ms", MEMBER(rendezvous_call_reader_spent_ms),
     XCY_REFERENCE_RENDEZVOUS},
    {"rendezvous_prevented_inconsistency", MEMBER(rendezvous_prevented_inconsistency),
     XCY_REFERENCE_RENDEZVOUS},
};

typedef enum xcy_status read_fn(const struct xcy_json *object, const char *key, bool *has,
                                double *value, struct xcy_error *err);

static enum xcy_status read_one(const struct xcy_json *object, const char *name, read_fn *read,
                                double *value, struct xcy_error *err)
{
    bool has = false;
    enum xcy_status status = read(object, name, &has, value, err);
    return status == XCY_OK && !has ? xcy_fail(err, XCY_EPARSE, "%s: missing", name) : status;
}

static enum xcy_status read_row(const struct xcy_json *object, unsigned extra,
                                struct xcy_reference_row *row, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    double value = 0;
    for (size_t k = 0; k < sizeof integers / sizeof *integers && status == XCY_OK; k++) {
        if (integers[k].of == 0 || (integers[k].of & extra)) {
            status = read_one(object, integers[k].name, xcy_loose_integer, &value, err);
            int64_t whole = (int64_t)value;
            memcpy((char *)row + integers[k].offset, &whole, sizeof whole);
        }
    }
    for (size_t k = 0; k < sizeof seconds / sizeof *seconds && status == XCY_OK; k++) {
        if (seconds[k].of == 0 || (seconds[k].of & extra)) {
            status = read_one(object, seconds[k].name, xcy_loose_seconds, &value, err);
            memcpy((char *)row + seconds[k].offset, &value, sizeof value);
        }
    }
    return status;
}

/* The evaluation: the text itself, or of a destination record the text in its answer, whatever its
 * statusCode. *root, *inner: owned by the caller, also after a failure. */
static enum xcy_status find_evaluation(struct xcy_bytes body, struct xcy_json **root,
                                       struct xcy_json **inner, const struct xcy_json **evaluation,
                                       struct xcy_error *err)
{
    enum xcy_status status = xcy_json_parse(body, root, err);
    if (status != XCY_OK) {
        return status;
    }
    *evaluation = *root;
    const struct xcy_json *answer = xcy_json_get(*root, "responsePayload");
    if (answer) {
        const char *text = xcy_json_get_string(answer, "body", NULL);
        status = text ? xcy_json_parse(xcy_bytes_of(text), inner, err)
                      : xcy_fail(err, XCY_EPARSE, "missing, or not a string");
        if (status != XCY_OK) {
            return xcy_error_context(err, "responsePayload: body");
        }
        *evaluation = *inner;
    }
    if (xcy_json_kind(*evaluation) != XCY_JSON_OBJECT) {
        return xcy_fail(err, XCY_EPARSE, "not a JSON object");
    }
    return XCY_OK;
}

void xcy_reference_message_read(const struct xcy_reference_state *state, struct xcy_bytes body,
                                struct xcy_reference_message *message, struct xcy_error *err)
{
    struct xcy_json *root = NULL;
    struct xcy_json *inner = NULL;
    const struct xcy_json *evaluation = NULL;
    unsigned extra = xcy_reference_state_extra(state);
    struct xcy_reference_message m = {.verdict = XCY_REFERENCE_MALFORMED};
    double i = 0;
    enum xcy_status status = find_evaluation(body, &root, &inner, &evaluation, err);
    if (status == XCY_OK) {
        status = read_one(evaluation, "i", xcy_loose_integer, &i, err);
    }
    if (status == XCY_OK) {
        m.row.i = (int64_t)i;
        m.place = xcy_reference_state_find(state, m.row.i);
        m.verdict = m.place < 0                                          ? XCY_REFERENCE_UNKNOWN
                    : read_row(evaluation, extra, &m.row, err) == XCY_OK ? XCY_REFERENCE_KNOWN
                                                                         : XCY_REFERENCE_MALFORMED;
    }
    if (m.verdict == XCY_REFERENCE_KNOWN) {
        m.row.has_reply = true;
        m.row.reply_at_s = state->replies[m.place].at_s;
        m.row.has_antipode_spent = (extra & XCY_REFERENCE_ANTIPODE) != 0;
    }
    *message = m;
    xcy_json_free(inner);
    xcy_json_free(root);
}
