#include "collectors/keymap.h"

#include "common/base/mem.h"
#include "common/net/crypto.h"

#include <stdlib.h>

enum { KEY_BYTES = 16, FIRST_SLOTS = 64 };

struct slot {
    unsigned char key[KEY_BYTES];
    bool is_used;
    int64_t value;
};

/* Open addressing with linear probing, at most half full; the digest is its own hash. */
struct xcy_keymap {
    struct slot *slots;
    size_t n_slots; /* a power of two */
    size_t n_used;
};

struct xcy_keymap *xcy_keymap_new(void)
{
    struct xcy_keymap *map = xcy_alloc(sizeof *map);
    map->n_slots = FIRST_SLOTS;
    map->slots = xcy_alloc_array(map->n_slots, sizeof *map->slots);
    return map;
}

void xcy_keymap_free(struct xcy_keymap *map)
{
    if (map) {
        free(map->slots);
        free(map);
    }
}

static struct slot *slot_of(const struct xcy_keymap *map, const unsigned char key[KEY_BYTES])
{
    uint64_t hash;
    memcpy(&hash, key, sizeof hash);
    size_t at = (size_t)hash & (map->n_slots - 1);
    while (map->slots[at].is_used && memcmp(map->slots[at].key, key, KEY_BYTES) != 0) {
        at = (at + 1) & (map->n_slots - 1);
    }
    return &map->slots[at];
}

static struct slot *slot_of_text(const struct xcy_keymap *map, struct xcy_bytes text,
                                 unsigned char key[KEY_BYTES])
{
    unsigned char digest[XCY_SHA256_BYTES];
    xcy_sha256(text, digest);
    memcpy(key, digest, KEY_BYTES);
    return slot_of(map, key);
}

int64_t *xcy_keymap_find(const struct xcy_keymap *map, struct xcy_bytes text)
{
    unsigned char key[KEY_BYTES];
    struct slot *slot = slot_of_text(map, text, key);
    return slot->is_used ? &slot->value : NULL;
}

static void grow(struct xcy_keymap *map)
{
    struct slot *old = map->slots;
    size_t n_old = map->n_slots;
    map->n_slots *= 2;
    map->slots = xcy_alloc_array(map->n_slots, sizeof *map->slots);
    for (size_t i = 0; i < n_old; i++) {
        if (old[i].is_used) {
            *slot_of(map, old[i].key) = old[i];
        }
    }
    free(old);
}

int64_t *xcy_keymap_at(struct xcy_keymap *map, struct xcy_bytes text, bool *is_new)
{
    if (map->n_used * 2 >= map->n_slots) {
        grow(map);
    }
    struct slot new = {.is_used = true};
    struct slot *slot = slot_of_text(map, text, new.key);
    *is_new = !slot->is_used;
    if (*is_new) {
        *slot = new;
        map->n_used++;
    }
    return &slot->value;
}

void xcy_keymap_put(struct xcy_keymap *map, struct xcy_bytes text, int64_t value)
{
    bool is_new = false;
    *xcy_keymap_at(map, text, &is_new) = value;
    xcy_assert(is_new);
}

size_t xcy_keymap_size(const struct xcy_keymap *map)
{
    return map->n_used;
}
