#include "sandbox/services/sns_topic.h"

#include "common/base/mem.h"
#include "common/base/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct xcy_sns_topic *xcy_sns_topic_new(const char *region, const char *account, const char *name)
{
    struct xcy_sns_topic *topic = xcy_alloc(sizeof *topic);
    topic->arn = xcy_format("arn:aws:sns:%s:%s:%s", region, account, name);
    snprintf(topic->region, sizeof topic->region, "%s", region);
    return topic;
}

static void subscription_free(struct xcy_sns_subscription *subscription)
{
    free(subscription->arn);
    free(subscription->function);
    free(subscription);
}

void xcy_sns_topic_free(struct xcy_sns_topic *topic)
{
    while (topic->subscriptions) {
        struct xcy_sns_subscription *next = topic->subscriptions->next;
        subscription_free(topic->subscriptions);
        topic->subscriptions = next;
    }
    free(topic->arn);
    free(topic);
}

struct xcy_sns_topic *xcy_sns_topic_find(struct xcy_sns_topic *list, const char *arn)
{
    while (list && strcmp(list->arn, arn) != 0) {
        list = list->next;
    }
    return list;
}

const struct xcy_sns_subscription *xcy_sns_topic_subscribe(struct xcy_sns_topic *topic,
                                                           const char *region, const char *function)
{
    struct xcy_sns_subscription **link = &topic->subscriptions;
    for (; *link; link = &(*link)->next) {
        if (strcmp((*link)->region, region) == 0 && strcmp((*link)->function, function) == 0) {
            return *link;
        }
    }
    char id[37];
    xcy_random_uuid(id);
    struct xcy_sns_subscription *made = xcy_alloc(sizeof *made);
    made->arn = xcy_format("%s:%s", topic->arn, id);
    snprintf(made->region, sizeof made->region, "%s", region);
    made->function = xcy_strdup(function);
    *link = made;
    return made;
}

bool xcy_sns_topic_unsubscribe(struct xcy_sns_topic *topic, const char *subscription_arn)
{
    for (struct xcy_sns_subscription **link = &topic->subscriptions; *link; link = &(*link)->next) {
        struct xcy_sns_subscription *one = *link;
        if (strcmp(one->arn, subscription_arn) == 0) {
            *link = one->next;
            subscription_free(one);
            return true;
        }
    }
    return false;
}
