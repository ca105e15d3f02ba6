#include "sandbox/hosts/redis_pair.h"

#include "common/stores/redis.h"
#include "sandbox/hosts/pair_kind.h"
#include "sandbox/hosts/redis_server.h"

#include <stdio.h>
#include <string.h>

enum { CALL_TIMEOUT_MS = 5000, MAX_INFO_BYTES = 1 << 20 };

static enum xcy_status open_server(const struct xcy_server_process *server,
                                   struct xcy_redis **redis, struct xcy_error *err)
{
    struct xcy_redis_options options = {.address = xcy_server_process_address(server),
                                        .timeout_ms = CALL_TIMEOUT_MS};
    return xcy_redis_open(&options, redis, err);
}

static enum xcy_status primary_answers(void *ctx, bool *is_so, struct xcy_error *err)
{
    struct xcy_pair *pair = ctx;
    struct xcy_redis *redis = NULL;
    int64_t n_keys = 0;
    enum xcy_status status = open_server(pair->writer, &redis, err);
    if (status == XCY_OK) {
        status = xcy_redis_dbsize(redis, &n_keys, err);
    }
    *is_so = status == XCY_OK;
    xcy_redis_close(redis);
    return status;
}

static enum xcy_status replica_is_online(void *ctx, bool *is_so, struct xcy_error *err)
{
    struct xcy_pair *pair = ctx;
    struct xcy_redis *redis = NULL;
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_INFO_BYTES);
    enum xcy_status status = open_server(pair->writer, &redis, err);
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

static enum xcy_status replica_keys(struct xcy_pair *pair, int64_t *n_keys, struct xcy_error *err)
{
    struct xcy_redis *redis = NULL;
    enum xcy_status status = open_server(pair->reader, &redis, err);
    if (status == XCY_OK) {
        status = xcy_redis_dbsize(redis, n_keys, err);
    }
    xcy_redis_close(redis);
    return status;
}

static enum xcy_status replica_has_warm_up(void *ctx, bool *is_so, struct xcy_error *err)
{
    struct xcy_pair *pair = ctx;
    int64_t n_keys = 0;
    enum xcy_status status = replica_keys(pair, &n_keys, err);
    *is_so = status == XCY_OK && n_keys == 1;
    return status;
}

static enum xcy_status replica_is_empty(void *ctx, bool *is_so, struct xcy_error *err)
{
    struct xcy_pair *pair = ctx;
    int64_t n_keys = 0;
    enum xcy_status status = replica_keys(pair, &n_keys, err);
    *is_so = status == XCY_OK && n_keys == 0;
    return status;
}

/* A write that comes through, and is removed again: the first one over a fresh link is slower. */
static enum xcy_status warm_up(struct xcy_pair *pair, struct xcy_error *err)
{
    struct xcy_redis *redis = NULL;
    struct xcy_bytes key = xcy_bytes_of("xcy-warm-up");
    enum xcy_status status = open_server(pair->writer, &redis, err);
    if (status == XCY_OK) {
        status = xcy_redis_set(redis, &key, &key, 1, err);
    }
    if (status == XCY_OK) {
        status = xcy_pair_await(pair, replica_has_warm_up, pair, "the first replicated write", err);
    }
    if (status == XCY_OK) {
        status = xcy_redis_flush(redis, err);
    }
    if (status == XCY_OK) {
        status =
            xcy_pair_await(pair, replica_is_empty, pair, "the removal of the first write", err);
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

static enum xcy_status start_replica(struct xcy_pair *pair, struct xcy_error *err)
{
    char link_port[8];
    snprintf(link_port, sizeof link_port, "%u", xcy_link_port(pair->link));
    const char *const replica[] = {"--replicaof", "127.0.0.1", link_port, NULL};
    return start_server(pair->reader, replica, err);
}

static enum xcy_status start_both(struct xcy_pair *pair, struct xcy_error *err)
{
    static const char *const nothing_more[] = {NULL};
    enum xcy_status status = start_server(pair->writer, nothing_more, err);
    if (status == XCY_OK) {
        status = xcy_pair_await(pair, primary_answers, pair, "an answer of the Redis primary", err);
    }
    if (status == XCY_OK) {
        status = xcy_pair_start_link(pair, xcy_server_process_port(pair->writer), err);
    }
    if (status == XCY_OK) {
        status = start_replica(pair, err);
    }
    if (status == XCY_OK) {
        status =
            xcy_pair_await(pair, replica_is_online, pair, "the Redis replica coming online", err);
    }
    return status == XCY_OK ? warm_up(pair, err) : status;
}

const struct xcy_pair_kind xcy_redis_pairs = {.name = "cache",
                                              .program = "Redis",
                                              .word = "redis",
                                              .writer_role = "primary",
                                              .reader_role = "replica",
                                              .grace_ms = 2000,
                                              .start = start_both};
