#include "common/data/markup.h"

#include "common/data/utf8.h"

#include <stdbool.h>
#include <stdint.h>

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

static const char *entity_of(char c)
{
    static const struct {
        char character;
        const char *entity;
    } entities[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
        if (entities[i].character == c) {
            return entities[i].entity;
        }
    }
    return NULL;
}

static bool is_text(uint32_t code)
{
    bool is_control =
        (code < 0x20 && code != '\n' && code != '\t') || (code >= 0x7f && code < 0xa0);
    return !is_control && code != 0xfffe && code != 0xffff;
}

void xcy_markup_add_text(struct xcy_buf *out, const char *text)
{
    struct xcy_bytes bytes = xcy_bytes_of(text);
    for (size_t at = 0; at < bytes.len;) {
        uint32_t code = 0;
        size_t len = xcy_utf8_read(bytes, at, &code);
        const char *entity = entity_of(bytes.ptr[at]);
        if (len == 0 || !is_text(code)) {
            xcy_buf_add_text(out, replacement);
        } else if (entity) {
            xcy_buf_add_text(out, entity);
        } else {
            xcy_buf_add(out, xcy_bytes(bytes.ptr + at, len));
        }
        at += len == 0 ? 1 : len;
    }
}
