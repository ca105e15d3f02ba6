#ifndef XCY_RECORD_REPLY_H
#define XCY_RECORD_REPLY_H

/*
 * reply.h - what a Lambda function of ours answers: {"statusCode": 200, "body": "<json>"}.
 *
 * Use inside this folder: the writer's reply and the reader's destination record have this form.
 *
 * Threads:  safe.
 * Failure:  XCY_EPARSE naming the member.
 */

#include "common/data/json.h"

enum xcy_status xcy_reply_status(const struct xcy_json *reply, int64_t *status_code,
                                 struct xcy_error *err) XCY_MUST_USE;

/* The value that the text in "body" holds; *body is owned by the caller. */
enum xcy_status xcy_reply_body(const struct xcy_json *reply, struct xcy_json **body,
                               struct xcy_error *err) XCY_MUST_USE;

#endif
