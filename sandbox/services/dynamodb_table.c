#include "sandbox/services/dynamodb_table.h"

#include "common/base/mem.h"
#include "common/base/random.h"
#include "sandbox/regions/instant.h"
#include "sandbox/regions/replicated.h"

#include <pthread.h>
#include <stdlib.h>

struct xcy_dynamodb_table {
    const struct xcy_dynamodb_world *world;
    char *name;
    char *key_name;
    char id[37];
    struct xcy_wall created;
    pthread_mutex_t lock;
    struct xcy_instants instants;
    struct xcy_replicated *rows;
    struct xcy_dynamodb_sums sums;                                   /* of the newest versions */
    struct xcy_dynamodb_stream *streams[XCY_REPLICATED_MAX_REGIONS]; /* NULL: none */
};

static void make_streams(struct xcy_dynamodb_table *table, const struct xcy_dynamodb_view *view)
{
    const struct xcy_dynamodb_world *world = table->world;
    for (size_t i = 0; i < world->n_regions; i++) {
        const struct xcy_dynamodb_stream_options options = {.region = world->regions[i],
                                                            .account = world->account,
                                                            .table = table->name,
                                                            .key_name = table->key_name,
                                                            .view = view,
                                                            .n_shards = world->n_shards,
                                                            .stall = world->stall,
                                                            .created = table->created};
        table->streams[i] = xcy_dynamodb_stream_new(&options);
    }
}

struct xcy_dynamodb_table *xcy_dynamodb_table_new(const struct xcy_dynamodb_world *world,
                                                  const char *name, const char *key_name,
                                                  const struct xcy_dynamodb_view *stream)
{
    struct xcy_dynamodb_table *table = xcy_alloc(sizeof *table);
    table->world = world;
    table->instants.stall = world->stall;
    table->name = xcy_strdup(name);
    table->key_name = xcy_strdup(key_name);
    xcy_random_uuid(table->id);
    table->created = xcy_wall_now();
    pthread_mutex_init(&table->lock, NULL);
    table->rows = xcy_replicated_new(world->n_regions, xcy_dynamodb_item_release);
    if (stream) {
        make_streams(table, stream);
    }
    return table;
}

void xcy_dynamodb_table_free(struct xcy_dynamodb_table *table)
{
    xcy_replicated_free(table->rows);
    for (size_t i = 0; i < XCY_REPLICATED_MAX_REGIONS; i++) {
        xcy_dynamodb_stream_free(table->streams[i]);
    }
    pthread_mutex_destroy(&table->lock);
    free(table->name);
    free(table->key_name);
    free(table);
}

const char *xcy_dynamodb_table_name(const struct xcy_dynamodb_table *table)
{
    return table->name;
}

const char *xcy_dynamodb_table_key_name(const struct xcy_dynamodb_table *table)
{
    return table->key_name;
}

const char *xcy_dynamodb_table_id(const struct xcy_dynamodb_table *table)
{
    return table->id;
}

struct xcy_wall xcy_dynamodb_table_created(const struct xcy_dynamodb_table *table)
{
    return table->created;
}

struct xcy_dynamodb_stream *xcy_dynamodb_table_stream(const struct xcy_dynamodb_table *table,
                                                      size_t region)
{
    return table->streams[region];
}

static struct xcy_json *line_of(const struct xcy_dynamodb_table *table, const char *op,
                                const char *key, struct xcy_mono at)
{
    struct xcy_json *line = xcy_json_new_object();
    xcy_json_put_string(line, "op", op);
    xcy_json_put_string(line, "store", "dynamo");
    xcy_json_put_string(line, "table", table->name);
    xcy_json_put_string(line, "key", key);
    xcy_json_put_int64(line, "at_us", xcy_instants_wall_us(&table->instants, at));
    return line;
}

static int64_t arrival_us(const struct xcy_dynamodb_table *table, const struct xcy_arrival *arrival,
                          struct xcy_mono at)
{
    return arrival->is_gated ? 0 : xcy_instants_wall_us(&table->instants, at);
}

/* With the lock. streamed: when the record comes into each region's stream; 0: none. */
static void note_write(const struct xcy_dynamodb_table *table, size_t region, const char *key,
                       bool is_delete, struct xcy_mono now, const struct xcy_arrival arrivals[],
                       const struct xcy_mono streamed[])
{
    const struct xcy_dynamodb_world *world = table->world;
    if (!xcy_truth_is_on(world->truth)) {
        return;
    }
    size_t other_region = world->n_regions - 1 - region;
    const struct xcy_arrival *other = &arrivals[other_region];
    struct xcy_json *line = line_of(table, is_delete ? "delete" : "write", key, now);
    xcy_json_put_string(line, "region", world->regions[region]);
    xcy_json_put_int64(line, "applied_us", arrival_us(table, other, other->applied));
    xcy_json_put_int64(line, "settled_us", arrival_us(table, other, other->settled));
    if (streamed[other_region].ns != 0) {
        xcy_json_put_int64(line, "streamed_us",
                           xcy_instants_wall_us(&table->instants, streamed[other_region]));
    }
    xcy_truth_add(world->truth, line);
}

/* With the lock. */
static void note_read(const struct xcy_dynamodb_table *table, size_t region, const char *key,
                      bool strong, struct xcy_mono now, bool found, bool opened)
{
    const struct xcy_dynamodb_world *world = table->world;
    if (!xcy_truth_is_on(world->truth)) {
        return;
    }
    struct xcy_json *line = line_of(table, "read", key, now);
    xcy_json_put_string(line, "region", world->regions[region]);
    xcy_json_put_bool(line, "strong", strong);
    xcy_json_put_bool(line, "found", found);
    xcy_truth_add(world->truth, line);
    if (opened) {
        xcy_truth_add(world->truth, line_of(table, "open", key, now));
    }
}

/* What a region has of the key just before a write is applied there: where it is made, what is to be
 * seen now; elsewhere the newest, since the versions of a key arrive in their order. */
static struct xcy_dynamodb_item *peek(const struct xcy_dynamodb_table *table, const char *key,
                                      size_t region, bool is_own, struct xcy_mono now)
{
    static const struct xcy_mono ever = {INT64_MAX - 1};
    struct xcy_dynamodb_item *item =
        xcy_replicated_peek(table->rows, key, region, true, is_own ? now : ever);
    return item ? xcy_dynamodb_item_hold(item) : NULL;
}

/* With the lock. */
static void stream_out(struct xcy_dynamodb_table *table, const char *key,
                       struct xcy_dynamodb_item *const old_items[], struct xcy_dynamodb_item *item,
                       const struct xcy_arrival arrivals[], struct xcy_mono streamed[])
{
    struct xcy_lag *lag = table->world->stream;
    for (size_t i = 0; i < table->world->n_regions; i++) {
        struct xcy_dynamodb_record *record =
            table->streams[i] ? xcy_dynamodb_record_new(key, old_items[i], item) : NULL;
        if (record) {
            struct xcy_mono applied = arrivals[i].applied;
            record->applied = xcy_wall_from_us(xcy_instants_wall_us(&table->instants, applied));
            record->visible = xcy_mono_add(
                applied, lag ? xcy_instants_lag_ns(&table->instants, xcy_lag_draw_ns(lag)) : 0);
            streamed[i] = xcy_dynamodb_stream_add(table->streams[i], record);
        }
    }
}

static void add_to_sums(struct xcy_dynamodb_sums *sums, const struct xcy_dynamodb_item *item,
                        int64_t sign)
{
    if (item) {
        sums->items += sign;
        sums->bytes += sign * (int64_t)xcy_dynamodb_item_bytes(item);
    }
}

struct xcy_dynamodb_item *xcy_dynamodb_table_write(struct xcy_dynamodb_table *table, size_t region,
                                                   const char *key, struct xcy_dynamodb_item *item)
{
    const struct xcy_dynamodb_world *world = table->world;
    struct xcy_spread spread = {
        .applied_ns = xcy_lag_draw_ns(world->replication),
        .settled_ns = xcy_lag_draw_ns(world->settle) / XCY_NS_PER_US * XCY_NS_PER_US,
        .is_gate = !table->streams[0] && xcy_lag_is_gate(world->replication),
    };
    struct xcy_arrival arrivals[XCY_REPLICATED_MAX_REGIONS];
    struct xcy_mono streamed[XCY_REPLICATED_MAX_REGIONS] = {{0}};
    struct xcy_dynamodb_item *old_items[XCY_REPLICATED_MAX_REGIONS] = {NULL};
    pthread_mutex_lock(&table->lock);
    struct xcy_mono now = xcy_instants_now(&table->instants);
    spread.applied_ns = xcy_instants_lag_ns(&table->instants, spread.applied_ns);
    for (size_t i = 0; i < world->n_regions; i++) {
        old_items[i] = peek(table, key, i, i == region, now);
    }
    add_to_sums(&table->sums, xcy_replicated_newest(table->rows, key), -1);
    add_to_sums(&table->sums, item, 1);
    xcy_replicated_write(table->rows, key, region, now, &spread, item, arrivals);
    stream_out(table, key, old_items, item, arrivals, streamed);
    note_write(table, region, key, item == NULL, now, arrivals, streamed);
    pthread_mutex_unlock(&table->lock);
    for (size_t i = 0; i < world->n_regions; i++) {
        xcy_dynamodb_item_release(i == region ? NULL : old_items[i]);
    }
    return old_items[region];
}

struct xcy_dynamodb_item *xcy_dynamodb_table_read(struct xcy_dynamodb_table *table, size_t region,
                                                  const char *key, bool strong)
{
    bool opened = false;
    pthread_mutex_lock(&table->lock);
    struct xcy_mono now = xcy_instants_now(&table->instants);
    struct xcy_dynamodb_item *item =
        table->instants.is_stalled
            ? xcy_replicated_peek(table->rows, key, region, strong, now) /* gates stay closed */
            : xcy_replicated_read(table->rows, key, region, strong, now, &opened);
    item = item ? xcy_dynamodb_item_hold(item) : NULL;
    note_read(table, region, key, strong, now, item != NULL, opened);
    pthread_mutex_unlock(&table->lock);
    return item;
}

struct xcy_dynamodb_sums xcy_dynamodb_table_sums(struct xcy_dynamodb_table *table)
{
    pthread_mutex_lock(&table->lock);
    struct xcy_dynamodb_sums sums = table->sums;
    pthread_mutex_unlock(&table->lock);
    return sums;
}

void xcy_dynamodb_table_walk(struct xcy_dynamodb_table *table, size_t region, const char *after,
                             bool strong, xcy_dynamodb_each_fn *each, void *ctx)
{
    const char *key = after;
    const struct xcy_dynamodb_item *item;
    pthread_mutex_lock(&table->lock);
    struct xcy_mono now = xcy_instants_now(&table->instants);
    do {
        item = xcy_replicated_next(table->rows, key, region, strong, now, &key);
    } while (item && each(ctx, key, item));
    pthread_mutex_unlock(&table->lock);
}
