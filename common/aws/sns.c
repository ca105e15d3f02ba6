#include "common/aws/sns.h"

#include "common/aws/xml.h"
#include "common/net/url.h"

enum {
    MAX_MESSAGE_BYTES = 262144,
    MAX_FORM_BYTES = 4 * MAX_MESSAGE_BYTES, /* every byte may become three */
    MESSAGE_ID_BYTES = 64,
};

static enum xcy_status read_id(const struct xcy_http_reply *reply, char *message_id,
                               struct xcy_error *err)
{
    char id[MESSAGE_ID_BYTES];
    if (!xcy_xml_text(xcy_buf_bytes(&reply->body), "MessageId", id, sizeof id)) {
        return xcy_fail(err, XCY_EREMOTE, "SNS Publish: the answer has no MessageId");
    }
    if (message_id) {
        memcpy(message_id, id, sizeof id);
    }
    return XCY_OK;
}

enum xcy_status xcy_sns_publish(const struct xcy_aws *aws, const char *topic_arn,
                                const char *message, char *message_id, struct xcy_error *err)
{
    if (strlen(message) > MAX_MESSAGE_BYTES) {
        return xcy_fail(err, XCY_EFULL, "SNS Publish: the message has %zu bytes, at most %d",
                        strlen(message), MAX_MESSAGE_BYTES);
    }
    struct xcy_buf form;
    xcy_buf_init(&form, MAX_FORM_BYTES);
    xcy_buf_add_text(&form, "Action=Publish&Version=2010-03-31&TopicArn=");
    xcy_url_encode(&form, xcy_bytes_of(topic_arn));
    xcy_buf_add_text(&form, "&Message=");
    xcy_url_encode(&form, xcy_bytes_of(message));
    struct xcy_aws_request r;
    struct xcy_http_reply reply = {0};
    xcy_aws_request_init(&r, aws, "sns", "POST", NULL);
    xcy_aws_request_set_body(&r, "application/x-www-form-urlencoded; charset=utf-8",
                             xcy_buf_bytes(&form));
    enum xcy_status status = xcy_aws_request_finish(&r, err);
    if (status == XCY_OK) {
        status = xcy_aws_call(aws, &r, "SNS Publish", &reply, err);
    } else {
        xcy_error_context(err, "SNS Publish");
    }
    if (status == XCY_OK) {
        status = read_id(&reply, message_id, err);
    }
    xcy_http_reply_clear(&reply);
    xcy_aws_request_clear(&r);
    xcy_buf_clear(&form);
    return status;
}
