#ifndef XCY_LOADGEN_ENGINES_WEB_H
#define XCY_LOADGEN_ENGINES_WEB_H

/*
 * web.h - what the http engine asks of whom: one URL, method, body and headers for every request,
 * signed or not.
 *
 * Memory:   owns its texts; release with xcy_web_clear. The request points into the struct: it must
 *           not be moved or copied.
 * Secrets:  values of headers and the body never stand in an error, and are cleared before they are
 *           freed.
 * Threads:  read-only after xcy_web_resolve.
 */

#include "common/aws/key_source.h"
#include "common/cli/program.h"
#include "common/net/http.h"

enum { XCY_WEB_MAX_BODY_BYTES = 6 * 1024 * 1024 }; /* the most that Lambda takes */

/* As on the command line; NULL: not given. */
struct xcy_web_options {
    const char *url;                /* encoded */
    const char *method;             /* GET, or POST with a body */
    struct xcy_string_list headers; /* "Name: value" */
    const char *body;
    const char *body_file;
    /* "SERVICE" or "SERVICE:REGION": SigV4 with the usual credentials; for this machine those of the
     * sandbox only. REGION: the one in the address, if it is AWS's; $AWS_REGION;
     * $AWS_DEFAULT_REGION; the profile's in ~/.aws/config; us-east-1. */
    const char *sign;
};

struct xcy_web {
    struct xcy_http_request request; /* borrows from the rest; timeouts are the plan's */
    struct xcy_http_signer signer;
    struct xcy_key_source *keys;               /* NULL: unsigned */
    const struct xcy_credentials *credentials; /* taken of these at first; the signer's */
    char *url;
    char *shown_url; /* "http://host/path?..." for reports: a query may hold a secret */
    char *method;
    char *headers[XCY_HTTP_MAX_HEADERS]; /* "Name\0value" */
    char *payload_hash;                  /* of a request signed for S3 */
    char *body;
    char *service;
    char *region;
};

/* Everything that can be known to be wrong before the first request; XCY_EUSAGE names the option,
 * XCY_EAUTH says where credentials were looked for. What is not given is added where a server would
 * miss it: the path '/', a Content-Type (application/json) for a body or a signature, and for S3 the
 * body's digest. */
enum xcy_status xcy_web_resolve(const struct xcy_web_options *options, struct xcy_web *web,
                                struct xcy_error *err) XCY_MUST_USE;
void xcy_web_clear(struct xcy_web *web); /* a zeroed one is allowed */

#endif
