#ifndef XCY_SANDBOX_SERVICES_SQS_ATTRIBUTES_H
#define XCY_SANDBOX_SERVICES_SQS_ATTRIBUTES_H

/*
 * sqs_attributes.h - the attributes that a sender puts on a message, in the JSON protocol's
 * form: {"name": {"DataType": "String", "StringValue": "…"}}, BinaryValue in base64.
 *
 * Threads:  safe.
 */

#include "common/data/json.h"

#include <stddef.h>

/* At most ten, each with a name, a known type and a value. False: reason (200 bytes) says what is
 * wrong. */
bool xcy_sqs_attributes_check(const struct xcy_json *attributes, char reason[200]);

/* Bytes of names, types and values: they count towards the size of the message. */
size_t xcy_sqs_attributes_bytes(const struct xcy_json *attributes);

/* MD5OfMessageAttributes: over names in order, types and values, each behind its length. "" for
 * none. */
void xcy_sqs_attributes_md5(const struct xcy_json *attributes, char hex[33]);

/* Those that a receive asked for (names, "All", ".*", "prefix.*"); a new object, or NULL for none. */
struct xcy_json *xcy_sqs_attributes_select(const struct xcy_json *attributes,
                                           const struct xcy_json *wanted);

#endif
