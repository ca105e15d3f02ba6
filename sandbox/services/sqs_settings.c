#include "sandbox/services/sqs_settings.h"

#include "common/data/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int64_t min;
    int64_t max;
    int64_t initial;
} numbers[XCY_SQS_SETTINGS] = {
    [XCY_SQS_VISIBILITY_S] = {"VisibilityTimeout", 0, 43200, 30},
    [XCY_SQS_DELAY_S] = {"DelaySeconds", 0, 900, 0},
    [XCY_SQS_WAIT_S] = {"ReceiveMessageWaitTimeSeconds", 0, 20, 0},
    [XCY_SQS_MAX_BYTES] = {"MaximumMessageSize", 1024, 1048576, 1048576},
    [XCY_SQS_RETENTION_S] = {"MessageRetentionPeriod", 60, 1209600, 345600},
};

static const char *const text_names[] = {
    "Policy",
    "RedrivePolicy",
    "RedriveAllowPolicy",
    "KmsMasterKeyId",
    "KmsDataKeyReusePeriodSeconds",
    "SqsManagedSseEnabled",
};

void xcy_sqs_settings_init(struct xcy_sqs_settings *settings)
{
    for (size_t i = 0; i < XCY_SQS_SETTINGS; i++) {
        settings->values[i] = numbers[i].initial;
    }
    settings->texts = xcy_json_new_object();
}

void xcy_sqs_settings_clear(struct xcy_sqs_settings *settings)
{
    xcy_json_free(settings->texts);
    settings->texts = NULL;
}

static enum xcy_sqs_setting_result set_number(struct xcy_sqs_settings *settings, size_t i,
                                              const char *text)
{
    int64_t value;
    if (!xcy_int64_parse(xcy_bytes_of(text), &value) || value < numbers[i].min ||
        value > numbers[i].max) {
        return XCY_SQS_SETTING_OUT_OF_RANGE;
    }
    settings->values[i] = value;
    return XCY_SQS_SETTING_OK;
}

enum xcy_sqs_setting_result xcy_sqs_settings_set(struct xcy_sqs_settings *settings,
                                                 const char *name, const char *text)
{
    for (size_t i = 0; i < XCY_SQS_SETTINGS; i++) {
        if (strcmp(numbers[i].name, name) == 0) {
            return set_number(settings, i, text);
        }
    }
    for (size_t i = 0; i < sizeof text_names / sizeof *text_names; i++) {
        if (strcmp(text_names[i], name) == 0) {
            xcy_json_put_string(settings->texts, name, text);
            return XCY_SQS_SETTING_OK;
        }
    }
    return XCY_SQS_SETTING_UNKNOWN;
}

const char *xcy_sqs_settings_get(const struct xcy_sqs_settings *settings, const char *name,
                                 char to[24])
{
    for (size_t i = 0; i < XCY_SQS_SETTINGS; i++) {
        if (strcmp(numbers[i].name, name) == 0) {
            snprintf(to, 24, "%" PRId64, settings->values[i]);
            return to;
        }
    }
    const char *text = xcy_json_get_string(settings->texts, name, "");
    return text[0] ? text : NULL;
}

void xcy_sqs_settings_list(const struct xcy_sqs_settings *settings, struct xcy_json *to)
{
    char text[24];
    for (size_t i = 0; i < XCY_SQS_SETTINGS; i++) {
        xcy_json_put_string(to, numbers[i].name,
                            xcy_sqs_settings_get(settings, numbers[i].name, text));
    }
    for (size_t i = 0; i < sizeof text_names / sizeof *text_names; i++) {
        const char *value = xcy_sqs_settings_get(settings, text_names[i], text);
        if (value) {
            xcy_json_put_string(to, text_names[i], value);
        }
    }
}
