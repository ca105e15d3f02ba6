#ifndef XCY_STORES_REDIS_COMMAND_H
#define XCY_STORES_REDIS_COMMAND_H

/*
 * redis_command.h - one command on a Redis connection, and the connection itself. Private to
 * common/stores.
 *
 * Threads:  the connection's.
 */

#include "common/stores/redis.h"

#include <hiredis/hiredis.h>
#include <sys/time.h>

enum { XCY_REDIS_ADDRESS_BYTES = 256 };

struct xcy_redis {
    char address[XCY_REDIS_ADDRESS_BYTES]; /* "host:port", for messages */
    char host[XCY_REDIS_ADDRESS_BYTES];
    int port;
    struct timeval timeout;
    redisContext *context; /* NULL: not connected */
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
