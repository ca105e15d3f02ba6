#ifndef XCY_SANDBOX_SERVICES_LAMBDA_INSTANCE_H
#define XCY_SANDBOX_SERVICES_LAMBDA_INSTANCE_H

/*
 * lambda_instance.h - one process of a function: its environment, its token, what it parked
 * and what it has in hand.
 *
 * Threads:  with the service's lock held.
 */

#include "sandbox/services/lambda_state.h"

struct xcy_instance *xcy_instance_of(struct xcy_pool_worker *worker);

/* Makes the instance and has its process started; on_line and on_exit get the instance as ctx. */
struct xcy_instance *xcy_instance_start(struct xcy_hosted_function *f, xcy_output_line_fn *on_line,
                                        xcy_process_exit_fn *on_exit);
/* Its process is gone; nothing is parked or in hand. */
void xcy_instance_free(struct xcy_instance *instance);

/* By the token of a runtime path ("<index>-<secret>"), or NULL. */
struct xcy_instance *xcy_instance_find(struct xcy_lambda_service *s, struct xcy_bytes token);

void xcy_instance_park(struct xcy_instance *instance, struct xcy_exchange *exchange);
/* The exchange that was parked last; the pool's count is not touched by any of these. */
struct xcy_exchange *xcy_instance_unpark(struct xcy_instance *instance);
struct xcy_exchange *xcy_instance_unpark_oldest(struct xcy_instance *instance);
/* An answer of the process that gets no reply while it lives. */
void xcy_instance_withhold(struct xcy_instance *instance, struct xcy_exchange *exchange);
void xcy_instance_drop_parked(struct xcy_instance *instance); /* and what is withheld */

void xcy_instance_add_running(struct xcy_instance *instance, struct xcy_execution *e);
void xcy_instance_remove_running(struct xcy_instance *instance, struct xcy_execution *e);
struct xcy_execution *xcy_instance_find_running(const struct xcy_instance *instance,
                                                struct xcy_bytes id); /* or NULL */

#endif
