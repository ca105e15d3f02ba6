#ifndef XCY_SANDBOX_SERVICES_SQS_SETTINGS_H
#define XCY_SANDBOX_SERVICES_SQS_SETTINGS_H

/*
 * sqs_settings.h - the attributes of a queue that can be set: numbers with their ranges, and
 * texts (policies) that are kept and given back but have no effect.
 *
 * Threads:  plain data.
 */

#include "common/data/json.h"

enum xcy_sqs_setting {
    XCY_SQS_VISIBILITY_S,
    XCY_SQS_DELAY_S,
    XCY_SQS_WAIT_S,
    XCY_SQS_MAX_BYTES,
    XCY_SQS_RETENTION_S, /* kept, without effect */
    XCY_SQS_SETTINGS
};

struct xcy_sqs_settings {
    int64_t values[XCY_SQS_SETTINGS];
    struct xcy_json *texts; /* object of strings */
};

enum xcy_sqs_setting_result {
    XCY_SQS_SETTING_OK,
    XCY_SQS_SETTING_UNKNOWN, /* no attribute of this name can be set */
    XCY_SQS_SETTING_OUT_OF_RANGE
};

void xcy_sqs_settings_init(struct xcy_sqs_settings *settings); /* AWS's defaults */
void xcy_sqs_settings_clear(struct xcy_sqs_settings *settings);

/* Sets one by its AWS name and text. An empty text takes a policy away. */
enum xcy_sqs_setting_result xcy_sqs_settings_set(struct xcy_sqs_settings *settings,
                                                 const char *name, const char *text);
/* The text of an attribute, or NULL if it is not one or not set; `to` has 24 bytes and serves
 * numbers. */
const char *xcy_sqs_settings_get(const struct xcy_sqs_settings *settings, const char *name,
                                 char to[24]);
/* All that are set, as strings, into an object. */
void xcy_sqs_settings_list(const struct xcy_sqs_settings *settings, struct xcy_json *to);

#endif
