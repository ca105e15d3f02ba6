#ifndef XCY_FUNCTIONS_CONTROL_H
#define XCY_FUNCTIONS_CONTROL_H

/*
 * control.h - the payloads that are no request: {"-#CLEAN#-": …} empties the stores (the writer's
 * only: the reader's follow by replication), {"-#STATS#-": …} tells what this side's post store
 * holds, of either function.
 *
 * {"-#STATS#-": "count"} looks: the reply has stats.items alone, and it is 0 only if nothing is
 * there. Otherwise items and bytes are as the store reckons them, which may be hours old.
 *
 * Threads:  as the application's.
 */

#include "functions/application.h"

enum xcy_control { XCY_CONTROL_NONE, XCY_CONTROL_CLEAN, XCY_CONTROL_STATS };

enum xcy_control xcy_control_of(const struct xcy_json *payload);

/* Appends the reply {"statusCode": 200, "body": {…}}. */
enum xcy_status xcy_control_clean(const struct xcy_application *app, struct xcy_buf *reply,
                                  struct xcy_error *err) XCY_MUST_USE;
enum xcy_status xcy_control_stats(const struct xcy_application *app, const struct xcy_json *payload,
                                  struct xcy_buf *reply, struct xcy_error *err) XCY_MUST_USE;

#endif
