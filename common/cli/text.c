#include "common/cli/text.h"

static bool starts_character(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

size_t xcy_text_width(struct xcy_bytes text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        n += starts_character(text.ptr[i]);
    }
    return n;
}

size_t xcy_text_fit(struct xcy_bytes text, size_t columns)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        n += starts_character(text.ptr[i]);
        if (n > columns) {
            return i;
        }
    }
    return text.len;
}

struct line {
    struct xcy_wrap wrap;
    size_t column;
    bool has_word;
    struct xcy_buf *out;
};

static void break_line(struct line *line, bool goes_on)
{
    if (goes_on && line->wrap.continuation) {
        xcy_buf_add_text(line->out, line->wrap.continuation);
    }
    xcy_buf_addf(line->out, "\n%*s", (int)line->wrap.indent, "");
    line->column = line->wrap.indent;
    line->has_word = false;
}

static void add_word(struct line *line, struct xcy_bytes word)
{
    size_t reserve = line->wrap.continuation ? strlen(line->wrap.continuation) : 0;
    size_t room = line->wrap.width - reserve;
    size_t gap = line->has_word ? 1 : 0;
    if (line->column + gap + xcy_text_width(word) > room &&
        (line->has_word || line->column > line->wrap.indent)) {
        break_line(line, true);
        gap = 0;
    }
    while (line->column + gap + xcy_text_width(word) > room) {
        size_t n = xcy_text_fit(word, room - line->column - gap);
        xcy_buf_add(line->out, xcy_bytes(word.ptr, n));
        word = xcy_bytes(word.ptr + n, word.len - n);
        break_line(line, false);
    }
    xcy_buf_addf(line->out, "%*s", (int)gap, "");
    xcy_buf_add(line->out, word);
    line->column += gap + xcy_text_width(word);
    line->has_word = true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

static size_t skip_blanks(struct xcy_bytes text, size_t at, size_t *n_line_ends)
{
    *n_line_ends = 0;
    while (at < text.len && is_blank(text.ptr[at])) {
        *n_line_ends += text.ptr[at++] == '\n';
    }
    return at;
}

void xcy_text_wrap(struct xcy_bytes text, size_t column, struct xcy_wrap wrap, struct xcy_buf *out)
{
    xcy_assert(wrap.indent + 2 < wrap.width);
    struct line line = {.wrap = wrap, .column = column, .out = out};
    size_t n_line_ends = 0;
    size_t at = skip_blanks(text, 0, &n_line_ends);
    while (at < text.len) {
        size_t first = at;
        while (at < text.len && !is_blank(text.ptr[at])) {
            at++;
        }
        add_word(&line, xcy_bytes(text.ptr + first, at - first));
        at = skip_blanks(text, at, &n_line_ends);
        if (n_line_ends > 1 && at < text.len) {
            xcy_buf_add_char(out, '\n');
            break_line(&line, false);
        }
    }
}
