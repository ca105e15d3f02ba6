#include "report/html.h"

#include "common/base/mem.h"
#include "common/data/markup.h"

#include <ctype.h>
#include <stdlib.h>

void xcy_html_addf(struct xcy_buf *out, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = xcy_vformat(fmt, args);
    va_end(args);
    xcy_markup_add_text(out, text);
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
    xcy_markup_add_text(out, name);
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
