#ifndef XCY_BASE_BUF_H
#define XCY_BASE_BUF_H

/*
 * buf.h - bytes that grow up to a stated maximum.
 *
 * Invariants: ptr is never NULL after init and is always terminated by a zero
 * byte that len does not count. Going past max sets `overflowed` and adds
 * nothing more; ask xcy_buf_check once, at the end of building.
 *
 * Memory:   the caller owns the struct; release with xcy_buf_clear.
 * Threads:  one owner.
 */

#include "common/base/bytes.h"
#include "common/base/error.h"

struct xcy_buf {
    char *ptr;
    size_t len;
    size_t capacity;
    size_t max;
    bool overflowed;
};

void xcy_buf_init(struct xcy_buf *buf, size_t max_bytes);
void xcy_buf_clear(struct xcy_buf *buf);        /* NULL and never-initialised zeroes are allowed */
void xcy_buf_clear_secret(struct xcy_buf *buf); /* its bytes are overwritten before */
void xcy_buf_reset(struct xcy_buf *buf);        /* empty again, memory kept */

void xcy_buf_add(struct xcy_buf *buf, struct xcy_bytes bytes);
void xcy_buf_add_text(struct xcy_buf *buf, const char *text);
void xcy_buf_add_char(struct xcy_buf *buf, char c);
void xcy_buf_addf(struct xcy_buf *buf, const char *fmt, ...) XCY_PRINTF(2, 3);

/* Removes the first n bytes (n <= len). */
void xcy_buf_drop(struct xcy_buf *buf, size_t n);

/* XCY_EFULL with "<what> is larger than N bytes" if it overflowed. */
enum xcy_status xcy_buf_check(const struct xcy_buf *buf, const char *what,
                              struct xcy_error *err) XCY_MUST_USE;

/* Hands the text over (free with free()); buf is as cleared: init it to use it again. */
char *xcy_buf_take(struct xcy_buf *buf);

static inline struct xcy_bytes xcy_buf_bytes(const struct xcy_buf *buf)
{
    return xcy_bytes(buf->ptr, buf->len);
}

#endif
