#include "common/base/buf.h"

#include "common/base/mem.h"

#include <stdio.h>
#include <stdlib.h>

enum { FIRST_CAPACITY = 64 };

void xcy_buf_init(struct xcy_buf *buf, size_t max_bytes)
{
    *buf = (struct xcy_buf){.max = max_bytes, .capacity = FIRST_CAPACITY};
    buf->ptr = xcy_alloc(FIRST_CAPACITY);
}

void xcy_buf_clear(struct xcy_buf *buf)
{
    if (buf) {
        free(buf->ptr);
        *buf = (struct xcy_buf){0};
    }
}

void xcy_buf_clear_secret(struct xcy_buf *buf)
{
    if (buf && buf->ptr) {
        explicit_bzero(buf->ptr, buf->capacity);
    }
    xcy_buf_clear(buf);
}

void xcy_buf_reset(struct xcy_buf *buf)
{
    buf->len = 0;
    buf->overflowed = false;
    buf->ptr[0] = '\0';
}

/* Makes room for n more bytes and the zero; false past the maximum. */
static bool reserve(struct xcy_buf *buf, size_t n)
{
    xcy_assert(buf->ptr != NULL);
    if (buf->overflowed || n > buf->max - buf->len) {
        buf->overflowed = true;
        return false;
    }
    if (buf->len + n + 1 > buf->capacity) {
        size_t want = buf->capacity * 2;
        if (want < buf->len + n + 1) {
            want = buf->len + n + 1;
        }
        buf->ptr = xcy_realloc_array(buf->ptr, want, 1);
        buf->capacity = want;
    }
    return true;
}

void xcy_buf_add(struct xcy_buf *buf, struct xcy_bytes bytes)
{
    if (bytes.len == 0 || !reserve(buf, bytes.len)) {
        return;
    }
    memcpy(buf->ptr + buf->len, bytes.ptr, bytes.len);
    buf->len += bytes.len;
    buf->ptr[buf->len] = '\0';
}

void xcy_buf_add_text(struct xcy_buf *buf, const char *text)
{
    xcy_buf_add(buf, xcy_bytes_of(text));
}

void xcy_buf_add_char(struct xcy_buf *buf, char c)
{
    xcy_buf_add(buf, xcy_bytes(&c, 1));
}

void xcy_buf_addf(struct xcy_buf *buf, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    xcy_assert(n >= 0);
    if (reserve(buf, (size_t)n)) {
        vsnprintf(buf->ptr + buf->len, (size_t)n + 1, fmt, again);
        buf->len += (size_t)n;
    }
    va_end(again);
}

void xcy_buf_drop(struct xcy_buf *buf, size_t n)
{
    xcy_assert(n <= buf->len);
    memmove(buf->ptr, buf->ptr + n, buf->len - n + 1);
    buf->len -= n;
}

enum xcy_status xcy_buf_check(const struct xcy_buf *buf, const char *what, struct xcy_error *err)
{
    if (buf->overflowed) {
        return xcy_fail(err, XCY_EFULL, "%s is larger than %zu bytes", what, buf->max);
    }
    return XCY_OK;
}

char *xcy_buf_take(struct xcy_buf *buf)
{
    char *text = buf->ptr;
    *buf = (struct xcy_buf){0};
    return text;
}
