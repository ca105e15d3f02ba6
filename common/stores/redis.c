#include "common/stores/redis_command.h"

#include "common/base/mem.h"

#include <stdio.h>
#include <stdlib.h>

static bool parse_address(const char *address, struct xcy_redis *to)
{
    const char *colon = strrchr(address, ':');
    size_t host_len = colon ? (size_t)(colon - address) : 0;
    if (host_len == 0 || strlen(address) >= XCY_REDIS_ADDRESS_BYTES) {
        return false;
    }
    char *end = NULL;
    long port = strtol(colon + 1, &end, 10);
    if (end == colon + 1 || *end || port < 1 || port > 65535) {
        return false;
    }
    snprintf(to->address, sizeof to->address, "%s", address);
    snprintf(to->host, sizeof to->host, "%.*s", (int)host_len, address);
    to->port = (int)port;
    return true;
}

enum xcy_status xcy_redis_open(const char *address, int64_t timeout_ms, struct xcy_redis **redis,
                               struct xcy_error *err)
{
    struct xcy_redis *r = xcy_alloc(sizeof *r);
    r->timeout =
        (struct timeval){.tv_sec = timeout_ms / 1000, .tv_usec = (timeout_ms % 1000) * 1000};
    enum xcy_status status = XCY_OK;
    if (!parse_address(address, r)) {
        status =
            xcy_fail(err, XCY_EUSAGE, "'%s' is not a redis address of the form host:port", address);
    } else {
        status = xcy_redis_connect(r, err);
    }
    if (status == XCY_OK) {
        *redis = r;
        r = NULL;
    }
    xcy_redis_close(r);
    return status;
}

void xcy_redis_close(struct xcy_redis *redis)
{
    if (redis) {
        xcy_redis_disconnect(redis);
        free(redis);
    }
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
