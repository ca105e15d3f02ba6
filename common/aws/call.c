#include "common/aws/request.h"

#include "common/aws/retry.h"
#include "common/aws/server_clock.h"
#include "common/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const missing_codes[] = {
    "ResourceNotFoundException",
    "QueueDoesNotExist",
    "AWS.SimpleQueueService.NonExistentQueue",
    "NotFound",
    "NotFoundException",
    "NoSuchKey",
    "NoSuchBucket",
    "NoSuchVersion",
};

static bool is_missing(int http_status, const struct xcy_aws_error *error)
{
    for (size_t i = 0; i < sizeof missing_codes / sizeof missing_codes[0]; i++) {
        if (strcmp(error->code, missing_codes[i]) == 0) {
            return true;
        }
    }
    return http_status == 404;
}

static bool contains(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

static bool is_of_the_clock(const struct xcy_aws_error *error)
{
    return contains(error->code, "RequestTimeTooSkewed") ||
           contains(error->code, "RequestExpired") || contains(error->code, "RequestInTheFuture") ||
           contains(error->message, "Signature expired") ||
           contains(error->message, "Signature not yet current");
}

/* Keys that are refreshed and were refused all the same. */
static void advise_expired(const struct xcy_aws *aws, char *to, size_t size)
{
    const char *origin = xcy_key_source_origin(aws->keys);
    if (!aws->keys && !aws->credentials) { /* only that call is not signed */
        snprintf(to, size, "the web identity token has expired: its file must be written anew");
        return;
    }
    snprintf(to, size, "the session token%s%s has expired: get new credentials",
             origin ? " of " : "", origin ? origin : "");
}

/* What a person can do about a refused signature. */
static void advise(const struct xcy_aws *aws, const struct xcy_http_reply *reply,
                   const struct xcy_aws_error *error, char *to, size_t size)
{
    const char *advice = "check the access key, the secret key and the session token";
    if (is_of_the_clock(error)) {
        xcy_server_clock_explain(reply, to, size);
        return;
    }
    if (contains(error->code, "Expired")) {
        advise_expired(aws, to, size);
        return;
    }
    if (contains(error->code, "AccessDenied") || contains(error->code, "Authorized")) {
        advice = "the key is known but may not do this: look at its policy";
    } else if (aws->endpoint && xcy_endpoint_is_loopback(aws->endpoint)) {
        advice = "these are not the running sandbox's credentials: was it started anew?";
    }
    snprintf(to, size, "%s", advice);
}

static enum xcy_status fail_auth(const struct xcy_aws *aws, const struct xcy_http_reply *reply,
                                 const struct xcy_aws_error *error, const char *what,
                                 struct xcy_error *err)
{
    char advice[400];
    advise(aws, reply, error, advice, sizeof advice);
    if (!error->code[0]) {
        return xcy_fail(err, XCY_EAUTH, "%s: HTTP %d (%s)", what, reply->status, advice);
    }
    return xcy_fail(err, XCY_EAUTH, "%s: %s: %s (%s)", what, error->code, error->message, advice);
}

static enum xcy_status fail_reply(const struct xcy_aws *aws, const struct xcy_http_reply *reply,
                                  const char *what, struct xcy_aws_error *told,
                                  struct xcy_error *err)
{
    xcy_aws_error_parse(reply, told);
    if (xcy_aws_error_is_auth(reply->status, told)) {
        return fail_auth(aws, reply, told, what, err);
    }
    enum xcy_status status = is_missing(reply->status, told) ? XCY_ENOTFOUND : XCY_EREMOTE;
    if (told->code[0]) {
        xcy_fail(err, status, "%s: %s: %s%s%s", what, told->code, told->message,
                 told->reason[0] ? ", reason " : "", told->reason);
    } else {
        xcy_fail(err, status, "%s: HTTP %d%s%s", what, reply->status, told->message[0] ? ": " : "",
                 told->message);
    }
    err->is_lasting = status == XCY_EREMOTE && !xcy_aws_error_may_pass(reply->status, told);
    return status;
}

static enum xcy_status fail_transport(const struct xcy_aws *aws, const struct xcy_http_reply *reply,
                                      const char *what, struct xcy_error *err)
{
    if (reply->result == XCY_HTTP_CANCELLED) {
        return xcy_fail(err, XCY_ESTOPPED, "%s: interrupted", what);
    }
    const char *advice = "";
    bool is_unreachable = reply->result == XCY_HTTP_CONNECT || reply->result == XCY_HTTP_DNS;
    if (is_unreachable && aws->endpoint && xcy_endpoint_is_loopback(aws->endpoint)) {
        advice = " (is the sandbox running? start it with: sandbox -c samples/local.yml)";
    } else if (is_unreachable) {
        advice = " (check the endpoint, the region and the network)";
    }
    return xcy_fail(err, XCY_ENET, "%s: %s%s", what, reply->message, advice);
}

/* Attempts of one call may be minutes apart: each is signed with the keys of its own moment. */
static enum xcy_status call_once(const struct xcy_aws *aws, struct xcy_aws_request *r,
                                 const char *what, struct xcy_http_reply *reply,
                                 struct xcy_aws_error *told, struct xcy_error *err)
{
    struct xcy_http_reply got = {0};
    *told = (struct xcy_aws_error){0};
    enum xcy_status status = xcy_aws_request_renew(r, err);
    if (status == XCY_OK) {
        status = xcy_http_call(aws->http, &r->http, aws->stoppable, &got, err);
    }
    if (status != XCY_OK) {
        xcy_error_context(err, "%s", what);
        return status;
    }
    if (got.result != XCY_HTTP_DONE) {
        status = fail_transport(aws, &got, what, err);
    } else if (got.status < 200 || got.status > 299) {
        status = fail_reply(aws, &got, what, told, err);
    }
    if (status != XCY_OK) {
        xcy_http_reply_clear(&got);
        return status;
    }
    *reply = got;
    return XCY_OK;
}

enum xcy_status xcy_aws_call_told(const struct xcy_aws *aws, struct xcy_aws_request *r,
                                  const char *what, struct xcy_http_reply *reply,
                                  struct xcy_aws_error *told, struct xcy_error *err)
{
    const struct xcy_retry_plan plan = xcy_retry_plan_of(aws->attempts);
    struct xcy_retry retry = xcy_retry_begin(&plan);
    enum xcy_status status;
    do {
        status = call_once(aws, r, what, reply, told, err);
    } while (xcy_retry_again(&retry, status, err));
    return status;
}

enum xcy_status xcy_aws_call(const struct xcy_aws *aws, struct xcy_aws_request *r, const char *what,
                             struct xcy_http_reply *reply, struct xcy_error *err)
{
    struct xcy_aws_error told;
    return xcy_aws_call_told(aws, r, what, reply, &told, err);
}

/* "SQS ReceiveMessage" of "sqs" and "AmazonSQS.ReceiveMessage". */
static void name_call(char *to, size_t size, const char *service, const char *target)
{
    const char *dot = strrchr(target, '.');
    const char *name = service;
    if (strcmp(service, "sqs") == 0) {
        name = "SQS";
    } else if (strcmp(service, "dynamodb") == 0) {
        name = "DynamoDB";
    }
    snprintf(to, size, "%s %s", name, dot ? dot + 1 : target);
}

enum xcy_status xcy_aws_json_call(const struct xcy_aws *aws, const char *service,
                                  const char *target, const char *content_type,
                                  const struct xcy_json *input, struct xcy_json **answer,
                                  struct xcy_error *err)
{
    char what[128];
    name_call(what, sizeof what, service, target);
    char *text = xcy_json_text(input);
    struct xcy_aws_request r;
    struct xcy_http_reply reply = {0};
    xcy_aws_request_init(&r, aws, service, "POST", NULL);
    xcy_aws_request_add_header(&r, "X-Amz-Target", target);
    xcy_aws_request_set_body(&r, content_type, xcy_bytes_of(text));
    enum xcy_status status = xcy_aws_request_finish(&r, err);
    if (status != XCY_OK) {
        xcy_error_context(err, "%s", what);
        goto out;
    }
    status = xcy_aws_call(aws, &r, what, &reply, err);
    if (status == XCY_OK && answer) {
        status = xcy_json_parse(xcy_buf_bytes(&reply.body), answer, err);
        if (status != XCY_OK) {
            xcy_error_context(err, "%s: the answer is not JSON", what);
        }
    }
out:
    xcy_http_reply_clear(&reply);
    xcy_aws_request_clear(&r);
    free(text);
    return status;
}
