#include "common/aws/xml.h"

#include <stdio.h>

enum { MAX_REFERENCE_BYTES = 12, MAX_CODE_POINT = 0x10ffff };

static const struct {
    const char *entity;
    char c;
} entities[] = {
    {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''},
};

static size_t put_utf8(unsigned long code, char to[4])
{
    static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    size_t n = code < 0x800 ? 2 : (code < 0x10000 ? 3 : 4);
    for (size_t i = n - 1; i > 0; i--) {
        to[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    to[0] = (char)(leads[n] | code);
    return n;
}

static int digit_of(char c, unsigned base)
{
    int digit = 99;
    if (c >= '0' && c <= '9') {
        digit = c - '0';
    } else if (c >= 'a' && c <= 'f') {
        digit = c - 'a' + 10;
    } else if (c >= 'A' && c <= 'F') {
        digit = c - 'A' + 10;
    }
    return digit < (int)base ? digit : -1;
}

/* "&#233;" or "&#xE9;"; 0: it is none, or of no character that a text may have. */
static unsigned long read_reference(struct xcy_bytes text, size_t *used)
{
    size_t at = 2;
    unsigned base = 10;
    unsigned long code = 0;
    if (text.len < 4 || text.ptr[0] != '&' || text.ptr[1] != '#') {
        return 0;
    }
    if (text.ptr[2] == 'x') {
        base = 16;
        at = 3;
    }
    for (; at < text.len && at < MAX_REFERENCE_BYTES && text.ptr[at] != ';'; at++) {
        int digit = digit_of(text.ptr[at], base);
        if (digit < 0 || code > MAX_CODE_POINT) {
            return 0;
        }
        code = code * base + (unsigned long)digit;
    }
    bool is_ended = at < text.len && text.ptr[at] == ';';
    bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
    *used = at + 1;
    return is_ended && !is_surrogate && code <= MAX_CODE_POINT ? code : 0;
}

/* One character of the text, its bytes in `to`; *used is how many of the text's were read. */
static size_t next_char(struct xcy_bytes text, char to[4], size_t *used)
{
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
        size_t len = strlen(entities[i].entity);
        if (text.len >= len && memcmp(text.ptr, entities[i].entity, len) == 0) {
            *used = len;
            to[0] = entities[i].c;
            return 1;
        }
    }
    unsigned long code = read_reference(text, used);
    if (code > 0) {
        return put_utf8(code, to);
    }
    *used = 1;
    to[0] = text.ptr[0];
    return 1;
}

static struct xcy_bytes behind(struct xcy_bytes text, size_t n)
{
    return xcy_bytes(text.ptr + n, text.len - n);
}

/* The bytes of a tag from its '<' to its '>'; 0: it has no end. */
static size_t tag_bytes(struct xcy_bytes text)
{
    char quote = '\0';
    for (size_t i = 1; i < text.len; i++) {
        char c = text.ptr[i];
        if (quote) {
            if (c == quote) {
                quote = '\0';
            }
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            return i + 1;
        }
    }
    return 0;
}

/* Whether a tag begins with this ("<Key" or "</Key") and its name ends there. */
static bool is_tag(struct xcy_bytes text, const char *head)
{
    size_t len = strlen(head);
    return text.len > len && memcmp(text.ptr, head, len) == 0 && text.ptr[len] != '\0' &&
           strchr(" \t\r\n/>", text.ptr[len]);
}

/* The text from the first such tag on; len 0: there is none. */
static struct xcy_bytes find_tag(struct xcy_bytes text, const char *head)
{
    while (text.len > 0) {
        const char *start = memchr(text.ptr, '<', text.len);
        if (!start) {
            break;
        }
        text = behind(text, (size_t)(start - text.ptr));
        if (is_tag(text, head)) {
            return text;
        }
        text = behind(text, 1);
    }
    return xcy_bytes("", 0);
}

bool xcy_xml_next(struct xcy_bytes *rest, const char *name, struct xcy_bytes *inner)
{
    char open[64];
    char end[66];
    snprintf(open, sizeof open, "<%s", name);
    snprintf(end, sizeof end, "</%s", name);
    struct xcy_bytes from = find_tag(*rest, open);
    size_t tag = tag_bytes(from);
    if (tag == 0) {
        return false;
    }
    bool is_empty = from.ptr[tag - 2] == '/';
    struct xcy_bytes content = behind(from, tag);
    if (is_empty) {
        *inner = xcy_bytes("", 0);
        *rest = content;
        return true;
    }
    struct xcy_bytes stop = find_tag(content, end);
    size_t end_tag = tag_bytes(stop);
    if (end_tag == 0) {
        return false;
    }
    *inner = xcy_bytes(content.ptr, (size_t)(stop.ptr - content.ptr));
    *rest = behind(stop, end_tag);
    return true;
}

bool xcy_xml_value(struct xcy_bytes xml, const char *name, struct xcy_buf *to)
{
    struct xcy_bytes text;
    if (!xcy_xml_next(&xml, name, &text)) {
        return false;
    }
    while (text.len > 0) {
        char bytes[4];
        size_t used = 1;
        size_t n = next_char(text, bytes, &used);
        xcy_buf_add(to, xcy_bytes(bytes, n));
        text = behind(text, used);
    }
    return true;
}

bool xcy_xml_text(struct xcy_bytes xml, const char *name, char *to, size_t size)
{
    struct xcy_buf value;
    xcy_buf_init(&value, xml.len);
    bool found = xcy_xml_value(xml, name, &value);
    if (found) {
        size_t n = value.len < size - 1 ? value.len : size - 1;
        memcpy(to, value.ptr, n);
        to[n] = '\0';
    }
    xcy_buf_clear(&value);
    return found;
}
