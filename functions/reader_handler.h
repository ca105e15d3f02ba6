#ifndef XCY_FUNCTIONS_READER_HANDLER_H
#define XCY_FUNCTIONS_READER_HANDLER_H

/*
 * reader_handler.h - what the reader does with a notification: observes the post and reports
 * an evaluation for it, whatever happened.
 *
 * Failure:  what goes wrong with one event is told in its evaluation's `error`; only a
 *           notification that names no request, or a report that cannot be sent, is a
 *           function error.
 */

#include "functions/application.h"
#include "functions/runtime.h"

/* Sends one evaluation's text to the evaluation queue. */
typedef enum xcy_status xcy_report_fn(void *ctx, const char *text, struct xcy_error *err);

struct xcy_reader {
    const struct xcy_application *app;
    xcy_report_fn *report;
    void *report_ctx;
};

enum xcy_status xcy_reader_handle(const struct xcy_reader *reader,
                                  const struct xcy_invocation *invocation, struct xcy_buf *reply,
                                  struct xcy_error *err) XCY_MUST_USE;

#endif
