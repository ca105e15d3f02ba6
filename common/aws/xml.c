#include "common/aws/xml.h"

#include <stdio.h>

static const struct {
    const char *entity;
    char c;
} entities[] = {
    {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''},
};

/* One character of the text; *used is how many bytes of it were read. */
static char next_char(struct xcy_bytes text, size_t *used)
{
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
        size_t len = strlen(entities[i].entity);
        if (text.len >= len && memcmp(text.ptr, entities[i].entity, len) == 0) {
            *used = len;
            return entities[i].c;
        }
    }
    *used = 1;
    return text.ptr[0];
}

bool xcy_xml_text(struct xcy_bytes xml, const char *name, char *to, size_t size)
{
    char open[64];
    char end[66];
    snprintf(open, sizeof open, "<%s>", name);
    snprintf(end, sizeof end, "</%s>", name);
    const char *start = memmem(xml.ptr, xml.len, open, strlen(open));
    if (!start) {
        return false;
    }
    start += strlen(open);
    size_t rest = (size_t)(xml.ptr + xml.len - start);
    const char *stop = memmem(start, rest, end, strlen(end));
    if (!stop) {
        return false;
    }
    size_t n = 0;
    while (start < stop && n + 1 < size) {
        size_t used = 0;
        to[n++] = next_char(xcy_bytes(start, (size_t)(stop - start)), &used);
        start += used;
    }
    to[n] = '\0';
    return true;
}
