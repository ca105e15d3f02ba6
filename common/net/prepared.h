#ifndef XCY_NET_PREPARED_H
#define XCY_NET_PREPARED_H

/*
 * prepared.h - a checked request in the form libcurl takes it, all but the body. Private to
 * common/net.
 *
 * Memory:   counts its users: who made it, and each request that runs; the last one frees it.
 * Threads:  the client's.
 */

#include "common/net/http.h"

#include <curl/curl.h>

enum { XCY_AUTHORITY_BYTES = 128 };

enum xcy_body_rule {
    XCY_BODY_NEVER,   /* HEAD, TRACE */
    XCY_BODY_ALWAYS,  /* POST, PUT, PATCH: maybe an empty one */
    XCY_BODY_OPTIONAL /* the others */
};

struct xcy_http_prepared {
    struct xcy_http *http;
    size_t n_users;
    bool is_for_one; /* made by xcy_http_start for one request */
    char *method;
    enum xcy_body_rule body_rule;
    CURLU *url;
    struct curl_slist *header_lines;
    size_t head_bytes; /* about what stands before the body */
    char *scheme;      /* of the signer; NULL: unsigned */
    char *access_key;
    char *secret_key;
    char authority[XCY_AUTHORITY_BYTES]; /* scheme, host and port: who is spoken to */
    bool is_https;
    bool is_direct; /* as this machine is: no proxy, whatever the environment says */
    int64_t connect_timeout_ns;
    int64_t first_byte_timeout_ns;
    int64_t total_timeout_ns;
};

/* Of a request that keeps the rules (fails for a URL that only libcurl finds wrong); with one user. */
enum xcy_status xcy_prepared_new(struct xcy_http *http, const struct xcy_http_request *request,
                                 struct xcy_http_prepared **prepared,
                                 struct xcy_error *err) XCY_MUST_USE;
/* True when that was the last user: the memory is gone. */
bool xcy_prepared_release(struct xcy_http_prepared *prepared);
/* "host:port", for messages. */
const char *xcy_prepared_place(const struct xcy_http_prepared *prepared);

#endif
