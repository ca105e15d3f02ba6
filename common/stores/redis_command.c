#include "common/stores/redis_command.h"

#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 65536 };

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
    if (redis->stream) {
        xcy_stream_close(redis->stream);
        redisReaderFree(redis->reader);
        redis->stream = NULL;
        redis->reader = NULL;
    }
}

/* When what begins now has to be done. */
static struct xcy_mono limit_of(const struct xcy_redis *redis)
{
    struct xcy_mono limit = xcy_mono_add(xcy_mono_now(), redis->timeout_ns);
    return redis->limit && xcy_mono_before(*redis->limit, limit) ? *redis->limit : limit;
}

/* The stream's words already name the address. */
static enum xcy_status lose_connection(struct xcy_redis *redis, const char *what,
                                       struct xcy_error *err)
{
    xcy_redis_disconnect(redis);
    return xcy_error_context(err, "redis: %s", what);
}

static enum xcy_status send_command(struct xcy_redis *redis, const struct xcy_redis_command *c,
                                    struct xcy_mono limit, struct xcy_error *err)
{
    char *text = NULL;
    long long len = redisFormatCommandArgv(&text, (int)c->n, c->argv, c->lengths);
    xcy_assert(len >= 0); /* else it was out of memory */
    enum xcy_status status =
        xcy_stream_write(redis->stream, xcy_bytes(text, (size_t)len), limit, err);
    redisFreeCommand(text);
    return status;
}

/* *is_closed: the peer closed the connection before it answered. */
static enum xcy_status receive_reply(struct xcy_redis *redis, struct xcy_mono limit,
                                     redisReply **reply, bool *is_closed, struct xcy_error *err)
{
    char chunk[CHUNK_BYTES];
    for (;;) {
        void *got = NULL;
        if (redisReaderGetReply(redis->reader, &got) != REDIS_OK) {
            return xcy_fail(err, XCY_ENET, "%s: %s", redis->address, redis->reader->errstr);
        }
        if (got) {
            *reply = got;
            return XCY_OK;
        }
        size_t n = 0;
        enum xcy_status status =
            xcy_stream_read(redis->stream, chunk, sizeof chunk, &n, limit, err);
        if (status != XCY_OK) {
            return status;
        }
        if (n == 0) {
            *is_closed = true;
            return xcy_fail(err, XCY_ENET, "%s: the connection was closed", redis->address);
        }
        int code = redisReaderFeed(redis->reader, chunk, n);
        xcy_assert(code == REDIS_OK); /* else it was out of memory */
    }
}

/* On a connection that stands. *is_closed: it failed because the connection was closed. */
static enum xcy_status exchange(struct xcy_redis *redis, const struct xcy_redis_command *c,
                                redisReply **reply, bool *is_closed, struct xcy_error *err)
{
    struct xcy_mono limit = limit_of(redis);
    *is_closed = false;
    enum xcy_status status = send_command(redis, c, limit, err);
    if (status == XCY_OK) {
        status = receive_reply(redis, limit, reply, is_closed, err);
    } else {
        *is_closed = status == XCY_ENET;
    }
    return status == XCY_OK ? XCY_OK : lose_connection(redis, c->argv[0], err);
}

/* Redis' words, which repeat no password. */
static enum xcy_status refuse(const struct xcy_redis *redis, const char *command, redisReply *reply,
                              struct xcy_error *err)
{
    enum xcy_status status =
        xcy_fail(err, XCY_EREMOTE, "redis %s: %s: %s", redis->address, command, reply->str);
    freeReplyObject(reply);
    return status;
}

static enum xcy_status log_in(struct xcy_redis *redis, struct xcy_error *err)
{
    struct xcy_redis_command c;
    xcy_redis_command_init(&c, 3);
    xcy_redis_command_add(&c, xcy_bytes_of("AUTH"));
    if (redis->user) {
        xcy_redis_command_add(&c, xcy_bytes_of(redis->user));
    }
    xcy_redis_command_add(&c, xcy_bytes_of(redis->password));
    redisReply *reply = NULL;
    bool is_closed = false;
    enum xcy_status status = exchange(redis, &c, &reply, &is_closed, err);
    xcy_assert(status != XCY_OK || reply);
    if (status == XCY_OK && reply->type == REDIS_REPLY_ERROR) {
        status = refuse(redis, "AUTH", reply, err);
        xcy_redis_disconnect(redis);
    } else if (status == XCY_OK) {
        freeReplyObject(reply);
    }
    xcy_redis_command_clear(&c);
    return status;
}

enum xcy_status xcy_redis_connect(struct xcy_redis *redis, struct xcy_error *err)
{
    int64_t left_ns = xcy_mono_diff_ns(limit_of(redis), xcy_mono_now());
    struct xcy_stream_options options = {.address = redis->address,
                                         .tls = redis->tls,
                                         .ca_file = redis->ca_file,
                                         .connect_timeout_ns = left_ns > 0 ? left_ns : 0};
    enum xcy_status status = xcy_stream_open(&options, &redis->stream, err);
    if (status == XCY_EUSAGE) {
        return xcy_error_context(err, "redis");
    }
    if (status != XCY_OK) {
        return lose_connection(redis, "cannot connect", err);
    }
    redis->reader = redisReaderCreate();
    xcy_assert(redis->reader);
    return redis->password ? log_in(redis, err) : XCY_OK;
}

static enum xcy_status ask_once(struct xcy_redis *redis, const struct xcy_redis_command *c,
                                redisReply **reply, bool *is_closed, struct xcy_error *err)
{
    *is_closed = false;
    enum xcy_status status = redis->stream ? XCY_OK : xcy_redis_connect(redis, err);
    return status == XCY_OK ? exchange(redis, c, reply, is_closed, err) : status;
}

enum xcy_status xcy_redis_ask(struct xcy_redis *redis, const struct xcy_redis_command *c,
                              bool only_reads, redisReply **reply, struct xcy_error *err)
{
    if (redis->stream && xcy_stream_is_dead(redis->stream)) {
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
        return refuse(redis, c->argv[0], got, err);
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
