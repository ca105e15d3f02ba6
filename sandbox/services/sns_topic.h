#ifndef XCY_SANDBOX_SERVICES_SNS_TOPIC_H
#define XCY_SANDBOX_SERVICES_SNS_TOPIC_H

/*
 * sns_topic.h - a topic and the functions that are subscribed to it.
 *
 * Threads:  under the service's lock.
 */

#include <stdbool.h>
#include <stddef.h>

struct xcy_sns_subscription {
    char *arn;
    char region[32]; /* of the function */
    char *function;  /* its name */
    struct xcy_sns_subscription *next;
};

struct xcy_sns_topic {
    char *arn; /* "arn:aws:sns:<region>:<account>:<name>" */
    char region[32];
    struct xcy_sns_subscription *subscriptions;
    struct xcy_sns_topic *next;
};

struct xcy_sns_topic *xcy_sns_topic_new(const char *region, const char *account, const char *name);
void xcy_sns_topic_free(struct xcy_sns_topic *topic);

/* The topic of an ARN in a list, or NULL. */
struct xcy_sns_topic *xcy_sns_topic_find(struct xcy_sns_topic *list, const char *arn);

/* One that is already there is the answer. */
const struct xcy_sns_subscription *
xcy_sns_topic_subscribe(struct xcy_sns_topic *topic, const char *region, const char *function);
/* False: there is none of this ARN. */
bool xcy_sns_topic_unsubscribe(struct xcy_sns_topic *topic, const char *subscription_arn);

#endif
