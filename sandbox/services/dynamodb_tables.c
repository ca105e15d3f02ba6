#include "sandbox/services/dynamodb_tables.h"

#include "common/base/mem.h"
#include "sandbox/regions/ordered.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct xcy_dynamodb_tables {
    pthread_mutex_t lock;
    struct xcy_dynamodb_world world;
    char *regions[2];
    char *account;
    struct xcy_ordered *by_name;
};

struct xcy_dynamodb_tables *xcy_dynamodb_tables_new(const struct xcy_dynamodb_world *world)
{
    struct xcy_dynamodb_tables *t = xcy_alloc(sizeof *t);
    pthread_mutex_init(&t->lock, NULL);
    t->world = *world;
    for (size_t i = 0; i < world->n_regions; i++) {
        t->regions[i] = xcy_strdup(world->regions[i]);
        t->world.regions[i] = t->regions[i];
    }
    t->account = xcy_strdup(world->account);
    t->world.account = t->account;
    t->by_name = xcy_ordered_new();
    return t;
}

void xcy_dynamodb_tables_free(struct xcy_dynamodb_tables *t)
{
    const char *name = NULL;
    void *table;
    while (xcy_ordered_next(t->by_name, name, &name, &table)) {
        xcy_dynamodb_table_free(table);
    }
    xcy_ordered_free(t->by_name);
    pthread_mutex_destroy(&t->lock);
    free(t->regions[0]);
    free(t->regions[1]);
    free(t->account);
    free(t);
}

bool xcy_dynamodb_tables_region(const struct xcy_dynamodb_tables *t, const char *region,
                                size_t *index)
{
    for (size_t i = 0; i < t->world.n_regions; i++) {
        if (strcmp(t->regions[i], region) == 0) {
            *index = i;
            return true;
        }
    }
    return false;
}

const struct xcy_dynamodb_world *xcy_dynamodb_tables_world(const struct xcy_dynamodb_tables *t)
{
    return &t->world;
}

struct xcy_dynamodb_table *xcy_dynamodb_tables_find(struct xcy_dynamodb_tables *t, const char *name)
{
    pthread_mutex_lock(&t->lock);
    struct xcy_dynamodb_table *table = xcy_ordered_find(t->by_name, name);
    pthread_mutex_unlock(&t->lock);
    return table;
}

bool xcy_dynamodb_tables_add(struct xcy_dynamodb_tables *t, const char *name, const char *key_name,
                             const struct xcy_dynamodb_view *stream)
{
    pthread_mutex_lock(&t->lock);
    bool is_new = !xcy_ordered_find(t->by_name, name);
    if (is_new) {
        xcy_ordered_put(t->by_name, name,
                        xcy_dynamodb_table_new(&t->world, name, key_name, stream));
    }
    pthread_mutex_unlock(&t->lock);
    return is_new;
}

struct xcy_dynamodb_table *xcy_dynamodb_tables_next(struct xcy_dynamodb_tables *t,
                                                    const char *after)
{
    const char *name;
    void *table = NULL;
    pthread_mutex_lock(&t->lock);
    bool found = xcy_ordered_next(t->by_name, after, &name, &table);
    pthread_mutex_unlock(&t->lock);
    return found ? table : NULL;
}
