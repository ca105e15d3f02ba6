/* help_test.c - the help and the manual page of one table, in full. */

#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/cli/help.h"
#include "common/cli/option.h"
#include "common/cli/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { OUT_MAX_BYTES = 1 << 16 };

static const char *const engines[] = {"lambda", "http", "null", NULL};
static int64_t requests = 1000;
static double rate = 100;
static bool is_async = false;
static bool has_color = true;
static int64_t duration_ns = INT64_C(90000000000);
static int engine = 1;
static const char *no_file = NULL;
static const char *folder = "/a/path/of/many/words/that/nobody/would/call/short/but/that/must/be/"
                            "shown/all/the/same";
static struct xcy_string_list plots;

static const struct xcy_option options[] = {
    {XCY_OPTION_GROUP, .help = "Load"},
    {XCY_OPTION_INT, 'r', "requests", "N",
     "How many requests to send. It's the plan's size, not what came back.", &requests, .min = 1,
     .max = 1e9},
    {XCY_OPTION_DOUBLE, 0, "rate", "PER_S", "In total; open loop.", &rate, .min = 0.5,
     .max = INFINITY},
    {XCY_OPTION_BOOL, 'a', "async", NULL, "As events.", .to = &is_async},
    {XCY_OPTION_BOOL, 0, "color", NULL, "In colour.", .to = &has_color},
    {XCY_OPTION_DURATION, 0, "duration", "TIME", "Instead of -r.", &duration_ns, .min = 0.001,
     .max = 86400},
    {XCY_OPTION_CHOICE, 0, "engine", "ENGINE", "What sends.", &engine, .choices = engines},
    {XCY_OPTION_GROUP, .help = "Files"},
    {XCY_OPTION_STRING, 'c', "config", "FILE", ".yml of the deployment\\s \xC2\xB5s.",
     .to = &no_file},
    {XCY_OPTION_STRING, 'o', "output-directory-of-the-run", "DIR", "Where to.", .to = &folder},
    {XCY_OPTION_LIST, 0, "plots", "NAME", "Only these.", .to = &plots},
    {XCY_OPTION_INT, 0, "hidden-default", "N", "No default here.", &requests, .no_default = true},
};
enum { N_OPTIONS = sizeof options / sizeof options[0] };

static const struct xcy_program program = {
    .name = "loadgen",
    .summary = "fires writer invocations at a steady rate",
    .arguments = "[RUN]",
    .description = "Sends requests by a schedule that nothing slows: late slots are\n"
                   "skipped and counted.\n"
                   "\n"
                   "'A second' paragraph with `ticks`, ~tilde^, a \\ and a - dash. It is long "
                   "enough to need a second line.\n"
                   ".A line that begins with a point.",
    .options = options,
    .n_options = N_OPTIONS,
    .examples = "loadgen -r 1000\ta thousand requests\n"
                "loadgen -r 1000 --rate 200 --engine http --url http://127.0.0.1:4566/a/path "
                "--output-directory-of-the-run runs\tall of it\n",
    .see_also = "gather(1), analyze(1)",
};

static char *text_of(void (*format)(const struct xcy_program *, struct xcy_buf *),
                     const struct xcy_program *of)
{
    struct xcy_buf out;
    xcy_buf_init(&out, OUT_MAX_BYTES);
    format(of, &out);
    assert_false(out.overflowed);
    char *text = xcy_buf_take(&out);
    return text;
}

static void assert_lines_fit(const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        assert_true(xcy_text_width(xcy_bytes(text, len)) <= XCY_HELP_COLUMNS);
        assert_true(len == 0 || text[len - 1] != ' ');
        text += len + (text[len] == '\n');
    }
}

/* As assert_string_equal, but for long texts: fails with the first line that differs. */
static void assert_same_lines(const char *text, const char *expected)
{
    while (*text || *expected) {
        size_t a = strcspn(text, "\n");
        size_t b = strcspn(expected, "\n");
        if (a != b || strncmp(text, expected, a) != 0) {
            fail_msg("'%.*s', expected '%.*s'", (int)a, text, (int)b, expected);
        }
        text += a + (text[a] == '\n');
        expected += b + (expected[b] == '\n');
    }
}

static void the_help_is_laid_out_as_a_whole(void **state)
{
    (void)state;
    static const char expected[] =
        "loadgen - fires writer invocations at a steady rate\n"
        "\n"
        "Usage: loadgen [OPTION...] [RUN]\n"
        "\n"
        "Sends requests by a schedule that nothing slows: late slots are skipped and\n"
        "counted.\n"
        "\n"
        "'A second' paragraph with `ticks`, ~tilde^, a \\ and a - dash. It is long enough\n"
        "to need a second line. .A line that begins with a point.\n"
        "\n"
        "Load:\n"
        "  -r, --requests N          How many requests to send. It's the plan's size, not\n"
        "                            what came back. (1..1000000000; default 1000)\n"
        "      --rate PER_S          In total; open loop. (at least 0.5; default 100)\n"
        "  -a, --async               As events.\n"
        "      --color               In colour. (default on; --no-color turns it off)\n"
        "      --duration TIME       Instead of -r. (1ms..24h; default 90s)\n"
        "      --engine ENGINE       What sends. (lambda, http, null; default http)\n"
        "\n"
        "Files:\n"
        "  -c, --config FILE         .yml of the deployment\\s \xC2\xB5s.\n"
        "  -o, --output-directory-of-the-run DIR\n"
        "                            Where to. (default\n"
        "                            /a/path/of/many/words/that/nobody/would/call/short/b\n"
        "                            ut/that/must/be/shown/all/the/same)\n"
        "      --plots NAME...       Only these.\n"
        "      --hidden-default N    No default here.\n"
        "\n"
        "General:\n"
        "  -h, --help                Print this help and end.\n"
        "      --version             Print the version and end.\n"
        "\n"
        "Examples:\n"
        "  loadgen -r 1000\n"
        "      a thousand requests\n"
        "  loadgen -r 1000 --rate 200 --engine http --url http://127.0.0.1:4566/a/path \\\n"
        "      --output-directory-of-the-run runs\n"
        "      all of it\n"
        "\n"
        "Exit codes:\n"
        "  0     done, and the result is valid\n"
        "  1     failed\n"
        "  2     the command line or a configuration file is wrong\n"
        "  3     it ran, but the result is not valid\n"
        "  4     an expectation was not met\n"
        "  130   interrupted; what was done is saved\n"
        "\n"
        "See also: gather(1), analyze(1)\n";
    char *text = text_of(xcy_help_format, &program);
    assert_same_lines(text, expected);
    assert_lines_fit(text);
    free(text);
}

static void a_small_table_needs_no_groups(void **state)
{
    (void)state;
    const struct xcy_option one = {XCY_OPTION_BOOL, 0, "strong", NULL, "All.", .to = &is_async};
    const struct xcy_program small = {.name = "clean",
                                      .summary = "empties stores",
                                      .arguments = "",
                                      .options = &one,
                                      .n_options = 1,
                                      .exit_codes = "0\tempty\n1\tnot empty"};
    char *text = text_of(xcy_help_format, &small);
    assert_string_equal(text, "clean - empties stores\n"
                              "\n"
                              "Usage: clean [OPTION...]\n"
                              "\n"
                              "Options:\n"
                              "      --strong              All.\n"
                              "  -h, --help                Print this help and end.\n"
                              "      --version             Print the version and end.\n"
                              "\n"
                              "Exit codes:\n"
                              "  0     empty\n"
                              "  1     not empty\n");
    free(text);
}

/* "--output-directory" as roff has it: "\-\-output\-directory". */
static char *roff_name(const char *name)
{
    struct xcy_buf out;
    xcy_buf_init(&out, OUT_MAX_BYTES);
    xcy_buf_add_text(&out, "\\-\\-");
    for (; *name; name++) {
        xcy_buf_addf(&out, *name == '-' ? "\\%c" : "%c", *name);
    }
    char *text = xcy_buf_take(&out);
    return text;
}

static void every_option_stands_in_help_and_manual_page(void **state)
{
    (void)state;
    char *help = text_of(xcy_help_format, &program);
    char *man = text_of(xcy_man_format, &program);
    for (size_t i = 0; i < N_OPTIONS + XCY_STANDARD_MAN; i++) {
        const struct xcy_option *option =
            i < N_OPTIONS ? &options[i] : &xcy_standard_options[i - N_OPTIONS];
        if (option->type == XCY_OPTION_GROUP) {
            assert_non_null(strstr(help, option->help));
            assert_non_null(strstr(man, option->help));
            continue;
        }
        char *in_help = xcy_format("--%s", option->name);
        char *in_man = roff_name(option->name);
        assert_non_null(strstr(help, in_help));
        assert_non_null(strstr(man, in_man));
        free(in_help);
        free(in_man);
    }
    assert_null(strstr(help, "--man"));
    free(help);
    free(man);
}

static void the_manual_page_has_its_sections_and_is_escaped(void **state)
{
    (void)state;
    static const char *const lines[] = {
        /* NOLINTNEXTLINE(bugprone-suspicious-missing-comma) */
        ".TH \"LOADGEN\" 1 \"\" \"xcybench " XCY_VERSION "\" \"xcybench\"\n",
        "\n.SH NAME\nloadgen \\- fires writer invocations at a steady rate\n",
        "\n.SH SYNOPSIS\n\\fBloadgen\\fR [\\fIOPTION\\fR...] [RUN]\n",
        "\n.SH DESCRIPTION\nSends requests by",
        "\n.PP\n\\&\\(aqA second\\(aq paragraph with \\(gaticks\\(ga, \\(titilde\\(ha, a \\(rs "
        "and a \\- dash.",
        "\n\\&.A line that begins with a point.\n",
        "\n.SH OPTIONS\n.SS \"Load\"\n",
        "\n.TP\n\\fB\\-r\\fR, \\fB\\-\\-requests\\fR \\fIN\\fR\n",
        "\n\\&.yml of the deployment\\(rss \xC2\xB5s.\n",
        "\n.SH EXAMPLES\n.TP\n\\fBloadgen \\-r 1000\\fR\na thousand requests\n",
        "\n.SH \"EXIT STATUS\"\n.TP\n\\fB0\\fR\n",
        "\n.SH \"SEE ALSO\"\ngather(1), analyze(1)\n",
    };
    char *man = text_of(xcy_man_format, &program);
    const char *at = man;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const char *found = strstr(at, lines[i]);
        if (!found) {
            fail_msg("not there, or not in its place: %s", lines[i]);
            break;
        }
        at = found;
    }
    free(man);
}

/* What man says when it formats the page, or NULL where there is no man. */
static char *warnings_of(const char *page)
{
    char path[] = "/tmp/xcy_help_test_XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, page, strlen(page)), strlen(page));
    close(fd);
    char *command = xcy_format("man --warnings=all -E UTF-8 -l -Tutf8 %s 2>&1 >/dev/null", path);
    FILE *man = popen(command, "r"); /* NOLINT(cert-env33-c): a fixed command */
    assert_non_null(man);
    char *text = xcy_alloc(OUT_MAX_BYTES);
    size_t n = fread(text, 1, OUT_MAX_BYTES - 1, man);
    int code = pclose(man);
    unlink(path);
    free(command);
    if (code != 0 && strstr(text, "not found")) {
        free(text);
        return NULL;
    }
    assert_true(n < OUT_MAX_BYTES - 1);
    text[n] = '\0';
    return text;
}

static void man_has_no_warning_about_the_page(void **state)
{
    (void)state;
    char *page = text_of(xcy_man_format, &program);
    char *warnings = warnings_of(page);
    free(page);
    if (!warnings) {
        skip();
    }
    assert_string_equal(warnings, "");
    free(warnings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_help_is_laid_out_as_a_whole),
        cmocka_unit_test(a_small_table_needs_no_groups),
        cmocka_unit_test(every_option_stands_in_help_and_manual_page),
        cmocka_unit_test(the_manual_page_has_its_sections_and_is_escaped),
        cmocka_unit_test(man_has_no_warning_about_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
