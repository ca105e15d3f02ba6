#include "common/data/json_tree.h"

#include "common/base/error.h"
#include "common/base/mem.h"

#include <stdlib.h>

/* Beside the bits that cJSON knows. */
enum { IN_ARENA = 1 << 16, IS_ROOT = 1 << 17, LEAST_BYTES = 512 };

struct xcy_json_block {
    struct xcy_json_block *next;
    size_t used;
    size_t size;
    max_align_t room[];
};

static struct xcy_json_block *new_block(size_t size)
{
    struct xcy_json_block *block = malloc(sizeof *block + size);
    xcy_assert(block != NULL && "out of memory");
    block->next = NULL;
    block->used = 0;
    block->size = size;
    return block;
}

struct xcy_json_arena xcy_json_arena_new(size_t about_bytes)
{
    struct xcy_json_block *block = new_block(about_bytes > LEAST_BYTES ? about_bytes : LEAST_BYTES);
    return (struct xcy_json_arena){.first = block, .last = block};
}

static void free_blocks(struct xcy_json_block *block)
{
    while (block) {
        struct xcy_json_block *next = block->next;
        free(block);
        block = next;
    }
}

void xcy_json_arena_drop(struct xcy_json_arena *arena)
{
    free_blocks(arena->first);
    *arena = (struct xcy_json_arena){NULL, NULL};
}

static void *take(struct xcy_json_arena *arena, size_t bytes, size_t alignment)
{
    struct xcy_json_block *block = arena->last;
    size_t at = (block->used + alignment - 1) / alignment * alignment;
    if (at > block->size || block->size - at < bytes) {
        size_t size = 2 * block->size > bytes ? 2 * block->size : bytes;
        block->next = new_block(size);
        block = block->next;
        arena->last = block;
        at = 0;
    }
    block->used = at + bytes;
    return (char *)block->room + at;
}

cJSON *xcy_json_arena_node(struct xcy_json_arena *arena, int type)
{
    bool is_root = arena->first->used == 0;
    cJSON *node = take(arena, sizeof *node, _Alignof(cJSON));
    *node = (cJSON){.type = type | IN_ARENA | (is_root ? IS_ROOT : 0)};
    return node;
}

char *xcy_json_arena_text(struct xcy_json_arena *arena, size_t bytes)
{
    return take(arena, bytes, 1);
}

static struct xcy_json_block *block_of(cJSON *root)
{
    return (struct xcy_json_block *)(void *)((char *)root - offsetof(struct xcy_json_block, room));
}

void xcy_json_tree_free(cJSON *node)
{
    if (!node) {
        return;
    }
    for (cJSON *child = node->child, *next = NULL; child; child = next) {
        next = child->next;
        xcy_json_tree_free(child);
    }
    node->child = NULL;
    if ((node->type & IN_ARENA) == 0) {
        node->next = NULL;
        cJSON_Delete(node);
    } else if ((node->type & IS_ROOT) != 0) {
        free(node->string); /* it was put into another tree */
        free_blocks(block_of(node));
    }
}

static void forget_arena(cJSON *node)
{
    node->type &= ~(IN_ARENA | IS_ROOT);
    for (cJSON *child = node->child; child; child = child->next) {
        forget_arena(child);
    }
}

cJSON *xcy_json_tree_copy(const cJSON *node)
{
    cJSON *copy = cJSON_Duplicate(node, 1);
    xcy_assert(copy != NULL && "out of memory");
    forget_arena(copy);
    return copy;
}
