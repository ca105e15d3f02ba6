#ifndef XCY_SANDBOX_SERVICES_SQS_ITEM_H
#define XCY_SANDBOX_SERVICES_SQS_ITEM_H

/*
 * sqs_item.h - a message of a queue and where it stands.
 *
 * Memory:   the store (sqs_store.h) owns those that were added to it; the members from
 *           `state` on are its own.
 * Threads:  one owner.
 */

#include "common/data/json.h"
#include "common/time/clock.h"

enum xcy_sqs_state { XCY_SQS_READY, XCY_SQS_DELAYED, XCY_SQS_IN_FLIGHT };

struct xcy_sqs_item {
    char id[37];
    char body_md5[33];
    char attributes_md5[33];     /* "" without message attributes */
    struct xcy_json *attributes; /* message attributes as in the JSON protocol, or NULL */
    char *body;
    struct xcy_wall sent;
    struct xcy_wall first_received; /* 0 before */
    int64_t receive_count;
    bool is_copy; /* delivered a second time on demand */

    enum xcy_sqs_state state;
    struct xcy_mono due; /* when it becomes ready */
    size_t heap_index;
    struct xcy_sqs_item *previous; /* among the ready ones */
    struct xcy_sqs_item *next;
    size_t slot;
    uint64_t serial; /* of the message in its slot */
};

struct xcy_sqs_item *xcy_sqs_item_new(const char *body, struct xcy_json *attributes); /* taken */
/* A ready-made second message with the same id, for a store. */
struct xcy_sqs_item *xcy_sqs_item_copy(const struct xcy_sqs_item *item);
void xcy_sqs_item_set_body(struct xcy_sqs_item *item, const char *body); /* copied */
void xcy_sqs_item_free(struct xcy_sqs_item *item);

#endif
