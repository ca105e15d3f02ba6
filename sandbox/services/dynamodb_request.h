#ifndef XCY_SANDBOX_SERVICES_DYNAMODB_REQUEST_H
#define XCY_SANDBOX_SERVICES_DYNAMODB_REQUEST_H

/*
 * dynamodb_request.h - one DynamoDB request in three steps: `prepare` reads and checks it as it
 * arrives, `decide` is the instant of the store, then the answer stands in `out` or `fault`.
 *
 * Threads:  one at a time.
 */

#include "sandbox/front/call.h"
#include "sandbox/services/dynamodb_projection.h"
#include "sandbox/services/dynamodb_table.h"
#include "sandbox/services/dynamodb_tables.h"

enum { XCY_DYNAMODB_MAX_WRITES = 25 };

enum xcy_dynamodb_iterator_type {
    XCY_ITERATOR_TRIM_HORIZON,
    XCY_ITERATOR_LATEST,
    XCY_ITERATOR_AT,
    XCY_ITERATOR_AFTER
};

struct xcy_dynamodb_write {
    struct xcy_dynamodb_table *table;
    char *key;
    struct xcy_dynamodb_item *item; /* NULL: delete */
};

struct xcy_dynamodb_fault {
    const char *code; /* NULL: none */
    char message[400];
};

struct xcy_dynamodb_operation; /* dynamodb_operations.h */

struct xcy_dynamodb_request {
    struct xcy_dynamodb_tables *tables;
    const char *account;
    struct xcy_call *call;
    const struct xcy_dynamodb_operation *operation;
    struct xcy_json *input;
    bool has_region; /* the call's region is one of the tables' two */
    size_t region;
    struct xcy_dynamodb_table *table;
    char *key;
    bool strong;
    bool wants_old;
    bool wants_count_only;
    int64_t limit; /* 0: none */
    struct xcy_dynamodb_projection projection;
    struct xcy_dynamodb_write writes[XCY_DYNAMODB_MAX_WRITES];
    size_t n_writes;
    struct xcy_dynamodb_stream *stream;
    size_t shard;
    enum xcy_dynamodb_iterator_type iterator_type;
    uint64_t after;                       /* a sequence number of the shard */
    const struct xcy_dynamodb_view *view; /* of the table to be made; NULL: no stream */
    struct xcy_buf out;
    struct xcy_dynamodb_fault fault;
};

struct xcy_dynamodb_request *xcy_dynamodb_request_new(struct xcy_dynamodb_tables *tables,
                                                      const char *account, struct xcy_call *call,
                                                      struct xcy_json *input); /* input taken */
/* The call is left alone. */
void xcy_dynamodb_request_free(struct xcy_dynamodb_request *r);

/* False, so that a failing branch is one line. */
bool xcy_dynamodb_fail(struct xcy_dynamodb_request *r, const char *code, const char *fmt, ...)
    XCY_PRINTF(3, 4);

/* The table of the name; NULL: a fault. */
struct xcy_dynamodb_table *xcy_dynamodb_request_find(struct xcy_dynamodb_request *r,
                                                     const char *name);
/* Sets r->table from TableName. */
bool xcy_dynamodb_request_table(struct xcy_dynamodb_request *r);
/* Refuses members that would change what an operation does and that the sandbox does not know. */
bool xcy_dynamodb_request_refuse(struct xcy_dynamodb_request *r, const char *const members[],
                                 size_t n);

#endif
