#include "deploy/rollout.h"

#include "common/aws/lambda.h"
#include "common/aws/retry.h"
#include "common/base/stop.h"
#include "common/deployment/environment.h"
#include "common/time/clock.h"

#include <string.h>

enum { WRITER, READER, N_TARGETS };

static const int64_t default_poll_ns = 200 * XCY_NS_PER_MS;
static const int64_t call_timeout_ns = 10 * XCY_NS_PER_S;

/* One function on its way. */
struct target {
    const char *role;
    const struct xcy_function_place *place;
    struct xcy_aws aws;
    struct xcy_rollout_function result;
    struct xcy_combination active;
};

struct rollout {
    struct target targets[N_TARGETS];
    struct xcy_json *wanted; /* our variables */
    struct xcy_mono deadline;
    int64_t poll_ns;
};

static enum xcy_status check_stop(struct xcy_error *err)
{
    return xcy_stop_asked() ? xcy_fail(err, XCY_ESTOPPED, "interrupted") : XCY_OK;
}

/* Waits for the next look; fails at the deadline or when a stop is asked. */
static enum xcy_status pause_until_next(const struct rollout *r, const struct target *target,
                                        const char *waiting_for, struct xcy_error *err)
{
    struct xcy_mono now = xcy_mono_now();
    if (!xcy_mono_before(now, r->deadline)) {
        return xcy_fail(err, XCY_ETIMEOUT, "%s function %s: time is up waiting for %s",
                        target->role, target->place->function, waiting_for);
    }
    xcy_sleep_until(xcy_mono_add(now, r->poll_ns), xcy_stop_fd());
    return check_stop(err);
}

static enum xcy_status look_up(const struct target *target, struct xcy_lambda_function *function,
                               struct xcy_error *err)
{
    enum xcy_status status =
        xcy_lambda_get_function(&target->aws, target->place->function, function, err);
    if (status != XCY_OK) {
        if (xcy_stop_asked()) {
            return check_stop(err);
        }
        return xcy_error_context(err, "%s function %s in %s", target->role, target->place->function,
                                 target->place->region);
    }
    return XCY_OK;
}

/* The first of our variables that is not as wanted, or NULL. */
static const char *first_difference(const struct xcy_json *wanted, const struct xcy_json *actual)
{
    for (const struct xcy_json *v = xcy_json_first(wanted); v; v = xcy_json_next(v)) {
        const char *value = xcy_json_get_string(actual, xcy_json_name(v), NULL);
        if (!value || strcmp(value, xcy_json_string(v)) != 0) {
            return xcy_json_name(v);
        }
    }
    return NULL;
}

/* What is there, with ours put over it; owned by the caller. */
static struct xcy_json *merge(const struct xcy_json *actual, const struct xcy_json *wanted)
{
    struct xcy_json *merged = actual ? xcy_json_copy(actual) : xcy_json_new_object();
    for (const struct xcy_json *v = xcy_json_first(wanted); v; v = xcy_json_next(v)) {
        xcy_json_put_string(merged, xcy_json_name(v), xcy_json_string(v));
    }
    return merged;
}

/* Lambda refuses an update while another is under way; that ends, so it is asked again. */
static enum xcy_status send_update(const struct rollout *r, struct target *target,
                                   const struct xcy_json *environment, struct xcy_error *err)
{
    for (;;) {
        enum xcy_status status =
            xcy_lambda_update_environment(&target->aws, target->place->function, environment, err);
        if (status == XCY_OK) {
            target->result.changed = true;
            return XCY_OK;
        }
        if (xcy_stop_asked()) {
            return check_stop(err);
        }
        if (status != XCY_EREMOTE || !strstr(err->text, "ResourceConflictException")) {
            return xcy_error_context(err, "%s function %s", target->role, target->place->function);
        }
        status = pause_until_next(r, target, "another update to end", err);
        if (status != XCY_OK) {
            return status;
        }
    }
}

static enum xcy_status update(const struct rollout *r, struct target *target, struct xcy_error *err)
{
    struct xcy_lambda_function function;
    enum xcy_status status = look_up(target, &function, err);
    if (status != XCY_OK) {
        return status;
    }
    if (first_difference(r->wanted, function.environment)) {
        struct xcy_json *environment = merge(function.environment, r->wanted);
        status = send_update(r, target, environment, err);
        xcy_json_free(environment);
    }
    xcy_lambda_function_clear(&function);
    return status;
}

static bool is_settled(const struct xcy_lambda_function *function)
{
    return strcmp(function->state, "Pending") != 0 &&
           strcmp(function->last_update_status, "InProgress") != 0;
}

/* A settled function either runs what was asked, or says why not. */
static enum xcy_status verify(const struct rollout *r, struct target *target,
                              const struct xcy_lambda_function *function, struct xcy_error *err)
{
    const char *name = target->place->function;
    if (strcmp(function->state, "Failed") == 0 ||
        strcmp(function->last_update_status, "Failed") == 0) {
        return xcy_fail(err, XCY_EREMOTE, "%s function %s: Lambda says that its update failed",
                        target->role, name);
    }
    const char *variable = first_difference(r->wanted, function->environment);
    if (variable) {
        return xcy_fail(err, XCY_EFAIL,
                        "%s function %s: %s is '%s' after the update, asked was '%s'; is someone "
                        "else deploying?",
                        target->role, name, variable,
                        xcy_json_get_string(function->environment, variable, ""),
                        xcy_json_get_string(r->wanted, variable, ""));
    }
    enum xcy_status status =
        xcy_environment_combination(function->environment, &target->active, err);
    if (status != XCY_OK) {
        return xcy_error_context(err, "%s function %s", target->role, name);
    }
    memcpy(target->result.arn, function->arn, sizeof target->result.arn);
    return XCY_OK;
}

static enum xcy_status await(const struct rollout *r, struct target *target, struct xcy_error *err)
{
    for (;;) {
        struct xcy_lambda_function function;
        enum xcy_status status = look_up(target, &function, err);
        if (status != XCY_OK) {
            return status;
        }
        bool settled = is_settled(&function);
        if (settled) {
            status = verify(r, target, &function, err);
        }
        xcy_lambda_function_clear(&function);
        if (settled) {
            return status;
        }
        status = pause_until_next(r, target, "its update", err);
        if (status != XCY_OK) {
            return status;
        }
    }
}

/* Both are changed before either is waited for. */
static enum xcy_status run(struct rollout *r, struct xcy_error *err)
{
    enum xcy_status status = check_stop(err);
    for (int t = 0; t < N_TARGETS && status == XCY_OK; t++) {
        status = update(r, &r->targets[t], err);
    }
    for (int t = 0; t < N_TARGETS && status == XCY_OK; t++) {
        status = await(r, &r->targets[t], err);
    }
    bool any_changed = r->targets[WRITER].result.changed || r->targets[READER].result.changed;
    if (status != XCY_OK && any_changed) {
        return xcy_error_context(err, "writer and reader may now differ, run deploy again");
    }
    return status;
}

static enum xcy_status fill(struct rollout *r, const struct xcy_rollout_options *options,
                            struct xcy_http *http, struct xcy_error *err)
{
    const struct xcy_deployment *d = options->deployment;
    int attempts = 0;
    *r = (struct rollout){
        .targets = {[WRITER] = {.role = "writer", .place = &d->writer},
                    [READER] = {.role = "reader", .place = &d->reader}},
        .deadline = xcy_mono_add(xcy_mono_now(), options->timeout_ns),
        .poll_ns = options->poll_ns > 0 ? options->poll_ns : default_poll_ns,
    };
    enum xcy_status status = xcy_retry_attempts_few(&attempts, err);
    if (status != XCY_OK) {
        return status;
    }
    for (int t = 0; t < N_TARGETS; t++) {
        r->targets[t].aws = (struct xcy_aws){
            .http = http,
            .endpoint = d->endpoint,
            .region = r->targets[t].place->region,
            .keys = options->keys,
            .total_timeout_ns = call_timeout_ns,
            .stoppable = true,
            .attempts = attempts,
        };
    }
    return xcy_environment_to_json(d, options->combination, &r->wanted, err);
}

enum xcy_status xcy_rollout_run(const struct xcy_rollout_options *options,
                                struct xcy_rollout *rollout, struct xcy_error *err)
{
    struct xcy_http *http = xcy_http_open(NULL);
    struct rollout r;
    enum xcy_status status = fill(&r, options, http, err);
    if (status == XCY_OK) {
        status = run(&r, err);
    }
    if (status == XCY_OK) {
        rollout->active = r.targets[WRITER].active;
        rollout->writer = r.targets[WRITER].result;
        rollout->reader = r.targets[READER].result;
    }
    xcy_json_free(r.wanted);
    xcy_http_close(http);
    return status;
}
