#include "common/stores/redis_command.h"

#include "common/base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

void xcy_redis_command_init(struct xcy_redis_command *c, size_t n)
{
    c->argv = (const char **)xcy_alloc_array(n, sizeof(const char *));
    c->lengths = xcy_alloc_array(n, sizeof(size_t));
    c->n = 0;
}

void xcy_redis_command_add(struct xcy_redis_command *c, struct xcy_bytes argument)
{
    c->argv[c->n] = argument.ptr ? argument.ptr : "";
    c->lengths[c->n] = argument.len;
    c->n++;
}

void xcy_redis_command_clear(struct xcy_redis_command *c)
{
    free((void *)c->argv);
    free(c->lengths);
}

void xcy_redis_disconnect(struct xcy_redis *redis)
{
    if (redis->context) {
        redisFree(redis->context);
        redis->context = NULL;
    }
}

/* hiredis' words, which for a timeout are the kernel's for EAGAIN. */
static enum xcy_status fail_connection(struct xcy_redis *redis, const char *what,
                                       struct xcy_error *err)
{
    const char *words = "out of memory";
    if (redis->context) {
        bool is_late = redis->context->err == REDIS_ERR_IO && errno == EAGAIN;
        words = is_late ? "no answer in time" : redis->context->errstr;
    }
    enum xcy_status status =
        xcy_fail(err, XCY_ENET, "redis %s: %s: %s", redis->address, what, words);
    xcy_redis_disconnect(redis);
    return status;
}

enum xcy_status xcy_redis_connect(struct xcy_redis *redis, struct xcy_error *err)
{
    redis->context = redisConnectWithTimeout(redis->host, redis->port, redis->timeout);
    if (!redis->context || redis->context->err ||
        redisSetTimeout(redis->context, redis->timeout) != REDIS_OK) {
        return fail_connection(redis, "cannot connect", err);
    }
    return XCY_OK;
}

/* Whether the server closed the connection while nothing was asked, or said what nobody asked. */
static bool is_dead(const struct xcy_redis *redis)
{
    char byte;
    ssize_t n = recv(redis->context->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return n >= 0 || (errno != EAGAIN && errno != EINTR);
}

static bool is_closed_by_peer(const redisContext *c)
{
    return c->err == REDIS_ERR_EOF ||
           (c->err == REDIS_ERR_IO && (errno == ECONNRESET || errno == EPIPE));
}

/* *is_closed: it failed because the connection was closed. */
static enum xcy_status ask_once(struct xcy_redis *redis, const struct xcy_redis_command *c,
                                redisReply **reply, bool *is_closed, struct xcy_error *err)
{
    *is_closed = false;
    if (!redis->context) {
        enum xcy_status status = xcy_redis_connect(redis, err);
        if (status != XCY_OK) {
            return status;
        }
    }
    redisContext *context = redis->context;
    xcy_assert(context != NULL);
    redisReply *got = redisCommandArgv(context, (int)c->n, (const char **)c->argv, c->lengths);
    if (!got) {
        *is_closed = is_closed_by_peer(context);
        return fail_connection(redis, c->argv[0], err);
    }
    *reply = got;
    return XCY_OK;
}

enum xcy_status xcy_redis_ask(struct xcy_redis *redis, const struct xcy_redis_command *c,
                              bool only_reads, redisReply **reply, struct xcy_error *err)
{
    if (redis->context && is_dead(redis)) {
        xcy_redis_disconnect(redis);
    }
    redisReply *got = NULL;
    bool is_closed = false;
    enum xcy_status status = ask_once(redis, c, &got, &is_closed, err);
    if (status != XCY_OK && is_closed && only_reads) {
        status = ask_once(redis, c, &got, &is_closed, err);
    }
    if (status != XCY_OK) {
        return status;
    }
    xcy_assert(got != NULL);
    if (got->type == REDIS_REPLY_ERROR) {
        status =
            xcy_fail(err, XCY_EREMOTE, "redis %s: %s: %s", redis->address, c->argv[0], got->str);
        freeReplyObject(got);
        return status;
    }
    *reply = got;
    return XCY_OK;
}

enum xcy_status xcy_redis_fail_type(const struct xcy_redis *redis, const char *command,
                                    struct xcy_error *err)
{
    return xcy_fail(err, XCY_EREMOTE, "redis %s: %s: an answer of an unexpected kind",
                    redis->address, command);
}
