#ifndef XCY_FUNCTIONS_NOTIFICATIONS_DYNAMO_H
#define XCY_FUNCTIONS_NOTIFICATIONS_DYNAMO_H

/*
 * dynamo.h - notifications as items of a DynamoDB global table, whose stream in the reader's
 * region invokes the reader.
 *
 * Items     {key, event}: the event's text as it is, so that no byte of it changes on the way and
 *           its size is that of the other services. Read are also items whose attributes are the
 *           event's own members as strings, as the reference writes them.
 * Records   only INSERT is a notification. A record that cannot be read is logged and passed over:
 *           its invocation must not fail, since the source would try it again for a day and hold
 *           up its shard. What may pass (the network) fails it.
 * Bounds    an item of 400 KB.
 */

#include "functions/backend.h"

extern const struct xcy_notification_backend xcy_dynamo_notifications;

#endif
