#ifndef XCY_STORES_REDIS_COMMAND_H
#define XCY_STORES_REDIS_COMMAND_H

/*
 * redis_command.h - one command on a Redis connection, and the connection itself. Private to
 * common/stores.
 *
 * hiredis writes commands and reads answers; the bytes go through our own stream, since
 * the hiredis of Debian 12 knows no TLS.
 *
 * Threads:  the connection's.
 */

#include "common/net/stream.h"
#include "common/stores/redis.h"

#include <hiredis/hiredis.h>

struct xcy_redis {
    char *address;  /* "host:port" */
    char *user;     /* NULL: Redis' default user */
    char *password; /* NULL: none is asked for */
    char *ca_file;
    bool tls;
    int64_t timeout_ns;
    const struct xcy_mono *limit; /* NULL: none */
    struct xcy_stream *stream;    /* NULL: not connected */
    redisReader *reader;          /* with the stream */
};

/* A command as hiredis wants it: texts and their lengths. */
struct xcy_redis_command {
    const char **argv;
    size_t *lengths;
    size_t n;
};

/* Room for n arguments; what is added is borrowed until clear. */
void xcy_redis_command_init(struct xcy_redis_command *c, size_t n);
void xcy_redis_command_add(struct xcy_redis_command *c, struct xcy_bytes argument);
void xcy_redis_command_clear(struct xcy_redis_command *c);

/* Connects and, with a password, logs in. */
enum xcy_status xcy_redis_connect(struct xcy_redis *redis, struct xcy_error *err) XCY_MUST_USE;
void xcy_redis_disconnect(struct xcy_redis *redis);

/* Sends and waits. A command that only reads is asked once more when the connection broke; one
 * that writes is not, since it may have been done. *reply is owned; free with freeReplyObject. */
enum xcy_status xcy_redis_ask(struct xcy_redis *redis, const struct xcy_redis_command *c,
                              bool only_reads, redisReply **reply,
                              struct xcy_error *err) XCY_MUST_USE;

/* For an answer of a kind that the command does not give. */
enum xcy_status xcy_redis_fail_type(const struct xcy_redis *redis, const char *command,
                                    struct xcy_error *err) XCY_MUST_USE;

#endif
