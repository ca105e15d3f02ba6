#include "common/data/yaml.h"

#include "common/data/utf8.h"

#include <regex.h>
#include <strings.h>

/* Words that some reader of YAML 1.1 takes for something else than a text. */
static bool is_special_word(const char *text)
{
    static const char *const words[] = {"",      "~",   "null", "true", "false", "yes",  "no",
                                        "on",    "off", "y",    "n",    ".nan",  ".inf", "+.inf",
                                        "-.inf", "=",   "<<",   "---",  "..."};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcasecmp(text, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The numbers of YAML 1.1 and 1.2 in all their spellings (1_000, 0x1F, 1:30, 1e5), and dates. */
static bool is_number_or_date(const char *text)
{
    static const char pattern[] =
        "^([-+]?[0-9][0-9_]*|[-+]?0b[01_]+|[-+]?0o[0-7]+|[-+]?0x[0-9a-fA-F_]+"
        "|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\\.[0-9_]*)?"
        "|[-+]?([0-9][0-9_]*\\.[0-9_]*|\\.[0-9][0-9_]*)([eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]"
        "?[0-9]+"
        "|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
        "([Tt ]+[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\\.[0-9]*)? ?(Z|[-+][0-9]{1,2}(:?[0-9]{2})?)?)?)$";
    if (!strchr("+-.0123456789", text[0])) {
        return false; /* most texts: spares the compiling */
    }
    regex_t compiled;
    int code = regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB);
    xcy_assert(code == 0);
    bool matches = regexec(&compiled, text, 0, NULL, 0) == 0;
    regfree(&compiled);
    return matches;
}

/* In block style; inside [ ] and { } commas and brackets would need quotes too. */
static bool needs_quotes(const char *text)
{
    size_t n = strlen(text);
    if (is_special_word(text) || text[0] == ' ' || text[n - 1] == ' ' || text[n - 1] == ':') {
        return true;
    }
    if (strchr("#,[]{}&*!|>'\"%@`", text[0])) {
        return true;
    }
    bool is_indicator = strchr("-?:", text[0]) && text[1] == ' ';
    bool is_marker = strncmp(text, "--- ", 4) == 0 || strncmp(text, "... ", 4) == 0;
    bool is_lone = n == 1 && strchr("-?:", text[0]);
    return is_indicator || is_marker || is_lone || strstr(text, ": ") || strstr(text, " #") ||
           is_number_or_date(text);
}

/* What may stand in a plain or single-quoted scalar on one line. */
static bool is_printable(uint32_t code)
{
    bool is_ascii = code >= 0x20 && code < 0x7F;
    bool is_line_end = code == 0x2028 || code == 0x2029;
    bool is_other = code >= 0xA0 && code != 0xFEFF && code != 0xFFFE && code != 0xFFFF;
    return is_ascii || (is_other && !is_line_end);
}

static bool is_all_printable(struct xcy_bytes text)
{
    for (size_t at = 0; at < text.len;) {
        uint32_t code = 0;
        size_t n = xcy_utf8_read(text, at, &code);
        if (n == 0 || !is_printable(code)) {
            return false;
        }
        at += n;
    }
    return true;
}

static void add_code(struct xcy_buf *out, uint32_t code)
{
    if (code < 0x100) {
        xcy_buf_addf(out, "\\x%02x", code);
    } else {
        xcy_buf_addf(out, "\\u%04x", code);
    }
}

/* Only double quotes can hold control characters. A byte that is not UTF-8 becomes U+FFFD. */
static void add_double_quoted(struct xcy_buf *out, struct xcy_bytes text)
{
    xcy_buf_add_char(out, '"');
    for (size_t at = 0; at < text.len;) {
        uint32_t code = 0;
        size_t n = xcy_utf8_read(text, at, &code);
        if (n == 0) {
            xcy_buf_add_text(out, "\xEF\xBF\xBD");
        } else if (!is_printable(code)) {
            add_code(out, code);
        } else {
            xcy_buf_add_text(out, code == '"' || code == '\\' ? "\\" : "");
            xcy_buf_add(out, xcy_bytes(text.ptr + at, n));
        }
        at += n ? n : 1;
    }
    xcy_buf_add_char(out, '"');
}

static void add_single_quoted(struct xcy_buf *out, const char *text)
{
    xcy_buf_add_char(out, '\'');
    for (const char *p = text; *p; p++) {
        xcy_buf_add(out, *p == '\'' ? xcy_bytes_of("''") : xcy_bytes(p, 1));
    }
    xcy_buf_add_char(out, '\'');
}

void xcy_yaml_add_scalar(struct xcy_buf *out, const char *text)
{
    if (!is_all_printable(xcy_bytes_of(text))) {
        add_double_quoted(out, xcy_bytes_of(text));
    } else if (needs_quotes(text)) {
        add_single_quoted(out, text);
    } else {
        xcy_buf_add_text(out, text);
    }
}
