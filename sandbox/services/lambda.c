#include "sandbox/services/lambda.h"

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/random.h"
#include "common/net/url.h"
#include "sandbox/services/lambda_async.h"
#include "sandbox/services/lambda_config.h"
#include "sandbox/services/lambda_dispatch.h"
#include "sandbox/services/lambda_execution.h"
#include "sandbox/services/lambda_invoke.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { DEFAULT_INIT_TIMEOUT_MS = 10000, STARTING_A_PROCESSOR = 2, MAX_NAME_BYTES = 600 };

static enum xcy_status open_log(struct xcy_lambda_service *s, struct xcy_error *err)
{
    const char *path = s->options.log_path;
    s->log_fd = -1;
    if (!path) {
        return XCY_OK;
    }
    s->log_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    return s->log_fd >= 0 ? XCY_OK : xcy_fail_errno(err, errno, "function log %s", path);
}

static void copy_host_variables(struct xcy_lambda_service *s)
{
    size_t n = s->options.n_host_variables;
    s->host_variables = xcy_alloc_array(n, sizeof *s->host_variables);
    for (size_t i = 0; i < n; i++) {
        s->host_variables[i] =
            (struct xcy_lambda_variable){xcy_strdup(s->options.host_variables[i].name),
                                         xcy_strdup(s->options.host_variables[i].value)};
    }
}

enum xcy_status xcy_lambda_service_new(const struct xcy_lambda_service_options *options,
                                       struct xcy_lambda_service **service, struct xcy_error *err)
{
    struct xcy_lambda_service *s = xcy_alloc(sizeof *s);
    s->options = *options;
    enum xcy_status status = open_log(s, err);
    if (status != XCY_OK) {
        free(s);
        return status;
    }
    pthread_mutex_init(&s->lock, NULL);
    s->account = xcy_strdup(options->account);
    s->endpoint = xcy_strdup(options->endpoint);
    const char *host = strstr(s->endpoint, "://");
    s->runtime_address = xcy_strdup(host ? host + 3 : s->endpoint);
    copy_host_variables(s);
    *service = s;
    return XCY_OK;
}

void xcy_lambda_service_stop(struct xcy_lambda_service *s)
{
    if (!s) {
        return;
    }
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    for (struct xcy_hosted_function *f = s->functions; f; f = f->next) {
        xcy_lambda_stop_function(f);
    }
    pthread_mutex_unlock(&s->lock);
}

static void free_host_variables(struct xcy_lambda_service *s)
{
    union {
        const char *borrowed;
        char *owned;
    } text;
    for (size_t i = 0; i < s->options.n_host_variables; i++) {
        text.borrowed = s->host_variables[i].name;
        free(text.owned);
        text.borrowed = s->host_variables[i].value;
        free(text.owned);
    }
    free(s->host_variables);
}

void xcy_lambda_service_free(struct xcy_lambda_service *s)
{
    if (!s) {
        return;
    }
    while (s->functions) {
        struct xcy_hosted_function *next = s->functions->next;
        xcy_hosted_function_free(s->functions);
        s->functions = next;
    }
    if (s->log_fd >= 0) {
        close(s->log_fd);
    }
    free_host_variables(s);
    free(s->instances);
    free(s->account);
    free(s->endpoint);
    free(s->runtime_address);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

static int64_t max_starting(const struct xcy_lambda_service *s)
{
    long n_processors = sysconf(_SC_NPROCESSORS_ONLN);
    return s->options.max_starting > 0
               ? s->options.max_starting
               : STARTING_A_PROCESSOR * (n_processors > 0 ? n_processors : 1);
}

enum xcy_status xcy_lambda_service_add_function(struct xcy_lambda_service *s,
                                                const struct xcy_lambda_function_options *options,
                                                struct xcy_error *err)
{
    if (access(options->executable, X_OK) != 0) {
        (void)xcy_fail_errno(err, errno, "function %s: cannot run %s", options->name,
                             options->executable);
        return err->status = XCY_EUSAGE;
    }
    if (xcy_hosted_function_find(s, options->region, options->name)) {
        return xcy_fail(err, XCY_EUSAGE, "two functions are named %s in %s", options->name,
                        options->region);
    }
    struct xcy_hosted_function *f = xcy_hosted_function_new(s, options);
    int64_t init_ms =
        s->options.init_timeout_ms > 0 ? s->options.init_timeout_ms : DEFAULT_INIT_TIMEOUT_MS;
    struct xcy_pool_limits limits = {.concurrency = options->concurrency_limit,
                                     .slots = options->slots,
                                     .max_starting = max_starting(s),
                                     .init_timeout_ns = init_ms * XCY_NS_PER_MS,
                                     .idle_ns = s->options.idle_s * XCY_NS_PER_S};
    xcy_pool_init(&f->pool, &limits, &xcy_lambda_pool_actions, f);
    pthread_mutex_lock(&s->lock);
    f->next = s->functions;
    s->functions = f;
    pthread_mutex_unlock(&s->lock);
    return XCY_OK;
}

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

typedef void operation_fn(struct xcy_hosted_function *f, struct xcy_call *call);

struct operation {
    const char *method;
    const char *rest;
    operation_fn *handle;
};

static const struct operation operations[] = {
    {"POST", "invocations", xcy_lambda_invoke_call},
    {"GET", "", xcy_lambda_get_function_call},
    {"GET", "configuration", xcy_lambda_get_configuration_call},
    {"PUT", "configuration", xcy_lambda_update_configuration_call},
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

/* With the lock held. */
static void handle_target(struct xcy_lambda_service *s, struct xcy_call *call,
                          const struct target *target)
{
    const struct operation *operation = find_operation(call, target->rest);
    if (s->stopping) {
        xcy_call_fail_stopping(call);
    } else if (!target->name && strcmp(xcy_exchange_method(call->exchange), "GET") == 0) {
        xcy_lambda_list_functions_call(s, call);
    } else if (!target->name || !operation) {
        xcy_call_fail(call, 404, "UnknownOperationException",
                      "the sandbox's Lambda does not know %s of this path",
                      xcy_exchange_method(call->exchange));
    } else {
        struct xcy_hosted_function *f = find_named(s, call, target->name);
        if (f) {
            operation->handle(f, call);
        }
    }
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
    pthread_mutex_lock(&s->lock);
    handle_target(s, call, &target);
    pthread_mutex_unlock(&s->lock);
    free(target.name);
}

/* With the lock held. */
static void accept_event(struct xcy_lambda_service *s, const char *region, const char *function,
                         struct xcy_bytes payload)
{
    char id[XCY_LAMBDA_ID_BYTES];
    struct xcy_hosted_function *f = xcy_hosted_function_find(s, region, function);
    if (!f) {
        xcy_log(XCY_LOG_WARNING, "an event for the function %s in %s, which does not exist",
                function, region);
        return;
    }
    xcy_random_uuid(id);
    if (!xcy_lambda_event_accept(f, id, payload)) {
        f->counts.dropped++;
        xcy_log(XCY_LOG_WARNING, "%s: event %s is given up: %d events wait already", f->name, id,
                XCY_LAMBDA_EVENTS_WAITING);
    }
}

void xcy_lambda_service_invoke_event(void *service, const char *region, const char *function,
                                     struct xcy_bytes payload)
{
    struct xcy_lambda_service *s = service;
    pthread_mutex_lock(&s->lock);
    if (!s->stopping) {
        accept_event(s, region, function, payload);
    }
    pthread_mutex_unlock(&s->lock);
}

static const char *const ended_names[XCY_N_EXECUTION_OUTCOMES] = {
    [XCY_EXECUTION_OK] = "ok",
    [XCY_EXECUTION_FUNCTION_ERROR] = "function_error",
    [XCY_EXECUTION_TIMED_OUT] = "timed_out",
    [XCY_EXECUTION_EXITED] = "exited",
    [XCY_EXECUTION_NOT_STARTED] = "not_started",
    [XCY_EXECUTION_STOPPED] = "stopped"};

static int64_t count_idle(const struct xcy_pool *pool)
{
    int64_t n = 0;
    for (const struct xcy_pool_worker *w = pool->workers; w; w = w->next) {
        n += w->n_parked;
    }
    return n;
}

static struct xcy_json *function_status(const struct xcy_hosted_function *f)
{
    const struct xcy_lambda_counts *c = &f->counts;
    struct xcy_json *status = xcy_json_new_object();
    xcy_json_put_string(status, "region", f->region);
    xcy_json_put_string(status, "function", f->name);
    xcy_json_put_int64(status, "instances", f->pool.n_workers);
    xcy_json_put_int64(status, "instances_started", (int64_t)c->started);
    xcy_json_put_int64(status, "idle_slots", count_idle(&f->pool));
    xcy_json_put_int64(status, "in_flight", f->pool.n_in_flight);
    xcy_json_put_int64(status, "concurrency_limit", f->pool.limits.concurrency);
    xcy_json_put_int64(status, "slots", f->pool.limits.slots);
    xcy_json_put_int64(status, "events_waiting", f->n_events);
    xcy_json_put_int64(status, "throttled", (int64_t)c->throttled);
    xcy_json_put_int64(status, "events_retried", (int64_t)c->retries);
    xcy_json_put_int64(status, "events_dropped", (int64_t)c->dropped);
    struct xcy_json *accepted = xcy_json_put_object(status, "accepted");
    xcy_json_put_int64(accepted, "sync", (int64_t)c->sync);
    xcy_json_put_int64(accepted, "event", (int64_t)c->events);
    xcy_json_put_int64(accepted, "dryrun", (int64_t)c->dry_runs);
    struct xcy_json *ended = xcy_json_put_object(status, "ended");
    for (size_t i = 0; i < XCY_N_EXECUTION_OUTCOMES; i++) {
        xcy_json_put_int64(ended, ended_names[i], (int64_t)c->ended[i]);
    }
    return status;
}

struct xcy_json *xcy_lambda_service_status(struct xcy_lambda_service *s)
{
    struct xcy_json *status = xcy_json_new_array();
    pthread_mutex_lock(&s->lock);
    for (const struct xcy_hosted_function *f = s->functions; f; f = f->next) {
        xcy_json_append(status, function_status(f));
    }
    pthread_mutex_unlock(&s->lock);
    return status;
}
