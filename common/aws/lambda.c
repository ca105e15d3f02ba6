#include "common/aws/lambda.h"

#include "common/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const invocation_types[] = {
    [XCY_INVOKE_SYNC] = "RequestResponse",
    [XCY_INVOKE_EVENT] = "Event",
    [XCY_INVOKE_DRY_RUN] = "DryRun",
};

/*
 * A function as it was named: "name", "name:qualifier", or an ARN
 * "arn:aws:lambda:region:account:function:name[:qualifier]". It is always called by name, with the
 * qualifier as a query: AWS signs a ':' in a path in a way that versions of libcurl differ in.
 */
struct function_name {
    char name[160];
    char qualifier[160]; /* "": none */
};

/* The part behind the n-th ':' or NULL. */
static const char *after_colons(const char *text, int n)
{
    for (; text && n > 0; n--) {
        text = strchr(text, ':');
        text = text ? text + 1 : NULL;
    }
    return text;
}

static enum xcy_status check_region(const char *function, const char *region, struct xcy_error *err)
{
    const char *start = after_colons(function, 3);
    size_t len = strcspn(start, ":");
    if (!region || strlen(region) != len || strncmp(start, region, len) != 0) {
        return xcy_fail(err, XCY_EUSAGE, "function %s is not in region %s", function,
                        region ? region : "(none)");
    }
    return XCY_OK;
}

static enum xcy_status parse_name(const char *function, const char *region,
                                  struct function_name *to, struct xcy_error *err)
{
    const char *start = function;
    if (strncmp(function, "arn:", 4) == 0) {
        start = after_colons(function, 6);
        if (!start) {
            return xcy_fail(err, XCY_EUSAGE, "'%s' is not a function's ARN", function);
        }
        enum xcy_status status = check_region(function, region, err);
        if (status != XCY_OK) {
            return status;
        }
    }
    const char *colon = strchr(start, ':');
    size_t name_len = colon ? (size_t)(colon - start) : strlen(start);
    if (name_len == 0 || name_len >= sizeof to->name ||
        (colon && strlen(colon + 1) >= sizeof to->qualifier)) {
        return xcy_fail(err, XCY_EUSAGE, "'%s' is not a function's name", function);
    }
    snprintf(to->name, sizeof to->name, "%.*s", (int)name_len, start);
    snprintf(to->qualifier, sizeof to->qualifier, "%s", colon ? colon + 1 : "");
    return XCY_OK;
}

/* Begins a request at /2015-03-31/functions/<name>[/<last>]. */
static enum xcy_status begin(const struct xcy_aws *aws, const char *function, const char *method,
                             const char *last, struct xcy_aws_request *r, struct xcy_error *err)
{
    struct function_name name;
    enum xcy_status status = parse_name(function, aws->region, &name, err);
    if (status != XCY_OK) {
        return status;
    }
    const char *const parts[] = {"2015-03-31", "functions", name.name, last, NULL};
    xcy_aws_request_init(r, aws, "lambda", method, parts);
    if (name.qualifier[0]) {
        xcy_aws_request_add_query(r, "Qualifier", name.qualifier);
    }
    return XCY_OK;
}

enum xcy_status xcy_lambda_invoke_build(const struct xcy_aws *aws, const char *function,
                                        enum xcy_invocation_type type, struct xcy_bytes payload,
                                        struct xcy_aws_request *r, struct xcy_error *err)
{
    struct xcy_aws_request built;
    enum xcy_status status = begin(aws, function, "POST", "invocations", &built, err);
    if (status == XCY_OK) {
        xcy_aws_request_add_header(&built, "X-Amz-Invocation-Type", invocation_types[type]);
        xcy_aws_request_set_body(&built, "application/json", payload);
        status = xcy_aws_request_finish(&built, err);
        if (status != XCY_OK) {
            xcy_aws_request_clear(&built);
        }
    }
    if (status != XCY_OK) {
        return xcy_error_context(err, "Lambda Invoke of %s", function);
    }
    *r = built;
    r->http.signer = &r->signer;
    return XCY_OK;
}

static enum xcy_status fail_function(const char *what, const char *kind,
                                     const struct xcy_http_reply *reply, struct xcy_error *err)
{
    struct xcy_json *answer = NULL;
    enum xcy_status parsed = xcy_json_parse(xcy_buf_bytes(&reply->body), &answer, err);
    const char *words =
        parsed == XCY_OK ? xcy_json_get_string(answer, "errorMessage", "no message") : "no message";
    enum xcy_status status =
        xcy_fail(err, XCY_EREMOTE, "%s: the function failed (%s): %s", what, kind, words);
    xcy_json_free(answer);
    return status;
}

enum xcy_status xcy_lambda_invoke(const struct xcy_aws *aws, const char *function,
                                  struct xcy_bytes payload, struct xcy_buf *payload_out,
                                  struct xcy_error *err)
{
    struct xcy_aws_request r;
    struct xcy_http_reply reply = {0};
    enum xcy_status status =
        xcy_lambda_invoke_build(aws, function, XCY_INVOKE_SYNC, payload, &r, err);
    if (status != XCY_OK) {
        return status;
    }
    char *what = xcy_format("Lambda Invoke of %s", function);
    char kind[64];
    status = xcy_aws_call(aws, &r, what, &reply, err);
    if (status == XCY_OK &&
        xcy_http_reply_header(&reply, "X-Amz-Function-Error", kind, sizeof kind)) {
        status = fail_function(what, kind, &reply, err);
    } else if (status == XCY_OK) {
        xcy_buf_add(payload_out, xcy_buf_bytes(&reply.body));
    }
    xcy_http_reply_clear(&reply);
    xcy_aws_request_clear(&r);
    free(what);
    return status;
}

void xcy_lambda_function_clear(struct xcy_lambda_function *f)
{
    xcy_json_free(f->environment);
    *f = (struct xcy_lambda_function){0};
}

static void copy_text(char *to, size_t size, const struct xcy_json *from, const char *key)
{
    snprintf(to, size, "%s", xcy_json_get_string(from, key, ""));
}

static enum xcy_status read_function(struct xcy_bytes text, struct xcy_lambda_function *f,
                                     struct xcy_error *err)
{
    struct xcy_json *root = NULL;
    enum xcy_status status = xcy_json_parse(text, &root, err);
    if (status != XCY_OK) {
        return status;
    }
    const struct xcy_json *c = xcy_json_get(root, "Configuration");
    if (!xcy_json_get_string(c, "FunctionArn", NULL)) {
        xcy_json_free(root);
        return xcy_fail(err, XCY_EREMOTE, "the answer has no FunctionArn");
    }
    *f = (struct xcy_lambda_function){.timeout_s = xcy_json_get_int64(c, "Timeout", 0)};
    copy_text(f->arn, sizeof f->arn, c, "FunctionArn");
    copy_text(f->state, sizeof f->state, c, "State");
    copy_text(f->last_update_status, sizeof f->last_update_status, c, "LastUpdateStatus");
    copy_text(f->revision, sizeof f->revision, c, "RevisionId");
    const struct xcy_json *variables = xcy_json_get(xcy_json_get(c, "Environment"), "Variables");
    f->environment = variables ? xcy_json_copy(variables) : NULL;
    xcy_json_free(root);
    return XCY_OK;
}

enum xcy_status xcy_lambda_get_function(const struct xcy_aws *aws, const char *function,
                                        struct xcy_lambda_function *f, struct xcy_error *err)
{
    struct xcy_aws_request r;
    struct xcy_http_reply reply = {0};
    enum xcy_status status = begin(aws, function, "GET", NULL, &r, err);
    if (status != XCY_OK) {
        return status;
    }
    char *what = xcy_format("Lambda GetFunction of %s", function);
    status = xcy_aws_request_finish(&r, err);
    if (status == XCY_OK) {
        status = xcy_aws_call(aws, &r, what, &reply, err);
    }
    if (status == XCY_OK) {
        status = read_function(xcy_buf_bytes(&reply.body), f, err);
        if (status != XCY_OK) {
            xcy_error_context(err, "%s", what);
        }
    }
    xcy_http_reply_clear(&reply);
    xcy_aws_request_clear(&r);
    free(what);
    return status;
}

enum xcy_status xcy_lambda_update_environment(const struct xcy_aws *aws, const char *function,
                                              const struct xcy_json *environment,
                                              struct xcy_error *err)
{
    struct xcy_aws_request r;
    struct xcy_http_reply reply = {0};
    enum xcy_status status = begin(aws, function, "PUT", "configuration", &r, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_json *input = xcy_json_new_object();
    xcy_json_put(xcy_json_put_object(input, "Environment"), "Variables",
                 xcy_json_copy(environment));
    char *body = xcy_json_text(input);
    char *what = xcy_format("Lambda UpdateFunctionConfiguration of %s", function);
    xcy_aws_request_set_body(&r, "application/json", xcy_bytes_of(body));
    status = xcy_aws_request_finish(&r, err);
    if (status == XCY_OK) {
        status = xcy_aws_call(aws, &r, what, &reply, err);
    }
    xcy_http_reply_clear(&reply);
    xcy_aws_request_clear(&r);
    xcy_json_free(input);
    free(body);
    free(what);
    return status;
}
