#ifndef XCY_AWS_KEY_REPLY_H
#define XCY_AWS_KEY_REPLY_H

/*
 * key_reply.h - key pairs in the forms in which others hand them out. Private to common/aws.
 *
 * Secrets:  what was parsed is overwritten before it is freed; a message never quotes the text.
 * Failure:  XCY_EPARSE: what is missing, or the code and message that stand there instead of keys.
 */

#include "common/aws/credentials.h"
#include "common/base/bytes.h"

enum xcy_key_form {
    XCY_KEYS_OF_PROCESS, /* {"Version": 1, "AccessKeyId", "SecretAccessKey", "SessionToken"?, "Expiration"?} */
    XCY_KEYS_OF_CONTAINER, /* {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"} */
    XCY_KEYS_OF_INSTANCE,  /* {"Code": "Success", and as a container's} */
    XCY_KEYS_OF_STS        /* <Credentials> in XML */
};

enum xcy_status xcy_key_reply_parse(enum xcy_key_form form, struct xcy_bytes text,
                                    struct xcy_credentials *credentials,
                                    struct xcy_error *err) XCY_MUST_USE;

#endif
