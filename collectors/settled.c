#include "collectors/settled.h"

struct xcy_settled xcy_settled_new(void)
{
    return (struct xcy_settled){.undeleted = xcy_keymap_new()};
}

void xcy_settled_clear(struct xcy_settled *settled)
{
    xcy_keymap_free(settled->undeleted);
    *settled = (struct xcy_settled){.undeleted = NULL};
}

/* A message that could not be deleted may come again and be deleted then. */
static void note_drop(struct xcy_settled *s, struct xcy_bytes id, bool is_done)
{
    int64_t left = is_done ? 0 : 1;
    s->count.deleted += 1 - left;
    s->count.undeleted += left;
    if (is_done && xcy_keymap_size(s->undeleted) == 0) {
        return;
    }
    bool is_new = false;
    int64_t *known = xcy_keymap_at(s->undeleted, id, &is_new);
    s->count.left += left - *known;
    *known = left;
}

void xcy_settled_note(struct xcy_settled *settled, const struct xcy_errand *errand, bool is_done)
{
    switch (errand->kind) {
    case XCY_ERRAND_DROP:
        note_drop(settled, xcy_bytes_of(errand->id), is_done);
        break;
    case XCY_ERRAND_BACK:
        settled->count.given_back++;
        break;
    case XCY_ERRAND_EXTEND:
        settled->count.extended += is_done ? 1 : 0;
        break;
    case XCY_ERRAND_RELEASE:
        break;
    }
}
