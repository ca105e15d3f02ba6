#include "functions/backend.h"

#include "functions/consistency/antipode.h"
#include "functions/consistency/none.h"
#include "functions/notifications/dynamo.h"
#include "functions/notifications/mq.h"
#include "functions/notifications/sns.h"
#include "functions/posts/cache.h"
#include "functions/posts/dynamo.h"
#include "functions/posts/mysql.h"
#include "functions/posts/s3.h"

#include <stddef.h>

static const struct xcy_post_backend *const posts[] = {
    [XCY_POST_DYNAMO] = &xcy_dynamo_posts,
    [XCY_POST_S3] = &xcy_s3_posts,
    [XCY_POST_MYSQL] = &xcy_mysql_posts,
    [XCY_POST_CACHE] = &xcy_cache_posts,
};

static const struct xcy_notification_backend *const notifications[] = {
    [XCY_NOTIFICATION_SNS] = &xcy_sns_notifications,
    [XCY_NOTIFICATION_DYNAMO] = &xcy_dynamo_notifications,
    [XCY_NOTIFICATION_MQ] = &xcy_mq_notifications,
};

static const struct xcy_consistency_protocol *const consistencies[] = {
    [XCY_CONSISTENCY_NONE] = &xcy_none_consistency,
    [XCY_CONSISTENCY_ANTIPODE] = &xcy_antipode_consistency,
};

const struct xcy_post_backend *xcy_post_backend_find(enum xcy_post_storage storage)
{
    xcy_assert((size_t)storage < sizeof posts / sizeof posts[0]);
    return posts[storage];
}

const struct xcy_notification_backend *
xcy_notification_backend_find(enum xcy_notification_storage storage)
{
    xcy_assert((size_t)storage < sizeof notifications / sizeof notifications[0]);
    return notifications[storage];
}

const struct xcy_consistency_protocol *xcy_consistency_find(enum xcy_consistency consistency)
{
    xcy_assert((size_t)consistency < sizeof consistencies / sizeof consistencies[0]);
    return consistencies[consistency];
}
