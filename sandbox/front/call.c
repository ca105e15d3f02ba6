#include "sandbox/front/call.h"

#include "common/base/mem.h"
#include "common/base/random.h"
#include "common/net/url.h"
#include "sandbox/front/error_code.h"
#include "sandbox/front/xml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_HEADERS = 96, MAX_ANSWER_BYTES = 128 << 20, MAX_PARAMETER_BYTES = 16 << 20 };

struct xcy_call *xcy_call_new(struct xcy_exchange *exchange)
{
    struct xcy_call *call = xcy_alloc(sizeof *call);
    call->exchange = exchange;
    call->body = xcy_exchange_body(exchange);
    xcy_random_uuid(call->request_id);
    return call;
}

void xcy_call_drop(struct xcy_call *call)
{
    xcy_exchange_drop(call->exchange);
    free(call);
}

void xcy_call_reset(struct xcy_call *call)
{
    xcy_exchange_reset(call->exchange);
    free(call);
}

static const char *id_header(const struct xcy_call *call)
{
    return call->protocol == XCY_PROTOCOL_S3 ? "x-amz-request-id" : "x-amzn-RequestId";
}

void xcy_call_reply_text(struct xcy_call *call, int status, const char *content_type,
                         const struct xcy_reply_header *headers, size_t n_headers,
                         struct xcy_bytes body)
{
    xcy_assert(n_headers + 2 <= MAX_HEADERS);
    struct xcy_reply_header all[MAX_HEADERS] = {
        {"Content-Type", content_type},
        {id_header(call), call->request_id},
    };
    for (size_t i = 0; i < n_headers; i++) {
        all[2 + i] = headers[i];
    }
    xcy_exchange_reply(call->exchange, status, all, n_headers + 2, body);
    free(call);
}

void xcy_call_reply_file(struct xcy_call *call, int status, const struct xcy_reply_header *headers,
                         size_t n_headers, int fd, uint64_t offset, uint64_t size)
{
    xcy_assert(n_headers + 1 <= MAX_HEADERS);
    struct xcy_reply_header all[MAX_HEADERS] = {{id_header(call), call->request_id}};
    for (size_t i = 0; i < n_headers; i++) {
        all[1 + i] = headers[i];
    }
    xcy_exchange_reply_file(call->exchange, status, all, n_headers + 1, fd, offset, size);
    free(call);
}

static const char *json_type(const struct xcy_call *call)
{
    return call->protocol == XCY_PROTOCOL_JSON ? "application/x-amz-json-1.0" : "application/json";
}

static void reply_json_with(struct xcy_call *call, int status, const struct xcy_json *body,
                            const struct xcy_reply_header *headers, size_t n_headers)
{
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_ANSWER_BYTES);
    xcy_json_format(body, false, &text);
    xcy_call_reply_text(call, status, json_type(call), headers, n_headers, xcy_buf_bytes(&text));
    xcy_buf_clear(&text);
}

void xcy_call_reply_json(struct xcy_call *call, int status, const struct xcy_json *body)
{
    reply_json_with(call, status, body, NULL, 0);
}

void xcy_call_reply_xml(struct xcy_call *call, const char *inner, const char *xml_namespace)
{
    const char *operation = call->operation;
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_ANSWER_BYTES);
    xcy_buf_addf(&text, "<?xml version=\"1.0\"?><%sResponse xmlns=\"%s\">", operation,
                 xml_namespace);
    if (inner) {
        xcy_buf_addf(&text, "<%sResult>", operation);
        xcy_buf_add_text(&text, inner);
        xcy_buf_addf(&text, "</%sResult>", operation);
    }
    xcy_buf_addf(&text,
                 "<ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata></%sResponse>",
                 call->request_id, operation);
    xcy_call_reply_text(call, 200, "text/xml", NULL, 0, xcy_buf_bytes(&text));
    xcy_buf_clear(&text);
}

static void fail_xml(struct xcy_call *call, int status, const char *code, const char *message)
{
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_ANSWER_BYTES);
    xcy_buf_addf(&text, "<?xml version=\"1.0\"?><ErrorResponse><Error><Type>%s</Type>",
                 status < 500 ? "Sender" : "Receiver");
    xcy_xml_add_element(&text, "Code", xcy_error_code_query(code));
    xcy_xml_add_element(&text, "Message", message);
    xcy_buf_addf(&text, "<Detail/></Error><RequestId>%s</RequestId></ErrorResponse>",
                 call->request_id);
    xcy_call_reply_text(call, status, "text/xml", NULL, 0, xcy_buf_bytes(&text));
    xcy_buf_clear(&text);
}

static void fail_s3(struct xcy_call *call, int status, const char *code, const char *message)
{
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_ANSWER_BYTES);
    if (strcmp(xcy_exchange_method(call->exchange), "HEAD") != 0) {
        xcy_buf_add_text(&text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>");
        xcy_xml_add_element(&text, "Code", code);
        xcy_xml_add_element(&text, "Message", message);
        xcy_xml_add_element(&text, "Resource", xcy_exchange_path(call->exchange));
        xcy_buf_addf(&text, "<RequestId>%s</RequestId></Error>", call->request_id);
    }
    xcy_call_reply_text(call, status, "application/xml", NULL, 0, xcy_buf_bytes(&text));
    xcy_buf_clear(&text);
}

static void fail_json(struct xcy_call *call, int status, const char *code, const char *message)
{
    struct xcy_reply_header headers[2] = {{"x-amzn-ErrorType", code}};
    size_t n = 1;
    char query_error[160];
    char type[160];
    struct xcy_json *body = xcy_json_new_object();
    if (call->protocol == XCY_PROTOCOL_REST) {
        xcy_json_put_string(body, "Type", status < 500 ? "User" : "Service");
        xcy_json_put_string(body, "Message", message);
    } else {
        snprintf(type, sizeof type, "%s#%s", xcy_error_code_namespace(call->service, code), code);
        xcy_json_put_string(body, "__type", type);
        xcy_json_put_string(body, "message", message);
    }
    if (call->protocol == XCY_PROTOCOL_JSON && strcmp(call->service, "sqs") == 0) {
        snprintf(query_error, sizeof query_error, "%s;%s", xcy_error_code_query(code),
                 status < 500 ? "Sender" : "Receiver");
        headers[n++] = (struct xcy_reply_header){"x-amzn-query-error", query_error};
    }
    reply_json_with(call, status, body, headers, n);
    xcy_json_free(body);
}

void xcy_call_fail(struct xcy_call *call, int status, const char *code, const char *fmt, ...)
{
    char message[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    if (call->protocol == XCY_PROTOCOL_QUERY) {
        fail_xml(call, status, code, message);
    } else if (call->protocol == XCY_PROTOCOL_S3) {
        fail_s3(call, status, code, message);
    } else {
        fail_json(call, status, code, message);
    }
}

void xcy_call_fail_operation(struct xcy_call *call)
{
    xcy_call_fail(
        call, 400, "UnknownOperationException",
        "The action %s is not valid for this endpoint: the sandbox's %s does not have it.",
        call->operation, call->service);
}

void xcy_call_fail_stopping(struct xcy_call *call)
{
    xcy_call_fail(call, 503, "ServiceUnavailable", "The sandbox is stopping.");
}

char *xcy_call_parameter(const struct xcy_call *call, const char *name)
{
    struct xcy_buf value;
    xcy_buf_init(&value, MAX_PARAMETER_BYTES);
    bool is_there = xcy_query_get(call->body, name, &value) ||
                    xcy_query_get(xcy_bytes_of(xcy_exchange_query(call->exchange)), name, &value);
    char *text = is_there ? xcy_buf_take(&value) : NULL;
    xcy_buf_clear(&value);
    return text;
}
