#include "sandbox/regions/ordered.h"

#include "common/base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LEVEL = 24 };

struct node {
    char *key; /* NULL in the head, which stands before all */
    void *value;
    struct node *next[]; /* one a level; next[0] leads through all */
};

struct xcy_ordered {
    struct node *head;
    size_t n;
};

static struct node *node_new(const char *key, void *value, int level)
{
    struct node *node = xcy_alloc(sizeof *node + (size_t)level * sizeof(void *));
    node->key = xcy_strdup(key);
    node->value = value;
    return node;
}

static void node_free(struct node *node)
{
    free(node->key);
    free(node);
}

/* The level comes from the key itself: no random stream is needed, and the same keys always make
 * the same list. FNV-1a, its bits mixed as in MurmurHash3, since FNV's low ones are weak. */
static int level_of(const char *key)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *key; key++) {
        hash = (hash ^ (unsigned char)*key) * UINT64_C(1099511628211);
    }
    hash = (hash ^ (hash >> 33)) * UINT64_C(0xff51afd7ed558ccd);
    hash ^= hash >> 33;
    int level = 1;
    for (; level < MAX_LEVEL && (hash & 1) != 0; hash >>= 1) {
        level++;
    }
    return level;
}

/* Fills the last node before key on each level; returns the node behind before[0] (or NULL). */
static struct node *find_before(const struct xcy_ordered *o, const char *key,
                                struct node *before[MAX_LEVEL])
{
    struct node *at = o->head;
    for (int level = MAX_LEVEL - 1; level >= 0; level--) {
        while (at->next[level] && strcmp(at->next[level]->key, key) < 0) {
            at = at->next[level];
        }
        before[level] = at;
    }
    return at->next[0];
}

struct xcy_ordered *xcy_ordered_new(void)
{
    struct xcy_ordered *o = xcy_alloc(sizeof *o);
    o->head = node_new(NULL, NULL, MAX_LEVEL);
    return o;
}

void xcy_ordered_free(struct xcy_ordered *o)
{
    if (!o) {
        return;
    }
    for (struct node *node = o->head; node;) {
        struct node *next = node->next[0];
        node_free(node);
        node = next;
    }
    free(o);
}

size_t xcy_ordered_size(const struct xcy_ordered *o)
{
    return o->n;
}

void *xcy_ordered_find(const struct xcy_ordered *o, const char *key)
{
    struct node *before[MAX_LEVEL];
    const struct node *node = find_before(o, key, before);
    return node && strcmp(node->key, key) == 0 ? node->value : NULL;
}

void xcy_ordered_put(struct xcy_ordered *o, const char *key, void *value)
{
    struct node *before[MAX_LEVEL];
    const struct node *behind = find_before(o, key, before);
    xcy_assert(value && (!behind || strcmp(behind->key, key) != 0));
    int level = level_of(key);
    struct node *node = node_new(key, value, level);
    for (int i = 0; i < level; i++) {
        node->next[i] = before[i]->next[i];
        before[i]->next[i] = node;
    }
    o->n++;
}

void *xcy_ordered_remove(struct xcy_ordered *o, const char *key)
{
    struct node *before[MAX_LEVEL];
    struct node *node = find_before(o, key, before);
    if (!node || strcmp(node->key, key) != 0) {
        return NULL;
    }
    for (int i = 0; i < MAX_LEVEL && before[i]->next[i] == node; i++) {
        before[i]->next[i] = node->next[i];
    }
    void *value = node->value;
    node_free(node);
    o->n--;
    return value;
}

bool xcy_ordered_next(const struct xcy_ordered *o, const char *after, const char **key,
                      void **value)
{
    struct node *before[MAX_LEVEL];
    const struct node *node = after ? find_before(o, after, before) : o->head->next[0];
    if (node && after && strcmp(node->key, after) == 0) {
        node = node->next[0];
    }
    if (!node) {
        return false;
    }
    *key = node->key;
    *value = node->value;
    return true;
}
