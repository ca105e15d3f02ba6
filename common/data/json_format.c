#include "common/data/json.h"

#include "common/data/number.h"
#include "common/data/utf8.h"

/* Not cJSON's own printer: that one writes 17 digits where 3 would do, and passes broken UTF-8. */

enum { TEXT_MAX_BYTES = 256 << 20, INDENT = 2 };

struct writer {
    struct xcy_buf *out;
    bool indented;
};

static void write_node(struct writer w, const struct xcy_json *node, int depth);

static void write_escape(struct xcy_buf *out, unsigned char c)
{
    static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt"; /* pairs: the character, its letter */
    for (size_t i = 0; i + 1 < sizeof letters; i += 2) {
        if ((unsigned char)letters[i] == c) {
            const char pair[2] = {'\\', letters[i + 1]};
            xcy_buf_add(out, xcy_bytes(pair, sizeof pair));
            return;
        }
    }
    xcy_buf_addf(out, "\\u%04x", c);
}

static bool needs_escape(unsigned char c)
{
    return c < 0x20 || c == '"' || c == '\\' || c == 0x7F;
}

static bool is_plain(char c)
{
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

/* Runs of plain characters are copied whole; a byte that is not UTF-8 becomes U+FFFD. */
void xcy_json_add_string(struct xcy_buf *out, const char *string)
{
    struct xcy_bytes text = xcy_bytes_of(string);
    size_t copied = 0;
    xcy_buf_add_char(out, '"');
    for (size_t at = 0; at < text.len;) {
        if (is_plain(text.ptr[at])) {
            at++;
            continue;
        }
        size_t n = xcy_utf8_read(text, at, NULL);
        if (n > 0 && !needs_escape((unsigned char)text.ptr[at])) {
            at += n;
            continue;
        }
        xcy_buf_add(out, xcy_bytes(text.ptr + copied, at - copied));
        if (n == 0) {
            xcy_buf_add_text(out, "\xEF\xBF\xBD");
        } else {
            write_escape(out, (unsigned char)text.ptr[at]);
        }
        copied = ++at;
    }
    xcy_buf_add(out, xcy_bytes(text.ptr + copied, text.len - copied));
    xcy_buf_add_char(out, '"');
}

static void write_number(struct xcy_buf *out, const struct xcy_json *node)
{
    char text[XCY_DOUBLE_TEXT_BYTES];
    double value = 0;
    int64_t whole = 0;
    (void)xcy_json_number(node, &value);
    if (xcy_json_int64(node, &whole) && whole != 0) { /* zero may be a negative one */
        xcy_buf_addf(out, "%lld", (long long)whole);
        return;
    }
    xcy_double_format(value, text);
    size_t n = strlen(text);
    bool is_integer = n > 2 && strcmp(text + n - 2, ".0") == 0;
    xcy_buf_add(out, xcy_bytes(text, is_integer ? n - 2 : n));
}

static void new_line(struct writer w, int depth)
{
    if (w.indented) {
        xcy_buf_addf(w.out, "\n%*s", depth * INDENT, "");
    }
}

static void write_container(struct writer w, const struct xcy_json *node, int depth)
{
    bool is_object = xcy_json_kind(node) == XCY_JSON_OBJECT;
    const struct xcy_json *child = xcy_json_first(node);
    if (!child) {
        xcy_buf_add_text(w.out, is_object ? "{}" : "[]");
        return;
    }
    xcy_buf_add_char(w.out, is_object ? '{' : '[');
    while (child) {
        new_line(w, depth + 1);
        if (is_object) {
            xcy_json_add_string(w.out, xcy_json_name(child));
            xcy_buf_add_text(w.out, w.indented ? ": " : ":");
        }
        write_node(w, child, depth + 1);
        child = xcy_json_next(child);
        xcy_buf_add_text(w.out, child ? "," : "");
    }
    new_line(w, depth);
    xcy_buf_add_char(w.out, is_object ? '}' : ']');
}

static void write_node(struct writer w, const struct xcy_json *node, int depth)
{
    bool truth = false;
    switch (xcy_json_kind(node)) {
    case XCY_JSON_BOOL:
        (void)xcy_json_bool(node, &truth);
        xcy_buf_add_text(w.out, truth ? "true" : "false");
        break;
    case XCY_JSON_NUMBER:
        write_number(w.out, node);
        break;
    case XCY_JSON_STRING:
        xcy_json_add_string(w.out, xcy_json_string(node));
        break;
    case XCY_JSON_ARRAY:
    case XCY_JSON_OBJECT:
        write_container(w, node, depth);
        break;
    case XCY_JSON_NULL:
        xcy_buf_add_text(w.out, "null");
        break;
    }
}

void xcy_json_format(const struct xcy_json *node, bool indented, struct xcy_buf *out)
{
    write_node((struct writer){.out = out, .indented = indented}, node, 0);
}

void xcy_json_print(struct xcy_json *taken, bool indented, struct xcy_buf *out)
{
    xcy_json_format(taken, indented, out);
    xcy_buf_add_char(out, '\n');
    xcy_json_free(taken);
}

char *xcy_json_text(const struct xcy_json *node)
{
    struct xcy_buf text;
    xcy_buf_init(&text, TEXT_MAX_BYTES);
    xcy_json_format(node, false, &text);
    xcy_assert(!text.overflowed);
    char *taken = xcy_buf_take(&text);
    return taken;
}
