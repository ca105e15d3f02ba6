#include "common/cli/help.h"

#include "common/cli/option.h"
#include "common/cli/text.h"

enum { HELP_INDENT = 28, LEFT_MAX_BYTES = 4096, HELP_TEXT_MAX_BYTES = 16384 };

const char *xcy_help_exit_codes(const struct xcy_program *program)
{
    return program->exit_codes ? program->exit_codes
                               : "0\tdone, and the result is valid\n"
                                 "1\tfailed\n"
                                 "2\tthe command line or a configuration file is wrong\n"
                                 "3\tit ran, but the result is not valid\n"
                                 "4\tan expectation was not met\n"
                                 "130\tinterrupted; what was done is saved\n";
}

bool xcy_help_next_line(const char **text, struct xcy_help_line *line)
{
    while (*text && **text == '\n') {
        (*text)++;
    }
    if (!*text || !**text) {
        return false;
    }
    size_t len = strcspn(*text, "\n");
    size_t left = strcspn(*text, "\n\t");
    line->left = xcy_bytes(*text, left);
    line->right = left < len ? xcy_bytes(*text + left + 1, len - left - 1) : xcy_bytes(NULL, 0);
    *text += len;
    return true;
}

static void wrap_at(struct xcy_buf *out, struct xcy_bytes text, size_t column, size_t indent)
{
    struct xcy_wrap wrap = {.indent = indent, .width = XCY_HELP_COLUMNS};
    xcy_text_wrap(text, column, wrap, out);
    xcy_buf_add_char(out, '\n');
}

/* Pads the line that begins at byte `start` of out up to the column, on a new line if it is past. */
static void pad_to(struct xcy_buf *out, size_t start, size_t column)
{
    size_t at = xcy_text_width(xcy_bytes(out->ptr + start, out->len - start));
    if (at + 2 > column) {
        xcy_buf_add_char(out, '\n');
        at = 0;
    }
    xcy_buf_addf(out, "%*s", (int)(column - at), "");
}

static void add_left(struct xcy_buf *out, const struct xcy_option *option)
{
    if (option->letter) {
        xcy_buf_addf(out, "  -%c, --%s", option->letter, option->name);
    } else {
        xcy_buf_addf(out, "      --%s", option->name);
    }
    if (option->type != XCY_OPTION_BOOL && option->arg) {
        xcy_buf_addf(out, " %s%s", option->arg, option->type == XCY_OPTION_LIST ? "..." : "");
    }
}

static void add_option(struct xcy_buf *out, const struct xcy_option *option)
{
    if (option->type == XCY_OPTION_GROUP) {
        xcy_buf_addf(out, "\n%s:\n", option->help);
        return;
    }
    struct xcy_buf text;
    xcy_buf_init(&text, HELP_TEXT_MAX_BYTES);
    xcy_buf_addf(&text, "%s ", option->help ? option->help : "");
    xcy_option_add_facts(option, &text);
    size_t start = out->len;
    add_left(out, option);
    pad_to(out, start, HELP_INDENT);
    wrap_at(out, xcy_buf_bytes(&text), HELP_INDENT, HELP_INDENT);
    xcy_buf_clear(&text);
}

static void add_options(struct xcy_buf *out, const struct xcy_program *program)
{
    if (program->n_options == 0 || program->options[0].type != XCY_OPTION_GROUP) {
        xcy_buf_add_text(out, "\nOptions:\n");
    }
    bool has_groups = false;
    for (size_t i = 0; i < program->n_options; i++) {
        has_groups = has_groups || program->options[i].type == XCY_OPTION_GROUP;
        add_option(out, &program->options[i]);
    }
    if (has_groups) {
        xcy_buf_add_text(out, "\nGeneral:\n");
    }
    add_option(out, &xcy_standard_options[XCY_STANDARD_HELP]);
    add_option(out, &xcy_standard_options[XCY_STANDARD_VERSION]);
}

static void add_usage(struct xcy_buf *out, const struct xcy_program *program)
{
    struct xcy_buf usage;
    xcy_buf_init(&usage, LEFT_MAX_BYTES);
    xcy_buf_addf(&usage, "%s [OPTION...] %s", program->name,
                 program->arguments ? program->arguments : "");
    xcy_buf_add_text(out, "\nUsage: ");
    wrap_at(out, xcy_buf_bytes(&usage), sizeof "Usage: " - 1, sizeof "Usage: " - 1);
    xcy_buf_clear(&usage);
}

static void add_examples(struct xcy_buf *out, const char *examples)
{
    struct xcy_help_line line;
    const char *at = examples;
    for (bool first = true; xcy_help_next_line(&at, &line); first = false) {
        struct xcy_wrap wrap = {.indent = 6, .width = XCY_HELP_COLUMNS, .continuation = " \\"};
        xcy_buf_add_text(out, first ? "\nExamples:\n  " : "  ");
        xcy_text_wrap(line.left, 2, wrap, out);
        xcy_buf_add_char(out, '\n');
        if (line.right.len > 0) {
            xcy_buf_addf(out, "%*s", 6, "");
            wrap_at(out, line.right, 6, 6);
        }
    }
}

static void add_exit_codes(struct xcy_buf *out, const struct xcy_program *program)
{
    struct xcy_help_line line;
    const char *at = xcy_help_exit_codes(program);
    for (bool first = true; xcy_help_next_line(&at, &line); first = false) {
        xcy_buf_add_text(out, first ? "\nExit codes:\n" : "");
        size_t start = out->len;
        xcy_buf_addf(out, "  %.*s", (int)line.left.len, line.left.ptr);
        if (line.right.len > 0) {
            pad_to(out, start, 8);
            wrap_at(out, line.right, 8, 8);
        } else {
            xcy_buf_add_char(out, '\n');
        }
    }
}

void xcy_help_format(const struct xcy_program *program, struct xcy_buf *out)
{
    struct xcy_buf head;
    xcy_buf_init(&head, LEFT_MAX_BYTES);
    xcy_buf_addf(&head, "%s - %s", program->name, program->summary);
    wrap_at(out, xcy_buf_bytes(&head), 0, 2);
    xcy_buf_clear(&head);
    add_usage(out, program);
    if (program->description && *program->description) {
        xcy_buf_add_char(out, '\n');
        wrap_at(out, xcy_bytes_of(program->description), 0, 0);
    }
    add_options(out, program);
    add_examples(out, program->examples);
    add_exit_codes(out, program);
    if (program->see_also && *program->see_also) {
        xcy_buf_add_text(out, "\nSee also: ");
        wrap_at(out, xcy_bytes_of(program->see_also), sizeof "See also: " - 1,
                sizeof "See also: " - 1);
    }
}
