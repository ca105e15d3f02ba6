#include "common/aws/redact.h"

#include "common/base/buf.h"

#include <ctype.h>
#include <stdio.h>

enum { SECRET_BYTES = 16 };

static bool is_of_secret(char c)
{
    return isalnum((unsigned char)c) || (c && strchr("+/=_-", c));
}

/* Of what keys and tokens are made. Without a capital it may also be a path or a name; but no part of
 * these is as long. */
static bool is_secret(const char *p, size_t len)
{
    bool has_digit = false;
    bool has_capital = false;
    size_t part = 0;
    size_t longest = 0;
    for (size_t i = 0; i < len; i++) {
        has_digit = has_digit || isdigit((unsigned char)p[i]);
        has_capital = has_capital || isupper((unsigned char)p[i]);
        part = isalnum((unsigned char)p[i]) || p[i] == '-' ? part + 1 : 0;
        longest = part > longest ? part : longest;
    }
    return has_digit && (has_capital ? len : longest) >= SECRET_BYTES;
}

static size_t run_length(struct xcy_bytes text, size_t from)
{
    size_t len = 0;
    while (from + len < text.len && is_of_secret(text.ptr[from + len])) {
        len++;
    }
    return len;
}

static void add_plain(struct xcy_buf *out, char c)
{
    bool is_plain = (unsigned char)c >= ' ' && c != 0x7f;
    bool follows_blank = out->len == 0 || out->ptr[out->len - 1] == ' ';
    if (is_plain && !(c == ' ' && follows_blank)) {
        xcy_buf_add_char(out, c);
    } else if (!is_plain && !follows_blank) {
        xcy_buf_add_char(out, ' ');
    }
}

void xcy_redact(struct xcy_bytes text, char *to, size_t size)
{
    struct xcy_buf out;
    xcy_buf_init(&out, text.len * 3 + 1);
    for (size_t i = 0; i < text.len;) {
        size_t len = run_length(text, i);
        if (is_secret(text.ptr + i, len)) {
            xcy_buf_add_text(&out, "***");
        } else if (len > 0) {
            xcy_buf_add(&out, xcy_bytes(text.ptr + i, len));
        } else {
            add_plain(&out, text.ptr[i]);
            len = 1;
        }
        i += len;
    }
    while (out.len > 0 && out.ptr[out.len - 1] == ' ') {
        out.ptr[--out.len] = '\0';
    }
    size_t cut = out.len >= size ? out.len - size + 1 : 0;
    snprintf(to, size, "%s", out.ptr + cut);
    xcy_buf_clear_secret(&out);
}
