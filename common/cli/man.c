#include "common/cli/help.h"

#include "common/cli/option.h"

#include <ctype.h>

enum { FACTS_MAX_BYTES = 4096, LONG_WORD = 40 };

/* roff reads these characters as something else: a hyphen may become a Unicode one, which then
 * cannot be pasted, a quote a typographic one. */
static const char *escape_of(char c)
{
    switch (c) {
    case '\\':
        return "\\(rs";
    case '-':
        return "\\-";
    case '\'':
        return "\\(aq";
    case '`':
        return "\\(ga";
    case '^':
        return "\\(ha";
    case '~':
        return "\\(ti";
    default:
        return NULL;
    }
}

static size_t word_length(struct xcy_bytes text, size_t at)
{
    size_t first = at;
    while (first > 0 && text.ptr[first - 1] != ' ') {
        first--;
    }
    while (at < text.len && text.ptr[at] != ' ') {
        at++;
    }
    return at - first;
}

/* Long paths and addresses may be broken after a slash (\: in roff), or they would stick out. */
static void add_escaped(struct xcy_buf *out, struct xcy_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        const char *escape = escape_of(text.ptr[i]);
        if (escape) {
            xcy_buf_add_text(out, escape);
        } else {
            xcy_buf_add_char(out, text.ptr[i]);
        }
        if (text.ptr[i] == '/' && word_length(text, i) > LONG_WORD) {
            xcy_buf_add_text(out, "\\:");
        }
    }
}

/* One text line of roff: a point or quote at its head would be a request. */
static void add_line(struct xcy_buf *out, struct xcy_bytes text)
{
    if (text.len > 0 && (text.ptr[0] == '.' || text.ptr[0] == '\'')) {
        xcy_buf_add_text(out, "\\&");
    }
    add_escaped(out, text);
    xcy_buf_add_char(out, '\n');
}

static size_t skip_blanks(const char *text, size_t *n_line_ends)
{
    size_t n = strspn(text, " \t\n");
    *n_line_ends = 0;
    for (size_t i = 0; i < n; i++) {
        *n_line_ends += text[i] == '\n';
    }
    return n;
}

/* The lines of the text; a blank line becomes a paragraph, blanks at a line's head go. */
static void add_paragraphs(struct xcy_buf *out, const char *text)
{
    size_t n_line_ends = 0;
    text += skip_blanks(text, &n_line_ends);
    while (*text) {
        size_t n = strcspn(text, "\n");
        add_line(out, xcy_bytes(text, n));
        text += n;
        text += skip_blanks(text, &n_line_ends);
        if (n_line_ends > 1 && *text) {
            xcy_buf_add_text(out, ".PP\n");
        }
    }
}

static void add_heading(struct xcy_buf *out, const char *request, const char *text)
{
    xcy_buf_addf(out, "%s \"", request);
    add_escaped(out, xcy_bytes_of(text));
    xcy_buf_add_text(out, "\"\n");
}

static void add_bold(struct xcy_buf *out, struct xcy_bytes text)
{
    xcy_buf_add_text(out, "\\fB");
    add_escaped(out, text);
    xcy_buf_add_text(out, "\\fR");
}

static void add_italic(struct xcy_buf *out, const char *text)
{
    xcy_buf_add_text(out, "\\fI");
    add_escaped(out, xcy_bytes_of(text));
    xcy_buf_add_text(out, "\\fR");
}

/* A page is called "loadgen-merge", and found so, where the command is "loadgen merge". */
static void add_page_name(struct xcy_buf *out, const char *name, bool is_upper)
{
    for (const char *p = name; *p; p++) {
        char c = *p;
        if (c == ' ') {
            c = '-';
        } else if (is_upper) {
            c = (char)toupper((unsigned char)c);
        }
        add_escaped(out, xcy_bytes(&c, 1));
    }
}

static void add_head(struct xcy_buf *out, const struct xcy_program *program)
{
    xcy_buf_add_text(out, ".TH \"");
    add_page_name(out, program->name, true);
    xcy_buf_addf(out, "\" 1 \"\" \"xcybench %s\" \"xcybench\"\n", XCY_VERSION);
    xcy_buf_add_text(out, ".nh\n.ad l\n.SH NAME\n");
    add_page_name(out, program->name, false);
    xcy_buf_add_text(out, " \\- ");
    add_escaped(out, xcy_bytes_of(program->summary));
    xcy_buf_add_text(out, "\n.SH SYNOPSIS\n");
    add_bold(out, xcy_bytes_of(program->name));
    xcy_buf_add_text(out, " [\\fIOPTION\\fR...] ");
    add_escaped(out, xcy_bytes_of(program->arguments));
    xcy_buf_add_char(out, '\n');
}

static void add_tag(struct xcy_buf *out, const struct xcy_option *option)
{
    xcy_buf_add_text(out, ".TP\n");
    if (option->letter) {
        char letter[] = {'-', option->letter};
        add_bold(out, xcy_bytes(letter, sizeof letter));
        xcy_buf_add_text(out, ", ");
    }
    xcy_buf_add_text(out, "\\fB\\-\\-");
    add_escaped(out, xcy_bytes_of(option->name));
    xcy_buf_add_text(out, "\\fR");
    if (option->type != XCY_OPTION_BOOL && option->arg) {
        xcy_buf_add_char(out, ' ');
        add_italic(out, option->arg);
        xcy_buf_add_text(out, option->type == XCY_OPTION_LIST ? "..." : "");
    }
    xcy_buf_add_char(out, '\n');
}

static void add_option(struct xcy_buf *out, const struct xcy_option *option)
{
    if (option->type == XCY_OPTION_GROUP) {
        add_heading(out, ".SS", option->help);
        return;
    }
    struct xcy_buf facts;
    xcy_buf_init(&facts, FACTS_MAX_BYTES);
    xcy_option_add_facts(option, &facts);
    add_tag(out, option);
    add_paragraphs(out, option->help ? option->help : "");
    if (facts.len > 0) {
        add_line(out, xcy_buf_bytes(&facts));
    }
    xcy_buf_clear(&facts);
}

static void add_options(struct xcy_buf *out, const struct xcy_program *program)
{
    xcy_buf_add_text(out, ".SH OPTIONS\n");
    bool has_groups = false;
    for (size_t i = 0; i < program->n_options; i++) {
        has_groups = has_groups || program->options[i].type == XCY_OPTION_GROUP;
        add_option(out, &program->options[i]);
    }
    if (has_groups) {
        xcy_buf_add_text(out, ".SS General\n");
    }
    add_option(out, &xcy_standard_options[XCY_STANDARD_HELP]);
    add_option(out, &xcy_standard_options[XCY_STANDARD_VERSION]);
}

static void add_examples(struct xcy_buf *out, const char *examples)
{
    struct xcy_help_line line;
    const char *at = examples;
    for (bool first = true; xcy_help_next_line(&at, &line); first = false) {
        xcy_buf_add_text(out, first ? ".SH EXAMPLES\n" : "");
        xcy_buf_add_text(out, ".TP\n");
        add_bold(out, line.left);
        xcy_buf_add_char(out, '\n');
        add_line(out, line.right);
    }
}

static void add_exit_codes(struct xcy_buf *out, const struct xcy_program *program)
{
    struct xcy_help_line line;
    const char *at = xcy_help_exit_codes(program);
    xcy_buf_add_text(out, ".SH \"EXIT STATUS\"\n");
    while (xcy_help_next_line(&at, &line)) {
        xcy_buf_add_text(out, ".TP\n");
        add_bold(out, line.left);
        xcy_buf_add_char(out, '\n');
        add_line(out, line.right);
    }
}

void xcy_man_format(const struct xcy_program *program, struct xcy_buf *out)
{
    add_head(out, program);
    xcy_buf_add_text(out, ".SH DESCRIPTION\n");
    bool is_described = program->description && *program->description;
    add_paragraphs(out, is_described ? program->description : program->summary);
    add_options(out, program);
    add_examples(out, program->examples);
    add_exit_codes(out, program);
    if (program->see_also && *program->see_also) {
        xcy_buf_add_text(out, ".SH \"SEE ALSO\"\n");
        add_paragraphs(out, program->see_also);
    }
}
