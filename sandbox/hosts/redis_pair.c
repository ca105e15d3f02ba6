#include "sandbox/hosts/redis_pair.h"

#include "common/base/mem.h"
#include "common/stores/redis.h"
#include "sandbox/hosts/ready.h"
#include "sandbox/hosts/redis_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PORT_TRIES = 5, CALL_TIMEOUT_MS = 5000, MAX_INFO_BYTES = 1 << 20, END_GRACE_MS = 2000 };

struct xcy_redis_pair {
    struct xcy_pair_options options;
    struct xcy_server_process *primary;
    struct xcy_server_process *replica;
    struct xcy_link *link; /* NULL: not started yet */
};

static enum xcy_status wait_for(struct xcy_redis_pair *pair, bool has_replica, xcy_ready_fn *look,
                                const char *what, struct xcy_error *err)
{
    struct xcy_server_process *const servers[] = {pair->primary, pair->replica};
    const struct xcy_ready_wait wait = {
        .servers = servers, .n_servers = has_replica ? 2 : 1, .name = "Redis", .ctx = pair};
    return xcy_ready_await(&wait, look, what, err);
}

static enum xcy_status open_server(const struct xcy_server_process *server,
                                   struct xcy_redis **redis, struct xcy_error *err)
{
    struct xcy_redis_options options = {.address = xcy_server_process_address(server),
                                        .timeout_ms = CALL_TIMEOUT_MS};
    return xcy_redis_open(&options, redis, err);
}

static enum xcy_status primary_answers(void *ctx, bool *is_so, struct xcy_error *err)
{
    struct xcy_redis_pair *pair = ctx;
    struct xcy_redis *redis = NULL;
    int64_t n_keys = 0;
    enum xcy_status status = open_server(pair->primary, &redis, err);
    if (status == XCY_OK) {
        status = xcy_redis_dbsize(redis, &n_keys, err);
    }
    *is_so = status == XCY_OK;
    xcy_redis_close(redis);
    return status;
}

static enum xcy_status replica_is_online(void *ctx, bool *is_so, struct xcy_error *err)
{
    struct xcy_redis_pair *pair = ctx;
    struct xcy_redis *redis = NULL;
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_INFO_BYTES);
    enum xcy_status status = open_server(pair->primary, &redis, err);
    if (status == XCY_OK) {
        status = xcy_redis_info(redis, "replication", &text, err);
    }
    if (status == XCY_OK) {
        *is_so = strstr(text.ptr, "state=online") != NULL;
    }
    xcy_buf_clear(&text);
    xcy_redis_close(redis);
    return status;
}

static enum xcy_status replica_keys(struct xcy_redis_pair *pair, int64_t *n_keys,
                                    struct xcy_error *err)
{
    struct xcy_redis *redis = NULL;
    enum xcy_status status = open_server(pair->replica, &redis, err);
    if (status == XCY_OK) {
        status = xcy_redis_dbsize(redis, n_keys, err);
    }
    xcy_redis_close(redis);
    return status;
}

static enum xcy_status replica_has_warm_up(void *ctx, bool *is_so, struct xcy_error *err)
{
    struct xcy_redis_pair *pair = ctx;
    int64_t n_keys = 0;
    enum xcy_status status = replica_keys(pair, &n_keys, err);
    *is_so = status == XCY_OK && n_keys == 1;
    return status;
}

static enum xcy_status replica_is_empty(void *ctx, bool *is_so, struct xcy_error *err)
{
    struct xcy_redis_pair *pair = ctx;
    int64_t n_keys = 0;
    enum xcy_status status = replica_keys(pair, &n_keys, err);
    *is_so = status == XCY_OK && n_keys == 0;
    return status;
}

/* A write that comes through, and is removed again: the first one over a fresh link is slower. */
static enum xcy_status warm_up(struct xcy_redis_pair *pair, struct xcy_error *err)
{
    struct xcy_redis *redis = NULL;
    struct xcy_bytes key = xcy_bytes_of("xcy-warm-up");
    enum xcy_status status = open_server(pair->primary, &redis, err);
    if (status == XCY_OK) {
        status = xcy_redis_set(redis, &key, &key, 1, err);
    }
    if (status == XCY_OK) {
        status = wait_for(pair, true, replica_has_warm_up, "the first replicated write", err);
    }
    if (status == XCY_OK) {
        status = xcy_redis_flush(redis, err);
    }
    if (status == XCY_OK) {
        status = wait_for(pair, true, replica_is_empty, "the removal of the first write", err);
    }
    xcy_redis_close(redis);
    return status;
}

static enum xcy_status start_server(struct xcy_server_process *server, const char *const *more,
                                    struct xcy_error *err)
{
    enum xcy_status status = xcy_server_process_prepare(server, err);
    return status == XCY_OK ? xcy_redis_server_start(server, more, err) : status;
}

static enum xcy_status start_link(struct xcy_redis_pair *pair, struct xcy_error *err)
{
    struct xcy_link_options link = {.target_port = xcy_server_process_port(pair->primary),
                                    .is_wan = pair->options.is_wan,
                                    .lag = pair->options.lag,
                                    .lag_ctx = pair->options.lag_ctx,
                                    .rate_mbit_per_s = pair->options.rate_mbit_per_s};
    return xcy_link_start(&link, &pair->link, err);
}

static enum xcy_status start_replica(struct xcy_redis_pair *pair, struct xcy_error *err)
{
    char link_port[8];
    snprintf(link_port, sizeof link_port, "%u", xcy_link_port(pair->link));
    const char *const replica[] = {"--replicaof", "127.0.0.1", link_port, NULL};
    return start_server(pair->replica, replica, err);
}

static enum xcy_status start_both(struct xcy_redis_pair *pair, struct xcy_error *err)
{
    static const char *const nothing_more[] = {NULL};
    enum xcy_status status = start_server(pair->primary, nothing_more, err);
    if (status == XCY_OK) {
        status = wait_for(pair, false, primary_answers, "an answer of the Redis primary", err);
    }
    if (status == XCY_OK) {
        status = start_link(pair, err);
    }
    if (status == XCY_OK) {
        status = start_replica(pair, err);
    }
    if (status == XCY_OK) {
        status = wait_for(pair, true, replica_is_online, "the Redis replica coming online", err);
    }
    return status == XCY_OK ? warm_up(pair, err) : status;
}

/* Both are asked first, so that they end side by side. */
static void end_both(struct xcy_redis_pair *pair)
{
    xcy_server_process_end(pair->replica);
    xcy_server_process_end(pair->primary);
    xcy_server_process_join(pair->replica);
    xcy_server_process_join(pair->primary);
    xcy_link_stop(pair->link);
    pair->link = NULL;
}

static struct xcy_server_process *new_server(const struct xcy_pair_options *options,
                                             const char *role)
{
    char *name = xcy_format("redis %s", role);
    char *folder = xcy_format("%s/redis-%s", options->folder, role);
    struct xcy_server_process_options server = {.supervisor = options->supervisor,
                                                .name = name,
                                                .folder = folder,
                                                .grace_ms = END_GRACE_MS,
                                                .died = options->died,
                                                .died_ctx = options->died_ctx};
    struct xcy_server_process *made = xcy_server_process_new(&server);
    free(name);
    free(folder);
    return made;
}

static struct xcy_redis_pair *pair_new(const struct xcy_pair_options *options)
{
    struct xcy_redis_pair *pair = xcy_alloc(sizeof *pair);
    pair->options = *options;
    pair->primary = new_server(options, "primary");
    pair->replica = new_server(options, "replica");
    return pair;
}

enum xcy_status xcy_redis_pair_start(const struct xcy_pair_options *options,
                                     struct xcy_redis_pair **pair, struct xcy_error *err)
{
    struct xcy_redis_pair *p = pair_new(options);
    enum xcy_status status = start_both(p, err);
    for (int i = 1; status == XCY_EFULL && i < PORT_TRIES; i++) {
        end_both(p); /* another program took the port between choice and use */
        status = start_both(p, err);
    }
    if (status == XCY_OK) {
        status = xcy_server_process_watch(p->primary, err);
    }
    if (status == XCY_OK) {
        status = xcy_server_process_watch(p->replica, err);
    }
    if (status != XCY_OK) {
        xcy_redis_pair_stop(p);
        return status;
    }
    *pair = p;
    return XCY_OK;
}

const char *xcy_redis_pair_primary(const struct xcy_redis_pair *pair)
{
    return xcy_server_process_address(pair->primary);
}

const char *xcy_redis_pair_replica(const struct xcy_redis_pair *pair)
{
    return xcy_server_process_address(pair->replica);
}

struct xcy_relay_counts xcy_redis_pair_link_counts(const struct xcy_redis_pair *pair)
{
    return xcy_link_counts(pair->link);
}

void xcy_redis_pair_stop(struct xcy_redis_pair *pair)
{
    if (!pair) {
        return;
    }
    end_both(pair);
    xcy_server_process_free(pair->primary);
    xcy_server_process_free(pair->replica);
    free(pair);
}

static enum xcy_status start(const struct xcy_pair_options *options, void **pair,
                             struct xcy_error *err)
{
    struct xcy_redis_pair *started = NULL;
    enum xcy_status status = xcy_redis_pair_start(options, &started, err);
    if (status == XCY_OK) {
        *pair = started;
    }
    return status;
}

static struct xcy_pair_ends ends(const void *pair)
{
    return (struct xcy_pair_ends){.writer = xcy_redis_pair_primary(pair),
                                  .reader = xcy_redis_pair_replica(pair)};
}

static struct xcy_relay_counts link_counts(const void *pair)
{
    return xcy_redis_pair_link_counts(pair);
}

static void stop(void *pair)
{
    xcy_redis_pair_stop(pair);
}

const struct xcy_pair_kind xcy_redis_pairs = {
    .name = "cache", .start = start, .ends = ends, .link_counts = link_counts, .stop = stop};
