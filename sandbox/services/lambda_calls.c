#include "common/net/url.h"
#include "sandbox/services/function_name.h"
#include "sandbox/services/lambda_config.h"
#include "sandbox/services/lambda_function.h"
#include "sandbox/services/lambda_invoke.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_NAME_BYTES = 600 };

/* What follows "/2015-03-31/functions" in a path: nothing, or "/<name>[/<rest>]". */
struct target {
    char *name; /* decoded; owned; NULL: the list of functions is meant */
    const char *rest;
};

static bool parse_path(const char *path, struct target *target)
{
    static const char head[] = "/2015-03-31/functions";
    if (strncmp(path, head, sizeof head - 1) != 0) {
        return false;
    }
    const char *at = path + sizeof head - 1;
    *target = (struct target){.name = NULL, .rest = ""};
    if (*at == '\0' || strcmp(at, "/") == 0) {
        return true;
    }
    if (*at != '/') {
        return false;
    }
    size_t len = strcspn(at + 1, "/");
    struct xcy_buf name;
    xcy_buf_init(&name, MAX_NAME_BYTES);
    bool is_right = xcy_url_decode(&name, xcy_bytes(at + 1, len), false) && !name.overflowed &&
                    strlen(name.ptr) == name.len;
    if (is_right) {
        target->rest = at[1 + len] == '/' ? at + 2 + len : "";
        target->name = xcy_buf_take(&name);
    }
    xcy_buf_clear(&name);
    return is_right;
}

struct operation {
    const char *method;
    const char *rest;
    bool (*check)(struct xcy_call *call); /* NULL: nothing; false: it refused the call */
    void (*handle)(struct xcy_hosted_function *f, struct xcy_call *call);
};

static const struct operation operations[] = {
    {"POST", "invocations", xcy_lambda_invoke_check, xcy_lambda_invoke_call},
    {"GET", "", NULL, xcy_lambda_get_function_call},
    {"GET", "configuration", NULL, xcy_lambda_get_configuration_call},
    {"PUT", "configuration", NULL, xcy_lambda_update_configuration_call},
};

static const struct operation *find_operation(const struct xcy_call *call, const char *rest)
{
    const char *method = xcy_exchange_method(call->exchange);
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        if (strcmp(method, operations[i].method) == 0 && strcmp(rest, operations[i].rest) == 0) {
            return &operations[i];
        }
    }
    return NULL;
}

/* The function that path and query name; NULL: the call was refused. With the lock held. */
static struct xcy_hosted_function *find_named(struct xcy_lambda_service *s, struct xcy_call *call,
                                              const char *text)
{
    struct xcy_function_name name;
    if (!xcy_function_name_parse(text, &name)) {
        xcy_call_fail(call, 400, "ValidationException",
                      "1 validation error detected: Value '%s' at 'functionName' failed to satisfy "
                      "constraint: Member must be a function's name or ARN",
                      text);
        return NULL;
    }
    struct xcy_buf qualifier;
    xcy_buf_init(&qualifier, MAX_NAME_BYTES);
    bool has_qualifier =
        xcy_query_get(xcy_bytes_of(xcy_exchange_query(call->exchange)), "Qualifier", &qualifier);
    const char *wanted = has_qualifier ? qualifier.ptr : name.qualifier;
    bool is_here = (!*name.region || strcmp(name.region, call->region) == 0) &&
                   (!*wanted || strcmp(wanted, "$LATEST") == 0);
    struct xcy_hosted_function *f =
        is_here ? xcy_hosted_function_find(s, call->region, name.name) : NULL;
    if (!f) {
        xcy_call_fail(call, 404, "ResourceNotFoundException",
                      "Function not found: arn:aws:lambda:%s:%s:function:%s%s%s",
                      *name.region ? name.region : call->region, s->account, name.name,
                      *wanted ? ":" : "", wanted);
    }
    xcy_buf_clear(&qualifier);
    return f;
}

/* The function that is meant; NULL: the call was answered. With the lock held. */
static struct xcy_hosted_function *find_target(struct xcy_lambda_service *s, struct xcy_call *call,
                                               const struct target *target,
                                               const struct operation *operation)
{
    if (s->stopping) {
        xcy_call_fail_stopping(call);
    } else if (!target->name && strcmp(xcy_exchange_method(call->exchange), "GET") == 0) {
        xcy_lambda_list_functions_call(s, call);
    } else if (!target->name || !operation) {
        xcy_call_fail(call, 404, "UnknownOperationException",
                      "the sandbox's Lambda does not know %s of this path",
                      xcy_exchange_method(call->exchange));
    } else {
        return find_named(s, call, target->name);
    }
    return NULL;
}

/* What a call brings along may be large: it is looked at without the lock. Functions stay for the
 * service's life. */
static void handle_target(struct xcy_lambda_service *s, struct xcy_call *call,
                          const struct target *target)
{
    const struct operation *operation = find_operation(call, target->rest);
    pthread_mutex_lock(&s->lock);
    struct xcy_hosted_function *f = find_target(s, call, target, operation);
    pthread_mutex_unlock(&s->lock);
    if (!f || (operation->check && !operation->check(call))) {
        return;
    }
    pthread_mutex_lock(&s->lock);
    if (s->stopping) {
        xcy_call_fail_stopping(call);
    } else {
        operation->handle(f, call);
    }
    pthread_mutex_unlock(&s->lock);
}

void xcy_lambda_service_handle(void *service, struct xcy_call *call)
{
    struct xcy_lambda_service *s = service;
    struct target target;
    if (!parse_path(xcy_exchange_path(call->exchange), &target)) {
        xcy_call_fail(call, 404, "UnknownOperationException",
                      "the sandbox's Lambda does not know this path");
        return;
    }
    handle_target(s, call, &target);
    free(target.name);
}
