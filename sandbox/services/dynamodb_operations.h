#ifndef XCY_SANDBOX_SERVICES_DYNAMODB_OPERATIONS_H
#define XCY_SANDBOX_SERVICES_DYNAMODB_OPERATIONS_H

/* dynamodb_operations.h - what DynamoDB can do: a table of operations. Threads: safe. */

#include "sandbox/services/dynamodb_request.h"

struct xcy_dynamodb_operation {
    const char *name;
    bool is_of_streams;                              /* of the API DynamoDB Streams */
    bool (*prepare)(struct xcy_dynamodb_request *r); /* false: r->fault is set */
    void (*decide)(struct xcy_dynamodb_request *r);  /* fills r->out, or sets r->fault */
};

/* NULL: DynamoDB has none of this name, or the sandbox does not. */
const struct xcy_dynamodb_operation *xcy_dynamodb_operation_find(const char *name,
                                                                 bool is_of_streams);

/* In dynamodb_items.c. */
bool xcy_dynamodb_put_prepare(struct xcy_dynamodb_request *r);
bool xcy_dynamodb_delete_prepare(struct xcy_dynamodb_request *r);
bool xcy_dynamodb_batch_prepare(struct xcy_dynamodb_request *r);
void xcy_dynamodb_write_decide(struct xcy_dynamodb_request *r);
void xcy_dynamodb_batch_decide(struct xcy_dynamodb_request *r);
bool xcy_dynamodb_get_prepare(struct xcy_dynamodb_request *r);
void xcy_dynamodb_get_decide(struct xcy_dynamodb_request *r);

/* In dynamodb_scan.c. */
bool xcy_dynamodb_scan_prepare(struct xcy_dynamodb_request *r);
void xcy_dynamodb_scan_decide(struct xcy_dynamodb_request *r);

/* In dynamodb_schema.c. */
bool xcy_dynamodb_describe_prepare(struct xcy_dynamodb_request *r);
void xcy_dynamodb_describe_decide(struct xcy_dynamodb_request *r);
bool xcy_dynamodb_create_prepare(struct xcy_dynamodb_request *r);
void xcy_dynamodb_create_decide(struct xcy_dynamodb_request *r);
bool xcy_dynamodb_list_prepare(struct xcy_dynamodb_request *r);
void xcy_dynamodb_list_decide(struct xcy_dynamodb_request *r);

/* In dynamodb_streams.c. */
bool xcy_dynamodb_list_streams_prepare(struct xcy_dynamodb_request *r);
void xcy_dynamodb_list_streams_decide(struct xcy_dynamodb_request *r);
bool xcy_dynamodb_describe_stream_prepare(struct xcy_dynamodb_request *r);
void xcy_dynamodb_describe_stream_decide(struct xcy_dynamodb_request *r);
bool xcy_dynamodb_get_iterator_prepare(struct xcy_dynamodb_request *r);
void xcy_dynamodb_get_iterator_decide(struct xcy_dynamodb_request *r);
bool xcy_dynamodb_get_records_prepare(struct xcy_dynamodb_request *r);
void xcy_dynamodb_get_records_decide(struct xcy_dynamodb_request *r);

#endif
