#include "sandbox/services/lambda_instance.h"

#include "common/base/mem.h"
#include "common/base/random.h"
#include "common/data/number.h"
#include "common/net/crypto.h"
#include "sandbox/services/lambda_clock.h"

#include <stdio.h>
#include <stdlib.h>

struct xcy_instance *xcy_instance_of(struct xcy_pool_worker *worker)
{
    return (struct xcy_instance *)worker; /* its first member */
}

/* Variables of a process: "NAME=value", a name once. */
struct variables {
    char **texts; /* NULL-terminated */
    size_t n;
};

static char **find_variable(const struct variables *v, const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < v->n; i++) {
        if (strncmp(v->texts[i], name, len) == 0 && v->texts[i][len] == '=') {
            return &v->texts[i];
        }
    }
    return NULL;
}

static void set_variable(struct variables *v, const char *name, const char *value)
{
    char **at = find_variable(v, name);
    if (!at) {
        v->texts = xcy_realloc_array(v->texts, v->n + 2, sizeof *v->texts);
        at = &v->texts[v->n++];
        v->texts[v->n] = NULL;
        *at = NULL;
    }
    free(*at);
    *at = xcy_format("%s=%s", name, value);
}

static void set_number(struct variables *v, const char *name, int64_t value)
{
    char *text = xcy_format("%lld", (long long)value);
    set_variable(v, name, text);
    free(text);
}

static void free_variables(struct variables *v)
{
    for (size_t i = 0; i < v->n; i++) {
        free(v->texts[i]);
    }
    free(v->texts);
}

/* Of our own environment: a sanitizer's options are for all programs of a test; whom OpenSSL trusts,
 * for servers of given addresses. */
static void pass_on(struct variables *v)
{
    static const char *const names[] = {"ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS",
                                        "TSAN_OPTIONS", "SSL_CERT_FILE"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]); /* NOLINT(concurrency-mt-unsafe): nobody sets it */
        if (value) {
            set_variable(v, names[i], value);
        }
    }
}

static void set_lambda_variables(struct variables *v, const struct xcy_instance *instance)
{
    const struct xcy_hosted_function *f = instance->function;
    const struct xcy_lambda_service *s = f->service;
    const struct xcy_credentials *keys = s->options.credentials;
    char *runtime =
        xcy_format("%s/_runtime/%zu-%s", s->runtime_address, instance->index, instance->secret);
    set_variable(v, "PATH", "/usr/local/bin:/usr/bin:/bin");
    set_variable(v, "TZ", ":UTC");
    set_variable(v, "AWS_LAMBDA_RUNTIME_API", runtime);
    set_variable(v, "AWS_LAMBDA_FUNCTION_NAME", f->name);
    set_variable(v, "AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
    set_number(v, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", f->memory_mb);
    set_variable(v, "AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
    set_variable(v, "_HANDLER", "bootstrap");
    set_variable(v, "AWS_REGION", f->region);
    set_variable(v, "AWS_DEFAULT_REGION", f->region);
    set_variable(v, "AWS_ACCESS_KEY_ID", keys->access_key);
    set_variable(v, "AWS_SECRET_ACCESS_KEY", keys->secret_key);
    set_variable(v, "AWS_ENDPOINT_URL", s->endpoint);
    set_number(v, "XCY_SLOTS", f->pool.limits.slots);
    free(runtime);
}

static void set_clock(struct variables *v, struct xcy_instance *instance)
{
    char *clock = xcy_lambda_clock_draw(instance);
    if (clock) {
        set_variable(v, "XCY_TEST_CLOCK", clock);
    }
    free(clock);
}

static void set_configured(struct variables *v, const struct xcy_hosted_function *f)
{
    for (const struct xcy_json *e = xcy_json_first(f->environment); e; e = xcy_json_next(e)) {
        set_variable(v, xcy_json_name(e), xcy_json_string(e));
    }
    for (size_t i = 0; i < f->service->options.n_host_variables; i++) {
        const struct xcy_lambda_variable *host = &f->service->host_variables[i];
        if (!*xcy_json_get_string(f->environment, host->name, "")) {
            set_variable(v, host->name, host->value);
        }
    }
}

/* A free place in the service's table. */
static size_t choose_index(struct xcy_lambda_service *s)
{
    for (size_t i = 0; i < s->n_instances; i++) {
        if (!s->instances[i]) {
            return i;
        }
    }
    size_t grown = s->n_instances ? s->n_instances * 2 : 64;
    s->instances = xcy_realloc_array(s->instances, grown, sizeof(void *));
    for (size_t i = s->n_instances; i < grown; i++) {
        s->instances[i] = NULL;
    }
    size_t index = s->n_instances;
    s->n_instances = grown;
    return index;
}

struct xcy_instance *xcy_instance_start(struct xcy_hosted_function *f, xcy_output_line_fn *on_line,
                                        xcy_process_exit_fn *on_exit)
{
    struct xcy_lambda_service *s = f->service;
    struct xcy_instance *instance = xcy_alloc(sizeof *instance);
    instance->function = f;
    instance->index = choose_index(s);
    s->instances[instance->index] = instance;
    instance->parked = xcy_alloc_array((size_t)f->pool.limits.slots, sizeof(void *));
    instance->withheld = xcy_alloc_array((size_t)f->pool.limits.slots, sizeof(void *));
    xcy_random_hex(instance->secret, XCY_LAMBDA_SECRET_HEX);
    struct variables v = {NULL, 0};
    set_lambda_variables(&v, instance);
    pass_on(&v);
    set_configured(&v, f);
    set_clock(&v, instance);
    const char *const arguments[] = {f->executable, NULL};
    union {
        char *const *owned;
        const char *const *borrowed;
    } environment = {v.texts};
    struct xcy_process_spec spec = {.image = {.path = f->executable,
                                              .arguments = arguments,
                                              .environment = environment.borrowed},
                                    .on_line = on_line,
                                    .on_exit = on_exit,
                                    .ctx = instance};
    instance->process = xcy_supervisor_spawn(s->options.supervisor, &spec);
    f->counts.started++;
    free_variables(&v);
    return instance;
}

void xcy_instance_free(struct xcy_instance *instance)
{
    xcy_assert(instance->n_parked == 0 && instance->n_withheld == 0 && !instance->running);
    instance->function->service->instances[instance->index] = NULL;
    free(instance->parked);
    free(instance->withheld);
    free(instance->init_error);
    free(instance);
}

struct xcy_instance *xcy_instance_find(struct xcy_lambda_service *s, struct xcy_bytes token)
{
    const char *dash = memchr(token.ptr, '-', token.len);
    int64_t index = 0;
    if (!dash || !xcy_int64_parse(xcy_bytes(token.ptr, (size_t)(dash - token.ptr)), &index) ||
        index < 0 || (size_t)index >= s->n_instances || !s->instances[index]) {
        return NULL;
    }
    struct xcy_instance *instance = s->instances[index];
    struct xcy_bytes secret = xcy_bytes(dash + 1, token.len - (size_t)(dash + 1 - token.ptr));
    return xcy_equal_secret(secret, xcy_bytes_of(instance->secret)) ? instance : NULL;
}

void xcy_instance_park(struct xcy_instance *instance, struct xcy_exchange *exchange)
{
    xcy_assert(instance->n_parked < (size_t)instance->function->pool.limits.slots);
    instance->parked[instance->n_parked++] = exchange;
}

struct xcy_exchange *xcy_instance_unpark(struct xcy_instance *instance)
{
    xcy_assert(instance->n_parked > 0);
    return instance->parked[--instance->n_parked];
}

struct xcy_exchange *xcy_instance_unpark_oldest(struct xcy_instance *instance)
{
    xcy_assert(instance->n_parked > 0);
    struct xcy_exchange *oldest = instance->parked[0];
    instance->n_parked--;
    for (size_t i = 0; i < instance->n_parked; i++) {
        instance->parked[i] = instance->parked[i + 1];
    }
    return oldest;
}

void xcy_instance_drop_parked(struct xcy_instance *instance)
{
    while (instance->n_parked > 0) {
        xcy_exchange_drop(xcy_instance_unpark(instance));
    }
    while (instance->n_withheld > 0) {
        xcy_exchange_drop(instance->withheld[--instance->n_withheld]);
    }
}

void xcy_instance_withhold(struct xcy_instance *instance, struct xcy_exchange *exchange)
{
    if (instance->n_withheld == (size_t)instance->function->pool.limits.slots) {
        xcy_exchange_drop(exchange); /* one a slot, unless its client asks over and over */
        return;
    }
    instance->withheld[instance->n_withheld++] = exchange;
}

void xcy_instance_add_running(struct xcy_instance *instance, struct xcy_execution *e)
{
    e->instance = instance;
    e->next = instance->running;
    instance->running = e;
}

void xcy_instance_remove_running(struct xcy_instance *instance, struct xcy_execution *e)
{
    struct xcy_execution **at = &instance->running;
    while (*at != e) {
        at = &(*at)->next;
    }
    *at = e->next;
    e->next = NULL;
    e->instance = NULL;
}

struct xcy_execution *xcy_instance_find_running(const struct xcy_instance *instance,
                                                struct xcy_bytes id)
{
    struct xcy_execution *e = instance->running;
    while (e && !xcy_bytes_equal(xcy_bytes_of(e->id), id)) {
        e = e->next;
    }
    return e;
}
