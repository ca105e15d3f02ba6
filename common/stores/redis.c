#include "common/stores/redis_command.h"

#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>

/* "" is nothing, as in a function's environment. */
static char *copy_of(const char *text)
{
    return text && text[0] ? xcy_strdup(text) : NULL;
}

enum xcy_status xcy_redis_open(const struct xcy_redis_options *options, struct xcy_redis **redis,
                               struct xcy_error *err)
{
    struct xcy_redis *r = xcy_alloc(sizeof *r);
    *r = (struct xcy_redis){
        .address = xcy_strdup(options->address),
        .user = copy_of(options->user),
        .password = copy_of(options->password),
        .ca_file = copy_of(options->ca_file),
        .tls = options->tls,
        .timeout_ns = options->timeout_ms * XCY_NS_PER_MS,
        .limit = options->limit,
    };
    enum xcy_status status = xcy_redis_connect(r, err);
    if (status != XCY_OK) {
        xcy_redis_close(r);
        return status;
    }
    *redis = r;
    return XCY_OK;
}

void xcy_redis_close(struct xcy_redis *redis)
{
    if (!redis) {
        return;
    }
    xcy_redis_disconnect(redis);
    if (redis->password) {
        explicit_bzero(redis->password, strlen(redis->password));
    }
    free(redis->address);
    free(redis->user);
    free(redis->password);
    free(redis->ca_file);
    free(redis);
}

enum xcy_status xcy_redis_set(struct xcy_redis *redis, const struct xcy_bytes *keys,
                              const struct xcy_bytes *values, size_t n, struct xcy_error *err)
{
    struct xcy_redis_command c;
    xcy_redis_command_init(&c, 2 * n + 1);
    xcy_redis_command_add(&c, xcy_bytes_of("MSET"));
    for (size_t i = 0; i < n; i++) {
        xcy_redis_command_add(&c, keys[i]);
        xcy_redis_command_add(&c, values[i]);
    }
    redisReply *reply = NULL;
    enum xcy_status status = xcy_redis_ask(redis, &c, false, &reply, err);
    if (status == XCY_OK) {
        freeReplyObject(reply);
    }
    xcy_redis_command_clear(&c);
    return status;
}

enum xcy_status xcy_redis_get(struct xcy_redis *redis, struct xcy_bytes key, bool *found,
                              struct xcy_buf *value, struct xcy_error *err)
{
    struct xcy_redis_command c;
    xcy_redis_command_init(&c, 2);
    xcy_redis_command_add(&c, xcy_bytes_of("GET"));
    xcy_redis_command_add(&c, key);
    redisReply *reply = NULL;
    enum xcy_status status = xcy_redis_ask(redis, &c, true, &reply, err);
    if (status == XCY_OK && reply->type != REDIS_REPLY_STRING && reply->type != REDIS_REPLY_NIL) {
        status = xcy_redis_fail_type(redis, "GET", err);
    } else if (status == XCY_OK) {
        *found = reply->type == REDIS_REPLY_STRING;
        if (*found && value) {
            xcy_buf_add(value, xcy_bytes(reply->str, reply->len));
        }
    }
    freeReplyObject(reply);
    xcy_redis_command_clear(&c);
    return status;
}

/* For commands whose answer is one integer. */
static enum xcy_status ask_integer(struct xcy_redis *redis, const struct xcy_redis_command *c,
                                   int64_t *value, struct xcy_error *err)
{
    redisReply *reply = NULL;
    enum xcy_status status = xcy_redis_ask(redis, c, true, &reply, err);
    if (status == XCY_OK && reply->type != REDIS_REPLY_INTEGER) {
        status = xcy_redis_fail_type(redis, c->argv[0], err);
    } else if (status == XCY_OK) {
        *value = reply->integer;
    }
    freeReplyObject(reply);
    return status;
}

enum xcy_status xcy_redis_exists(struct xcy_redis *redis, const struct xcy_bytes *keys, size_t n,
                                 int64_t *n_found, struct xcy_error *err)
{
    struct xcy_redis_command c;
    xcy_redis_command_init(&c, n + 1);
    xcy_redis_command_add(&c, xcy_bytes_of("EXISTS"));
    for (size_t i = 0; i < n; i++) {
        xcy_redis_command_add(&c, keys[i]);
    }
    enum xcy_status status = ask_integer(redis, &c, n_found, err);
    xcy_redis_command_clear(&c);
    return status;
}

enum xcy_status xcy_redis_dbsize(struct xcy_redis *redis, int64_t *n_keys, struct xcy_error *err)
{
    struct xcy_redis_command c;
    xcy_redis_command_init(&c, 1);
    xcy_redis_command_add(&c, xcy_bytes_of("DBSIZE"));
    enum xcy_status status = ask_integer(redis, &c, n_keys, err);
    xcy_redis_command_clear(&c);
    return status;
}

enum xcy_status xcy_redis_flush(struct xcy_redis *redis, struct xcy_error *err)
{
    struct xcy_redis_command c;
    xcy_redis_command_init(&c, 1);
    xcy_redis_command_add(&c, xcy_bytes_of("FLUSHALL"));
    redisReply *reply = NULL;
    enum xcy_status status = xcy_redis_ask(redis, &c, false, &reply, err);
    if (status == XCY_OK) {
        freeReplyObject(reply);
    }
    xcy_redis_command_clear(&c);
    return status;
}
