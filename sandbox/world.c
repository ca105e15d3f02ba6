#include "sandbox/world.h"

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/random.h"
#include "common/base/stop.h"
#include "sandbox/world_parts.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { KEY_LETTERS = 10, SECRET_HEX = 40, END_GRACE_MS = 2000 };

/* Ours look like AWS's, but can never be taken for a real one. */
static void make_credentials(struct xcy_credentials *credentials)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned char bytes[KEY_LETTERS];
    char key[KEY_LETTERS + 1] = "";
    char secret[SECRET_HEX + 1];
    xcy_random_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < KEY_LETTERS; i++) {
        key[i] = letters[bytes[i] % (sizeof letters - 1)];
    }
    xcy_random_hex(secret, SECRET_HEX);
    credentials->access_key = xcy_format("XCYSANDBOX%s", key);
    credentials->secret_key = xcy_strdup(secret);
    explicit_bzero(secret, sizeof secret);
}

static void refuse_early(struct xcy_exchange *exchange)
{
    const struct xcy_reply_header headers[] = {{"Content-Type", "application/json"},
                                               {"x-amzn-ErrorType", "ServiceUnavailable"}};
    xcy_exchange_reply(exchange, 503, headers, 2,
                       xcy_bytes_of("{\"message\":\"the sandbox is starting\"}"));
}

static void handle_request(void *ctx, struct xcy_exchange *exchange)
{
    struct xcy_world *w = ctx;
    if (!atomic_load(&w->is_open)) {
        refuse_early(exchange);
        return;
    }
    xcy_front_handle(w->front, exchange);
}

static void handle_unsigned(void *ctx, struct xcy_exchange *exchange)
{
    static const char runtime[] = "/_runtime/";
    struct xcy_world *w = ctx;
    const char *path = xcy_exchange_path(exchange);
    if (strncmp(path, runtime, sizeof runtime - 1) == 0) {
        xcy_lambda_service_runtime(w->lambda, exchange);
    } else if (strcmp(path, "/_sandbox/status") == 0) {
        xcy_world_reply_status(w, exchange);
    } else {
        const struct xcy_reply_header header = {"Content-Type", "application/json"};
        xcy_exchange_reply(exchange, 404, &header, 1,
                           xcy_bytes_of("{\"message\":\"no such page: /_sandbox/status\"}"));
    }
}

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

/* Who holds the port, if it is one of us; what to do in any case. */
static enum xcy_status explain_busy(uint16_t port, struct xcy_error *err)
{
    pid_t owner = port ? xcy_state_owner(port) : 0;
    if (owner > 0) {
        return xcy_fail(err, XCY_EFAIL,
                        "port %u: another sandbox (process %d) runs there: stop it with kill %d, "
                        "or choose another port with --port",
                        (unsigned)port, (int)owner, (int)owner);
    }
    if (err->status == XCY_ENET) {
        struct xcy_error reason = *err;
        return xcy_fail(err, XCY_ENET, "%s (--port N; 0: any free one)", reason.text);
    }
    return err->status;
}

static void name_endpoint(struct xcy_world *w)
{
    const char *address = w->deployment->sandbox.listen_address;
    if (!address || strcmp(address, "0.0.0.0") == 0) {
        address = "127.0.0.1";
    }
    bool is_v6 = strchr(address, ':') != NULL;
    w->endpoint = xcy_format("http://%s%s%s:%u", is_v6 ? "[" : "", address, is_v6 ? "]" : "",
                             (unsigned)w->port);
}

static enum xcy_status start_server(struct xcy_world *w, struct xcy_error *err)
{
    const struct xcy_deployment *d = w->deployment;
    struct xcy_server_options options = {.address = d->sandbox.listen_address,
                                         .port = (uint16_t)d->sandbox.port,
                                         .handle = handle_request,
                                         .ctx = w};
    if (xcy_server_start(&options, &w->server, err) != XCY_OK) {
        return explain_busy(options.port, err);
    }
    w->port = xcy_server_port(w->server);
    name_endpoint(w);
    return XCY_OK;
}

static int64_t draw_link_lag(void *ctx)
{
    return xcy_lag_draw_ns(ctx);
}

static enum xcy_status start_redis(struct xcy_world *w, struct xcy_error *err)
{
    const struct xcy_deployment *d = w->deployment;
    if (!d->cache.is_listed || d->cache.writer_address) {
        return XCY_OK;
    }
    struct xcy_redis_pair_options options = {.supervisor = w->supervisor,
                                             .folder = xcy_state_path(w->state),
                                             .lag = draw_link_lag,
                                             .lag_ctx = w->lags[XCY_LAG_CACHE_LINK],
                                             .rate_mbit_per_s = d->cache.link_rate_mbit_per_s,
                                             .died = on_died,
                                             .died_ctx = w};
    return xcy_redis_pair_start(&options, &w->redis, err);
}

static void make_queue(struct xcy_world *w)
{
    const struct xcy_deployment *d = w->deployment;
    struct xcy_sqs_service_options options = {
        .timers = w->timers, .account = d->sandbox.account, .endpoint = w->endpoint};
    w->sqs = xcy_sqs_service_new(&options);
    xcy_sqs_service_add_queue(w->sqs, d->reader.region, d->queue_name);
}

static void make_dynamodb(struct xcy_world *w)
{
    const struct xcy_deployment *d = w->deployment;
    struct xcy_dynamodb_service_options options = {.timers = w->timers,
                                                   .truth = w->truth,
                                                   .account = d->sandbox.account,
                                                   .writer_leg = w->lags[XCY_LAG_DYNAMO_WRITER_LEG],
                                                   .replication =
                                                       w->lags[XCY_LAG_DYNAMO_REPLICATION],
                                                   .settle = w->lags[XCY_LAG_DYNAMO_SETTLE],
                                                   .reader_leg = w->lags[XCY_LAG_DYNAMO_READER_LEG],
                                                   .writer_region = d->writer.region,
                                                   .reader_region = d->reader.region};
    w->dynamodb = xcy_dynamodb_service_new(&options);
    if (d->dynamo.is_listed) {
        xcy_dynamodb_service_add_table(w->dynamodb, d->dynamo.table, "key");
    }
}

static void make_sns(struct xcy_world *w)
{
    const struct xcy_deployment *d = w->deployment;
    struct xcy_sns_service_options options = {.timers = w->timers,
                                              .account = d->sandbox.account,
                                              .deliver = xcy_lambda_service_invoke_event,
                                              .deliver_ctx = w->lambda,
                                              .delivery = w->lags[XCY_LAG_SNS_DELIVERY],
                                              .truth = w->truth};
    w->sns = xcy_sns_service_new(&options);
    if (d->sns.is_listed) {
        xcy_sns_service_add_topic(w->sns, d->writer.region, d->sns.topic);
        xcy_sns_service_subscribe(w->sns, d->writer.region, d->sns.topic, d->reader.region,
                                  xcy_world_function_name(&d->reader));
    }
}

static void open_door(struct xcy_world *w)
{
    const struct xcy_service services[XCY_WORLD_MAX_SERVICES] = {
        {"lambda", xcy_lambda_service_handle, w->lambda},
        {"sqs", xcy_sqs_service_handle, w->sqs},
        {"sns", xcy_sns_service_handle, w->sns},
        {"dynamodb", xcy_dynamodb_service_handle, w->dynamodb}};
    memcpy(w->services, services, sizeof services);
    struct xcy_front_options options = {.credentials = &w->credentials,
                                        .services = w->services,
                                        .n_services = XCY_WORLD_MAX_SERVICES,
                                        .unsigned_handle = handle_unsigned,
                                        .unsigned_ctx = w};
    w->front = xcy_front_new(&options);
    atomic_store(&w->is_open, true);
}

/* What is found by others: the key pair, where we are, and the ready file last. */
static enum xcy_status announce(struct xcy_world *w, struct xcy_error *err)
{
    enum xcy_status status = xcy_sandbox_credentials_write(w->port, &w->credentials, err);
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

static enum xcy_status make_services(struct xcy_world *w, struct xcy_error *err)
{
    enum xcy_status status = xcy_world_make_functions(w, err);
    if (status == XCY_OK) {
        make_queue(w);
        make_dynamodb(w);
        make_sns(w);
        open_door(w);
    }
    return status;
}

/* The life of a start; the end goes through the same list backwards (xcy_world_stop). */
static step_fn *const steps[] = {
    check_deployment, xcy_world_make_lags, clean_state, open_truth,    start_threads,
    start_server,     open_state,          start_redis, make_services, announce};

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
    pthread_mutex_init(&w->redis_lock, NULL);
    make_credentials(&w->credentials);
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
static void stop_redis(struct xcy_world *w)
{
    pthread_mutex_lock(&w->redis_lock);
    struct xcy_redis_pair *redis = w->redis;
    w->redis = NULL;
    pthread_mutex_unlock(&w->redis_lock);
    xcy_redis_pair_stop(redis);
}

/* Services first say no to what comes; then nothing more happens by itself; then the processes
 * end, the door closes, and what all of them used goes. */
static void stop_parts(struct xcy_world *w)
{
    xcy_lambda_service_stop(w->lambda);
    if (w->sqs) {
        xcy_sqs_service_stop(w->sqs);
        xcy_dynamodb_service_stop(w->dynamodb);
        xcy_sns_service_stop(w->sns);
    }
    xcy_timers_stop(w->timers);
    stop_redis(w);
    xcy_supervisor_stop(w->supervisor, END_GRACE_MS * XCY_NS_PER_MS);
    xcy_server_stop(w->server);
    xcy_front_free(w->front);
    xcy_sns_service_free(w->sns);
    xcy_dynamodb_service_free(w->dynamodb);
    xcy_sqs_service_free(w->sqs);
    xcy_lambda_service_free(w->lambda);
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
    xcy_credentials_clear(&world->credentials);
    pthread_mutex_destroy(&world->redis_lock);
    pthread_mutex_destroy(&world->failure_lock);
    close(world->failure_fd);
    free(world->endpoint);
    free(world);
}
