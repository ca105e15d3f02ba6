#ifndef XCY_SANDBOX_SERVICES_SNS_H
#define XCY_SANDBOX_SERVICES_SNS_H

/*
 * sns.h - topics whose messages are delivered to functions, each after a drawn delay.
 *
 * A publish is answered at once; each subscription gets the message, as the event that SNS
 * gives to Lambda, when its delay has passed since the publish was accepted.
 *
 * Bounds:   262,144 bytes a message with its attributes. Only the lambda protocol delivers.
 * Threads:  safe; deliver is called on the timer thread. To end: xcy_sns_service_stop, then
 *           xcy_timers_stop, then the server, then xcy_sns_service_free.
 */

#include "common/time/timers.h"
#include "sandbox/front/call.h"
#include "sandbox/regions/lag.h"
#include "sandbox/regions/truth.h"

struct xcy_sns_service;

/* The payload is borrowed during the call. */
typedef void xcy_sns_deliver_fn(void *ctx, const char *region, const char *function,
                                struct xcy_bytes payload);

struct xcy_sns_service_options {
    struct xcy_timers *timers;
    const char *account; /* 12 digits; copied */
    xcy_sns_deliver_fn *deliver;
    void *deliver_ctx;
    struct xcy_lag *delivery; /* borrowed */
    struct xcy_truth *truth;  /* borrowed */
};

struct xcy_sns_service *xcy_sns_service_new(const struct xcy_sns_service_options *options);
void xcy_sns_service_stop(struct xcy_sns_service *s); /* later calls get 503 */
void xcy_sns_service_free(struct xcy_sns_service *s); /* NULL is allowed */

/* Both are idempotent. The topic of a subscription must be there: a bug otherwise. */
void xcy_sns_service_add_topic(struct xcy_sns_service *s, const char *region, const char *name);
void xcy_sns_service_subscribe(struct xcy_sns_service *s, const char *region, const char *topic,
                               const char *function_region, const char *function);

void xcy_sns_service_handle(void *service, struct xcy_call *call); /* a xcy_service_fn */

#endif
