#ifndef XCY_AWS_S3_WIRE_H
#define XCY_AWS_S3_WIRE_H

/* s3_wire.h - what every request to S3 has. Private to common/aws. Threads: as the request's. */

#include "common/aws/request.h"

/* The body, and the headers that S3 wants with it. */
void xcy_s3_wire_set_body(struct xcy_aws_request *r, const char *type, struct xcy_bytes body);
void xcy_s3_wire_set_no_body(struct xcy_aws_request *r);
/* Finishes and sends, as xcy_aws_call_told. */
enum xcy_status xcy_s3_wire_call(const struct xcy_aws *aws, struct xcy_aws_request *r,
                                 const char *what, struct xcy_http_reply *reply,
                                 struct xcy_aws_error *told, struct xcy_error *err) XCY_MUST_USE;

#endif
