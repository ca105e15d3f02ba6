#include "report/html.h"

#include "common/base/mem.h"
#include "common/data/utf8.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

static const char *entity_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* What HTML takes as a character of text. */
static bool is_shown(uint32_t code)
{
    return (code >= 0x20 && code < 0x7f) || code >= 0xa0 || code == '\n' || code == '\t';
}

void xcy_html_add_text(struct xcy_buf *out, const char *text)
{
    struct xcy_bytes bytes = xcy_bytes_of(text);
    for (size_t at = 0; at < bytes.len;) {
        uint32_t code = 0;
        size_t len = xcy_utf8_read(bytes, at, &code);
        const char *entity = entity_of(bytes.ptr[at]);
        if (len == 0 || !is_shown(code)) {
            xcy_buf_add_text(out, replacement);
        } else if (entity) {
            xcy_buf_add_text(out, entity);
        } else {
            xcy_buf_add(out, xcy_bytes(bytes.ptr + at, len));
        }
        at += len == 0 ? 1 : len;
    }
}

void xcy_html_addf(struct xcy_buf *out, const char *fmt, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, fmt);
    int n = vasprintf(&text, fmt, args);
    va_end(args);
    xcy_assert(n >= 0);
    xcy_html_add_text(out, text);
    free(text);
}

/* What needs no escape in a URL, nor in an attribute. */
static bool is_plain(char c)
{
    return isalnum((unsigned char)c) || strchr("-._~,:", c) != NULL;
}

void xcy_html_add_csv_link(struct xcy_buf *out, const char *name, struct xcy_bytes csv)
{
    xcy_buf_add_text(out, "<a class=\"csv\" download=\"");
    xcy_html_add_text(out, name);
    xcy_buf_add_text(out, "\" href=\"data:text/csv;charset=utf-8,");
    for (size_t i = 0; i < csv.len; i++) {
        if (is_plain(csv.ptr[i])) {
            xcy_buf_add_char(out, csv.ptr[i]);
        } else {
            xcy_buf_addf(out, "%%%02X", (unsigned)(unsigned char)csv.ptr[i]);
        }
    }
    xcy_buf_add_text(out, "\">CSV</a>");
}
