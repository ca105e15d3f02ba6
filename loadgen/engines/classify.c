#include "loadgen/engines/classify.h"

#include "common/aws/request.h"
#include "common/data/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Everything a rule may look at; answer is filled as far as it is known. */
struct case_file {
    const struct xcy_http_reply *reply;
    const struct xcy_expectation *expected; /* of a writer's reply */
    struct xcy_aws_error error;             /* of a status that is not 2xx */
    struct xcy_answer *answer;
};

static void clear_error(struct xcy_aws_error *error)
{
    error->code[0] = '\0';
    error->message[0] = '\0';
    error->reason[0] = '\0';
}

static bool is_2xx(int status)
{
    return status >= 200 && status <= 299;
}

/* One line of at most the field's size, whatever bytes came: it stands in a CSV file and on a
 * terminal. */
static void set_reason(struct xcy_answer *answer, const char *text)
{
    size_t n = 0;
    for (; text[n] && n + 1 < sizeof answer->reason; n++) {
        unsigned char c = (unsigned char)text[n];
        bool is_control = c < 0x20 || c == 0x7f;
        answer->reason[n] = text[n];
        if (is_control) {
            answer->reason[n] = ' ';
        }
    }
    while (text[n] && n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80) {
        n--; /* a UTF-8 character is not cut in two */
    }
    answer->reason[n] = '\0';
}

static bool is_throttled(struct case_file *f)
{
    if (f->reply->status != 429) {
        return false;
    }
    const struct xcy_aws_error *e = &f->error;
    const char *words = e->code[0] ? e->code : e->message;
    set_reason(f->answer, e->reason[0] ? e->reason : words);
    return true;
}

static void set_aws_reason(struct case_file *f)
{
    char text[sizeof f->error.code + sizeof f->error.message + 4];
    snprintf(text, sizeof text, "%s%s%s", f->error.code, f->error.code[0] ? ": " : "",
             f->error.message);
    set_reason(f->answer, text);
}

static bool is_refused(struct case_file *f)
{
    if (is_2xx(f->reply->status) || !xcy_aws_error_is_auth(f->reply->status, &f->error)) {
        return false;
    }
    set_aws_reason(f);
    return true;
}

static bool is_server_error(struct case_file *f)
{
    if (f->reply->status < 500) {
        return false;
    }
    set_aws_reason(f);
    return true;
}

static bool is_other_status(struct case_file *f)
{
    if (f->expected->is_async ? f->reply->status == 202 : is_2xx(f->reply->status)) {
        return false;
    }
    set_aws_reason(f);
    return true;
}

/* {"errorMessage": "…", "errorType": "…"} is what Lambda sends for a function that failed. */
static bool is_function_error(struct case_file *f)
{
    char kind[64];
    if (!xcy_http_reply_header(f->reply, "X-Amz-Function-Error", kind, sizeof kind)) {
        return false;
    }
    struct xcy_json *body = NULL;
    struct xcy_error ignored;
    const char *message = NULL;
    if (xcy_json_parse(xcy_buf_bytes(&f->reply->body), &body, &ignored) == XCY_OK) {
        message = xcy_json_get_string(body, "errorMessage", NULL);
    }
    set_reason(f->answer, message ? message : kind);
    xcy_json_free(body);
    return true;
}

static bool is_accepted(struct case_file *f)
{
    return f->expected->is_async;
}

static enum xcy_outcome judge_event(struct case_file *f)
{
    const struct xcy_event *event = &f->answer->event;
    if (event->id.i != f->expected->id->i || strcmp(event->id.key, f->expected->id->key) != 0) {
        set_reason(f->answer, "the reply is to another request");
        return XCY_OUTCOME_BAD_REPLY;
    }
    f->answer->has_event = true;
    if (event->exec[0] && !xcy_combination_equal(&event->combination, f->expected->combination)) {
        char ran[160];
        char text[XCY_REASON_BYTES + 64];
        xcy_combination_describe(&event->combination, ran);
        snprintf(text, sizeof text, "the functions now run another combination: %s", ran);
        set_reason(f->answer, text);
        return XCY_OUTCOME_BAD_REPLY;
    }
    return XCY_OUTCOME_OK;
}

/* A writer that failed says why in its body, as a text. */
static void set_failure_reason(struct case_file *f, int64_t status_code)
{
    struct xcy_json *reply = NULL;
    struct xcy_error ignored;
    const char *why = "";
    if (xcy_json_parse(xcy_buf_bytes(&f->reply->body), &reply, &ignored) == XCY_OK) {
        why = xcy_json_get_string(reply, "body", "");
    }
    char text[XCY_REASON_BYTES + 32];
    snprintf(text, sizeof text, "statusCode %" PRId64 "%s%.*s", status_code, why[0] ? ": " : "",
             XCY_REASON_BYTES, why);
    set_reason(f->answer, text);
    xcy_json_free(reply);
}

static enum xcy_outcome judge_reply(struct case_file *f)
{
    int64_t status_code = 0;
    struct xcy_error err;
    enum xcy_status status = xcy_writer_reply_parse(xcy_buf_bytes(&f->reply->body), &status_code,
                                                    &f->answer->event, &err);
    if (status != XCY_OK) {
        set_reason(f->answer, err.text);
        return XCY_OUTCOME_BAD_REPLY;
    }
    if (status_code != 200) {
        set_failure_reason(f, status_code);
        return XCY_OUTCOME_FUNCTION_ERROR;
    }
    return judge_event(f);
}

struct rule {
    bool (*holds)(struct case_file *f);
    enum xcy_outcome outcome;
};

/* The first rule that holds decides; where none does, the writer's own reply. */
static const struct rule invoke_rules[] = {
    {is_throttled, XCY_OUTCOME_THROTTLED},           {is_refused, XCY_OUTCOME_AUTH},
    {is_server_error, XCY_OUTCOME_SERVER_ERROR},     {is_other_status, XCY_OUTCOME_STATUS},
    {is_function_error, XCY_OUTCOME_FUNCTION_ERROR}, {is_accepted, XCY_OUTCOME_OK},
};

static enum xcy_outcome judge_invocation(struct case_file *f)
{
    if (!is_2xx(f->reply->status)) {
        xcy_aws_error_parse(f->reply, &f->error);
    }
    for (size_t i = 0; i < sizeof invoke_rules / sizeof invoke_rules[0]; i++) {
        if (invoke_rules[i].holds(f)) {
            return invoke_rules[i].outcome;
        }
    }
    return judge_reply(f);
}

/* Any server may refuse with a 403, whatever words come with it. */
static bool is_denied(struct case_file *f)
{
    int status = f->reply->status;
    if (status != 401 && status != 403 && !xcy_aws_error_is_auth(status, &f->error)) {
        return false;
    }
    set_aws_reason(f);
    return true;
}

static const struct rule web_rules[] = {
    {is_throttled, XCY_OUTCOME_THROTTLED},
    {is_denied, XCY_OUTCOME_AUTH},
    {is_server_error, XCY_OUTCOME_SERVER_ERROR},
};

static enum xcy_outcome judge_status(struct case_file *f)
{
    for (size_t i = 0; i < sizeof web_rules / sizeof web_rules[0]; i++) {
        if (web_rules[i].holds(f)) {
            return web_rules[i].outcome;
        }
    }
    set_aws_reason(f);
    return XCY_OUTCOME_STATUS;
}

/* "Not Found" of "HTTP/1.1 404 Not Found"; HTTP/2 has no such words. */
static void copy_status_words(const struct xcy_http_reply *reply, char *to, size_t size)
{
    const char *line = reply->headers.ptr ? reply->headers.ptr : "";
    size_t len = strcspn(line, "\r\n");
    const char *status = memchr(line, ' ', len);
    const char *words = status ? memchr(status + 1, ' ', len - (size_t)(status + 1 - line)) : NULL;
    to[0] = '\0';
    if (words) {
        snprintf(to, size, "%.*s", (int)(line + len - words - 1), words + 1);
    }
}

/* A transfer that ended without a whole reply. Cancelled: by us, at the end of the grace time. */
static const enum xcy_outcome of_transfer[] = {
    [XCY_HTTP_DNS] = XCY_OUTCOME_DNS,
    [XCY_HTTP_CONNECT] = XCY_OUTCOME_CONNECT,
    [XCY_HTTP_TLS] = XCY_OUTCOME_TLS,
    [XCY_HTTP_SEND] = XCY_OUTCOME_SEND,
    [XCY_HTTP_FIRST_BYTE_TIMEOUT] = XCY_OUTCOME_FIRST_BYTE_TIMEOUT,
    [XCY_HTTP_TOTAL_TIMEOUT] = XCY_OUTCOME_TOTAL_TIMEOUT,
    [XCY_HTTP_RESET] = XCY_OUTCOME_RESET,
    [XCY_HTTP_REFUSED] = XCY_OUTCOME_BAD_REPLY,
    [XCY_HTTP_CANCELLED] = XCY_OUTCOME_GENERATOR,
};

/* False when there is no whole reply: then the answer is complete. Member by member, since the event
 * is large and most answers have none. */
static bool begin(const struct xcy_http_reply *reply, struct xcy_answer *answer)
{
    answer->http_status = reply->status;
    answer->reason[0] = '\0';
    answer->was_sent = reply->was_sent;
    answer->sent = reply->sent;
    answer->acked = reply->acked;
    answer->has_event = false;
    answer->event.exec[0] = '\0';
    if (reply->result != XCY_HTTP_DONE) {
        set_reason(answer, reply->message);
        answer->outcome = of_transfer[reply->result];
        return false;
    }
    return true;
}

void xcy_classify(const struct xcy_http_reply *reply, const struct xcy_expectation *expected,
                  struct xcy_answer *answer)
{
    if (begin(reply, answer)) {
        struct case_file file;
        file.reply = reply;
        file.expected = expected;
        file.answer = answer;
        clear_error(&file.error);
        answer->outcome = judge_invocation(&file);
    }
}

void xcy_classify_web(const struct xcy_http_reply *reply, bool is_signed, struct xcy_answer *answer)
{
    if (!begin(reply, answer)) {
        return;
    }
    answer->outcome = XCY_OUTCOME_OK;
    if (!is_2xx(reply->status)) {
        struct case_file file;
        file.reply = reply;
        file.answer = answer;
        clear_error(&file.error);
        if (is_signed) {
            xcy_aws_error_parse(reply, &file.error);
        } else {
            copy_status_words(reply, file.error.message, sizeof file.error.message);
        }
        answer->outcome = judge_status(&file);
    }
}
