#include "common/net/http.h"

#include "common/base/stop.h"
#include "common/net/transfer.h"

#include <stdint.h>
#include <strings.h>

/* One request, waited for; and reading its reply. */

struct call {
    struct xcy_http_reply *reply;
    bool is_over;
};

static void on_done(void *ctx, const struct xcy_http_reply *reply)
{
    struct call *call = ctx;
    *call->reply = *reply;
    xcy_buf_init(&call->reply->headers, reply->headers.max);
    xcy_buf_init(&call->reply->body, reply->body.max);
    xcy_buf_add(&call->reply->headers, xcy_buf_bytes(&reply->headers));
    xcy_buf_add(&call->reply->body, xcy_buf_bytes(&reply->body));
    call->is_over = true;
}

enum xcy_status xcy_http_call(struct xcy_http *http, const struct xcy_http_request *request,
                              bool stoppable, struct xcy_http_reply *reply, struct xcy_error *err)
{
    struct call call = {.reply = reply};
    enum xcy_status status = xcy_http_start(http, request, NULL, on_done, &call, err);
    if (status != XCY_OK) {
        return status;
    }
    while (!call.is_over) {
        if (stoppable && xcy_stop_asked()) {
            xcy_http_cancel_by(http, &call);
        }
        xcy_http_run(http, (struct xcy_mono){INT64_MAX}, stoppable ? xcy_stop_fd() : -1, true);
    }
    return XCY_OK;
}

/* The value in a line "Name: value", or ptr NULL. */
static struct xcy_bytes value_in(struct xcy_bytes line, const char *name)
{
    size_t name_len = strlen(name);
    if (line.len <= name_len || line.ptr[name_len] != ':' ||
        strncasecmp(line.ptr, name, name_len) != 0) {
        return xcy_bytes(NULL, 0);
    }
    const char *start = line.ptr + name_len + 1;
    const char *end = line.ptr + line.len;
    while (start < end && (*start == ' ' || *start == '\t')) {
        start++;
    }
    while (end > start && strchr(" \t\r", end[-1])) {
        end--;
    }
    return xcy_bytes(start, (size_t)(end - start));
}

/* What must not stand in a field becomes a blank, as RFC 9110 (5.5) has it. */
static void copy_field(char *to, const char *from, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool is_control = (unsigned char)from[i] < ' ' || from[i] == 0x7F;
        to[i] = from[i];
        if (is_control) {
            to[i] = ' ';
        }
    }
    to[n] = '\0';
}

bool xcy_http_reply_header(const struct xcy_http_reply *reply, const char *name, char *to,
                           size_t size)
{
    struct xcy_bytes rest = xcy_bytes(reply->headers.ptr, reply->headers.len);
    while (rest.len > 0) {
        const char *end = memchr(rest.ptr, '\n', rest.len);
        size_t len = end ? (size_t)(end - rest.ptr) : rest.len;
        struct xcy_bytes value = value_in(xcy_bytes(rest.ptr, len), name);
        if (value.ptr) {
            size_t kept = value.len < size ? value.len : size - 1;
            copy_field(to, value.ptr, kept);
            return true;
        }
        size_t used = end ? len + 1 : len;
        rest = xcy_bytes(rest.ptr + used, rest.len - used);
    }
    return false;
}
