#ifndef XCY_SANDBOX_SERVICES_MQ_EVENT_H
#define XCY_SANDBOX_SERVICES_MQ_EVENT_H

/*
 * mq_event.h - messages of ActiveMQ as Lambda gives them to a function.
 *
 * brokerInTime is the message's time stamp and brokerOutTime when it came to us: STOMP tells no more.
 * Properties are left out.
 *
 * Memory:   an event owns copies; release with clear.
 * Threads:  one owner.
 */

#include "common/data/json.h"
#include "common/stores/stomp_frame.h"
#include "common/time/clock.h"

struct xcy_mq_item {
    char *ack;         /* what to acknowledge it by */
    size_t body_bytes; /* as it came */
};

struct xcy_mq_event {
    struct xcy_json *root;
    struct xcy_json *messages; /* within root */
    struct xcy_mq_item *items; /* of each message */
    size_t n;
};

void xcy_mq_event_init(struct xcy_mq_event *event, const char *source_arn);
void xcy_mq_event_clear(struct xcy_mq_event *event);

/* XCY_EPARSE: it is no message that can be acknowledged. */
enum xcy_status xcy_mq_event_add(struct xcy_mq_event *event, const struct xcy_stomp_frame *message,
                                 struct xcy_wall now, struct xcy_error *err) XCY_MUST_USE;
const char *xcy_mq_event_id(const struct xcy_mq_event *event, size_t index); /* borrowed */

#endif
