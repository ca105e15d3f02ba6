#include "common/net/transfer.h"

#include "common/base/mem.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_HEADER_BYTES = 256 * 1024,
    KEPT_BODY_BYTES = 64 * 1024, /* larger buffers are not kept for the next request */
};

#define DEFAULT_CONNECT_TIMEOUT_NS (5 * XCY_NS_PER_S)

struct xcy_transfer *xcy_transfer_new(size_t max_reply_bytes, struct xcy_deadlines *first_byte_list)
{
    struct xcy_transfer *t = xcy_alloc(sizeof *t);
    t->easy = curl_easy_init();
    xcy_assert(t->easy != NULL);
    xcy_buf_init(&t->reply.headers, MAX_HEADER_BYTES);
    xcy_buf_init(&t->reply.body, max_reply_bytes);
    t->first_byte_list = first_byte_list;
    t->first_byte.owner = t;
    t->total.owner = t;
    return t;
}

void xcy_transfer_free(struct xcy_transfer *t)
{
    if (t) {
        curl_easy_cleanup(t->easy);
        curl_slist_free_all(t->header_lines);
        xcy_http_reply_clear(&t->reply);
        free(t);
    }
}

/* Just before the request is written to the connection; the second time, libcurl is about to send
 * it again on its own, which could make the server act twice. */
static int on_request(void *ctx, char *peer_ip, /* NOLINT(readability-non-const-parameter) */
                      char *local_ip,           /* NOLINT(readability-non-const-parameter) */
                      int peer_port, int local_port)
{
    struct xcy_transfer *t = ctx;
    (void)peer_ip;
    (void)local_ip;
    (void)peer_port;
    (void)local_port;
    struct xcy_mono now = xcy_mono_now();
    t->reply.attempts++;
    if (t->reply.attempts > 1) {
        return CURL_PREREQFUNC_ABORT;
    }
    t->reply.was_sent = true;
    t->reply.sent = now;
    if (t->first_byte_timeout_ns > 0) {
        xcy_deadlines_add(t->first_byte_list, &t->first_byte,
                          xcy_mono_add(now, t->first_byte_timeout_ns));
    }
    if (t->on_sent) {
        t->on_sent(t->ctx, now);
    }
    return CURL_PREREQFUNC_OK;
}

/* The status of a line "HTTP/1.1 200 OK", or 0 for another header. */
static int status_of(struct xcy_bytes line)
{
    if (line.len < 12 || memcmp(line.ptr, "HTTP/", 5) != 0) {
        return 0;
    }
    const char *blank = memchr(line.ptr, ' ', line.len);
    int status = 0;
    for (const char *p = blank ? blank + 1 : NULL;
         p && p < line.ptr + line.len && *p >= '0' && *p <= '9' && status < 1000; p++) {
        status = status * 10 + (*p - '0');
    }
    return status;
}

/* Only the final reply's headers are kept, and only they count as its first byte. */
static size_t on_header(char *data, size_t size, size_t n, void *ctx)
{
    struct xcy_transfer *t = ctx;
    struct xcy_bytes line = xcy_bytes(data, size * n);
    int status = status_of(line);
    if (status > 0) {
        xcy_buf_reset(&t->reply.headers);
    }
    if (status >= 200) {
        t->has_reply_begun = true;
        t->reply.status = status;
        xcy_deadlines_remove(t->first_byte_list, &t->first_byte);
    }
    xcy_buf_add(&t->reply.headers, line);
    t->is_oversize = t->is_oversize || t->reply.headers.overflowed;
    return t->is_oversize ? 0 : line.len;
}

static size_t on_body(char *data, size_t size, size_t n, void *ctx)
{
    struct xcy_transfer *t = ctx;
    xcy_buf_add(&t->reply.body, xcy_bytes(data, size * n));
    t->is_oversize = t->is_oversize || t->reply.body.overflowed;
    return t->is_oversize ? 0 : size * n;
}

/* Programs of ours start others; they must not inherit connections. */
static int on_socket(void *ctx, curl_socket_t fd, curlsocktype purpose)
{
    (void)ctx;
    (void)purpose;
    return fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 ? CURL_SOCKOPT_OK : CURL_SOCKOPT_ERROR;
}

static void reset(struct xcy_transfer *t)
{
    curl_easy_reset(t->easy); /* no option of an earlier request stays, credentials above all */
    curl_slist_free_all(t->header_lines);
    t->header_lines = NULL;
    t->problem[0] = '\0';
    t->is_oversize = false;
    t->has_reply_begun = false;
    struct xcy_http_reply *reply = &t->reply;
    xcy_buf_reset(&reply->headers);
    if (reply->body.capacity > KEPT_BODY_BYTES) {
        size_t max = reply->body.max;
        xcy_buf_clear(&reply->body);
        xcy_buf_init(&reply->body, max);
    }
    xcy_buf_reset(&reply->body);
    *reply = (struct xcy_http_reply){.headers = reply->headers, .body = reply->body};
}

/* Sets an option unless one failed before. */
#define SET(code, easy, option, value)                                                             \
    do {                                                                                           \
        if ((code) == CURLE_OK) {                                                                  \
            (code) = curl_easy_setopt((easy), (option), (value));                                  \
        }                                                                                          \
    } while (0)

static CURLcode set_manner(struct xcy_transfer *t, const struct xcy_http_options *options)
{
    CURLcode code = CURLE_OK;
    SET(code, t->easy, CURLOPT_PRIVATE, t);
    SET(code, t->easy, CURLOPT_ERRORBUFFER, t->problem);
    SET(code, t->easy, CURLOPT_NOSIGNAL, 1L);
    SET(code, t->easy, CURLOPT_FOLLOWLOCATION, 0L);
    SET(code, t->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(code, t->easy, CURLOPT_PATH_AS_IS, 1L);
    SET(code, t->easy, CURLOPT_TCP_KEEPALIVE, 1L);
    SET(code, t->easy, CURLOPT_USERAGENT,
        options->user_agent ? options->user_agent : "xcybench/" XCY_VERSION);
    SET(code, t->easy, CURLOPT_PREREQFUNCTION, on_request);
    SET(code, t->easy, CURLOPT_PREREQDATA, t);
    SET(code, t->easy, CURLOPT_HEADERFUNCTION, on_header);
    SET(code, t->easy, CURLOPT_HEADERDATA, t);
    SET(code, t->easy, CURLOPT_WRITEFUNCTION, on_body);
    SET(code, t->easy, CURLOPT_WRITEDATA, t);
    SET(code, t->easy, CURLOPT_SOCKOPTFUNCTION, on_socket);
    if (t->is_https) {
        SET(code, t->easy, CURLOPT_SSL_VERIFYPEER, options->insecure ? 0L : 1L);
        SET(code, t->easy, CURLOPT_SSL_VERIFYHOST, options->insecure ? 0L : 2L);
        if (options->ca_file) {
            SET(code, t->easy, CURLOPT_CAINFO, options->ca_file);
        }
    }
    return code;
}

static CURLcode set_method(struct xcy_transfer *t, const struct xcy_http_request *r)
{
    CURLcode code = CURLE_OK;
    if (strcmp(r->method, "HEAD") == 0) {
        SET(code, t->easy, CURLOPT_NOBODY, 1L);
        return code;
    }
    if (strcmp(r->method, "GET") == 0) {
        SET(code, t->easy, CURLOPT_HTTPGET, 1L);
        return code;
    }
    if (strcmp(r->method, "DELETE") != 0 || r->body.len > 0) {
        SET(code, t->easy, CURLOPT_POST, 1L);
        SET(code, t->easy, CURLOPT_POSTFIELDS, r->body.ptr ? r->body.ptr : "");
        SET(code, t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.len);
    }
    if (strcmp(r->method, "POST") != 0) {
        SET(code, t->easy, CURLOPT_CUSTOMREQUEST, r->method);
    }
    return code;
}

static void add_line(struct xcy_transfer *t, const char *name, const char *value)
{
    char *line = xcy_format("%s: %s", name, value);
    struct curl_slist *longer = curl_slist_append(t->header_lines, line);
    xcy_assert(longer != NULL);
    t->header_lines = longer;
    free(line);
}

static CURLcode set_headers(struct xcy_transfer *t, const struct xcy_http_request *r)
{
    for (size_t i = 0; i < r->n_headers; i++) {
        add_line(t, r->headers[i].name, r->headers[i].value);
    }
    if (r->signer && r->signer->session_token) {
        add_line(t, "X-Amz-Security-Token", r->signer->session_token);
    }
    return curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->header_lines);
}

/* The scheme first: credentials without it would go out as Basic, secret key and all. */
static CURLcode set_signer(struct xcy_transfer *t, const struct xcy_http_signer *signer)
{
    char *scheme = xcy_format("aws:amz:%s:%s", signer->region, signer->service);
    CURLcode code = CURLE_OK;
    SET(code, t->easy, CURLOPT_AWS_SIGV4, scheme);
    SET(code, t->easy, CURLOPT_USERNAME, signer->access_key);
    SET(code, t->easy, CURLOPT_PASSWORD, signer->secret_key);
    free(scheme);
    return code;
}

/* Host and port of the URL, the port also where the scheme implies it. */
static void set_authority(struct xcy_transfer *t, const char *url)
{
    t->is_https = strncmp(url, "https", 5) == 0;
    const char *start = strstr(url, "://") + 3;
    size_t len = strcspn(start, "/?");
    const char *host_end = start[0] == '[' ? strchr(start, ']') : start;
    bool has_port = host_end && memchr(host_end, ':', len - (size_t)(host_end - start)) != NULL;
    const char *implied = t->is_https ? ":443" : ":80";
    snprintf(t->authority, sizeof t->authority, "%.*s%s", (int)(len > 100 ? 100 : len), start,
             has_port ? "" : implied);
}

/* This machine is never reached through a proxy, whatever the environment says. */
static bool is_this_machine(const struct xcy_transfer *t)
{
    return strncmp(t->authority, "127.", 4) == 0 || strncmp(t->authority, "localhost:", 10) == 0 ||
           strncmp(t->authority, "[::1]", 5) == 0;
}

static CURLcode set_target(struct xcy_transfer *t, const struct xcy_http_request *r)
{
    set_authority(t, r->url);
    CURLcode code = CURLE_OK;
    SET(code, t->easy, CURLOPT_URL, r->url);
    SET(code, t->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    if (is_this_machine(t)) {
        SET(code, t->easy, CURLOPT_PROXY, "");
    }
    t->connect_timeout_ns =
        r->connect_timeout_ns > 0 ? r->connect_timeout_ns : DEFAULT_CONNECT_TIMEOUT_NS;
    SET(code, t->easy, CURLOPT_CONNECTTIMEOUT_MS,
        (long)((t->connect_timeout_ns + XCY_NS_PER_MS - 1) / XCY_NS_PER_MS));
    return code;
}

enum xcy_status xcy_transfer_prepare(struct xcy_transfer *t, const struct xcy_http_options *options,
                                     const struct xcy_http_request *request, struct xcy_error *err)
{
    reset(t);
    t->began = xcy_mono_now();
    t->first_byte_timeout_ns = request->first_byte_timeout_ns;
    CURLcode code = set_target(t, request);
    if (code == CURLE_OK) {
        code = set_manner(t, options);
    }
    if (code == CURLE_OK) {
        code = set_method(t, request);
    }
    if (code == CURLE_OK) {
        code = set_headers(t, request);
    }
    if (code == CURLE_OK && request->signer) {
        code = set_signer(t, request->signer);
    }
    if (code != CURLE_OK) {
        return xcy_fail(err, XCY_EFAIL, "libcurl refuses an option: %s", curl_easy_strerror(code));
    }
    return XCY_OK;
}
