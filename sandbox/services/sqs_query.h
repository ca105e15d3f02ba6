#ifndef XCY_SANDBOX_SERVICES_SQS_QUERY_H
#define XCY_SANDBOX_SERVICES_SQS_QUERY_H

/*
 * sqs_query.h - SQS's Query protocol as another spelling of its JSON protocol: the form
 * becomes the JSON input, the JSON output becomes XML.
 *
 * Threads:  safe.
 */

#include "sandbox/front/form.h"

/* Owned by the caller. Numbers stay texts. */
struct xcy_json *xcy_sqs_query_input(const struct xcy_form *form);

/* The XML inside <operationResult>. Free with free(). */
char *xcy_sqs_query_output(const char *operation, const struct xcy_json *output);

#endif
