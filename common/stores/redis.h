#ifndef XCY_STORES_REDIS_H
#define XCY_STORES_REDIS_H

/*
 * redis.h - a thin connection to Redis, plain or with TLS. It reconnects once when an idle
 * connection turns out to be closed and the command is safe to repeat.
 *
 * Threads:  a connection belongs to one thread.
 * Failure:  XCY_ENET (host and port named), XCY_ETIMEOUT, XCY_EREMOTE with Redis's words.
 */

#include "common/base/buf.h"
#include "common/time/clock.h"

#include <stdint.h>

struct xcy_redis;

/* Texts are copied; NULL or "" is none. */
struct xcy_redis_options {
    const char *address; /* "host:port" */
    const char *user;    /* with a password: NULL means Redis' default user */
    const char *password;
    bool tls;
    const char *ca_file;
    int64_t timeout_ms;           /* of connecting, and of each command */
    const struct xcy_mono *limit; /* no call goes on past it; borrowed; NULL: none */
};

enum xcy_status xcy_redis_open(const struct xcy_redis_options *options, struct xcy_redis **redis,
                               struct xcy_error *err) XCY_MUST_USE;
void xcy_redis_close(struct xcy_redis *redis);

/* MSET: all keys at once, so that no reader sees one without the other. */
enum xcy_status xcy_redis_set(struct xcy_redis *redis, const struct xcy_bytes *keys,
                              const struct xcy_bytes *values, size_t n,
                              struct xcy_error *err) XCY_MUST_USE;
/* *found, and the value appended to `value` (NULL: not wanted). */
enum xcy_status xcy_redis_get(struct xcy_redis *redis, struct xcy_bytes key, bool *found,
                              struct xcy_buf *value, struct xcy_error *err) XCY_MUST_USE;
/* How many of the keys exist. */
enum xcy_status xcy_redis_exists(struct xcy_redis *redis, const struct xcy_bytes *keys, size_t n,
                                 int64_t *n_found, struct xcy_error *err) XCY_MUST_USE;
enum xcy_status xcy_redis_flush(struct xcy_redis *redis, struct xcy_error *err) XCY_MUST_USE;
enum xcy_status xcy_redis_dbsize(struct xcy_redis *redis, int64_t *n_keys,
                                 struct xcy_error *err) XCY_MUST_USE;
/* One number of INFO or MEMORY STATS, e.g. section "memory", field "used_memory_dataset"; MEMORY
 * STATS fields ("dataset.bytes") with section NULL. */
enum xcy_status xcy_redis_stat(struct xcy_redis *redis, const char *section, const char *field,
                               double *value, struct xcy_error *err) XCY_MUST_USE;
/* The text of INFO <section>, appended. */
enum xcy_status xcy_redis_info(struct xcy_redis *redis, const char *section, struct xcy_buf *text,
                               struct xcy_error *err) XCY_MUST_USE;

#endif
