#include "sandbox/services/lambda_config.h"

#include "common/base/mem.h"
#include "common/base/random.h"

#include <ctype.h>
#include <stdlib.h>

enum {
    DEFAULT_MEMORY_MB = 1024,
    MAX_TIMEOUT_S = 900,
    MIN_MEMORY_MB = 128,
    MAX_MEMORY_MB = 10240,
    MAX_ENVIRONMENT_BYTES = 4096
};

static int64_t update_ns(const struct xcy_lambda_service *s)
{
    return (s->options.update_ms > 0 ? s->options.update_ms : 100) * XCY_NS_PER_MS;
}

struct xcy_hosted_function *
xcy_hosted_function_new(struct xcy_lambda_service *s,
                        const struct xcy_lambda_function_options *options)
{
    struct xcy_hosted_function *f = xcy_alloc(sizeof *f);
    f->service = s;
    f->region = xcy_strdup(options->region);
    f->name = xcy_strdup(options->name);
    f->arn = xcy_format("arn:aws:lambda:%s:%s:function:%s", f->region, s->account, f->name);
    f->executable = xcy_strdup(options->executable);
    f->description = xcy_strdup("");
    f->timeout_ms = options->timeout_ms;
    f->memory_mb = DEFAULT_MEMORY_MB;
    f->environment =
        options->environment ? xcy_json_copy(options->environment) : xcy_json_new_object();
    f->modified = xcy_wall_now();
    xcy_random_uuid(f->revision);
    xcy_line_limit_init(&f->limit, xcy_mono_now());
    return f;
}

void xcy_hosted_function_free(struct xcy_hosted_function *f)
{
    free(f->region);
    free(f->name);
    free(f->arn);
    free(f->executable);
    free(f->description);
    xcy_json_free(f->environment);
    free(f);
}

struct xcy_hosted_function *xcy_hosted_function_find(struct xcy_lambda_service *s,
                                                     const char *region, const char *name)
{
    struct xcy_hosted_function *f = s->functions;
    while (f && (strcmp(f->region, region) != 0 || strcmp(f->name, name) != 0)) {
        f = f->next;
    }
    return f;
}

static bool copy_word(const char *from, size_t len, char *to, size_t size)
{
    if (len == 0 || len >= size) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (!isalnum((unsigned char)from[i]) && !strchr("-_$", from[i])) {
            return false;
        }
    }
    memcpy(to, from, len);
    to[len] = '\0';
    return true;
}

/* Cuts the text at its colons; more than max parts: 0. */
static size_t cut(const char *text, const char *parts[], size_t lengths[], size_t max)
{
    size_t n = 0;
    for (;;) {
        if (n == max) {
            return 0;
        }
        parts[n] = text;
        lengths[n] = strcspn(text, ":");
        text += lengths[n++];
        if (*text != ':') {
            return n;
        }
        text++;
    }
}

static bool is_word(const char *part, size_t len, const char *word)
{
    return strlen(word) == len && memcmp(part, word, len) == 0;
}

bool xcy_function_name_parse(const char *text, struct xcy_function_name *to)
{
    const char *parts[8];
    size_t lengths[8];
    size_t n = cut(text, parts, lengths, 8);
    size_t name = 0; /* which part it is */
    struct xcy_function_name found = {.name = ""};
    if (n >= 7 && is_word(parts[0], lengths[0], "arn") && is_word(parts[2], lengths[2], "lambda") &&
        is_word(parts[5], lengths[5], "function")) {
        name = 6;
        if (!copy_word(parts[3], lengths[3], found.region, sizeof found.region)) {
            return false;
        }
    } else if (n >= 3 && is_word(parts[1], lengths[1], "function")) {
        name = 2;
    }
    if (n == 0 || n > name + 2 ||
        !copy_word(parts[name], lengths[name], found.name, sizeof found.name) ||
        (n == name + 2 &&
         !copy_word(parts[name + 1], lengths[name + 1], found.qualifier, sizeof found.qualifier))) {
        return false;
    }
    *to = found;
    return true;
}

static bool is_updating(const struct xcy_hosted_function *f)
{
    return xcy_mono_before(xcy_mono_now(), f->update_done);
}

struct xcy_json *xcy_hosted_function_configuration(const struct xcy_hosted_function *f)
{
    struct xcy_json *c = xcy_json_new_object();
    char modified[21];
    xcy_wall_format_iso(f->modified, modified);
    modified[19] = '\0'; /* AWS writes the zone as +0000 */
    char *with_zone = xcy_format("%s.000+0000", modified);
    char *role = xcy_format("arn:aws:iam::%s:role/xcybench", f->service->account);
    xcy_json_put_string(c, "FunctionName", f->name);
    xcy_json_put_string(c, "FunctionArn", f->arn);
    xcy_json_put_string(c, "Runtime", "provided.al2023");
    xcy_json_put_string(c, "Role", role);
    xcy_json_put_string(c, "Handler", "bootstrap");
    xcy_json_put_string(c, "Description", f->description);
    xcy_json_put_int64(c, "Timeout", (f->timeout_ms + 999) / 1000);
    xcy_json_put_int64(c, "MemorySize", f->memory_mb);
    xcy_json_put_string(c, "LastModified", with_zone);
    xcy_json_put_string(c, "Version", "$LATEST");
    xcy_json_put(xcy_json_put_object(c, "Environment"), "Variables", xcy_json_copy(f->environment));
    xcy_json_put_string(xcy_json_put_object(c, "TracingConfig"), "Mode", "PassThrough");
    xcy_json_put_string(c, "RevisionId", f->revision);
    xcy_json_put_string(c, "State", "Active");
    xcy_json_put_string(c, "LastUpdateStatus", is_updating(f) ? "InProgress" : "Successful");
    xcy_json_put_string(c, "PackageType", "Zip");
    free(with_zone);
    free(role);
    return c;
}

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

/* Names that only Lambda itself may set, as its documentation lists them. */
static bool is_reserved(const char *name)
{
    static const char *const names[] = {"_HANDLER",
                                        "_X_AMZN_TRACE_ID",
                                        "AWS_ACCESS_KEY",
                                        "AWS_ACCESS_KEY_ID",
                                        "AWS_DEFAULT_REGION",
                                        "AWS_EXECUTION_ENV",
                                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                                        "AWS_LAMBDA_FUNCTION_NAME",
                                        "AWS_LAMBDA_FUNCTION_VERSION",
                                        "AWS_LAMBDA_INITIALIZATION_TYPE",
                                        "AWS_LAMBDA_LOG_GROUP_NAME",
                                        "AWS_LAMBDA_LOG_STREAM_NAME",
                                        "AWS_LAMBDA_RUNTIME_API",
                                        "AWS_REGION",
                                        "AWS_SECRET_ACCESS_KEY",
                                        "AWS_SECRET_KEY",
                                        "AWS_SESSION_TOKEN",
                                        "LAMBDA_RUNTIME_DIR",
                                        "LAMBDA_TASK_ROOT"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_variable_name(const char *name)
{
    if (!isalpha((unsigned char)name[0]) || name[1] == '\0') {
        return false;
    }
    for (const char *p = name; *p; p++) {
        if (!isalnum((unsigned char)*p) && *p != '_') {
            return false;
        }
    }
    return true;
}

/* What is wrong with the variables (free with free()), or NULL. */
static char *check_environment(const struct xcy_json *variables)
{
    size_t n_bytes = 0;
    for (const struct xcy_json *v = xcy_json_first(variables); v; v = xcy_json_next(v)) {
        const char *name = xcy_json_name(v);
        const char *value = xcy_json_string(v);
        if (!name || !value || !is_variable_name(name)) {
            return xcy_format("Value at 'environment.variables' failed to satisfy constraint: "
                              "variable '%s' must match [a-zA-Z]([a-zA-Z0-9_])+ and be a string",
                              name ? name : "");
        }
        if (is_reserved(name)) {
            return xcy_format("Lambda was unable to configure your environment variables because "
                              "the environment variables you have provided contains reserved keys "
                              "that are currently not supported for modification. Reserved keys "
                              "used in this request: %s",
                              name);
        }
        n_bytes += strlen(name) + strlen(value);
    }
    if (n_bytes > MAX_ENVIRONMENT_BYTES) {
        return xcy_strdup("Lambda was unable to configure your environment variables because the "
                          "environment variables you have provided exceeded the 4KB limit.");
    }
    return NULL;
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
        wrong = check_environment(variables);
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

static void update(struct xcy_hosted_function *f, const struct xcy_json *body,
                   struct xcy_call *call)
{
    const char *revision = xcy_json_get_string(body, "RevisionId", NULL);
    if (is_updating(f)) {
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
