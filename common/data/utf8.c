#include "common/data/utf8.h"

static size_t length_by_first_byte(unsigned char c)
{
    if (c < 0x80) {
        return 1;
    }
    if (c < 0xC2) {
        return 0; /* a continuation, or the head of an overlong form */
    }
    if (c < 0xE0) {
        return 2;
    }
    if (c < 0xF0) {
        return 3;
    }
    return c < 0xF5 ? 4 : 0;
}

static bool is_allowed(uint32_t code, size_t n)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
    return code >= smallest[n] && code <= 0x10FFFF && !is_surrogate;
}

size_t xcy_utf8_read(struct xcy_bytes text, size_t at, uint32_t *code)
{
    unsigned char first = (unsigned char)text.ptr[at];
    size_t n = length_by_first_byte(first);
    if (n == 0 || n > text.len - at) {
        return 0;
    }
    uint32_t read = n == 1 ? first : first & (0x7FU >> n);
    for (size_t i = 1; i < n; i++) {
        unsigned char c = (unsigned char)text.ptr[at + i];
        if ((c & 0xC0) != 0x80) {
            return 0;
        }
        read = read << 6 | (c & 0x3FU);
    }
    if (code) {
        *code = read;
    }
    return is_allowed(read, n) ? n : 0;
}
