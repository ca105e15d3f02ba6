/* program_test.c - command lines: what is stored, what is refused, what is printed. */

#include "tests/support/unit.h"

#include "common/cli/program.h"
#include "tests/unit/cli/capture.h"

#include <math.h>
#include <string.h>
#include <sys/wait.h>

enum { MAX_WORDS = 16 };

static const char *const engines[] = {"lambda", "http", "null", NULL};

/* A program with one option of each type, and its parsed line. */
struct fixture {
    bool is_async;
    bool has_color;
    bool given_rate;
    int64_t requests;
    double rate;
    double bound;
    const char *file;
    int engine;
    int64_t duration_ns;
    struct xcy_string_list plots;
    struct xcy_option options[16];
    struct xcy_program program;
    struct xcy_command_line line;
    struct capture out;
};

static void init(struct fixture *f)
{
    *f = (struct fixture){.has_color = true, .requests = 1000, .rate = 100, .file = "runs"};
    f->duration_ns = INT64_C(90000000000);
    const struct xcy_option options[] = {
        {XCY_OPTION_GROUP, .help = "Load"},
        {XCY_OPTION_INT, 'r', "requests", "N", "How many.", &f->requests, .min = 1, .max = 1e9},
        {XCY_OPTION_DOUBLE, 0, "rate", "PER_S", "How fast.", &f->rate, .min = 0.5, .max = 1e6,
         .given = &f->given_rate},
        {XCY_OPTION_BOOL, 'a', "async", NULL, "As events.", .to = &f->is_async},
        {XCY_OPTION_BOOL, 'C', "color", NULL, "In colour.", .to = &f->has_color},
        {XCY_OPTION_CHOICE, 'e', "engine", "ENGINE", "What sends.", &f->engine, .choices = engines},
        {XCY_OPTION_DURATION, 'd', "duration", "TIME", "How long.", &f->duration_ns, .min = 0.001,
         .max = 86400},
        {XCY_OPTION_GROUP, .help = "Files"},
        {XCY_OPTION_STRING, 'o', "out", "FILE", "Where to.", .to = &f->file},
        {XCY_OPTION_LIST, 'p', "plots", "NAME", "Which.", .to = &f->plots},
        {XCY_OPTION_DOUBLE, 0, "bound", "MS", "At least.", &f->bound, .min = 0, .max = INFINITY},
    };
    memcpy(f->options, options, sizeof options);
    f->program = (struct xcy_program){.name = "loadgen",
                                      .summary = "fires requests",
                                      .arguments = "[RUN [OTHER]]",
                                      .max_arguments = 2,
                                      .options = f->options,
                                      .n_options = sizeof options / sizeof options[0]};
}

/* Parses the words of `text`, parted by single blanks; they are borrowed until clear. */
static void parse(struct fixture *f, const char *text)
{
    static char room[512];
    char *argv[MAX_WORDS + 1] = {NULL};
    int argc = 0;
    char *rest = room;
    snprintf(room, sizeof room, "loadgen%s%s", *text ? " " : "", text);
    while (rest) {
        argv[argc++] = strsep(&rest, " ");
    }
    capture_start(&f->out);
    f->line = xcy_program_parse(&f->program, argc, argv);
    capture_end(&f->out);
}

static void clear(struct fixture *f)
{
    free(f->line.arguments);
    free(f->plots.items);
    capture_clear(&f->out);
}

/* The words run the program and print nothing. */
static void parse_well(struct fixture *f, const char *words)
{
    init(f);
    parse(f, words);
    assert_string_equal(f->out.text[1], "");
    assert_string_equal(f->out.text[0], "");
    assert_true(f->line.run);
    assert_int_equal(f->line.exit_code, 0);
}

static void without_words_the_defaults_stand(void **state)
{
    (void)state;
    struct fixture f;
    parse_well(&f, "");
    assert_int_equal(f.requests, 1000);
    assert_false(f.given_rate);
    assert_true(f.has_color);
    assert_int_equal(f.line.n_arguments, 0);
    clear(&f);
}

static void each_type_is_stored(void **state)
{
    (void)state;
    struct fixture f;
    parse_well(&f, "--requests 77 --rate 0.5 --async --no-color --engine null --out x.yml "
                   "--bound -0 --duration 2m");
    assert_int_equal(f.requests, 77);
    assert_true(f.rate == 0.5 && f.given_rate);
    assert_true(f.is_async);
    assert_false(f.has_color);
    assert_int_equal(f.engine, 2);
    assert_string_equal(f.file, "x.yml");
    assert_int_equal(f.duration_ns, INT64_C(120000000000));
    clear(&f);
}

static void values_may_be_attached_and_letters_bundled(void **state)
{
    (void)state;
    struct fixture f;
    parse_well(&f, "--requests=5 -aCe http -ofile=a --rate=2");
    assert_int_equal(f.requests, 5);
    assert_true(f.is_async && f.has_color);
    assert_int_equal(f.engine, 1);
    assert_string_equal(f.file, "file=a");
    assert_true(f.rate == 2);
    clear(&f);
    parse_well(&f, "-ar12 --out=");
    assert_int_equal(f.requests, 12);
    assert_string_equal(f.file, "");
    clear(&f);
}

static void a_unique_beginning_names_an_option(void **state)
{
    (void)state;
    struct fixture f;
    parse_well(&f, "--req 5 --as --no-c --eng http --du=1");
    assert_int_equal(f.requests, 5);
    assert_true(f.is_async);
    assert_false(f.has_color);
    assert_int_equal(f.duration_ns, INT64_C(1000000000));
    clear(&f);
}

static void the_last_of_two_counts(void **state)
{
    (void)state;
    struct fixture f;
    parse_well(&f, "-r 1 -r 2 --async --no-async");
    assert_int_equal(f.requests, 2);
    assert_false(f.is_async);
    clear(&f);
}

static void arguments_may_stand_anywhere_and_after_two_dashes_look_like_options(void **state)
{
    (void)state;
    struct fixture f;
    parse_well(&f, "one -r 5 -- --rate");
    assert_int_equal(f.line.n_arguments, 2);
    assert_string_equal(f.line.arguments[0], "one");
    assert_string_equal(f.line.arguments[1], "--rate");
    clear(&f);
    parse_well(&f, "-");
    assert_string_equal(f.line.arguments[0], "-");
    clear(&f);
}

static void a_list_takes_the_words_up_to_the_next_option(void **state)
{
    (void)state;
    struct fixture f;
    parse_well(&f, "run --plots a b c -r 5 -p d --plots=e two");
    static const char *const expected[] = {"a", "b", "c", "d", "e"};
    assert_int_equal(f.plots.n, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(f.plots.items[i], expected[i]);
    }
    assert_int_equal(f.line.n_arguments, 2);
    clear(&f);
}

static void durations_have_units(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        int64_t ns;
    } cases[] = {
        {"-d 30", INT64_C(30000000000)},
        {"-d 30s", INT64_C(30000000000)},
        {"-d 500ms", 500000000},
        {"-d 2m", INT64_C(120000000000)},
        {"-d 1h", INT64_C(3600000000000)},
        {"-d 1.5s", 1500000000},
        {"-d 0.25", 250000000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fixture f;
        parse_well(&f, cases[i].words);
        assert_true(f.duration_ns == cases[i].ns);
        clear(&f);
    }
}

static void wrong_usage_is_one_line_on_stderr_and_stores_nothing(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"--ratee 5", "unknown option --ratee (did you mean --rate?)"},
        {"--colour", "unknown option --colour (did you mean --color?)"},
        {"--zzz", "unknown option --zzz"},
        {"--r 5", "--r could be --requests, --rate"},
        {"-q", "unknown option -q"},
        {"-aq", "unknown option -q"},
        {"--rate", "--rate needs a value (PER_S)"},
        {"--rate --async", "--rate needs a value (PER_S)"},
        {"--out -- x", "--out needs a value (FILE)"},
        {"--plots -a", "--plots needs a value (NAME)"},
        {"--async=1", "--async takes no value, got '1'"},
        {"--rate 0", "--rate must be 0.5..1000000, got 0"},
        {"--rate -3", "--rate must be 0.5..1000000, got -3"},
        {"--rate fast", "--rate must be a number, got 'fast'"},
        {"--rate 5x", "--rate must be a number, got '5x'"},
        {"--rate nan", "--rate must be a number, got 'nan'"},
        {"--rate 0x10", "--rate must be a number, got '0x10'"},
        {"--rate=", "--rate must be a number, got ''"},
        {"--bound -1", "--bound must be at least 0, got -1"},
        {"--bound inf", "--bound must be a number, got 'inf'"},
        {"-r 0", "--requests must be 1..1000000000, got 0"},
        {"-r 1.5", "--requests must be a whole number, got '1.5'"},
        {"-r 1e3", "--requests must be a whole number, got '1e3'"},
        {"-r 99999999999999999999",
         "--requests must be a whole number of at most 18 digits, got '99999999999999999999'"},
        {"-e htp", "--engine has no choice 'htp' (did you mean 'http'?)"},
        {"-e x", "--engine must be one of lambda, http, null, got 'x'"},
        {"-d 5x", "--duration must be a time such as 30, 30s, 500ms, 2m or 1h, got '5x'"},
        {"-d ms", "--duration must be a time such as 30, 30s, 500ms, 2m or 1h, got 'ms'"},
        {"-d 25h", "--duration must be 1ms..24h, got 25h"},
        {"a b c", "unexpected argument 'c'"},
        {"--no-rate", "unknown option --no-rate"},
        {"--no-help", "unknown option --no-help"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fixture f;
        char expected[256];
        init(&f);
        parse(&f, cases[i][0]);
        snprintf(expected, sizeof expected, "loadgen: %s; try 'loadgen --help'\n", cases[i][1]);
        assert_string_equal(f.out.text[1], expected);
        assert_string_equal(f.out.text[0], "");
        assert_false(f.line.run);
        assert_int_equal(f.line.exit_code, 2);
        assert_null(f.line.arguments);
        assert_true(f.requests == 1000 && f.rate == 100 && f.engine == 0);
        clear(&f);
    }
}

static void a_missing_argument_is_named(void **state)
{
    (void)state;
    struct fixture f;
    init(&f);
    f.program.arguments = "CONFIG";
    f.program.min_arguments = 1;
    parse(&f, "-a");
    assert_string_equal(f.out.text[1],
                        "loadgen: an argument is missing: CONFIG; try 'loadgen --help'\n");
    assert_int_equal(f.line.exit_code, 2);
    clear(&f);
}

static void help_goes_to_stdout_with_the_defaults_of_the_program(void **state)
{
    (void)state;
    static const char *const words[] = {"--help", "-h", "-ah", "-r 5 --help", "--help --zzz"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct fixture f;
        init(&f);
        parse(&f, words[i]);
        assert_false(f.line.run);
        assert_int_equal(f.line.exit_code, 0);
        assert_string_equal(f.out.text[1], "");
        assert_non_null(strstr(f.out.text[0], "(1..1000000000; default 1000)"));
        clear(&f);
    }
}

static void the_version_names_program_and_suite(void **state)
{
    (void)state;
    struct fixture f;
    init(&f);
    parse(&f, "--version");
    assert_string_equal(f.out.text[0], "loadgen (xcybench) " XCY_VERSION "\n");
    assert_false(f.line.run);
    assert_int_equal(f.line.exit_code, 0);
    clear(&f);
}

static void the_manual_page_is_printed_on_request(void **state)
{
    (void)state;
    struct fixture f;
    init(&f);
    parse(&f, "--man");
    assert_memory_equal(f.out.text[0], ".TH \"LOADGEN\" 1", strlen(".TH \"LOADGEN\" 1"));
    assert_int_equal(f.line.exit_code, 0);
    clear(&f);
}

/* Help with a stdout that cannot be written, in a process of its own: its exit code, or 1000 + the
 * signal that ended it. */
static int help_exit_code(int stdout_fd)
{
    pid_t pid = fork();
    xcy_assert(pid >= 0);
    if (pid == 0) {
        struct fixture f;
        char *argv[] = {(char[]){"loadgen"}, (char[]){"--help"}, NULL};
        init(&f);
        dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
        close(STDOUT_FILENO);
        if (stdout_fd >= 0) {
            dup2(stdout_fd, STDOUT_FILENO);
        }
        _exit(xcy_program_parse(&f.program, 2, argv).exit_code);
    }
    int ended = 0;
    xcy_assert(waitpid(pid, &ended, 0) == pid);
    return WIFEXITED(ended) ? WEXITSTATUS(ended) : 1000 + WTERMSIG(ended);
}

static void help_into_a_closed_pipe_a_full_disk_or_nothing_fails_in_words(void **state)
{
    (void)state;
    int ends[2];
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_int_equal(help_exit_code(ends[1]), 1);
    assert_int_equal(help_exit_code(-1), 1);
    if (full >= 0) {
        assert_int_equal(help_exit_code(full), 1);
        close(full);
    }
    close(ends[1]);
}

static void a_cross_check_reports_like_the_parser(void **state)
{
    (void)state;
    struct fixture f;
    init(&f);
    capture_start(&f.out);
    int code = xcy_program_usage(&f.program, "--%s and --%s exclude each other", "a", "b");
    capture_end(&f.out);
    assert_int_equal(code, 2);
    assert_string_equal(f.out.text[1],
                        "loadgen: --a and --b exclude each other; try 'loadgen --help'\n");
    clear(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_words_the_defaults_stand),
        cmocka_unit_test(each_type_is_stored),
        cmocka_unit_test(values_may_be_attached_and_letters_bundled),
        cmocka_unit_test(a_unique_beginning_names_an_option),
        cmocka_unit_test(the_last_of_two_counts),
        cmocka_unit_test(arguments_may_stand_anywhere_and_after_two_dashes_look_like_options),
        cmocka_unit_test(a_list_takes_the_words_up_to_the_next_option),
        cmocka_unit_test(durations_have_units),
        cmocka_unit_test(wrong_usage_is_one_line_on_stderr_and_stores_nothing),
        cmocka_unit_test(a_missing_argument_is_named),
        cmocka_unit_test(help_goes_to_stdout_with_the_defaults_of_the_program),
        cmocka_unit_test(the_version_names_program_and_suite),
        cmocka_unit_test(the_manual_page_is_printed_on_request),
        cmocka_unit_test(help_into_a_closed_pipe_a_full_disk_or_nothing_fails_in_words),
        cmocka_unit_test(a_cross_check_reports_like_the_parser),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
