#include "functions/posts/cache.h"

#include "common/base/mem.h"
#include "common/stores/redis.h"

#include <stdlib.h>
#include <string.h>

enum {
    TIMEOUT_MS = 5000,
    MAX_METADATA = 4,
    SIDE_KEY_BYTES = 96,
    VALUE_MAX_BYTES = 64 * 1024 * 1024,
};

struct cache {
    struct xcy_redis *redis; /* this side's server; connects again by itself */
    struct xcy_buf value;    /* room for reads, kept */
    bool has_side_keys;      /* each post has a second key, of its context id */
};

static enum xcy_status open_cache(const struct xcy_backend_place *place, void **state,
                                  struct xcy_error *err)
{
    const struct xcy_environment *environment = place->environment;
    bool is_writer = place->side == XCY_SIDE_WRITER;
    const char *address = is_writer ? environment->cache.writer : environment->cache.reader;
    if (!address || address[0] == '\0') {
        return xcy_fail(err, XCY_EUSAGE, "the environment names no Redis for the %s",
                        is_writer ? "writer" : "reader");
    }
    if (environment->combination.post_bytes > VALUE_MAX_BYTES) {
        return xcy_fail(err, XCY_EUSAGE, "post_bytes %lld is more than the %d allowed with cache",
                        (long long)environment->combination.post_bytes, VALUE_MAX_BYTES);
    }
    struct xcy_redis *redis = NULL;
    struct xcy_redis_options options = {.address = address,
                                        .user = environment->cache.user,
                                        .password = environment->cache.password,
                                        .tls = environment->cache.tls,
                                        .ca_file = environment->ca_file,
                                        .timeout_ms = TIMEOUT_MS,
                                        .limit = place->limit};
    enum xcy_status status = xcy_redis_open(&options, &redis, err);
    if (status != XCY_OK) {
        return status;
    }
    struct cache *cache = xcy_alloc(sizeof *cache);
    cache->redis = redis;
    cache->has_side_keys = environment->combination.consistency == XCY_CONSISTENCY_ANTIPODE;
    xcy_buf_init(&cache->value, VALUE_MAX_BYTES);
    *state = cache;
    return XCY_OK;
}

static void close_cache(void *state)
{
    struct cache *cache = state;
    if (cache) {
        xcy_redis_close(cache->redis);
        xcy_buf_clear(&cache->value);
        free(cache);
    }
}

/* "cid:<context id>" -> the post's key. */
static void side_key(const char *name, const char *value, char to[SIDE_KEY_BYTES])
{
    size_t n_name = strnlen(name, 16);
    size_t n_value = strnlen(value, SIDE_KEY_BYTES - 18);
    memcpy(to, name, n_name);
    to[n_name] = ':';
    memcpy(to + n_name + 1, value, n_value);
    to[n_name + 1 + n_value] = '\0';
}

/* One MSET, so that no reader sees the body without the context id or the other way round. */
static enum xcy_status write_keys(void *state, const char *key, struct xcy_bytes body,
                                  const struct xcy_metadata *metadata, size_t n_metadata,
                                  char *version, struct xcy_error *err)
{
    struct cache *cache = state;
    xcy_assert(n_metadata <= MAX_METADATA);
    char names[MAX_METADATA][SIDE_KEY_BYTES];
    struct xcy_bytes keys[1 + MAX_METADATA] = {xcy_bytes_of(key)};
    struct xcy_bytes values[1 + MAX_METADATA] = {body};
    for (size_t m = 0; m < n_metadata; m++) {
        side_key(metadata[m].name, metadata[m].value, names[m]);
        keys[1 + m] = xcy_bytes_of(names[m]);
        values[1 + m] = xcy_bytes_of(key);
    }
    enum xcy_status status = xcy_redis_set(cache->redis, keys, values, 1 + n_metadata, err);
    if (status == XCY_OK) {
        version[0] = '\0';
    }
    return status;
}

/* The whole post, as a reader wants it, and what it weighs with its context id. */
static enum xcy_status get_post(struct cache *cache, const char *key, bool *found,
                                struct xcy_post_size *size, struct xcy_error *err)
{
    xcy_buf_reset(&cache->value);
    bool is_there = false;
    enum xcy_status status =
        xcy_redis_get(cache->redis, xcy_bytes_of(key), &is_there, &cache->value, err);
    if (status != XCY_OK) {
        return status;
    }
    size_t key_bytes = strlen(key);
    size_t side_bytes = cache->has_side_keys ? strlen("cid:") + 32 + key_bytes : 0;
    *found = is_there;
    *size = (struct xcy_post_size){0};
    if (is_there) {
        size->stored_bytes = (int64_t)(key_bytes + cache->value.len + side_bytes);
        size->metadata_bytes = (int64_t)side_bytes;
    }
    return XCY_OK;
}

/* Redis has one answer; `strong` changes nothing. */
static enum xcy_status visible(void *state, const char *key, const char *version, const char *cid,
                               bool strong, bool *found, struct xcy_post_size *size,
                               struct xcy_error *err)
{
    (void)version;
    (void)strong;
    struct cache *cache = state;
    if (size) {
        return get_post(cache, key, found, size, err);
    }
    char name[SIDE_KEY_BYTES];
    struct xcy_bytes keys[2] = {xcy_bytes_of(key)};
    if (cid) {
        side_key("cid", cid, name);
        keys[1] = xcy_bytes_of(name);
    }
    int64_t n_wanted = cid ? 2 : 1;
    int64_t n_found = 0;
    enum xcy_status status = xcy_redis_exists(cache->redis, keys, (size_t)n_wanted, &n_found, err);
    if (status == XCY_OK) {
        *found = n_found == n_wanted;
    }
    return status;
}

/* Posts, not keys: with Antipode each post has two. */
static enum xcy_status measure(void *state, int64_t *items, int64_t *bytes, struct xcy_error *err)
{
    struct cache *cache = state;
    int64_t n_keys = 0;
    double dataset_bytes = 0;
    enum xcy_status status = xcy_redis_dbsize(cache->redis, &n_keys, err);
    if (status == XCY_OK) {
        status = xcy_redis_stat(cache->redis, NULL, "dataset.bytes", &dataset_bytes, err);
    }
    if (status == XCY_OK) {
        *items = cache->has_side_keys ? n_keys / 2 : n_keys;
        *bytes = (int64_t)dataset_bytes;
    }
    return status;
}

/* Keys, so that one that lost its other half is not rounded away. */
static enum xcy_status count_keys(void *state, int64_t *items, struct xcy_error *err)
{
    const struct cache *cache = state;
    return xcy_redis_dbsize(cache->redis, items, err);
}

static enum xcy_status clean(void *state, struct xcy_error *err)
{
    const struct cache *cache = state;
    return xcy_redis_flush(cache->redis, err);
}

const struct xcy_post_backend xcy_cache_posts = {
    .name = "cache",
    .open = open_cache,
    .close = close_cache,
    .write = write_keys,
    .visible = visible,
    .size = measure,
    .clean = clean,
    .count = count_keys,
};
