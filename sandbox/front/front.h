#ifndef XCY_SANDBOX_FRONT_FRONT_H
#define XCY_SANDBOX_FRONT_FRONT_H

/*
 * front.h - the door: checks every signature, finds the service, hands the call over, unless
 * a fault on demand strikes it.
 *
 * Paths under /_runtime/ and /_sandbox/ go unsigned to `unsigned_handle`
 * (Runtime API, whose token is the secret; status page).
 *
 * Threads:  xcy_front_handle is the server's handler and safe on its threads.
 */

#include "common/aws/credentials.h"
#include "sandbox/front/call_faults.h"

struct xcy_front_options {
    const struct xcy_credentials
        *credentials; /* accepted, as are the temporary keys made with it */
    const struct xcy_service *services;
    size_t n_services;
    struct xcy_call_faults faults; /* zeroed: none */
    xcy_server_fn *unsigned_handle;
    void *unsigned_ctx;
};

struct xcy_front;

struct xcy_front *
xcy_front_new(const struct xcy_front_options *options); /* texts and tables borrowed */
void xcy_front_free(struct xcy_front *front);

void xcy_front_handle(void *front, struct xcy_exchange *exchange); /* a xcy_server_fn */

#endif
