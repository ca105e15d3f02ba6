#ifndef XCY_SANDBOX_SERVICES_SNS_OPERATIONS_H
#define XCY_SANDBOX_SERVICES_SNS_OPERATIONS_H

/*
 * sns_operations.h - what SNS can do besides publishing: a table of operations on topics.
 *
 * Threads:  under the service's lock.
 */

#include "sandbox/front/form.h"
#include "sandbox/services/sns_topic.h"

struct xcy_sns_request {
    const char *account;
    struct xcy_sns_topic **topics;
    const struct xcy_call *call;
    const struct xcy_form *form;
    struct xcy_buf out; /* XML inside the result */
    int status;         /* 0, or of a fault */
    const char *code;
    char message[200];
};

/* False: r->status, code and message are set. */
typedef bool xcy_sns_operation_fn(struct xcy_sns_request *r);

struct xcy_sns_operation {
    const char *name;
    xcy_sns_operation_fn *run;
    bool has_result;
};

const struct xcy_sns_operation *xcy_sns_operation_find(const char *name); /* or NULL */

bool xcy_sns_fail(struct xcy_sns_request *r, int status, const char *code, const char *fmt, ...)
    XCY_PRINTF(4, 5);
/* The topic that TopicArn (or TargetArn) names, in the call's region; NULL: a fault. */
struct xcy_sns_topic *xcy_sns_request_topic(struct xcy_sns_request *r);

#endif
