#ifndef XCY_FUNCTIONS_SLOT_H
#define XCY_FUNCTIONS_SLOT_H

/*
 * slot.h - what one thread of a function process works with: an HTTP client, opened
 * backends, a reporter. Connections are kept between invocations.
 *
 * Memory:   owned by the caller, who must not move it once open (its parts point into it).
 * Threads:  one thread at a time.
 */

#include "functions/application.h"
#include "functions/reader_handler.h"
#include "functions/setup.h"

struct xcy_slot {
    const struct xcy_setup *setup;
    struct xcy_aws aws;
    struct xcy_mono limit; /* of the backends' calls in this invocation */
    struct xcy_backend_place place;
    struct xcy_application app;
    struct xcy_buf post_body; /* writer: the filler */
};

enum xcy_status xcy_slot_open(const struct xcy_setup *setup, struct xcy_slot *slot,
                              struct xcy_error *err) XCY_MUST_USE;
void xcy_slot_close(struct xcy_slot *slot);

/* Invocation handlers (xcy_invocation_fn); state is the slot. */
enum xcy_status xcy_slot_write(void *slot, const struct xcy_invocation *invocation,
                               struct xcy_buf *reply, struct xcy_error *err);
enum xcy_status xcy_slot_read(void *slot, const struct xcy_invocation *invocation,
                              struct xcy_buf *reply, struct xcy_error *err);

#endif
