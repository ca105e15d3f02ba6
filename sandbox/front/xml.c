#include "sandbox/front/xml.h"

void xcy_xml_add_text(struct xcy_buf *out, const char *text)
{
    while (*text) {
        size_t plain = strcspn(text, "&<>\"\r\n\t");
        xcy_buf_add(out, xcy_bytes(text, plain));
        text += plain;
        if (*text) {
            xcy_buf_addf(out, "&#x%X;", (unsigned char)*text);
            text++;
        }
    }
}

void xcy_xml_add_element(struct xcy_buf *out, const char *name, const char *text)
{
    xcy_buf_addf(out, "<%s>", name);
    xcy_xml_add_text(out, text);
    xcy_buf_addf(out, "</%s>", name);
}
