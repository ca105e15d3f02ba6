#include "sandbox/front/front.h"

#include "common/base/mem.h"
#include "common/time/clock.h"
#include "sandbox/front/signature.h"
#include "sandbox/front/temporary_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct xcy_front {
    struct xcy_front_options options;
};

/* What a refused signature is called, and its status: DynamoDB says 400 where others say 403. */
static const struct {
    const char *code;
    int status;
} refusals[] = {
    [XCY_SIGNATURE_MISSING] = {"MissingAuthenticationTokenException", 403},
    [XCY_SIGNATURE_INCOMPLETE] = {"IncompleteSignatureException", 400},
    [XCY_SIGNATURE_UNKNOWN_KEY] = {"UnrecognizedClientException", 403},
    [XCY_SIGNATURE_TOKEN_EXPIRED] = {"ExpiredTokenException", 403},
    [XCY_SIGNATURE_MISMATCH] = {"InvalidSignatureException", 403},
    [XCY_SIGNATURE_EXPIRED] = {"InvalidSignatureException", 403},
    [XCY_SIGNATURE_BODY] = {"XAmzContentSHA256Mismatch", 400},
    [XCY_SIGNATURE_STREAMING] = {"NotImplemented", 501},
};

/* S3 has its own. */
static const struct {
    const char *code;
    int status;
} s3_refusals[] = {
    [XCY_SIGNATURE_MISSING] = {"AccessDenied", 403},
    [XCY_SIGNATURE_INCOMPLETE] = {"InvalidRequest", 400},
    [XCY_SIGNATURE_UNKNOWN_KEY] = {"InvalidAccessKeyId", 403},
    [XCY_SIGNATURE_TOKEN_EXPIRED] = {"ExpiredToken", 400},
    [XCY_SIGNATURE_MISMATCH] = {"SignatureDoesNotMatch", 403},
    [XCY_SIGNATURE_EXPIRED] = {"RequestTimeTooSkewed", 403},
    [XCY_SIGNATURE_BODY] = {"XAmzContentSHA256Mismatch", 400},
    [XCY_SIGNATURE_STREAMING] = {"NotImplemented", 501},
};

/* S3 takes posts of any size; the others have bounds of their own below this. */
enum { MAX_BODY_BYTES = 8 << 20 };

/* The services that X-Amz-Target names by a prefix. */
static const struct {
    const char *service;
    const char *prefix;
} targets[] = {
    {"sqs", "AmazonSQS."},
    {"dynamodb", "DynamoDB_20120810."},
    {"dynamodb", "DynamoDBStreams_20120810."},
};

struct xcy_front *xcy_front_new(const struct xcy_front_options *options)
{
    struct xcy_front *front = xcy_alloc(sizeof *front);
    front->options = *options;
    return front;
}

void xcy_front_free(struct xcy_front *front)
{
    free(front);
}

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static const char *exchange_header(const void *ctx, const char *name)
{
    return xcy_exchange_header(ctx, name);
}

static size_t exchange_header_count(const void *ctx, const char *name)
{
    return xcy_exchange_header_count(ctx, name);
}

/* Whose key a request may be signed with: the sandbox's own, or one of its STS, made again here. */
struct key_ring {
    const struct xcy_credentials *own;
    const struct xcy_exchange *exchange;
    struct xcy_temporary *temporary;
};

static const struct xcy_credentials *find_key(const void *keys, const char *access_key)
{
    const struct key_ring *ring = keys;
    const char *token = xcy_exchange_header(ring->exchange, "X-Amz-Security-Token");
    if (strcmp(ring->own->access_key, access_key) == 0) {
        return ring->own;
    }
    bool is_ours = token && xcy_temporary_open(ring->own, access_key, token, ring->temporary);
    return is_ours ? &ring->temporary->credentials : NULL;
}

static void check_signature(const struct xcy_front *front, const struct xcy_exchange *x,
                            struct xcy_signature *signature)
{
    struct xcy_signed_request request = {
        .method = xcy_exchange_method(x),
        .path = xcy_exchange_path(x),
        .query = xcy_exchange_query(x),
        .body = xcy_exchange_body(x),
        .header = exchange_header,
        .header_count = exchange_header_count,
        .ctx = x,
    };
    struct xcy_temporary temporary = {.arn = ""};
    struct key_ring ring = {front->options.credentials, x, &temporary};
    xcy_signature_check(&request, find_key, &ring, xcy_wall_now(), signature);
    xcy_temporary_clear(&temporary);
}

static enum xcy_protocol protocol_of(const struct xcy_exchange *x)
{
    const char *type = xcy_exchange_header(x, "Content-Type");
    if (xcy_exchange_header(x, "X-Amz-Target")) {
        return XCY_PROTOCOL_JSON;
    }
    if (type && strncasecmp(type, "application/x-www-form-urlencoded", 33) == 0) {
        return XCY_PROTOCOL_QUERY;
    }
    const char *query = xcy_exchange_query(x);
    bool has_action = starts_with(query, "Action=") || strstr(query, "&Action=");
    return has_action ? XCY_PROTOCOL_QUERY : XCY_PROTOCOL_REST;
}

/* The call's service as far as the request says it before its signature is believed: errors have
 * the form of that service. */
static void guess_service(struct xcy_call *call)
{
    const char *target = xcy_exchange_header(call->exchange, "X-Amz-Target");
    for (size_t i = 0; target && i < sizeof targets / sizeof *targets; i++) {
        if (starts_with(target, targets[i].prefix)) {
            snprintf(call->service, sizeof call->service, "%s", targets[i].service);
        }
    }
}

/* By its scope; without one only by what it is not: Lambda's paths begin with a date. */
static bool is_s3(const struct xcy_exchange *x, const struct xcy_signature *signature)
{
    if (signature->service[0]) {
        return strcmp(signature->service, "s3") == 0;
    }
    return protocol_of(x) == XCY_PROTOCOL_REST && !starts_with(xcy_exchange_path(x), "/20");
}

/* The one call that nobody signs: its token says who asks. */
static void pass_web_identity(struct xcy_call *call, struct xcy_signature *signature)
{
    if (signature->verdict != XCY_SIGNATURE_MISSING || call->protocol != XCY_PROTOCOL_QUERY) {
        return;
    }
    char *action = xcy_call_parameter(call, "Action");
    if (action && strcmp(action, "AssumeRoleWithWebIdentity") == 0) {
        signature->verdict = XCY_SIGNATURE_OK;
        snprintf(signature->service, sizeof signature->service, "sts");
        snprintf(signature->region, sizeof signature->region, "us-east-1");
    }
    free(action);
}

static void refuse(struct xcy_call *call, const struct xcy_signature *signature)
{
    if (call->protocol == XCY_PROTOCOL_S3) {
        xcy_call_fail(call, s3_refusals[signature->verdict].status,
                      s3_refusals[signature->verdict].code, "%s", signature->message);
        return;
    }
    int status = strcmp(call->service, "dynamodb") == 0 ? 400 : refusals[signature->verdict].status;
    xcy_call_fail(call, status, refusals[signature->verdict].code, "%s", signature->message);
}

static bool read_target(struct xcy_call *call)
{
    const char *target = xcy_exchange_header(call->exchange, "X-Amz-Target");
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        if (!starts_with(target, targets[i].prefix)) {
            continue;
        }
        if (strcmp(targets[i].service, call->service) != 0) {
            xcy_call_fail(call, 403, "InvalidSignatureException",
                          "Credential should be scoped to correct service: '%s'.",
                          targets[i].service);
            return false;
        }
        snprintf(call->operation, sizeof call->operation, "%s", target + strlen(targets[i].prefix));
        return true;
    }
    xcy_call_fail(call, 400, "UnknownOperationException",
                  "The sandbox knows no service of the target '%.100s'.", target);
    return false;
}

static bool read_action(struct xcy_call *call)
{
    char *action = xcy_call_parameter(call, "Action");
    if (!action || !action[0]) {
        xcy_call_fail(call, 400, "MissingAction", "The request must contain the parameter Action.");
        free(action);
        return false;
    }
    bool is_name =
        strlen(action) < sizeof call->operation &&
        strspn(action, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == strlen(action);
    if (is_name) {
        snprintf(call->operation, sizeof call->operation, "%s", action);
    } else {
        xcy_call_fail_operation(call);
    }
    free(action);
    return is_name;
}

static bool read_operation(struct xcy_call *call)
{
    switch (call->protocol) {
    case XCY_PROTOCOL_JSON:
        return read_target(call);
    case XCY_PROTOCOL_QUERY:
        return read_action(call);
    case XCY_PROTOCOL_REST:
    case XCY_PROTOCOL_S3:
        break;
    }
    return true;
}

static void dispatch(const struct xcy_front *front, struct xcy_call *call)
{
    if (!read_operation(call)) {
        return; /* answered */
    }
    for (size_t i = 0; i < front->options.n_services; i++) {
        const struct xcy_service *service = &front->options.services[i];
        if (strcmp(service->name, call->service) == 0) {
            if (!xcy_call_faults_strike(&front->options.faults, call)) {
                service->handle(service->state, call);
            }
            return;
        }
    }
    xcy_call_fail(call, 404, "UnknownOperationException",
                  "The sandbox does not have the service '%s'.", call->service);
}

void xcy_front_handle(void *front, struct xcy_exchange *exchange)
{
    const struct xcy_front *f = front;
    const char *path = xcy_exchange_path(exchange);
    if (f->options.unsigned_handle &&
        (starts_with(path, "/_runtime/") || starts_with(path, "/_sandbox/"))) {
        f->options.unsigned_handle(f->options.unsigned_ctx, exchange);
        return;
    }
    struct xcy_call *call = xcy_call_new(exchange);
    call->protocol = protocol_of(exchange);
    guess_service(call);
    struct xcy_signature signature;
    check_signature(f, exchange, &signature);
    pass_web_identity(call, &signature);
    if (is_s3(exchange, &signature)) {
        call->protocol = XCY_PROTOCOL_S3;
    }
    if (signature.verdict != XCY_SIGNATURE_OK) {
        refuse(call, &signature);
        return;
    }
    snprintf(call->region, sizeof call->region, "%s", signature.region);
    snprintf(call->service, sizeof call->service, "%s", signature.service);
    if (call->protocol != XCY_PROTOCOL_S3 && call->body.len > MAX_BODY_BYTES) {
        xcy_call_fail(call, 413, "RequestEntityTooLargeException",
                      "The request's body has %zu bytes, at most %d are taken.", call->body.len,
                      MAX_BODY_BYTES);
        return;
    }
    dispatch(f, call);
}
