#ifndef XCY_FUNCTIONS_WRITER_HANDLER_H
#define XCY_FUNCTIONS_WRITER_HANDLER_H

/*
 * writer_handler.h - what the writer does with an invocation: writes the post, waits the
 * configured delay, publishes the notification, and answers with the event. Two control
 * payloads: an object with "-#CLEAN#-" empties the post store, one with "-#STATS#-"
 * reports its size.
 *
 * Failure:  the function error's line. Nothing is tried twice: a repeated write or
 *           publication would be a second event.
 */

#include "functions/application.h"
#include "functions/runtime.h"

/* Appends n bytes of filler text: printable ASCII that JSON needs not escape. */
void xcy_post_fill(struct xcy_buf *body, size_t n_bytes);

enum xcy_status xcy_writer_handle(const struct xcy_application *app, struct xcy_bytes post_body,
                                  const struct xcy_invocation *invocation, struct xcy_buf *reply,
                                  struct xcy_error *err) XCY_MUST_USE;

#endif
