#include "sandbox/world.h"

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/random.h"
#include "common/base/stop.h"
#include "sandbox/front/temporary_keys.h"
#include "sandbox/world_parts.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { END_GRACE_MS = 2000 };

/* A part died: the main thread shall know, once. */
static void on_died(void *ctx, const char *what)
{
    struct xcy_world *w = ctx;
    uint64_t one = 1;
    pthread_mutex_lock(&w->failure_lock);
    if (!w->failure[0]) {
        snprintf(w->failure, sizeof w->failure, "%s", what);
    }
    pthread_mutex_unlock(&w->failure_lock);
    ssize_t ignored = write(w->failure_fd, &one, sizeof one);
    (void)ignored;
}

static enum xcy_status start_hosts(struct xcy_world *w, struct xcy_error *err)
{
    struct xcy_world_hosts_options options = {.deployment = w->deployment,
                                              .supervisor = w->supervisor,
                                              .folder = xcy_state_path(w->state),
                                              .lags = w->lags,
                                              .stall = w->stall,
                                              .died = on_died,
                                              .died_ctx = w};
    return xcy_world_hosts_start(&options, &w->hosts, err);
}

/* For who takes part as with a web identity. */
static enum xcy_status write_web_identity(const struct xcy_world *w, struct xcy_error *err)
{
    char *path = xcy_format("%s/web-identity-token", xcy_state_path(w->state));
    char *token = xcy_web_identity_make(&w->credentials);
    enum xcy_status status = xcy_file_replace(path, xcy_bytes_of(token), 0600, err);
    xcy_free_secret(&token);
    free(path);
    return status;
}

/* What is found by others: the secrets, where we are, and the ready file last. */
static enum xcy_status announce(struct xcy_world *w, struct xcy_error *err)
{
    enum xcy_status status = xcy_sandbox_credentials_write(w->port, &w->credentials, err);
    if (status == XCY_OK) {
        status = write_web_identity(w, err);
    }
    char *path = xcy_format("%s/status.json", xcy_state_path(w->state));
    struct xcy_json *places = xcy_world_places(w);
    char *text = xcy_json_text(places);
    if (status == XCY_OK) {
        status = xcy_file_replace(path, xcy_bytes_of(text), 0600, err);
    }
    if (status == XCY_OK && w->options.ready_file) {
        status = xcy_file_replace(w->options.ready_file, xcy_bytes_of(text), 0644, err);
        w->ready_file_is_ours = status == XCY_OK;
    }
    free(text);
    xcy_json_free(places);
    free(path);
    return status;
}

typedef enum xcy_status step_fn(struct xcy_world *w, struct xcy_error *err);

static enum xcy_status check_deployment(struct xcy_world *w, struct xcy_error *err)
{
    return xcy_deployment_check(w->deployment, &w->deployment->combination, err);
}

static enum xcy_status clean_state(struct xcy_world *w, struct xcy_error *err)
{
    (void)w;
    return xcy_state_clean(err);
}

static enum xcy_status open_truth(struct xcy_world *w, struct xcy_error *err)
{
    return xcy_truth_open(w->options.truth_log, &w->truth, err);
}

static enum xcy_status start_threads(struct xcy_world *w, struct xcy_error *err)
{
    (void)err;
    w->timers = xcy_timers_start();
    w->supervisor = xcy_supervisor_start();
    return XCY_OK;
}

static enum xcy_status open_state(struct xcy_world *w, struct xcy_error *err)
{
    return xcy_state_open(w->port, &w->state, err);
}

/* The life of a start; the end goes through the same list backwards (xcy_world_stop). */
static step_fn *const steps[] = {check_deployment, xcy_world_make_lags, clean_state,
                                 open_truth,       start_threads,       xcy_world_listen,
                                 open_state,       start_hosts,         xcy_world_make_services,
                                 announce};

static struct xcy_world *world_new(const struct xcy_world_options *options)
{
    struct xcy_world *w = xcy_alloc(sizeof *w);
    w->options = *options;
    w->deployment = options->deployment;
    w->seed = (uint64_t)options->deployment->sandbox.seed;
    if (w->seed == 0) {
        w->seed = xcy_random_seed() % 1000000000 + 1; /* short enough to be typed again */
    }
    w->failure_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    xcy_assert(w->failure_fd >= 0);
    pthread_mutex_init(&w->failure_lock, NULL);
    pthread_mutex_init(&w->hosts_lock, NULL);
    w->faults = xcy_faults_new(w->seed, &options->deployment->faults);
    w->stall = xcy_stall_new();
    xcy_world_make_credentials(w);
    return w;
}

enum xcy_status xcy_world_start(const struct xcy_world_options *options, struct xcy_world **world,
                                struct xcy_error *err)
{
    struct xcy_world *w = world_new(options);
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && status == XCY_OK; i++) {
        status = steps[i](w, err);
        if (status == XCY_OK && xcy_stop_asked()) {
            status = xcy_fail(err, XCY_ESTOPPED, "stopped while starting");
        }
    }
    if (status != XCY_OK) {
        xcy_world_stop(w);
        return status;
    }
    xcy_world_describe(w);
    xcy_log(XCY_LOG_INFO, "ready on %s (Ctrl-C ends it and all it started)", w->endpoint);
    *world = w;
    return XCY_OK;
}

enum xcy_status xcy_world_wait(struct xcy_world *world, struct xcy_error *err)
{
    struct pollfd fds[] = {{.fd = xcy_stop_fd(), .events = POLLIN},
                           {.fd = world->failure_fd, .events = POLLIN}};
    while (!xcy_stop_asked()) {
        int n = poll(fds, 2, -1);
        if (n > 0 && fds[1].revents) {
            pthread_mutex_lock(&world->failure_lock);
            enum xcy_status status = xcy_fail(err, XCY_EFAIL, "%s", world->failure);
            pthread_mutex_unlock(&world->failure_lock);
            return status;
        }
    }
    return XCY_OK;
}

/* Out of the status page's sight first. */
static void stop_hosts(struct xcy_world *w)
{
    pthread_mutex_lock(&w->hosts_lock);
    struct xcy_world_hosts *hosts = w->hosts;
    w->hosts = NULL;
    pthread_mutex_unlock(&w->hosts_lock);
    xcy_world_hosts_stop(hosts);
}

/* Services first say no to what comes; then nothing more happens by itself; then the processes
 * end, the door closes, and what all of them used goes. */
static void stop_parts(struct xcy_world *w)
{
    xcy_stream_poller_stop(w->notifications);
    xcy_mq_poller_stop(w->mq_poller);
    xcy_lambda_service_stop(w->lambda);
    if (w->sqs) {
        xcy_sqs_service_stop(w->sqs);
        xcy_dynamodb_service_stop(w->dynamodb);
        xcy_s3_service_stop(w->s3);
        xcy_sns_service_stop(w->sns);
    }
    xcy_timers_stop(w->timers);
    stop_hosts(w);
    xcy_supervisor_stop(w->supervisor, END_GRACE_MS * XCY_NS_PER_MS);
    xcy_server_stop(w->server);
    xcy_front_free(w->front);
    xcy_sts_service_free(w->sts);
    xcy_sns_service_free(w->sns);
    xcy_dynamodb_service_free(w->dynamodb);
    xcy_s3_service_free(w->s3);
    xcy_sqs_service_free(w->sqs);
    xcy_lambda_service_free(w->lambda);
    xcy_stream_poller_free(w->notifications);
    xcy_mq_poller_free(w->mq_poller);
    xcy_truth_close(w->truth);
}

void xcy_world_stop(struct xcy_world *world)
{
    if (!world) {
        return;
    }
    if (world->ready_file_is_ours) {
        unlink(world->options.ready_file);
    }
    stop_parts(world);
    xcy_state_close(world->state);
    xcy_world_free_lags(world);
    xcy_faults_free(world->faults);
    xcy_stall_free(world->stall);
    xcy_credentials_clear(&world->credentials);
    pthread_mutex_destroy(&world->hosts_lock);
    pthread_mutex_destroy(&world->failure_lock);
    close(world->failure_fd);
    free(world->endpoint);
    free(world);
}
