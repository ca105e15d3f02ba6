#include "common/cli/program.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/cli/help.h"
#include "common/cli/lookup.h"
#include "common/cli/option.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { OUTPUT_MAX_BYTES = 1 << 20, USAGE_EXIT_CODE = 2 };

/* One option of the command line, with its value; stored only when the whole line is understood,
 * so that the defaults in the help are those of the program. */
struct setting {
    const struct xcy_option *option;
    const char *value;
};

struct parser {
    const struct xcy_program *program;
    int argc;
    char *const *argv;
    int at; /* the next word */
    struct setting *settings;
    size_t n_settings;
    const char **arguments;
    size_t n_arguments;
    const struct xcy_option *shown; /* --help, --version or --man */
    struct xcy_error *err;
};

static void add_setting(struct parser *p, const struct xcy_option *option, const char *value)
{
    if (xcy_lookup_is_standard(option)) {
        p->shown = p->shown ? p->shown : option;
        return;
    }
    p->settings = xcy_realloc_array(p->settings, p->n_settings + 1, sizeof *p->settings);
    p->settings[p->n_settings++] = (struct setting){.option = option, .value = value};
}

static void add_argument(struct parser *p, const char *word)
{
    p->arguments = xcy_realloc_array(p->arguments, p->n_arguments + 1, sizeof *p->arguments);
    p->arguments[p->n_arguments++] = word;
}

static bool is_option_word(const char *word)
{
    return word[0] == '-' && word[1] != '\0';
}

static bool starts_like_number(const char *word)
{
    return word[0] == '-' && (strchr(".0123456789", word[1]) != NULL);
}

/* The option's value: `attached`, or the next word. */
static enum xcy_status take_value(struct parser *p, const struct xcy_option *option,
                                  const char *attached)
{
    const char *word = attached;
    if (!word && p->at < p->argc) {
        word = p->argv[p->at];
        bool is_value = !is_option_word(word) || starts_like_number(word);
        word = is_value ? word : NULL;
        p->at += is_value;
    }
    if (!word) {
        return xcy_fail(p->err, XCY_EUSAGE, "--%s needs a value (%s)", option->name,
                        option->arg ? option->arg : "VALUE");
    }
    add_setting(p, option, word);
    while (option->type == XCY_OPTION_LIST && !attached && p->at < p->argc &&
           !is_option_word(p->argv[p->at])) {
        add_setting(p, option, p->argv[p->at++]);
    }
    return XCY_OK;
}

static enum xcy_status on_long(struct parser *p, const char *word)
{
    size_t len = strcspn(word, "=");
    const char *attached = word[len] == '=' ? word + len + 1 : NULL;
    struct xcy_lookup found = {.option = NULL};
    enum xcy_status status = xcy_lookup_name(p->program, xcy_bytes(word, len), &found, p->err);
    if (status != XCY_OK) {
        return status;
    }
    if (found.option->type != XCY_OPTION_BOOL) {
        return take_value(p, found.option, attached);
    }
    if (attached) {
        return xcy_fail(p->err, XCY_EUSAGE, "--%s takes no value, got '%.200s'", found.option->name,
                        attached);
    }
    add_setting(p, found.option, found.is_off ? "false" : "true");
    return XCY_OK;
}

/* "-av", "-r1000" or "-r 1000" */
static enum xcy_status on_letters(struct parser *p, const char *letters)
{
    for (const char *c = letters; *c; c++) {
        const struct xcy_option *option = xcy_lookup_letter(p->program, *c);
        if (!option) {
            return xcy_fail(p->err, XCY_EUSAGE, "unknown option -%c", *c);
        }
        if (option->type != XCY_OPTION_BOOL) {
            return take_value(p, option, c[1] ? c + 1 : NULL);
        }
        add_setting(p, option, "true");
    }
    return XCY_OK;
}

static enum xcy_status on_word(struct parser *p, const char *word)
{
    if (strncmp(word, "--", 2) == 0) {
        return on_long(p, word + 2);
    }
    if (is_option_word(word)) {
        return on_letters(p, word + 1);
    }
    add_argument(p, word);
    return XCY_OK;
}

static enum xcy_status read_words(struct parser *p)
{
    enum xcy_status status = XCY_OK;
    while (status == XCY_OK && !p->shown && p->at < p->argc) {
        const char *word = p->argv[p->at++];
        if (strcmp(word, "--") != 0) {
            status = on_word(p, word);
            continue;
        }
        while (p->at < p->argc) {
            add_argument(p, p->argv[p->at++]);
        }
    }
    return status;
}

static enum xcy_status check_arguments(const struct parser *p)
{
    const struct xcy_program *program = p->program;
    if (p->n_arguments > program->max_arguments) {
        return xcy_fail(p->err, XCY_EUSAGE, "unexpected argument '%.200s'",
                        p->arguments[program->max_arguments]);
    }
    if (p->n_arguments < program->min_arguments) {
        return xcy_fail(p->err, XCY_EUSAGE, "an argument is missing: %s", program->arguments);
    }
    return XCY_OK;
}

static enum xcy_status store_settings(const struct parser *p)
{
    enum xcy_status status = check_arguments(p);
    for (size_t i = 0; status == XCY_OK && i < p->n_settings; i++) {
        status = xcy_option_store(p->settings[i].option, p->settings[i].value, p->err);
    }
    return status;
}

/* A reader that went away, or a full disk, is a failure in words, not a signal. */
static int print(const struct xcy_program *program, const struct xcy_buf *text)
{
    struct xcy_error err;
    signal(SIGPIPE, SIG_IGN);
    enum xcy_status status = xcy_buf_check(text, "the help", &err);
    if (status == XCY_OK) {
        status = xcy_write_all(STDOUT_FILENO, xcy_buf_bytes(text), "cannot write to stdout", &err);
    }
    if (status != XCY_OK) {
        fprintf(stderr, "%s: %s\n", program->name, err.text);
        return xcy_exit_code(XCY_EIO);
    }
    return 0;
}

static int show(const struct xcy_program *program, const struct xcy_option *what)
{
    struct xcy_buf text;
    xcy_buf_init(&text, OUTPUT_MAX_BYTES);
    if (what == &xcy_standard_options[XCY_STANDARD_HELP]) {
        xcy_help_format(program, &text);
    } else if (what == &xcy_standard_options[XCY_STANDARD_MAN]) {
        xcy_man_format(program, &text);
    } else {
        xcy_buf_addf(&text, "%s (xcybench) %s\n", program->name, XCY_VERSION);
    }
    int exit_code = print(program, &text);
    xcy_buf_clear(&text);
    return exit_code;
}

struct xcy_command_line xcy_program_parse(const struct xcy_program *program, int argc,
                                          char *const argv[])
{
    struct xcy_error err;
    struct parser p = {.program = program, .argc = argc, .argv = argv, .at = 1, .err = &err};
    struct xcy_command_line line = {.run = false};
    xcy_lookup_check(program);
    enum xcy_status status = read_words(&p);
    if (status == XCY_OK && p.shown) {
        line.exit_code = show(program, p.shown);
        goto out;
    }
    if (status == XCY_OK) {
        status = store_settings(&p);
    }
    if (status != XCY_OK) {
        line.exit_code = xcy_program_usage(program, "%s", err.text);
        goto out;
    }
    line = (struct xcy_command_line){
        .run = true, .arguments = p.arguments, .n_arguments = p.n_arguments};
    p.arguments = NULL;
out:
    free(p.settings);
    free(p.arguments);
    return line;
}

int xcy_program_usage(const struct xcy_program *program, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fprintf(stderr, "%s: ", program->name);
    vfprintf(stderr, fmt, args);
    fprintf(stderr, "; try '%s --help'\n", program->name);
    va_end(args);
    return USAGE_EXIT_CODE;
}
