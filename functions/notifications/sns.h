#ifndef XCY_FUNCTIONS_NOTIFICATIONS_SNS_H
#define XCY_FUNCTIONS_NOTIFICATIONS_SNS_H

/* sns.h - notifications through an SNS topic that the reader function is subscribed to. */

#include "functions/backend.h"

extern const struct xcy_notification_backend xcy_sns_notifications;

#endif
