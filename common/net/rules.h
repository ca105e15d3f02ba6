#ifndef XCY_NET_RULES_H
#define XCY_NET_RULES_H

/*
 * rules.h - what a request must be, checked before libcurl sees it. Private to common/net.
 *
 * Threads:  safe.
 */

#include "common/net/http.h"

/* The bytes between "://" and the path; len 0 when it is not a URL of ours. */
struct xcy_bytes xcy_rules_authority(const char *url);
/* All methods but HEAD and TRACE. */
bool xcy_rules_takes_body(const char *method);
/* A header value that goes out as it is: printable, not empty, no blanks around it. */
bool xcy_rules_is_plain(const char *value);

/* The rules for a request with a signer (signer_rules.c), beyond those for any request. */
enum xcy_status xcy_rules_check_signed(const struct xcy_http_request *request,
                                       struct xcy_error *err) XCY_MUST_USE;

#endif
