#ifndef XCY_COLLECTORS_ERRANDS_H
#define XCY_COLLECTORS_ERRANDS_H

/*
 * errands.h - a row of calls to be made about single messages, first come first served; those of one
 * kind are taken together.
 *
 * Memory:   owned by the caller, zeroes are an empty one; xcy_errands_clear frees what was not taken.
 * Threads:  one owner.
 */

#include <stddef.h>

enum xcy_errand_kind {
    XCY_ERRAND_DROP,   /* to be deleted from the queue */
    XCY_ERRAND_BACK,   /* to be visible to all again after hidden_s; 0: at once */
    XCY_ERRAND_EXTEND, /* to stay hidden for hidden_s from now: it is in hand */
    XCY_ERRAND_RELEASE /* was given back for later, and is to be visible now */
};

/* Texts are owned. */
struct xcy_errand {
    enum xcy_errand_kind kind;
    char *handle;
    char *id;     /* of the message, where it matters; else NULL */
    int hidden_s; /* unless it is dropped */
};

struct xcy_errands {
    struct xcy_errand *ring;
    size_t capacity; /* a power of two */
    size_t first;
    size_t n;
};

void xcy_errands_clear(struct xcy_errands *errands);
void xcy_errands_put(struct xcy_errands *errands, const struct xcy_errand *errand);
/* Takes the first and, up to max in all, those behind it that the same call can do. */
size_t xcy_errands_take(struct xcy_errands *errands, struct xcy_errand to[], size_t max);

#endif
