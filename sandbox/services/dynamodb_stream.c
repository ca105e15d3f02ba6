#include "sandbox/services/dynamodb_stream.h"

#include "common/base/mem.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECORD_BYTES = 512, MAX_BYTES = 256 << 20, RETENTION_S = 24 * 3600 };

/* Visible records in `kept`, from `first` on; those to come in `coming`, in order of `visible`. */
struct shard {
    struct xcy_dynamodb_record **kept;
    size_t first;
    size_t n;
    size_t capacity;
    uint64_t trimmed;
    struct xcy_dynamodb_record *coming;
};

struct xcy_dynamodb_stream {
    pthread_mutex_t lock;
    struct xcy_dynamodb_stream_options options;
    char *region;
    char *table;
    char *key_name;
    char *arn;
    char label[32];
    struct shard *shards;
    size_t bytes;
    xcy_dynamodb_watch_fn *watched;
    void *watched_ctx;
};

/* "2026-11-21T12:00:00.123" */
static void format_label(struct xcy_wall at, char to[32])
{
    char iso[21];
    xcy_wall_format_iso(at, iso);
    snprintf(to, 32, "%.19s.%03" PRId64, iso, xcy_wall_us(at) / 1000 % 1000);
}

struct xcy_dynamodb_stream *
xcy_dynamodb_stream_new(const struct xcy_dynamodb_stream_options *options)
{
    xcy_assert(options->n_shards >= 1 && options->n_shards <= XCY_DYNAMODB_MAX_SHARDS);
    struct xcy_dynamodb_stream *s = xcy_alloc(sizeof *s);
    pthread_mutex_init(&s->lock, NULL);
    s->options = *options;
    s->options.max_bytes = options->max_bytes ? options->max_bytes : MAX_BYTES;
    s->region = xcy_strdup(options->region);
    s->table = xcy_strdup(options->table);
    s->key_name = xcy_strdup(options->key_name);
    format_label(options->created, s->label);
    s->arn = xcy_format("arn:aws:dynamodb:%s:%s:table/%s/stream/%s", options->region,
                        options->account, options->table, s->label);
    s->shards = xcy_alloc_array(options->n_shards, sizeof *s->shards);
    return s;
}

static void shard_clear(struct shard *shard)
{
    for (size_t i = 0; i < shard->n; i++) {
        xcy_dynamodb_record_free(shard->kept[shard->first + i]);
    }
    while (shard->coming) {
        struct xcy_dynamodb_record *next = shard->coming->next;
        xcy_dynamodb_record_free(shard->coming);
        shard->coming = next;
    }
    free(shard->kept);
}

void xcy_dynamodb_stream_free(struct xcy_dynamodb_stream *s)
{
    if (!s) {
        return;
    }
    for (size_t i = 0; i < s->options.n_shards; i++) {
        shard_clear(&s->shards[i]);
    }
    pthread_mutex_destroy(&s->lock);
    free(s->shards);
    free(s->region);
    free(s->table);
    free(s->key_name);
    free(s->arn);
    free(s);
}

const char *xcy_dynamodb_stream_arn(const struct xcy_dynamodb_stream *s)
{
    return s->arn;
}

const char *xcy_dynamodb_stream_label(const struct xcy_dynamodb_stream *s)
{
    return s->label;
}

const char *xcy_dynamodb_stream_table(const struct xcy_dynamodb_stream *s)
{
    return s->table;
}

const char *xcy_dynamodb_stream_key_name(const struct xcy_dynamodb_stream *s)
{
    return s->key_name;
}

const struct xcy_dynamodb_view *xcy_dynamodb_stream_view(const struct xcy_dynamodb_stream *s)
{
    return s->options.view;
}

size_t xcy_dynamodb_stream_shards(const struct xcy_dynamodb_stream *s)
{
    return s->options.n_shards;
}

struct xcy_wall xcy_dynamodb_stream_created(const struct xcy_dynamodb_stream *s)
{
    return s->options.created;
}

/* FNV-1a, its bits mixed as in MurmurHash3. */
static size_t shard_of(const struct xcy_dynamodb_stream *s, const char *key)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *key; key++) {
        hash = (hash ^ (unsigned char)*key) * UINT64_C(1099511628211);
    }
    hash = (hash ^ (hash >> 33)) * UINT64_C(0xff51afd7ed558ccd);
    return (size_t)((hash ^ (hash >> 33)) % s->options.n_shards);
}

/* What it holds, shown or not. */
static size_t weight(const struct xcy_dynamodb_record *record)
{
    static const struct xcy_dynamodb_view all_of_it = {.has_new = true, .has_old = true};
    return RECORD_BYTES + xcy_dynamodb_record_bytes(record, &all_of_it);
}

static void keep(struct xcy_dynamodb_stream *s, struct shard *shard,
                 struct xcy_dynamodb_record *record)
{
    if (shard->first + shard->n == shard->capacity) {
        bool is_sparse = shard->first > shard->capacity / 2;
        if (is_sparse) {
            memmove(shard->kept, shard->kept + shard->first, shard->n * sizeof(void *));
            shard->first = 0;
        } else {
            shard->capacity = shard->capacity ? shard->capacity * 2 : 64;
            shard->kept = xcy_realloc_array(shard->kept, shard->capacity, sizeof(void *));
        }
    }
    record->sequence = shard->trimmed + shard->n + 1;
    record->next = NULL;
    shard->kept[shard->first + shard->n++] = record;
    s->bytes += weight(record);
}

static void trim_first(struct xcy_dynamodb_stream *s, struct shard *shard)
{
    struct xcy_dynamodb_record *record = shard->kept[shard->first++];
    shard->n--;
    shard->trimmed++;
    s->bytes -= weight(record);
    xcy_dynamodb_record_free(record);
}

static struct shard *with_oldest(struct xcy_dynamodb_stream *s)
{
    struct shard *oldest = NULL;
    for (size_t i = 0; i < s->options.n_shards; i++) {
        struct shard *shard = &s->shards[i];
        if (shard->n > 0 && (!oldest || xcy_mono_before(shard->kept[shard->first]->visible,
                                                        oldest->kept[oldest->first]->visible))) {
            oldest = shard;
        }
    }
    return oldest;
}

static void trim(struct xcy_dynamodb_stream *s, struct shard *shard, struct xcy_mono now)
{
    struct xcy_mono horizon = xcy_mono_add(now, -RETENTION_S * XCY_NS_PER_S);
    while (shard->n > 0 && xcy_mono_before(shard->kept[shard->first]->visible, horizon)) {
        trim_first(s, shard);
    }
    while (s->bytes > s->options.max_bytes) {
        trim_first(s, with_oldest(s));
    }
}

/* What has become visible by now, with the lock. */
static struct shard *shard_now(struct xcy_dynamodb_stream *s, size_t index)
{
    struct shard *shard = &s->shards[index];
    struct xcy_mono now = xcy_stall_read(s->options.stall).time;
    while (shard->coming && !xcy_mono_before(now, shard->coming->visible)) {
        struct xcy_dynamodb_record *record = shard->coming;
        shard->coming = record->next;
        keep(s, shard, record);
    }
    trim(s, shard, now);
    return shard;
}

/* Behind those of its key, and in order of `visible`. */
static void insert(struct shard *shard, struct xcy_dynamodb_record *record)
{
    struct xcy_dynamodb_record **at = &shard->coming;
    for (const struct xcy_dynamodb_record *r = shard->coming; r; r = r->next) {
        if (strcmp(r->key, record->key) == 0 && xcy_mono_before(record->visible, r->visible)) {
            record->visible = r->visible;
        }
    }
    while (*at && !xcy_mono_before(record->visible, (*at)->visible)) {
        at = &(*at)->next;
    }
    record->next = *at;
    *at = record;
}

struct xcy_mono xcy_dynamodb_stream_add(struct xcy_dynamodb_stream *s,
                                        struct xcy_dynamodb_record *record)
{
    pthread_mutex_lock(&s->lock);
    record->shard = shard_of(s, record->key);
    insert(shard_now(s, record->shard), record);
    struct xcy_mono visible = record->visible;
    if (s->watched) {
        s->watched(s->watched_ctx, record->shard, visible);
    }
    pthread_mutex_unlock(&s->lock);
    return visible;
}

bool xcy_dynamodb_stream_read(struct xcy_dynamodb_stream *s, size_t shard_index, uint64_t after,
                              xcy_dynamodb_record_fn *each, void *ctx)
{
    pthread_mutex_lock(&s->lock);
    const struct shard *shard = shard_now(s, shard_index);
    bool is_whole = after >= shard->trimmed;
    for (uint64_t i = after - shard->trimmed; is_whole && i < shard->n; i++) {
        if (!each(ctx, shard->kept[shard->first + i])) {
            break;
        }
    }
    pthread_mutex_unlock(&s->lock);
    return is_whole;
}

uint64_t xcy_dynamodb_stream_trimmed(struct xcy_dynamodb_stream *s, size_t shard)
{
    pthread_mutex_lock(&s->lock);
    uint64_t trimmed = shard_now(s, shard)->trimmed;
    pthread_mutex_unlock(&s->lock);
    return trimmed;
}

uint64_t xcy_dynamodb_stream_latest(struct xcy_dynamodb_stream *s, size_t shard_index)
{
    pthread_mutex_lock(&s->lock);
    const struct shard *shard = shard_now(s, shard_index);
    uint64_t latest = shard->trimmed + shard->n;
    pthread_mutex_unlock(&s->lock);
    return latest;
}

void xcy_dynamodb_stream_watch(struct xcy_dynamodb_stream *s, xcy_dynamodb_watch_fn *watched,
                               void *ctx)
{
    pthread_mutex_lock(&s->lock);
    xcy_assert(!s->watched);
    s->watched = watched;
    s->watched_ctx = ctx;
    pthread_mutex_unlock(&s->lock);
}

void xcy_dynamodb_stream_watch_again(struct xcy_dynamodb_stream *s)
{
    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->options.n_shards && s->watched; i++) {
        for (const struct xcy_dynamodb_record *r = s->shards[i].coming; r; r = r->next) {
            s->watched(s->watched_ctx, i, r->visible);
        }
    }
    pthread_mutex_unlock(&s->lock);
}

void xcy_dynamodb_stream_format(const struct xcy_dynamodb_stream *s,
                                const struct xcy_dynamodb_record *record, bool is_event,
                                struct xcy_buf *out)
{
    const struct xcy_dynamodb_origin origin = {.region = s->region,
                                               .stream_arn = is_event ? s->arn : NULL,
                                               .key_name = s->key_name,
                                               .view = s->options.view};
    xcy_dynamodb_record_format(record, &origin, out);
}
