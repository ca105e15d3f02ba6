#ifndef XCY_FUNCTIONS_NOTIFICATIONS_MQ_H
#define XCY_FUNCTIONS_NOTIFICATIONS_MQ_H

/* mq.h - notifications through a queue of ActiveMQ: the writer publishes at its broker, whose network
 * brings the message to the reader's, which invokes the reader. */

#include "functions/backend.h"

extern const struct xcy_notification_backend xcy_mq_notifications;

#endif
