#ifndef XCY_SANDBOX_FRONT_CALL_H
#define XCY_SANDBOX_FRONT_CALL_H

/*
 * call.h - one verified AWS request on its way to a service, and the forms of its answer.
 *
 * Memory:   a call is owned by whoever will answer it; the answer frees it. Texts are
 *           borrowed from the exchange until then.
 * Threads:  the answer may come from any thread, once.
 */

#include "common/data/json.h"
#include "common/net/server.h"

enum xcy_protocol {
    XCY_PROTOCOL_JSON,  /* X-Amz-Target: <prefix>.<operation>, JSON body */
    XCY_PROTOCOL_QUERY, /* form body with Action=, XML answers */
    XCY_PROTOCOL_REST,  /* Lambda: path and method say it, JSON answers */
    XCY_PROTOCOL_S3     /* path, method and query say it, XML answers */
};

struct xcy_call {
    struct xcy_exchange *exchange;
    char region[32];  /* of the credential scope */
    char service[32]; /* of the credential scope: "sqs" */
    enum xcy_protocol protocol;
    char operation[64];  /* "ReceiveMessage"; "" for REST and S3 */
    char request_id[37]; /* sent back with every answer */
    struct xcy_bytes body;
};

/* Owned by the caller until it is answered or dropped. The front makes it and fills the rest. */
struct xcy_call *xcy_call_new(struct xcy_exchange *exchange);
/* Closes the connection without an answer, and frees the call. */
void xcy_call_drop(struct xcy_call *call);

/* The same by a reset. */
void xcy_call_reset(struct xcy_call *call);

/* Answers. Each frees the call. */
void xcy_call_reply_json(struct xcy_call *call, int status, const struct xcy_json *body);
void xcy_call_reply_text(struct xcy_call *call, int status, const char *content_type,
                         const struct xcy_reply_header *headers, size_t n_headers,
                         struct xcy_bytes body);
/* size bytes of a file from offset on; fd is taken. headers say of what type. */
void xcy_call_reply_file(struct xcy_call *call, int status, const struct xcy_reply_header *headers,
                         size_t n_headers, int fd, uint64_t offset, uint64_t size);
/* Query protocol: <OperationResponse><OperationResult>inner</OperationResult>…; inner is XML. NULL
 * for operations that have no result. */
void xcy_call_reply_xml(struct xcy_call *call, const char *inner, const char *xml_namespace);
/* An error in the call's own protocol: JSON {"__type": "…#code", "message": …} with
 * x-amzn-errortype and, for SQS, x-amzn-query-error; or XML <ErrorResponse> with the code's name in
 * that protocol (error_code.h); or S3's XML <Error>, which HEAD goes without. */
void xcy_call_fail(struct xcy_call *call, int status, const char *code, const char *fmt, ...)
    XCY_PRINTF(4, 5);
/* The operation is not one of the service's. */
void xcy_call_fail_operation(struct xcy_call *call);
/* The sandbox is ending: 503. */
void xcy_call_fail_stopping(struct xcy_call *call);

/* A parameter of the form body or the URL's query (Query protocol), decoded; free with free(); NULL
 * if absent. */
char *xcy_call_parameter(const struct xcy_call *call, const char *name);

/* What a service is to the front: a name as in credential scopes and a handler. */
typedef void xcy_service_fn(void *service, struct xcy_call *call);

struct xcy_service {
    const char *name; /* "sqs" */
    xcy_service_fn *handle;
    void *state;
};

#endif
