#ifndef XCY_COLLECTORS_FOREIGN_H
#define XCY_COLLECTORS_FOREIGN_H

/*
 * foreign.h - messages of other runs, which stay in the queue.
 *
 * The first time one comes it is given back at once. A queue may hand it out again and again, and
 * so keep us from our own; from the second time on it stays hidden for a while, twice as long each
 * time, and is made visible again when we end.
 *
 * Memory:   owned by the caller, xcy_foreign_free.
 * Threads:  one owner.
 */

#include "common/time/clock.h"

#include <stddef.h>

struct xcy_foreign;

enum { XCY_FOREIGN_MAX_HIDDEN_S = 2 };

struct xcy_foreign *xcy_foreign_new(void);
void xcy_foreign_free(struct xcy_foreign *foreign);

/* Remembers a message that came, and answers for how many seconds it is to be hidden. */
int xcy_foreign_came(struct xcy_foreign *foreign, const char *id, const char *handle,
                     struct xcy_mono now);

/* Up to max handles (borrowed) of messages that are still hidden now; each is told once. */
size_t xcy_foreign_take_hidden(struct xcy_foreign *foreign, struct xcy_mono now,
                               const char *handles[], size_t max);

#endif
