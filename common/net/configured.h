#ifndef XCY_NET_CONFIGURED_H
#define XCY_NET_CONFIGURED_H

/*
 * configured.h - the endpoint that the environment names for a service, as AWS's tools read it:
 * AWS_ENDPOINT_URL_<SERVICE> ("SQS", "LAMBDA", "DYNAMODB", "S3", "SNS", "STS"), else none.
 *
 * Threads:  safe as long as nothing sets environment variables.
 */

#include <stdbool.h>

/* AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true: none of these variables counts, nor AWS_ENDPOINT_URL. */
bool xcy_endpoints_are_ignored(void);

/* Borrowed; NULL: none is named. service as in a credential scope, "sqs"; NULL: AWS_ENDPOINT_URL, which
 * is every service's. */
const char *xcy_configured_endpoint(const char *service);

/* The name of that variable. */
void xcy_configured_name(const char *service, char to[64]);

#endif
