#include "analyzers/disorders.h"

size_t xcy_disorders_listed(const struct xcy_disorders *disorders)
{
    return disorders->n < XCY_MAX_DISORDERS ? (size_t)disorders->n : XCY_MAX_DISORDERS;
}

/* Puts it where it belongs; the last one falls out of a full list. */
static void list(struct xcy_disorders *disorders, const struct xcy_disordered *one)
{
    size_t at = xcy_disorders_listed(disorders);
    if (at == XCY_MAX_DISORDERS) {
        at--;
        if (disorders->first[at].i <= one->i) {
            return;
        }
    }
    for (; at > 0 && disorders->first[at - 1].i > one->i; at--) {
        disorders->first[at] = disorders->first[at - 1];
    }
    disorders->first[at] = *one;
}

void xcy_disorders_take(struct xcy_disorders *disorders, struct xcy_clocks_view *view)
{
    struct xcy_disordered one = {.i = view->record->i};
    if (!xcy_causality_holds(view, &one.pair)) {
        list(disorders, &one);
        disorders->n++;
    }
}

void xcy_disorders_add(struct xcy_disorders *to, const struct xcy_disorders *from)
{
    int64_t sum = to->n + from->n;
    for (size_t i = 0; i < xcy_disorders_listed(from); i++) {
        list(to, &from->first[i]);
        to->n++;
    }
    to->n = sum;
}
