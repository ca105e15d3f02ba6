#include "sandbox/services/lambda.h"

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/random.h"
#include "sandbox/services/lambda_async.h"
#include "sandbox/services/lambda_dispatch.h"
#include "sandbox/services/lambda_execution.h"
#include "sandbox/services/lambda_function.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEFAULT_INIT_TIMEOUT_MS = 10000, STARTING_A_PROCESSOR = 2 };

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

/* With the lock held. */
static bool accept_source(struct xcy_lambda_service *s, const char *region, const char *function,
                          struct xcy_bytes payload, xcy_lambda_ended_fn *ended, void *ctx)
{
    char id[XCY_LAMBDA_ID_BYTES];
    struct xcy_hosted_function *f = xcy_hosted_function_find(s, region, function);
    if (!f) {
        return false;
    }
    xcy_random_uuid(id);
    struct xcy_execution *e = xcy_execution_new_source(f, id, payload, ended, ctx);
    if (!xcy_lambda_dispatch(e)) {
        f->counts.throttled++;
        xcy_execution_unref(e);
        return false;
    }
    f->counts.sources++;
    return true;
}

bool xcy_lambda_service_invoke_source(struct xcy_lambda_service *s, const char *region,
                                      const char *function, struct xcy_bytes payload,
                                      xcy_lambda_ended_fn *ended, void *ctx)
{
    pthread_mutex_lock(&s->lock);
    bool is_accepted = !s->stopping && accept_source(s, region, function, payload, ended, ctx);
    pthread_mutex_unlock(&s->lock);
    return is_accepted;
}
