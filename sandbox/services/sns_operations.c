#include "sandbox/services/sns_operations.h"

#include "sandbox/front/xml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool xcy_sns_fail(struct xcy_sns_request *r, int status, const char *code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(r->message, sizeof r->message, fmt, args);
    va_end(args);
    r->status = status;
    r->code = code;
    return false;
}

/* Whether the ARN is "arn:aws:sns:<the call's region>:<our account>:<something>". */
static bool is_ours(const struct xcy_sns_request *r, const char *arn)
{
    char prefix[128];
    snprintf(prefix, sizeof prefix, "arn:aws:sns:%s:%s:", r->call->region, r->account);
    return strncmp(arn, prefix, strlen(prefix)) == 0;
}

struct xcy_sns_topic *xcy_sns_request_topic(struct xcy_sns_request *r)
{
    const char *arn = xcy_form_get(r->form, "TopicArn");
    arn = arn ? arn : xcy_form_get(r->form, "TargetArn");
    if (!arn || !is_ours(r, arn)) {
        xcy_sns_fail(r, 400, "InvalidParameter", "Invalid parameter: TopicArn");
        return NULL;
    }
    struct xcy_sns_topic *topic = xcy_sns_topic_find(*r->topics, arn);
    if (!topic) {
        xcy_sns_fail(r, 404, "NotFound", "Topic does not exist");
    }
    return topic;
}

static bool create_topic(struct xcy_sns_request *r)
{
    static const char characters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *name = xcy_form_get(r->form, "Name");
    size_t n = name ? strlen(name) : 0;
    if (n == 0 || n > 256 || strspn(name, characters) != n) {
        return xcy_sns_fail(r, 400, "InvalidParameter", "Invalid parameter: Topic Name");
    }
    struct xcy_sns_topic *made = xcy_sns_topic_new(r->call->region, r->account, name);
    struct xcy_sns_topic *topic = xcy_sns_topic_find(*r->topics, made->arn);
    if (topic) {
        xcy_sns_topic_free(made);
    } else {
        topic = made;
        topic->next = *r->topics;
        *r->topics = topic;
    }
    xcy_xml_add_element(&r->out, "TopicArn", topic->arn);
    return true;
}

/* As AWS: deleting what is not there is no failure. */
static bool delete_topic(struct xcy_sns_request *r)
{
    struct xcy_sns_topic *topic = xcy_sns_request_topic(r);
    if (!topic) {
        bool is_gone = r->status == 404;
        r->status = is_gone ? 0 : r->status;
        return is_gone;
    }
    struct xcy_sns_topic **link = r->topics;
    while (*link != topic) {
        link = &(*link)->next;
    }
    *link = topic->next;
    xcy_sns_topic_free(topic);
    return true;
}

static bool list_topics(struct xcy_sns_request *r)
{
    xcy_buf_add_text(&r->out, "<Topics>");
    for (const struct xcy_sns_topic *topic = *r->topics; topic; topic = topic->next) {
        if (strcmp(topic->region, r->call->region) == 0) {
            xcy_buf_add_text(&r->out, "<member>");
            xcy_xml_add_element(&r->out, "TopicArn", topic->arn);
            xcy_buf_add_text(&r->out, "</member>");
        }
    }
    xcy_buf_add_text(&r->out, "</Topics>");
    return true;
}

static void add_attribute(struct xcy_buf *out, const char *name, const char *value)
{
    xcy_buf_add_text(out, "<entry>");
    xcy_xml_add_element(out, "key", name);
    xcy_xml_add_element(out, "value", value);
    xcy_buf_add_text(out, "</entry>");
}

static bool get_topic_attributes(struct xcy_sns_request *r)
{
    const struct xcy_sns_topic *topic = xcy_sns_request_topic(r);
    if (!topic) {
        return false;
    }
    char count[24];
    size_t n = 0;
    for (const struct xcy_sns_subscription *one = topic->subscriptions; one; one = one->next) {
        n++;
    }
    snprintf(count, sizeof count, "%zu", n);
    xcy_buf_add_text(&r->out, "<Attributes>");
    add_attribute(&r->out, "TopicArn", topic->arn);
    add_attribute(&r->out, "Owner", r->account);
    add_attribute(&r->out, "SubscriptionsConfirmed", count);
    add_attribute(&r->out, "SubscriptionsPending", "0");
    add_attribute(&r->out, "SubscriptionsDeleted", "0");
    xcy_buf_add_text(&r->out, "</Attributes>");
    return true;
}

/* "arn:aws:lambda:<region>:<account>:function:<name>" in its parts; false if it is not one. */
static bool parse_function(const char *arn, char region[32], char name[160])
{
    static const char prefix[] = "arn:aws:lambda:";
    if (strncmp(arn, prefix, strlen(prefix)) != 0) {
        return false;
    }
    const char *at = arn + strlen(prefix);
    size_t region_len = strcspn(at, ":");
    const char *function = strstr(at, ":function:");
    if (region_len == 0 || region_len >= 32 || !function) {
        return false;
    }
    function += strlen(":function:");
    size_t name_len = strcspn(function, ":");
    if (name_len == 0 || name_len >= 160) {
        return false;
    }
    snprintf(region, 32, "%.*s", (int)region_len, at);
    snprintf(name, 160, "%.*s", (int)name_len, function);
    return true;
}

static bool subscribe(struct xcy_sns_request *r)
{
    struct xcy_sns_topic *topic = xcy_sns_request_topic(r);
    if (!topic) {
        return false;
    }
    const char *protocol = xcy_form_get(r->form, "Protocol");
    const char *endpoint = xcy_form_get(r->form, "Endpoint");
    char region[32];
    char function[160];
    if (!protocol || strcmp(protocol, "lambda") != 0) {
        return xcy_sns_fail(r, 400, "InvalidParameter",
                            "Invalid parameter: Protocol: the sandbox delivers to lambda only");
    }
    if (!endpoint || !parse_function(endpoint, region, function)) {
        return xcy_sns_fail(r, 400, "InvalidParameter", "Invalid parameter: Lambda endpoint ARN");
    }
    const struct xcy_sns_subscription *one = xcy_sns_topic_subscribe(topic, region, function);
    xcy_xml_add_element(&r->out, "SubscriptionArn", one->arn);
    return true;
}

/* As AWS: one that is not there is no failure. */
static bool unsubscribe(struct xcy_sns_request *r)
{
    const char *arn = xcy_form_get(r->form, "SubscriptionArn");
    if (!arn || !is_ours(r, arn)) {
        return xcy_sns_fail(r, 400, "InvalidParameter", "Invalid parameter: SubscriptionArn");
    }
    for (struct xcy_sns_topic *topic = *r->topics; topic; topic = topic->next) {
        if (xcy_sns_topic_unsubscribe(topic, arn)) {
            break;
        }
    }
    return true;
}

static void add_subscriptions(struct xcy_sns_request *r, const struct xcy_sns_topic *topic)
{
    for (const struct xcy_sns_subscription *one = topic->subscriptions; one; one = one->next) {
        xcy_buf_add_text(&r->out, "<member>");
        xcy_xml_add_element(&r->out, "SubscriptionArn", one->arn);
        xcy_xml_add_element(&r->out, "Owner", r->account);
        xcy_xml_add_element(&r->out, "Protocol", "lambda");
        xcy_buf_addf(&r->out, "<Endpoint>arn:aws:lambda:%s:%s:function:", one->region, r->account);
        xcy_xml_add_text(&r->out, one->function);
        xcy_buf_add_text(&r->out, "</Endpoint>");
        xcy_xml_add_element(&r->out, "TopicArn", topic->arn);
        xcy_buf_add_text(&r->out, "</member>");
    }
}

static bool list_subscriptions(struct xcy_sns_request *r)
{
    xcy_buf_add_text(&r->out, "<Subscriptions>");
    for (const struct xcy_sns_topic *topic = *r->topics; topic; topic = topic->next) {
        if (strcmp(topic->region, r->call->region) == 0) {
            add_subscriptions(r, topic);
        }
    }
    xcy_buf_add_text(&r->out, "</Subscriptions>");
    return true;
}

static bool list_subscriptions_by_topic(struct xcy_sns_request *r)
{
    const struct xcy_sns_topic *topic = xcy_sns_request_topic(r);
    if (!topic) {
        return false;
    }
    xcy_buf_add_text(&r->out, "<Subscriptions>");
    add_subscriptions(r, topic);
    xcy_buf_add_text(&r->out, "</Subscriptions>");
    return true;
}

static const struct xcy_sns_operation operations[] = {
    {"CreateTopic", create_topic, true},
    {"DeleteTopic", delete_topic, false},
    {"ListTopics", list_topics, true},
    {"GetTopicAttributes", get_topic_attributes, true},
    {"Subscribe", subscribe, true},
    {"Unsubscribe", unsubscribe, false},
    {"ListSubscriptions", list_subscriptions, true},
    {"ListSubscriptionsByTopic", list_subscriptions_by_topic, true},
};

const struct xcy_sns_operation *xcy_sns_operation_find(const char *name)
{
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        if (strcmp(operations[i].name, name) == 0) {
            return &operations[i];
        }
    }
    return NULL;
}
