/* command_test.c - which command the first word means, and what is said of one that is misspelt. */

#include "tests/support/folder.h"

#include "common/base/log.h"
#include "common/cli/command.h"
#include "tests/unit/cli/capture.h"

#include <string.h>

enum { NOT_TOUCHED = -1, RAN_WINDOWS = 41, RAN_DELAY = 42 };

static int n_words; /* that the command got */

static int run_windows(int argc, char *argv[])
{
    (void)argv;
    n_words = argc;
    return RAN_WINDOWS;
}

static int run_delay(int argc, char *argv[])
{
    (void)argv;
    n_words = argc;
    return RAN_DELAY;
}

/* The exit code of `analyze WORD more`, or NOT_TOUCHED; what was said is to be cleared. */
static int call(const char *word, struct capture *said)
{
    static const struct xcy_command commands[] = {{"windows", run_windows}, {"delay", run_delay}};
    char *argv[] = {(char[]){"analyze"}, xcy_strdup(word), (char[]){"more"}, NULL};
    int code = NOT_TOUCHED;
    xcy_log_init("analyze", XCY_LOG_INFO);
    capture_start(said);
    bool is_done = xcy_command_run(commands, 2, 3, argv, &code);
    capture_end(said);
    free(argv[1]);
    assert_int_equal(is_done, code != NOT_TOUCHED);
    return code;
}

static void a_command_gets_the_words_from_its_name_on(void **state)
{
    (void)state;
    struct capture said;
    assert_int_equal(call("delay", &said), RAN_DELAY);
    assert_int_equal(n_words, 2);
    assert_string_equal(said.text[1], "");
    capture_clear(&said);
}

static void a_misspelt_command_is_refused_with_the_nearest(void **state)
{
    (void)state;
    struct capture said;
    assert_int_equal(call("wndows", &said), 2);
    assert_string_equal(said.text[0], "");
    assert_string_equal(said.text[1],
                        "analyze: unknown command 'wndows'; did you mean 'windows'? (no file is "
                        "called so, either); try 'analyze windows --help'\n");
    capture_clear(&said);
}

static void an_option_a_path_and_any_other_word_are_left_to_the_program(void **state)
{
    (void)state;
    static const char *const words[] = {"--delay", "./delya", "delay/", "nothing-like-it", ""};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct capture said;
        assert_int_equal(call(words[i], &said), NOT_TOUCHED);
        assert_string_equal(said.text[1], "");
        capture_clear(&said);
    }
}

static void a_file_or_folder_that_is_called_nearly_so_is_left_to_the_program(void **state)
{
    struct xcy_error err;
    char before[4096];
    struct capture said;
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(*state), 0);
    assert_ok(xcy_dir_make("delays", 0755, &err), &err);
    int code = call("delays", &said);
    assert_int_equal(chdir(before), 0);
    assert_int_equal(code, NOT_TOUCHED);
    assert_string_equal(said.text[1], "");
    capture_clear(&said);
}

static void no_word_at_all_is_no_command(void **state)
{
    (void)state;
    static const struct xcy_command commands[] = {{"windows", run_windows}};
    char *argv[] = {(char[]){"analyze"}, NULL};
    int code = NOT_TOUCHED;
    assert_false(xcy_command_run(commands, 1, 1, argv, &code));
    assert_int_equal(code, NOT_TOUCHED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_gets_the_words_from_its_name_on),
        cmocka_unit_test(a_misspelt_command_is_refused_with_the_nearest),
        cmocka_unit_test(an_option_a_path_and_any_other_word_are_left_to_the_program),
        WITH_FOLDER(a_file_or_folder_that_is_called_nearly_so_is_left_to_the_program),
        cmocka_unit_test(no_word_at_all_is_no_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
