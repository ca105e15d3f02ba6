#include "common/record/reply.h"

#include "common/record/evaluation.h"

enum xcy_status xcy_reply_status(const struct xcy_json *reply, int64_t *status_code,
                                 struct xcy_error *err)
{
    int64_t code;
    if (!xcy_json_int64(xcy_json_get(reply, "statusCode"), &code)) {
        return xcy_fail(err, XCY_EPARSE, "statusCode: missing, or not a whole number");
    }
    *status_code = code;
    return XCY_OK;
}

enum xcy_status xcy_reply_body(const struct xcy_json *reply, struct xcy_json **body,
                               struct xcy_error *err)
{
    const char *text = xcy_json_get_string(reply, "body", NULL);
    if (!text) {
        return xcy_fail(err, XCY_EPARSE, "body: missing, or not a string");
    }
    enum xcy_status status = xcy_json_parse(xcy_bytes_of(text), body, err);
    return status ? xcy_error_context(err, "body") : XCY_OK;
}

enum xcy_status xcy_writer_reply_parse(struct xcy_bytes text, int64_t *status_code,
                                       struct xcy_event *event, struct xcy_error *err)
{
    struct xcy_json *reply = NULL;
    struct xcy_json *body = NULL;
    int64_t code = 0;
    enum xcy_status status = xcy_json_parse(text, &reply, err);
    if (!status) {
        status = xcy_reply_status(reply, &code, err);
    }
    if (!status && code == 200) {
        status = xcy_reply_body(reply, &body, err);
    }
    if (!status && body) {
        status = xcy_event_parse(body, event, err) ? xcy_error_context(err, "body") : XCY_OK;
    }
    if (!status) {
        *status_code = code;
    }
    xcy_json_free(body);
    xcy_json_free(reply);
    return status;
}
