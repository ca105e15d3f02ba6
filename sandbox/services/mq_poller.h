#ifndef XCY_SANDBOX_SERVICES_MQ_POLLER_H
#define XCY_SANDBOX_SERVICES_MQ_POLLER_H

/*
 * mq_poller.h - Lambda's event source for a queue of ActiveMQ: consumers at the reader's broker, each
 * with a connection of its own, that invoke the reader with what they get.
 *
 * A consumer has one invocation at a time, with up to `batch` messages: those that are there when the
 * first one is taken (AWS also waits half a second for more). They are acknowledged once the function
 * ended well; else the same ones are tried again, after pauses that grow, until it does. A broker that
 * is gone is said once and looked for until it is back; what was not acknowledged comes again.
 *
 * Threads:  one a consumer. To end: stop, then the functions' service's stop and free, then free.
 */

#include "common/base/bytes.h"
#include "sandbox/regions/truth.h"
#include "sandbox/services/lambda.h"

struct xcy_mq_poller;

/* As xcy_lambda_service_invoke_source. */
typedef bool xcy_mq_invoke_fn(void *ctx, const char *region, const char *function,
                              struct xcy_bytes payload, xcy_lambda_ended_fn *ended,
                              void *ended_ctx);

/* Texts are copied. */
struct xcy_mq_poller_options {
    const char *address; /* of the reader's broker, "host:port" */
    const char *user;    /* NULL: none */
    const char *password;
    bool tls;
    const char *ca_file; /* NULL: as the system trusts */
    const char *queue;
    const char *region; /* the reader's */
    const char *function;
    const char *account; /* in the source's ARN */
    int64_t batch;
    int64_t parallel;  /* consumers */
    double time_scale; /* of the pauses */
    xcy_mq_invoke_fn *invoke;
    void *invoke_ctx;
    struct xcy_truth *truth; /* borrowed */
};

struct xcy_mq_poller *xcy_mq_poller_start(const struct xcy_mq_poller_options *options);
/* Takes and invokes no more, and joins; invocations under way are left alone. NULL is allowed. */
void xcy_mq_poller_stop(struct xcy_mq_poller *poller);
void xcy_mq_poller_free(struct xcy_mq_poller *poller); /* NULL is allowed */

#endif
