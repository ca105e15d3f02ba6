#ifndef XCY_SANDBOX_SERVICES_SQS_STORE_H
#define XCY_SANDBOX_SERVICES_SQS_STORE_H

/*
 * sqs_store.h - the messages of one queue: ready ones in the order they became so, delayed
 * and in-flight ones by the instant at which they become ready. No operation scans.
 *
 * A receipt handle names the queue, the message and the receive: after a later receive of
 * the same message it is stale.
 *
 * Time:     an argument; call xcy_sqs_store_advance before what should see its effect.
 * Threads:  one owner.
 */

#include "sandbox/services/sqs_item.h"

enum { XCY_SQS_HANDLE_BYTES = 65 }; /* 64 hex digits and a zero */

struct xcy_sqs_store;

struct xcy_sqs_store *xcy_sqs_store_new(void);
void xcy_sqs_store_free(struct xcy_sqs_store *store); /* NULL is allowed */

/* The item is taken; ready now, or after the delay. */
void xcy_sqs_store_add(struct xcy_sqs_store *store, struct xcy_sqs_item *item, struct xcy_mono now,
                       int64_t delay_ns);

/* Makes ready what is due. */
void xcy_sqs_store_advance(struct xcy_sqs_store *store, struct xcy_mono now);
/* When the next delayed or in-flight message becomes ready; false if none will. */
bool xcy_sqs_store_next_due(const struct xcy_sqs_store *store, struct xcy_mono *due);

/* The oldest ready message (borrowed), now in flight for visibility_ns, and the handle of this
 * receive; NULL if none is ready. */
struct xcy_sqs_item *xcy_sqs_store_receive(struct xcy_sqs_store *store, struct xcy_mono now,
                                           struct xcy_wall wall, int64_t visibility_ns,
                                           char handle[XCY_SQS_HANDLE_BYTES]);

/* The message that a receive would give (borrowed), or NULL. */
const struct xcy_sqs_item *xcy_sqs_store_oldest(const struct xcy_sqs_store *store);
/* The oldest ready message becomes the youngest. */
void xcy_sqs_store_pass_over(struct xcy_sqs_store *store);

enum xcy_sqs_handle {
    XCY_SQS_HANDLE_CURRENT,  /* of the message's last receive */
    XCY_SQS_HANDLE_STALE,    /* of an earlier one */
    XCY_SQS_HANDLE_DELETED,  /* its message is gone */
    XCY_SQS_HANDLE_MALFORMED /* not one of this queue's */
};
/* *item is set for CURRENT and STALE. */
enum xcy_sqs_handle xcy_sqs_store_find(const struct xcy_sqs_store *store, const char *handle,
                                       struct xcy_sqs_item **item);

void xcy_sqs_store_delete(struct xcy_sqs_store *store, struct xcy_sqs_item *item);
/* An in-flight item's remaining time becomes visibility_ns from now; 0 makes it ready. */
void xcy_sqs_store_change(struct xcy_sqs_store *store, struct xcy_sqs_item *item,
                          struct xcy_mono now, int64_t visibility_ns);
void xcy_sqs_store_purge(struct xcy_sqs_store *store);

size_t xcy_sqs_store_count(const struct xcy_sqs_store *store, enum xcy_sqs_state state);

#endif
