#include "common/net/transfer.h"

#include "common/base/mem.h"
#include "common/net/client.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_HEADER_BYTES = 256 * 1024,
    KEPT_BODY_BYTES = 64 * 1024, /* larger buffers are not kept for the next request */
};

void xcy_transfer_list_add(struct xcy_transfer_list *list, struct xcy_transfer *t)
{
    t->previous = list->last;
    t->next = NULL;
    if (list->last) {
        list->last->next = t;
    } else {
        list->first = t;
    }
    list->last = t;
}

void xcy_transfer_list_remove(struct xcy_transfer_list *list, struct xcy_transfer *t)
{
    if (t->previous) {
        t->previous->next = t->next;
    } else {
        list->first = t->next;
    }
    if (t->next) {
        t->next->previous = t->previous;
    } else {
        list->last = t->previous;
    }
}

void xcy_http_reply_clear(struct xcy_http_reply *reply)
{
    if (reply) {
        xcy_buf_clear(&reply->headers);
        xcy_buf_clear_secret(&reply->body);
    }
}

struct xcy_transfer *xcy_transfer_new(struct xcy_http *http)
{
    struct xcy_transfer *t = xcy_alloc(sizeof *t);
    t->http = http;
    t->easy = curl_easy_init();
    xcy_assert(t->easy != NULL);
    CURLcode code = curl_easy_setopt(t->easy, CURLOPT_SHARE, http->share); /* survives a reset */
    xcy_assert(code == CURLE_OK);
    xcy_buf_init(&t->reply.headers, MAX_HEADER_BYTES);
    xcy_buf_init(&t->reply.body, http->options.max_reply_bytes);
    t->connect.owner = t;
    t->first_byte.owner = t;
    t->total.owner = t;
    return t;
}

void xcy_transfer_free(struct xcy_transfer *t)
{
    if (t) {
        curl_easy_cleanup(t->easy);
        xcy_http_reply_clear(&t->reply);
        free(t);
    }
}

static void note_connection(struct xcy_transfer *t)
{
    long n_made = 0;
    xcy_deadlines_remove(&t->http->connect, &t->connect);
    if (curl_easy_getinfo(t->easy, CURLINFO_NUM_CONNECTS, &n_made) == CURLE_OK && n_made > 0) {
        xcy_lane_ready(t->lane);
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
    t->was_on_kept = t->lane->kept_fd >= 0;
    if (t->lane->is_shared) {
        note_connection(t);
    }
    if (t->prepared->first_byte_timeout_ns > 0) {
        xcy_deadlines_add(&t->http->first_byte, &t->first_byte,
                          xcy_mono_add(now, t->prepared->first_byte_timeout_ns));
    }
    if (t->on_sent) {
        t->on_sent(t->ctx, now);
    }
    return CURL_PREREQFUNC_OK;
}

struct status_line {
    int version; /* 10, 11, 20 */
    int status;  /* 0: it is none */
};

/* "HTTP/1.1 200 OK", "HTTP/2 200". */
static struct status_line parse_status(struct xcy_bytes line)
{
    struct status_line parsed = {0};
    if (line.len < 12 || memcmp(line.ptr, "HTTP/", 5) != 0) {
        return parsed;
    }
    parsed.version = (line.ptr[5] - '0') * 10 + (line.ptr[6] == '.' ? line.ptr[7] - '0' : 0);
    const char *blank = memchr(line.ptr, ' ', line.len);
    size_t left = blank ? line.len - (size_t)(blank - line.ptr) - 1 : 0;
    size_t n = 0;
    while (n < left && blank[1 + n] >= '0' && blank[1 + n] <= '9' && n < 4) {
        parsed.status = parsed.status * 10 + (blank[1 + n++] - '0');
    }
    bool is_right = n == 3 && line.ptr[5] >= '0' && line.ptr[5] <= '9';
    return is_right ? parsed : (struct status_line){0};
}

/* Only the final reply's headers are kept, and only they count as its first byte. */
static size_t on_header(char *data, size_t size, size_t n, void *ctx)
{
    struct xcy_transfer *t = ctx;
    struct xcy_bytes line = xcy_bytes(data, size * n);
    struct status_line parsed = parse_status(line);
    if (parsed.status > 0) {
        xcy_buf_reset(&t->reply.headers);
    }
    if (parsed.status >= 200) {
        t->reply.status = parsed.status;
        t->reply.http_version = parsed.version;
        xcy_deadlines_remove(&t->http->first_byte, &t->first_byte);
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
static int on_open_socket(void *ctx, curl_socket_t fd, curlsocktype purpose)
{
    struct xcy_transfer *t = ctx;
    (void)purpose;
    xcy_lane_opened(t->lane, fd);
    return fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 ? CURL_SOCKOPT_OK : CURL_SOCKOPT_ERROR;
}

static int on_close_socket(void *ctx, curl_socket_t fd)
{
    struct xcy_lane *lane = ctx;
    xcy_lane_close(lane, fd);
    return 0;
}

static int on_resolve(void *state, void *reserved, void *ctx)
{
    struct xcy_transfer *t = ctx;
    (void)state;
    (void)reserved;
    t->is_resolving = true;
    return 0;
}

static void clean(struct xcy_transfer *t)
{
    t->problem[0] = '\0';
    t->is_oversize = false;
    t->was_on_kept = false;
    t->is_resolving = false;
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

static CURLcode tell_callbacks(struct xcy_transfer *t)
{
    CURLcode code = CURLE_OK;
    XCY_TELL(code, t->easy, CURLOPT_PRIVATE, t);
    XCY_TELL(code, t->easy, CURLOPT_ERRORBUFFER, t->problem);
    XCY_TELL(code, t->easy, CURLOPT_PREREQFUNCTION, on_request);
    XCY_TELL(code, t->easy, CURLOPT_PREREQDATA, t);
    XCY_TELL(code, t->easy, CURLOPT_HEADERFUNCTION, on_header);
    XCY_TELL(code, t->easy, CURLOPT_HEADERDATA, t);
    XCY_TELL(code, t->easy, CURLOPT_WRITEFUNCTION, on_body);
    XCY_TELL(code, t->easy, CURLOPT_WRITEDATA, t);
    XCY_TELL(code, t->easy, CURLOPT_SOCKOPTFUNCTION, on_open_socket);
    XCY_TELL(code, t->easy, CURLOPT_SOCKOPTDATA, t);
    XCY_TELL(code, t->easy, CURLOPT_CLOSESOCKETFUNCTION, on_close_socket);
    XCY_TELL(code, t->easy, CURLOPT_RESOLVER_START_FUNCTION, on_resolve);
    XCY_TELL(code, t->easy, CURLOPT_RESOLVER_START_DATA, t);
    return code;
}

/* A GET with a body is another kind of request to libcurl than one without. And libcurl counts, over
 * all requests of a handle, how often it wished to send one again: the fifth would fail for that. */
static bool may_stay_told(const struct xcy_transfer *t, const struct xcy_http_prepared *prepared,
                          struct xcy_bytes body)
{
    return t->prepared == prepared && t->reply.result == XCY_HTTP_DONE &&
           (prepared->body_rule != XCY_BODY_OPTIONAL || (t->body.len > 0) == (body.len > 0));
}

enum xcy_status xcy_transfer_ready(struct xcy_transfer *t, struct xcy_http_prepared *prepared,
                                   struct xcy_bytes body, struct xcy_error *err)
{
    bool is_told = may_stay_told(t, prepared, body);
    clean(t);
    t->began = xcy_mono_now();
    t->body = body;
    t->prepared = prepared;
    CURLcode code = CURLE_OK;
    if (!is_told) {
        t->told_lane = NULL;
        code = xcy_transfer_tell_all(t);
        if (code == CURLE_OK) {
            code = tell_callbacks(t);
        }
    }
    if (code == CURLE_OK && xcy_transfer_has_body(t)) {
        code = xcy_transfer_tell_body(t);
    }
    if (code != CURLE_OK) {
        t->prepared = NULL;
        return xcy_fail(err, XCY_EFAIL, "libcurl refuses an option: %s", curl_easy_strerror(code));
    }
    return XCY_OK;
}

void xcy_transfer_set_lane(struct xcy_transfer *t, struct xcy_lane *lane)
{
    t->lane = lane;
    if (t->told_lane != lane) {
        CURLcode code = curl_easy_setopt(t->easy, CURLOPT_CLOSESOCKETDATA, lane);
        xcy_assert(code == CURLE_OK);
        t->told_lane = lane;
    }
}

bool xcy_transfer_is_written(struct xcy_transfer *t)
{
    curl_off_t written = 0;
    return t->body.len == 0 ||
           (curl_easy_getinfo(t->easy, CURLINFO_SIZE_UPLOAD_T, &written) == CURLE_OK &&
            (size_t)written == t->body.len);
}
