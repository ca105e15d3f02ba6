#include "common/net/client.h"

#include <string.h>

/* What libcurl is told of a request: the options of its handle. */

static CURLcode set_tls(struct xcy_transfer *t)
{
    const struct xcy_http_options *options = &t->http->options;
    bool is_auto = options->version == XCY_HTTP_AUTO;
    CURLcode code = CURLE_OK;
    XCY_TELL(code, t->easy, CURLOPT_SSL_VERIFYPEER, options->insecure ? 0L : 1L);
    XCY_TELL(code, t->easy, CURLOPT_SSL_VERIFYHOST, options->insecure ? 0L : 2L);
    if (options->ca_file) {
        XCY_TELL(code, t->easy, CURLOPT_CAINFO, options->ca_file);
    }
    /* The folder holds the same authorities; with one libcurl reads the file, 25 ms of work, for each
     * connection, without it once. */
    XCY_TELL(code, t->easy, CURLOPT_CAPATH, NULL);
    XCY_TELL(code, t->easy, CURLOPT_HTTP_VERSION,
             (long)(is_auto ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
    XCY_TELL(code, t->easy, CURLOPT_PIPEWAIT, is_auto ? 1L : 0L);
    return code;
}

static CURLcode set_manner(struct xcy_transfer *t)
{
    const char *user_agent = t->http->options.user_agent;
    CURLcode code = CURLE_OK;
    XCY_TELL(code, t->easy, CURLOPT_NOSIGNAL, 1L);
    XCY_TELL(code, t->easy, CURLOPT_FOLLOWLOCATION, 0L);
    XCY_TELL(code, t->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    XCY_TELL(code, t->easy, CURLOPT_PATH_AS_IS, 1L);
    XCY_TELL(code, t->easy, CURLOPT_TCP_KEEPALIVE, 1L);
    XCY_TELL(code, t->easy, CURLOPT_EXPECT_100_TIMEOUT_MS, 0L); /* for "100 Continue" */
    if (!user_agent || user_agent[0]) {
        XCY_TELL(code, t->easy, CURLOPT_USERAGENT,
                 user_agent ? user_agent : "xcybench/" XCY_VERSION);
    }
    if (code == CURLE_OK && t->prepared->is_https) {
        code = set_tls(t);
    }
    return code;
}

static CURLcode set_method(struct xcy_transfer *t, const char *method)
{
    CURLcode code = CURLE_OK;
    if (strcmp(method, "HEAD") == 0) {
        XCY_TELL(code, t->easy, CURLOPT_NOBODY, 1L);
        return code;
    }
    bool has_body = xcy_transfer_has_body(t);
    XCY_TELL(code, t->easy, has_body ? CURLOPT_POST : CURLOPT_HTTPGET, 1L);
    if (strcmp(method, has_body ? "POST" : "GET") != 0) {
        XCY_TELL(code, t->easy, CURLOPT_CUSTOMREQUEST, method);
    }
    return code;
}

/* The scheme first: credentials without it would go out as Basic, secret key and all. */
static CURLcode set_signer(struct xcy_transfer *t, const struct xcy_http_prepared *p)
{
    CURLcode code = CURLE_OK;
    XCY_TELL(code, t->easy, CURLOPT_AWS_SIGV4, p->scheme);
    XCY_TELL(code, t->easy, CURLOPT_USERNAME, p->access_key);
    XCY_TELL(code, t->easy, CURLOPT_PASSWORD, p->secret_key);
    return code;
}

static CURLcode set_target(struct xcy_transfer *t, const struct xcy_http_prepared *p)
{
    CURLcode code = CURLE_OK;
    XCY_TELL(code, t->easy, CURLOPT_CURLU, p->url);
    XCY_TELL(code, t->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    if (p->is_direct) {
        XCY_TELL(code, t->easy, CURLOPT_PROXY, "");
    }
    XCY_TELL(code, t->easy, CURLOPT_CONNECTTIMEOUT_MS,
             (long)((p->connect_timeout_ns + XCY_NS_PER_MS - 1) / XCY_NS_PER_MS));
    XCY_TELL(code, t->easy, CURLOPT_HTTPHEADER, p->header_lines);
    return code;
}

CURLcode xcy_transfer_tell_all(struct xcy_transfer *t)
{
    curl_easy_reset(t->easy); /* no option of an earlier request stays, credentials above all */
    CURLcode code = set_target(t, t->prepared);
    if (code == CURLE_OK) {
        code = set_manner(t);
    }
    if (code == CURLE_OK) {
        code = set_method(t, t->prepared->method);
    }
    if (code == CURLE_OK && t->prepared->scheme) {
        code = set_signer(t, t->prepared);
    }
    return code;
}

CURLcode xcy_transfer_tell_body(struct xcy_transfer *t)
{
    CURLcode code = CURLE_OK;
    XCY_TELL(code, t->easy, CURLOPT_POSTFIELDS, t->body.ptr ? t->body.ptr : "");
    XCY_TELL(code, t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->body.len);
    return code;
}
