#include "functions/notifications/sns.h"

#include "common/aws/sns.h"
#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>

struct sns {
    const struct xcy_backend_place *place;
    const char *topic_arn;
};

static enum xcy_status open_topic(const struct xcy_backend_place *place, void **state,
                                  struct xcy_error *err)
{
    const char *topic_arn = place->environment->topic_arn;
    if (place->side == XCY_SIDE_WRITER && (!topic_arn || topic_arn[0] == '\0')) {
        return xcy_fail(err, XCY_EUSAGE, "the environment names no SNS topic; run deploy again");
    }
    struct sns *sns = xcy_alloc(sizeof *sns);
    sns->place = place;
    sns->topic_arn = topic_arn;
    *state = sns;
    return XCY_OK;
}

static void close_topic(void *state)
{
    free(state);
}

static enum xcy_status publish(void *state, const char *key, const char *message,
                               struct xcy_error *err)
{
    (void)key;
    const struct sns *sns = state;
    struct xcy_aws aws = xcy_backend_aws(sns->place);
    return xcy_sns_publish(&aws, sns->topic_arn, message, NULL, err);
}

/* Lambda gets {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": "<event>", ...}}]}. One bad
 * record must not cost the others: all are handled, then the first failure is told. */
static enum xcy_status parse(const struct xcy_json *payload, xcy_notified_fn *each, void *ctx,
                             struct xcy_error *err)
{
    const struct xcy_json *records = xcy_json_get(payload, "Records");
    if (xcy_json_kind(records) != XCY_JSON_ARRAY || xcy_json_size(records) == 0) {
        return xcy_fail(err, XCY_EPARSE, "not an SNS notification: it has no Records");
    }
    enum xcy_status first = XCY_OK;
    size_t index = 0;
    for (const struct xcy_json *record = xcy_json_first(records); record;
         record = xcy_json_next(record), index++) {
        const char *message = xcy_json_get_string(xcy_json_get(record, "Sns"), "Message", NULL);
        struct xcy_error failure;
        enum xcy_status status = message
                                     ? each(ctx, xcy_bytes_of(message), strlen(message), &failure)
                                     : xcy_fail(&failure, XCY_EPARSE, "it has no Sns.Message");
        if (status != XCY_OK && first == XCY_OK) {
            first = xcy_error_context(&failure, "SNS record %zu", index);
            *err = failure;
        }
    }
    return first;
}

/* A topic keeps nothing. */
static enum xcy_status clean(void *state, struct xcy_error *err)
{
    (void)state;
    (void)err;
    return XCY_OK;
}

const struct xcy_notification_backend xcy_sns_notifications = {
    .name = "sns",
    .open = open_topic,
    .close = close_topic,
    .publish = publish,
    .parse = parse,
    .clean = clean,
};
