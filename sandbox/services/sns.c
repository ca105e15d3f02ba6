#include "sandbox/services/sns.h"

#include "common/base/mem.h"
#include "common/base/random.h"
#include "sandbox/front/xml.h"
#include "sandbox/services/sns_event.h"
#include "sandbox/services/sns_operations.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_XML_BYTES = 4 << 20 };

static const char xml_namespace[] = "http://sns.amazonaws.com/doc/2010-03-31/";

struct xcy_sns_service {
    pthread_mutex_t lock;
    struct xcy_sns_service_options options;
    char *account;
    struct xcy_sns_topic *topics;
    bool is_stopping;
};

/* A message on its way to one function. */
struct delivery {
    struct xcy_sns_service *service;
    char message_id[37];
    char region[32];
    char *function;
    char *payload;
};

struct xcy_sns_service *xcy_sns_service_new(const struct xcy_sns_service_options *options)
{
    struct xcy_sns_service *s = xcy_alloc(sizeof *s);
    pthread_mutex_init(&s->lock, NULL);
    s->options = *options;
    s->account = xcy_strdup(options->account);
    s->options.account = s->account;
    return s;
}

void xcy_sns_service_stop(struct xcy_sns_service *s)
{
    pthread_mutex_lock(&s->lock);
    s->is_stopping = true;
    pthread_mutex_unlock(&s->lock);
}

void xcy_sns_service_free(struct xcy_sns_service *s)
{
    if (!s) {
        return;
    }
    while (s->topics) {
        struct xcy_sns_topic *next = s->topics->next;
        xcy_sns_topic_free(s->topics);
        s->topics = next;
    }
    pthread_mutex_destroy(&s->lock);
    free(s->account);
    free(s);
}

/* The topic of this name, with the lock; NULL if there is none. */
static struct xcy_sns_topic *find_topic(struct xcy_sns_service *s, const char *region,
                                        const char *name)
{
    char *arn = xcy_format("arn:aws:sns:%s:%s:%s", region, s->account, name);
    struct xcy_sns_topic *topic = xcy_sns_topic_find(s->topics, arn);
    free(arn);
    return topic;
}

void xcy_sns_service_add_topic(struct xcy_sns_service *s, const char *region, const char *name)
{
    pthread_mutex_lock(&s->lock);
    if (!find_topic(s, region, name)) {
        struct xcy_sns_topic *topic = xcy_sns_topic_new(region, s->account, name);
        topic->next = s->topics;
        s->topics = topic;
    }
    pthread_mutex_unlock(&s->lock);
}

void xcy_sns_service_subscribe(struct xcy_sns_service *s, const char *region, const char *topic,
                               const char *function_region, const char *function)
{
    pthread_mutex_lock(&s->lock);
    struct xcy_sns_topic *found = find_topic(s, region, topic);
    xcy_assert(found);
    xcy_sns_topic_subscribe(found, function_region, function);
    pthread_mutex_unlock(&s->lock);
}

static void delivery_free(void *ctx)
{
    struct delivery *delivery = ctx;
    free(delivery->function);
    free(delivery->payload);
    free(delivery);
}

/* text: NULL where its size was told before. */
static void note(struct xcy_sns_service *s, const char *op, const char *message_id,
                 const char *text)
{
    if (!xcy_truth_is_on(s->options.truth)) {
        return;
    }
    struct xcy_json *line = xcy_json_new_object();
    xcy_json_put_string(line, "op", op);
    xcy_json_put_string(line, "service", "sns");
    xcy_json_put_int64(line, "at_us", xcy_wall_us(xcy_wall_now()));
    xcy_json_put_string(line, "message", message_id);
    if (text) {
        xcy_json_put_int64(line, "bytes", (int64_t)strlen(text));
    }
    xcy_truth_add(s->options.truth, line);
}

static void deliver(void *ctx)
{
    struct delivery *delivery = ctx;
    struct xcy_sns_service *s = delivery->service;
    note(s, "deliver", delivery->message_id, NULL);
    s->options.deliver(s->options.deliver_ctx, delivery->region, delivery->function,
                       xcy_bytes_of(delivery->payload));
    delivery_free(delivery);
}

/* With the lock. */
static void send_out(struct xcy_sns_service *s, const struct xcy_sns_topic *topic,
                     const struct xcy_sns_message *message)
{
    struct xcy_mono now = xcy_mono_now();
    note(s, "publish", message->id, message->text);
    for (const struct xcy_sns_subscription *to = topic->subscriptions; to; to = to->next) {
        struct delivery *delivery = xcy_alloc(sizeof *delivery);
        delivery->service = s;
        memcpy(delivery->message_id, message->id, sizeof delivery->message_id);
        memcpy(delivery->region, to->region, sizeof delivery->region);
        delivery->function = xcy_strdup(to->function);
        delivery->payload = xcy_sns_event(message, topic->arn, to->arn);
        xcy_timers_add(s->options.timers, xcy_mono_add(now, xcy_lag_draw_ns(s->options.delivery)),
                       deliver, delivery_free, delivery);
    }
}

static bool publish(struct xcy_sns_service *s, struct xcy_sns_request *r)
{
    struct xcy_sns_message message;
    char reason[200];
    const struct xcy_sns_topic *topic = xcy_sns_request_topic(r);
    if (!topic) {
        return false;
    }
    if (!xcy_sns_message_read(r->form, &message, reason)) {
        return xcy_sns_fail(r, 400, "InvalidParameter", "%s", reason);
    }
    send_out(s, topic, &message);
    xcy_xml_add_element(&r->out, "MessageId", message.id);
    xcy_sns_message_clear(&message);
    return true;
}

/* With the lock. NULL operation: Publish. False: the sandbox is ending. */
static bool run(struct xcy_sns_service *s, const struct xcy_sns_operation *operation,
                struct xcy_sns_request *r)
{
    if (s->is_stopping) {
        return false;
    }
    if (!(operation ? operation->run(r) : publish(s, r))) {
        xcy_assert(r->status != 0);
    }
    return true;
}

static void answer(struct xcy_call *call, const struct xcy_sns_request *r, bool is_open,
                   bool has_result)
{
    if (!is_open) {
        xcy_call_fail_stopping(call);
    } else if (r->status != 0) {
        xcy_call_fail(call, r->status, r->code, "%s", r->message);
    } else {
        xcy_call_reply_xml(call, has_result ? r->out.ptr : NULL, xml_namespace);
    }
}

void xcy_sns_service_handle(void *service, struct xcy_call *call)
{
    struct xcy_sns_service *s = service;
    const struct xcy_sns_operation *operation = xcy_sns_operation_find(call->operation);
    bool is_publish = strcmp(call->operation, "Publish") == 0;
    if (call->protocol != XCY_PROTOCOL_QUERY || (!operation && !is_publish)) {
        xcy_call_fail_operation(call);
        return;
    }
    struct xcy_form form;
    if (!xcy_form_read(call, &form)) {
        xcy_call_fail(call, 400, "SerializationException", "The request's form cannot be read.");
        return;
    }
    struct xcy_sns_request r = {
        .account = s->account, .topics = &s->topics, .call = call, .form = &form};
    xcy_buf_init(&r.out, MAX_XML_BYTES);
    pthread_mutex_lock(&s->lock);
    bool is_open = run(s, operation, &r);
    pthread_mutex_unlock(&s->lock);
    answer(call, &r, is_open, is_publish || operation->has_result);
    xcy_buf_clear(&r.out);
    xcy_form_clear(&form);
}
