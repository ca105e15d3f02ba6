#include "sandbox/services/stream_poller.h"

#include "common/base/log.h"
#include "common/base/mem.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>

enum {
    FIRST_RETRY_MS = 100,
    MOST_RETRY_MS = 5000,
    MAX_DOUBLINGS = 16,
    MAX_BATCH_BYTES = 1 << 20,    /* as DynamoDB counts them */
    MAX_PAYLOAD_BYTES = 64 << 20, /* their text: of many tiny values it is long */
};

/* One record that an invocation carries. */
struct carried {
    uint64_t sequence;
    char *key;
};

/* Belongs to the timer thread, but for is_ok. */
struct shard {
    struct xcy_stream_poller *poller;
    size_t index;
    uint64_t done; /* the last sequence number that need not be looked at again */
    bool is_busy;  /* an invocation runs, or waits to be tried again */
    bool is_ok;    /* how it ended; set before the timer that looks at it */
    int n_tries;   /* of this batch that failed */
    uint64_t last; /* of this batch */
    uint64_t upto; /* 0, or the last of the batch that is to be tried again: it stays as it was */
    struct carried *carried;
    size_t n_carried;
};

struct xcy_stream_poller {
    struct xcy_stream_poller_options options;
    char *region;
    char *function;
    struct shard *shards;
    size_t n_shards;
    pthread_mutex_t lock;
    bool is_stopping;
};

static void on_visible(void *ctx);
static void on_retry(void *ctx);
static void on_ended(void *ctx);

/* Nothing is added once the poller is ending. */
static void add_timer(struct shard *shard, struct xcy_mono when, xcy_timer_fn *fire)
{
    struct xcy_stream_poller *p = shard->poller;
    pthread_mutex_lock(&p->lock);
    if (!p->is_stopping) {
        xcy_timers_add(p->options.timers, when, fire, NULL, shard);
    }
    pthread_mutex_unlock(&p->lock);
}

static bool is_stopping(struct xcy_stream_poller *p)
{
    pthread_mutex_lock(&p->lock);
    bool stopping = p->is_stopping;
    pthread_mutex_unlock(&p->lock);
    return stopping;
}

/* With the stream's lock. */
static void watched(void *ctx, size_t shard, struct xcy_mono visible)
{
    struct xcy_stream_poller *p = ctx;
    struct xcy_mono when = xcy_stall_when(p->options.stall, visible);
    if (when.ns != INT64_MAX) {
        add_timer(&p->shards[shard], when, on_visible);
    }
}

/* What the stall delayed comes later than its timers, and what came in it has none. */
static void resumed(void *ctx)
{
    const struct xcy_stream_poller *p = ctx;
    xcy_dynamodb_stream_watch_again(p->options.stream);
}

struct xcy_stream_poller *xcy_stream_poller_start(const struct xcy_stream_poller_options *options)
{
    struct xcy_stream_poller *p = xcy_alloc(sizeof *p);
    p->options = *options;
    if (!options->first_retry_ms) {
        p->options.first_retry_ms = FIRST_RETRY_MS;
    }
    if (!options->most_retry_ms) {
        p->options.most_retry_ms = MOST_RETRY_MS;
    }
    p->region = xcy_strdup(options->region);
    p->function = xcy_strdup(options->function);
    p->n_shards = xcy_dynamodb_stream_shards(options->stream);
    p->shards = xcy_alloc_array(p->n_shards, sizeof *p->shards);
    for (size_t i = 0; i < p->n_shards; i++) {
        p->shards[i].poller = p;
        p->shards[i].index = i;
        p->shards[i].carried =
            xcy_alloc_array((size_t)options->batch, sizeof *p->shards[i].carried);
    }
    pthread_mutex_init(&p->lock, NULL);
    xcy_dynamodb_stream_watch(options->stream, watched, p);
    xcy_stall_watch(options->stall, resumed, p);
    return p;
}

void xcy_stream_poller_stop(struct xcy_stream_poller *p)
{
    if (p) {
        xcy_stall_unwatch(p->options.stall, p);
        pthread_mutex_lock(&p->lock);
        p->is_stopping = true;
        pthread_mutex_unlock(&p->lock);
    }
}

static void clear_carried(struct shard *shard)
{
    for (size_t i = 0; i < shard->n_carried; i++) {
        free(shard->carried[i].key);
    }
    shard->n_carried = 0;
}

void xcy_stream_poller_free(struct xcy_stream_poller *p)
{
    if (!p) {
        return;
    }
    for (size_t i = 0; i < p->n_shards; i++) {
        clear_carried(&p->shards[i]);
        free(p->shards[i].carried);
    }
    pthread_mutex_destroy(&p->lock);
    free(p->shards);
    free(p->region);
    free(p->function);
    free(p);
}

struct batch {
    struct shard *shard;
    size_t bytes;
    struct xcy_buf payload;
};

static bool add_record(void *ctx, const struct xcy_dynamodb_record *record)
{
    struct batch *b = ctx;
    struct shard *shard = b->shard;
    const struct xcy_stream_poller *p = shard->poller;
    const struct xcy_dynamodb_stream *stream = p->options.stream;
    size_t bytes = xcy_dynamodb_record_bytes(record, xcy_dynamodb_stream_view(stream));
    bool is_full =
        shard->n_carried == (size_t)p->options.batch || b->bytes + bytes > MAX_BATCH_BYTES;
    bool is_later = shard->upto != 0 && record->sequence > shard->upto;
    if (is_later || (shard->n_carried > 0 && is_full)) {
        return false;
    }
    shard->last = record->sequence;
    if (record->change != XCY_DYNAMODB_INSERT) {
        return true;
    }
    xcy_buf_add_text(&b->payload, shard->n_carried > 0 ? "," : "{\"Records\":[");
    xcy_dynamodb_stream_format(stream, record, true, &b->payload);
    b->bytes += bytes;
    shard->carried[shard->n_carried++] =
        (struct carried){record->sequence, xcy_strdup(record->key)};
    return true;
}

/* Fills the batch with what follows `done`; what was trimmed meanwhile is lost, as with AWS after a
 * day. */
static void read_batch(struct batch *b)
{
    struct shard *shard = b->shard;
    struct xcy_dynamodb_stream *stream = shard->poller->options.stream;
    clear_carried(shard);
    shard->last = shard->done;
    while (!xcy_dynamodb_stream_read(stream, shard->index, shard->done, add_record, b)) {
        uint64_t trimmed = xcy_dynamodb_stream_trimmed(stream, shard->index);
        xcy_log(XCY_LOG_WARNING, "stream of %s: %" PRIu64 " records were trimmed unread",
                xcy_dynamodb_stream_table(stream), trimmed - shard->done);
        shard->done = trimmed;
        shard->last = trimmed;
        shard->upto = 0; /* of a batch that is to be tried again, some or all is gone */
    }
    xcy_buf_add_text(&b->payload, "]}");
}

static void note(const struct shard *shard, struct xcy_wall at)
{
    struct xcy_truth *truth = shard->poller->options.truth;
    for (size_t i = 0; xcy_truth_is_on(truth) && i < shard->n_carried; i++) {
        char sequence[XCY_DYNAMODB_SEQUENCE_BYTES];
        xcy_dynamodb_sequence_format(shard->index, shard->carried[i].sequence, sequence);
        struct xcy_json *line = xcy_json_new_object();
        xcy_json_put_string(line, "op", "deliver");
        xcy_json_put_string(line, "service", "dynamodb");
        xcy_json_put_int64(line, "at_us", xcy_wall_us(at));
        xcy_json_put_string(line, "message", sequence);
        xcy_json_put_string(line, "key", shard->carried[i].key);
        xcy_json_put_int64(line, "shard", (int64_t)shard->index);
        xcy_json_put_int64(line, "try", shard->n_tries + 1);
        xcy_truth_add(truth, line);
    }
}

static void try_later(struct shard *shard)
{
    const struct xcy_stream_poller_options *o = &shard->poller->options;
    int doublings = shard->n_tries < MAX_DOUBLINGS ? shard->n_tries : MAX_DOUBLINGS;
    int64_t pause_ms = o->first_retry_ms << doublings;
    pause_ms = pause_ms < o->most_retry_ms ? pause_ms : o->most_retry_ms;
    int64_t pause_ns = (int64_t)((double)(pause_ms * XCY_NS_PER_MS) * o->time_scale);
    shard->n_tries++;
    shard->upto = shard->last;
    add_timer(shard, xcy_mono_add(xcy_mono_now(), pause_ns), on_retry);
}

/* With the service's lock held: only hands over. */
static void ended(void *ctx, bool is_ok)
{
    struct shard *shard = ctx;
    shard->is_ok = is_ok;
    add_timer(shard, xcy_mono_now(), on_ended);
}

static void try_now(struct shard *shard)
{
    const struct xcy_stream_poller *p = shard->poller;
    struct batch b = {.shard = shard};
    xcy_buf_init(&b.payload, MAX_PAYLOAD_BYTES);
    read_batch(&b);
    if (shard->n_carried == 0) {
        shard->done = shard->last;
        shard->is_busy = false;
        xcy_buf_clear(&b.payload);
        return;
    }
    shard->is_busy = true;
    struct xcy_wall at = xcy_wall_now();
    if (p->options.invoke(p->options.service, p->region, p->function, xcy_buf_bytes(&b.payload),
                          ended, shard)) {
        note(shard, at);
    } else {
        try_later(shard);
    }
    xcy_buf_clear(&b.payload);
}

static void on_visible(void *ctx)
{
    struct shard *shard = ctx;
    if (!shard->is_busy && !is_stopping(shard->poller)) {
        try_now(shard);
    }
}

static void on_retry(void *ctx)
{
    struct shard *shard = ctx;
    if (!is_stopping(shard->poller)) {
        try_now(shard);
    }
}

static void on_ended(void *ctx)
{
    struct shard *shard = ctx;
    if (!shard->is_ok) {
        try_later(shard);
        return;
    }
    shard->done = shard->last;
    shard->n_tries = 0;
    shard->upto = 0;
    on_retry(shard);
}
