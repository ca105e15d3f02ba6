#include "sandbox/services/sns_event.h"

#include "common/base/random.h"
#include "common/data/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char attribute_prefix[] = "MessageAttributes.entry.";

/* MessageAttributes.entry.1.Name=…&MessageAttributes.entry.1.Value.DataType=… */
static struct xcy_json *read_attributes(const struct xcy_form *form, size_t *bytes)
{
    struct xcy_json *attributes = xcy_json_new_object();
    const char *name;
    for (size_t i = 1; (name = xcy_form_get_at(form, attribute_prefix, i, "Name")); i++) {
        const char *type = xcy_form_get_at(form, attribute_prefix, i, "Value.DataType");
        const char *value = xcy_form_get_at(form, attribute_prefix, i, "Value.StringValue");
        if (!value) {
            value = xcy_form_get_at(form, attribute_prefix, i, "Value.BinaryValue");
        }
        if (!name[0] || !type || !value || !value[0]) {
            xcy_json_free(attributes);
            return NULL;
        }
        struct xcy_json *one = xcy_json_put_object(attributes, name);
        xcy_json_put_string(one, "Type", type);
        xcy_json_put_string(one, "Value", value);
        *bytes += strlen(name) + strlen(type) + strlen(value);
    }
    return attributes;
}

static bool is_utf8(const char *text)
{
    struct xcy_bytes all = xcy_bytes_of(text);
    for (size_t at = 0; at < all.len;) {
        size_t n = xcy_utf8_read(all, at, NULL);
        if (n == 0) {
            return false;
        }
        at += n;
    }
    return true;
}

bool xcy_sns_message_read(const struct xcy_form *form, struct xcy_sns_message *message,
                          char reason[200])
{
    const char *text = xcy_form_get(form, "Message");
    const char *structure = xcy_form_get(form, "MessageStructure");
    if (!text || !text[0]) {
        snprintf(reason, 200, "Invalid parameter: Empty message");
        return false;
    }
    if (!is_utf8(text)) {
        snprintf(reason, 200, "Invalid parameter: Message: not UTF-8");
        return false;
    }
    if (structure && structure[0]) {
        snprintf(reason, 200, "Invalid parameter: MessageStructure: the sandbox knows none");
        return false;
    }
    size_t bytes = strlen(text);
    struct xcy_json *attributes = read_attributes(form, &bytes);
    if (!attributes) {
        snprintf(reason, 200,
                 "Invalid parameter: MessageAttributes: each must have a name, a "
                 "type and a value");
        return false;
    }
    if (bytes > XCY_SNS_MAX_BYTES) {
        snprintf(reason, 200, "Invalid parameter: Message too long");
        xcy_json_free(attributes);
        return false;
    }
    *message = (struct xcy_sns_message){.text = text,
                                        .subject = xcy_form_get(form, "Subject"),
                                        .attributes = attributes,
                                        .published = xcy_wall_now()};
    xcy_random_uuid(message->id);
    return true;
}

void xcy_sns_message_clear(struct xcy_sns_message *message)
{
    xcy_json_free(message->attributes);
    *message = (struct xcy_sns_message){0};
}

/* 2026-11-20T10:00:00.123Z */
static void format_ms(struct xcy_wall at, char to[32])
{
    char iso[21];
    xcy_wall_format_iso(at, iso);
    snprintf(to, 32, "%.19s.%03" PRId64 "Z", iso, xcy_wall_us(at) / 1000 % 1000);
}

char *xcy_sns_event(const struct xcy_sns_message *message, const char *topic_arn,
                    const char *subscription_arn)
{
    char timestamp[32];
    format_ms(message->published, timestamp);
    struct xcy_json *root = xcy_json_new_object();
    struct xcy_json *record = xcy_json_append_object(xcy_json_put_array(root, "Records"));
    xcy_json_put_string(record, "EventSource", "aws:sns");
    xcy_json_put_string(record, "EventVersion", "1.0");
    xcy_json_put_string(record, "EventSubscriptionArn", subscription_arn);
    struct xcy_json *sns = xcy_json_put_object(record, "Sns");
    xcy_json_put_string(sns, "Type", "Notification");
    xcy_json_put_string(sns, "MessageId", message->id);
    xcy_json_put_string(sns, "TopicArn", topic_arn);
    xcy_json_put_string(sns, "Subject", message->subject);
    xcy_json_put_string(sns, "Message", message->text);
    xcy_json_put_string(sns, "Timestamp", timestamp);
    xcy_json_put_string(sns, "SignatureVersion", "1");
    xcy_json_put_string(sns, "Signature", "");
    xcy_json_put_string(sns, "SigningCertUrl", "");
    xcy_json_put_string(sns, "UnsubscribeUrl", "");
    xcy_json_put(sns, "MessageAttributes", xcy_json_copy(message->attributes));
    char *text = xcy_json_text(root);
    xcy_json_free(root);
    return text;
}
