#include "common/aws/request.h"

#include "common/aws/xml.h"

#include <stdio.h>
#include <string.h>

static const char *const auth_codes[] = {
    "AccessDenied",
    "AccessDeniedException",
    "AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidIdentityToken",
    "InvalidSignatureException",
    "InvalidToken",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "NotAuthorized",
    "OptInRequired",
    "RequestExpired",
    "RequestInTheFuture",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "TokenRefreshRequired",
    "UnauthorizedOperation",
    "UnrecognizedClientException",
};

static const char *const passing_codes[] = {
    "BandwidthLimitExceeded",
    "IDPCommunicationError",
    "LimitExceededException",
    "OverLimit",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestTimeout",
    "RequestTimeoutException",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
    "TransactionInProgressException",
};

static bool is_among(const char *code, const char *const codes[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(code, codes[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* From "com.amazonaws.sqs#QueueDoesNotExist" or "ResourceNotFoundException:http://…" the code. */
static void copy_code(char *to, size_t size, const char *text)
{
    const char *hash = strchr(text, '#');
    const char *start = hash ? hash + 1 : text;
    snprintf(to, size, "%.*s", (int)strcspn(start, ":;, "), start);
}

static void copy_text(char *to, size_t size, const char *text)
{
    int n = snprintf(to, size, "%s", text);
    if (n < 0) {
        to[0] = '\0';
    }
}

static void parse_json(struct xcy_bytes body, struct xcy_aws_error *error)
{
    struct xcy_json *root = NULL;
    struct xcy_error ignored;
    if (xcy_json_parse(body, &root, &ignored) != XCY_OK) {
        return;
    }
    if (!error->code[0]) {
        const char *code = xcy_json_get_string(root, "code", "");
        copy_code(error->code, sizeof error->code, xcy_json_get_string(root, "__type", code));
    }
    const char *message = xcy_json_get_string(root, "Message", "");
    copy_text(error->message, sizeof error->message, xcy_json_get_string(root, "message", message));
    copy_text(error->reason, sizeof error->reason, xcy_json_get_string(root, "Reason", ""));
    xcy_json_free(root);
}

static void parse_xml(struct xcy_bytes body, struct xcy_aws_error *error)
{
    char code[sizeof error->code];
    if (!error->code[0] && xcy_xml_text(body, "Code", code, sizeof code)) {
        copy_code(error->code, sizeof error->code, code);
    }
    if (!xcy_xml_text(body, "Message", error->message, sizeof error->message)) {
        error->message[0] = '\0';
    }
}

/* Texts of a server end in messages on one line. */
static void make_one_line(char *text)
{
    for (char *p = text; *p; p++) {
        if ((unsigned char)*p < ' ' || *p == 0x7f) {
            *p = ' ';
        }
    }
}

/* Of a signature that is wrong AWS shows what should have been signed, header for header: the session
 * token, too. */
static void cut_canonical_request(char *message)
{
    char *shown = strstr(message, "The Canonical String");
    if (shown) {
        *shown = '\0';
    }
    for (size_t len = strlen(message); shown && len > 0 && message[len - 1] == ' '; len--) {
        message[len - 1] = '\0';
    }
}

void xcy_aws_error_parse(const struct xcy_http_reply *reply, struct xcy_aws_error *error)
{
    char value[256];
    *error = (struct xcy_aws_error){0};
    if (xcy_http_reply_header(reply, "x-amzn-errortype", value, sizeof value)) {
        copy_code(error->code, sizeof error->code, value);
    }
    struct xcy_bytes body = xcy_buf_bytes(&reply->body);
    const char *text = body.ptr ? body.ptr : "";
    text += strspn(text, " \t\r\n");
    if (*text == '{') {
        parse_json(body, error);
    } else if (*text == '<') {
        parse_xml(body, error);
    }
    if (!error->code[0] &&
        xcy_http_reply_header(reply, "x-amzn-query-error", value, sizeof value)) {
        copy_code(error->code, sizeof error->code, value);
    }
    make_one_line(error->code);
    make_one_line(error->message);
    cut_canonical_request(error->message);
    make_one_line(error->reason);
}

bool xcy_aws_error_is_auth(int http_status, const struct xcy_aws_error *error)
{
    return is_among(error->code, auth_codes, sizeof auth_codes / sizeof auth_codes[0]) ||
           http_status == 401 || (http_status == 403 && !error->code[0]);
}

bool xcy_aws_error_may_pass(int http_status, const struct xcy_aws_error *error)
{
    return is_among(error->code, passing_codes, sizeof passing_codes / sizeof passing_codes[0]) ||
           http_status == 408 || http_status == 429 || http_status >= 500;
}
