#ifndef XCY_DATA_JSON_TREE_H
#define XCY_DATA_JSON_TREE_H

/*
 * json_tree.h - where the nodes of a parsed text stand: all of them, and their texts, in a few blocks
 * that are freed together. They are cJSON nodes, so that everything that reads or adds to a tree is the
 * same for them; only freeing is not. Private to this folder.
 *
 * Memory:   the root is the first node made; freeing it frees the blocks. Nodes that were made one by one
 *           may hang in such a tree, and such a tree in another.
 * Threads:  one owner.
 */

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

struct xcy_json_block;

struct xcy_json_arena {
    struct xcy_json_block *first; /* the root's */
    struct xcy_json_block *last;
};

/* Room for a tree of about so many bytes. */
struct xcy_json_arena xcy_json_arena_new(size_t about_bytes);
/* If no root was made. */
void xcy_json_arena_drop(struct xcy_json_arena *arena);

cJSON *xcy_json_arena_node(struct xcy_json_arena *arena, int type);
char *xcy_json_arena_text(struct xcy_json_arena *arena, size_t bytes);

/* Frees a node that hangs in no tree, and all below it; NULL is allowed. */
void xcy_json_tree_free(cJSON *node);
/* Nodes one by one. */
cJSON *xcy_json_tree_copy(const cJSON *node);

#endif
