#include "common/run/line.h"

#include "common/data/number.h"

#include <math.h>
#include <string.h>

enum { NUMBER_BYTES = 24, DECIMALS = 6, MILLION = 1000000, SEPARATOR = ',' };

static void flush(struct xcy_line *line)
{
    xcy_buf_add(line->out, xcy_bytes(line->text, line->len));
    line->len = 0;
}

/* Where the next n bytes go, n <= XCY_LINE_BYTES. */
static char *room(struct xcy_line *line, size_t n)
{
    if (n > XCY_LINE_BYTES - line->len) {
        flush(line);
    }
    return line->text + line->len;
}

void xcy_line_begin(struct xcy_line *line, struct xcy_buf *out)
{
    line->out = out;
    line->len = 0;
}

void xcy_line_end(struct xcy_line *line)
{
    *room(line, 1) = '\n';
    line->len++;
    flush(line);
}

void xcy_line_add_separator(struct xcy_line *line)
{
    *room(line, 1) = SEPARATOR;
    line->len++;
}

static void add(struct xcy_line *line, const char *from, size_t n)
{
    memcpy(room(line, n), from, n);
    line->len += n;
}

/* A number is written backwards from the middle. The half behind it is there so that it can be copied
 * in one piece of constant length, which costs a few instructions and no call. */
struct digits {
    char text[2 * NUMBER_BYTES];
};

static void add_number(struct xcy_line *line, const char *first, const char *end)
{
    memcpy(room(line, NUMBER_BYTES), first, NUMBER_BYTES);
    line->len += (size_t)(end - first);
}

/* Writes the digits of a number so that they end before `end`; returns where they begin. */
static char *put_digits(char *end, uint64_t value)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    while (value >= 100) {
        end -= 2;
        memcpy(end, pairs + 2 * (value % 100), 2);
        value /= 100;
    }
    if (value >= 10) {
        end -= 2;
        memcpy(end, pairs + 2 * value, 2);
    } else {
        *--end = (char)('0' + value);
    }
    return end;
}

void xcy_line_add_int(struct xcy_line *line, int64_t value)
{
    struct digits digits = {""};
    char *end = digits.text + NUMBER_BYTES;
    uint64_t size = value < 0 ? UINT64_C(0) - (uint64_t)value : (uint64_t)value;
    char *first = put_digits(end, size);
    if (value < 0) {
        *--first = '-';
    }
    add_number(line, first, end);
}

/* The size of a value in millionths, if that many read back as it.
 *
 * Below 2^33 neighbouring doubles lie less than a millionth apart, so that at most one number of up
 * to six decimals reads back as a given one: its digits, without the zeros at their end, are then
 * the shortest. From 0.0001 on, and as 0, that form is written without an exponent. Both the
 * millionths and 1e6 are whole and exact, so that their quotient is the double nearest to those
 * digits, which is what reading them yields. */
static bool is_whole_millionths(double size, uint64_t *millionths)
{
    if (!(size >= 0.0001 && size < 8589934592.0) && size != 0) {
        return false;
    }
    *millionths = (uint64_t)(size * 1e6 + 0.5);
    return (double)*millionths / 1e6 == size;
}

static void add_millionths(struct xcy_line *line, bool is_negative, uint64_t millionths)
{
    struct digits digits = {""};
    char *end = digits.text + NUMBER_BYTES;
    char *point = end - DECIMALS - 1;
    /* One more in front keeps the zeros behind it. */
    put_digits(end, millionths % MILLION + MILLION);
    *point = '.';
    char *first = put_digits(point, millionths / MILLION);
    if (is_negative) {
        *--first = '-';
    }
    while (end[-1] == '0' && end[-2] != '.') {
        end--;
    }
    add_number(line, first, end);
}

/* Of any length. */
static void add_plain(struct xcy_line *line, const char *text, size_t n)
{
    if (n <= XCY_LINE_BYTES) {
        add(line, text, n);
    } else {
        flush(line);
        xcy_buf_add(line->out, xcy_bytes(text, n));
    }
}

void xcy_line_add_double(struct xcy_line *line, double value)
{
    uint64_t millionths;
    if (is_whole_millionths(fabs(value), &millionths)) {
        add_millionths(line, signbit(value) != 0, millionths);
        return;
    }
    char text[XCY_DOUBLE_TEXT_BYTES];
    xcy_double_format(value, text);
    xcy_line_add_word(line, text);
}

void xcy_line_add_word(struct xcy_line *line, const char *word)
{
    add_plain(line, word, strlen(word));
}

static bool is_special(char c)
{
    return c == SEPARATOR || c == '"' || c == '\n' || c == '\r';
}

static bool must_quote(const char *text, size_t n)
{
    bool found = false;
    for (size_t i = 0; i < n; i++) {
        found = is_special(text[i]) || found;
    }
    return found;
}

static void add_quoted(struct xcy_line *line, const char *text, size_t n)
{
    add(line, "\"", 1);
    for (size_t i = 0; i < n; i++) {
        char *to = room(line, 2);
        to[0] = text[i];
        to[1] = '"'; /* is written over unless it doubles one */
        line->len += text[i] == '"' ? 2 : 1;
    }
    add(line, "\"", 1);
}

void xcy_line_add_text(struct xcy_line *line, const char *text, size_t size)
{
    size_t n = strnlen(text, size);
    if (must_quote(text, n)) {
        add_quoted(line, text, n);
    } else {
        add_plain(line, text, n);
    }
}
