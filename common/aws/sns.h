#ifndef XCY_AWS_SNS_H
#define XCY_AWS_SNS_H

/* sns.h - SNS Publish (Query protocol). Threads: as the xcy_aws given. */

#include "common/aws/request.h"

/* message_id (may be NULL) has 64 bytes. */
enum xcy_status xcy_sns_publish(const struct xcy_aws *aws, const char *topic_arn,
                                const char *message, char *message_id,
                                struct xcy_error *err) XCY_MUST_USE;

#endif
