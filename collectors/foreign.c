#include "collectors/foreign.h"

#include "collectors/keymap.h"

#include "common/base/mem.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 16 };

struct known {
    char *handle;
    int hidden_s;
    struct xcy_mono until;
};

struct xcy_foreign {
    struct xcy_keymap *by_id;
    struct known *known;
    size_t n;
    size_t capacity;
    size_t next_told;
};

struct xcy_foreign *xcy_foreign_new(void)
{
    struct xcy_foreign *f = xcy_alloc(sizeof *f);
    f->by_id = xcy_keymap_new();
    return f;
}

void xcy_foreign_free(struct xcy_foreign *foreign)
{
    if (!foreign) {
        return;
    }
    for (size_t k = 0; k < foreign->n; k++) {
        free(foreign->known[k].handle);
    }
    free(foreign->known);
    xcy_keymap_free(foreign->by_id);
    free(foreign);
}

static struct known *add(struct xcy_foreign *f, struct xcy_bytes id)
{
    if (f->n == f->capacity) {
        f->capacity = f->capacity ? f->capacity * 2 : FIRST_CAPACITY;
        f->known = xcy_realloc_array(f->known, f->capacity, sizeof *f->known);
    }
    xcy_keymap_put(f->by_id, id, (int64_t)f->n);
    f->known[f->n] = (struct known){0};
    return &f->known[f->n++];
}

int xcy_foreign_came(struct xcy_foreign *foreign, const char *id, const char *handle,
                     struct xcy_mono now)
{
    struct xcy_bytes key = xcy_bytes_of(id);
    const int64_t *index = xcy_keymap_find(foreign->by_id, key);
    struct known *k;
    if (index) {
        k = &foreign->known[*index];
        int doubled = k->hidden_s > 0 ? 2 * k->hidden_s : 1;
        k->hidden_s = doubled < XCY_FOREIGN_MAX_HIDDEN_S ? doubled : XCY_FOREIGN_MAX_HIDDEN_S;
    } else {
        k = add(foreign, key);
    }
    free(k->handle);
    k->handle = xcy_strdup(handle);
    k->until = xcy_mono_add(now, k->hidden_s * XCY_NS_PER_S);
    return k->hidden_s;
}

size_t xcy_foreign_take_hidden(struct xcy_foreign *foreign, struct xcy_mono now,
                               const char *handles[], size_t max)
{
    size_t n = 0;
    while (n < max && foreign->next_told < foreign->n) {
        const struct known *k = &foreign->known[foreign->next_told++];
        if (xcy_mono_before(now, k->until)) {
            handles[n++] = k->handle;
        }
    }
    return n;
}
