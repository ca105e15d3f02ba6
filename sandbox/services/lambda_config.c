#include "sandbox/services/lambda_config.h"

#include "common/base/mem.h"
#include "common/base/random.h"
#include "sandbox/services/lambda_environment.h"
#include "sandbox/services/lambda_function.h"

#include <stdlib.h>

enum { MAX_TIMEOUT_S = 900, MIN_MEMORY_MB = 128, MAX_MEMORY_MB = 10240 };

static void reply_and_free(struct xcy_call *call, struct xcy_json *body)
{
    xcy_call_reply_json(call, 200, body);
    xcy_json_free(body);
}

void xcy_lambda_get_function_call(struct xcy_hosted_function *f, struct xcy_call *call)
{
    struct xcy_json *body = xcy_json_new_object();
    xcy_json_put(body, "Configuration", xcy_hosted_function_configuration(f));
    struct xcy_json *code = xcy_json_put_object(body, "Code");
    xcy_json_put_string(code, "RepositoryType", "S3");
    xcy_json_put_string(code, "Location", "");
    xcy_json_put_int64(xcy_json_put_object(body, "Concurrency"), "ReservedConcurrentExecutions",
                       f->pool.limits.concurrency);
    reply_and_free(call, body);
}

void xcy_lambda_get_configuration_call(struct xcy_hosted_function *f, struct xcy_call *call)
{
    reply_and_free(call, xcy_hosted_function_configuration(f));
}

void xcy_lambda_list_functions_call(struct xcy_lambda_service *s, struct xcy_call *call)
{
    struct xcy_json *body = xcy_json_new_object();
    struct xcy_json *functions = xcy_json_put_array(body, "Functions");
    for (const struct xcy_hosted_function *f = s->functions; f; f = f->next) {
        if (strcmp(f->region, call->region) == 0) {
            xcy_json_append(functions, xcy_hosted_function_configuration(f));
        }
    }
    reply_and_free(call, body);
}

/* A whole number in range, or absent (then *value stays); else what is wrong. */
static char *check_number(const struct xcy_json *body, const char *key, int64_t min, int64_t max,
                          int64_t *value)
{
    const struct xcy_json *given = xcy_json_get(body, key);
    int64_t number = 0;
    if (!given || xcy_json_kind(given) == XCY_JSON_NULL) {
        return NULL;
    }
    if (!xcy_json_int64(given, &number) || number < min || number > max) {
        return xcy_format("Value at '%s' failed to satisfy constraint: Member must be a whole "
                          "number of %lld to %lld",
                          key, (long long)min, (long long)max);
    }
    *value = number;
    return NULL;
}

/* Takes the new values over; NULL, or what is wrong (then nothing changed). */
static char *apply_update(struct xcy_hosted_function *f, const struct xcy_json *body)
{
    int64_t timeout_s = -1;
    int64_t memory_mb = f->memory_mb;
    const struct xcy_json *variables = xcy_json_get(xcy_json_get(body, "Environment"), "Variables");
    char *wrong = check_number(body, "Timeout", 1, MAX_TIMEOUT_S, &timeout_s);
    if (!wrong) {
        wrong = check_number(body, "MemorySize", MIN_MEMORY_MB, MAX_MEMORY_MB, &memory_mb);
    }
    if (!wrong) {
        wrong = xcy_lambda_environment_check(variables);
    }
    if (wrong) {
        return wrong;
    }
    if (timeout_s > 0) {
        f->timeout_ms = timeout_s * 1000;
    }
    f->memory_mb = memory_mb;
    if (xcy_json_get(body, "Environment")) {
        xcy_json_free(f->environment);
        f->environment = variables ? xcy_json_copy(variables) : xcy_json_new_object();
    }
    const char *description = xcy_json_get_string(body, "Description", NULL);
    if (description) {
        free(f->description);
        f->description = xcy_strdup(description);
    }
    return NULL;
}

static int64_t update_ns(const struct xcy_lambda_service *s)
{
    return (s->options.update_ms > 0 ? s->options.update_ms : 100) * XCY_NS_PER_MS;
}

static void update(struct xcy_hosted_function *f, const struct xcy_json *body,
                   struct xcy_call *call)
{
    const char *revision = xcy_json_get_string(body, "RevisionId", NULL);
    if (xcy_hosted_function_is_updating(f)) {
        xcy_call_fail(call, 409, "ResourceConflictException",
                      "The operation cannot be performed at this time. An update is in progress "
                      "for resource: %s",
                      f->arn);
        return;
    }
    if (revision && strcmp(revision, f->revision) != 0) {
        xcy_call_fail(call, 412, "PreconditionFailedException",
                      "The RevisionId provided does not match the latest RevisionId. Call the "
                      "GetFunction/GetAlias API to retrieve the latest RevisionId");
        return;
    }
    char *wrong = apply_update(f, body);
    if (wrong) {
        xcy_call_fail(call, 400, "InvalidParameterValueException", "%s", wrong);
        free(wrong);
        return;
    }
    xcy_random_uuid(f->revision);
    f->modified = xcy_wall_now();
    f->update_done = xcy_mono_add(xcy_mono_now(), update_ns(f->service));
    xcy_pool_retire_all(&f->pool, xcy_mono_now());
    reply_and_free(call, xcy_hosted_function_configuration(f));
}

void xcy_lambda_update_configuration_call(struct xcy_hosted_function *f, struct xcy_call *call)
{
    struct xcy_json *body = NULL;
    struct xcy_error err;
    if (xcy_json_parse(call->body, &body, &err) != XCY_OK ||
        xcy_json_kind(body) != XCY_JSON_OBJECT) {
        xcy_call_fail(call, 400, "InvalidRequestContentException",
                      "Could not parse request body into json");
    } else {
        update(f, body, call);
    }
    xcy_json_free(body);
}
