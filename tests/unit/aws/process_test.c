#include "tests/support/unit.h"

#include "common/aws/command.h"
#include "common/aws/providers/provider.h"
#include "common/aws/redact.h"
#include "common/base/stop.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct xcy_error err;

static void check_words(const char *text, const char *joined)
{
    char **words = NULL;
    char got[200] = "";
    if (!joined) {
        assert_status(xcy_command_split(text, &words, &err), XCY_EUSAGE, &err);
        assert_null(words);
        return;
    }
    assert_ok(xcy_command_split(text, &words, &err), &err);
    for (size_t i = 0; words[i]; i++) {
        size_t len = strlen(got);
        snprintf(got + len, sizeof got - len, "%s%s", i ? "|" : "", words[i]);
    }
    assert_string_equal(got, joined);
    xcy_command_free(words);
}

static void a_command_is_cut_as_a_shell_would(void **state)
{
    (void)state;
    check_words("a b  c", "a|b|c");
    check_words("\"/opt/my tool/x\" --p 'a \"b'", "/opt/my tool/x|--p|a \"b");
    check_words("a\\ b \"c\\\"d\\\\e\\f\"", "a b|c\"d\\e\\f");
    check_words("a '' \"\"", "a||");
    check_words("x'y'\"z\"", "xyz");
    check_words("a $HOME;rm *", "a|$HOME;rm|*");
    check_words("a 'b", NULL);
    check_words("a \"b", NULL);
    check_words("a \\", NULL);
    check_words("   ", NULL);
    check_words("''", NULL);
}

static void check_redacted(const char *text, const char *expected)
{
    char got[64];
    xcy_redact(xcy_bytes_of(text), got, sizeof got);
    assert_string_equal(got, expected);
}

static void what_may_be_a_secret_is_not_shown(void **state)
{
    (void)state;
    check_redacted("key AKIAIOSFODNN7EXAMPLE is\nold\n", "key *** is old");
    check_redacted("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "***");
    check_redacted("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0", "***.***");
    check_redacted("it was 0f8fad5bd9cb469fa16570867728950e", "it was ***");
    check_redacted("id 0f8fad5b-d9cb-469f-a165-70867728950e", "id ***");
    check_redacted("XCYSANDBOXWEB.0f8fad5bd9cb469f", "XCYSANDBOXWEB.***");
    check_redacted("at /usr/lib/python3.11/site-packages/tool/main.py:1107",
                   "at /usr/lib/python3.11/site-packages/tool/main.py:1107");
    check_redacted("/usr/local/lib/somewhere/tool: no such file",
                   "/usr/local/lib/somewhere/tool: no such file");
    check_redacted("short A1 stays\t\x01 here", "short A1 stays here");
    check_redacted("", "");
    char text[200];
    memset(text, 'a', sizeof text);
    memcpy(text + sizeof text - 5, " end", 5);
    char got[16];
    xcy_redact(xcy_bytes_of(text), got, sizeof got);
    assert_string_equal(got, "aaaaaaaaaaa end");
}

static void run(const char *command, const char *words)
{
    struct xcy_credentials got = {0};
    enum xcy_status status = xcy_process_run(command, "the process", -1, &got, &err);
    if (!words) {
        assert_ok(status, &err);
        assert_string_equal(got.secret_key, "HUSH");
        xcy_credentials_clear(&got);
        return;
    }
    assert_int_not_equal(status, XCY_OK);
    assert_null(got.access_key);
    if (!strstr(err.text, words) || strstr(err.text, "HUSH")) {
        fail_msg("'%s' does not say '%s'", err.text, words);
    }
}

static void a_process_is_run_and_its_end_told(void **state)
{
    (void)state;
    run("/bin/echo '{\"Version\": 1, \"AccessKeyId\": \"AK\", \"SecretAccessKey\": \"HUSH\"}'",
        NULL);
    run("sh -c 'echo HUSH; echo \"no way\" >&2; exit 7'",
        "the process: it ended with exit code 7: no way");
    run("sh -c 'kill -9 $$'", "it was ended by signal 9");
    run("sh -c 'echo HUSH'", "not JSON");
    run("/nowhere/at/all HUSH", "cannot start '/nowhere/at/all'");
    run("sh -c 'yes HUSH'", "it printed more than 65536 bytes");
    run("sh -c 'cat; echo $?>&2; exit 1'", "exit code 1: 0"); /* nothing to read, nobody to ask */
    run("sh -c 'yes >&2 & yes >&2 & wait $! ; exit 0' 'HUSH", "not a command");
}

static void what_floods_stderr_is_read_to_its_end(void **state)
{
    (void)state;
    run("sh -c 'head -c 300000 /dev/zero | tr \"\\\\0\" x >&2; exit 3'",
        "it ended with exit code 3");
}

/* The last test: a stop cannot be taken back. */
static void one_that_closes_its_output_and_runs_on_is_not_waited_for_beyond_a_stop(void **state)
{
    (void)state;
    pid_t stopper = fork();
    assert_true(stopper >= 0);
    if (stopper == 0) {
        usleep(200000);
        _exit(kill(getppid(), SIGTERM));
    }
    run("sh -c 'exec >&- 2>&-; sleep 1000'", "the process: interrupted");
    assert_int_equal(waitpid(stopper, NULL, 0), stopper);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* nobody is left */
}

int main(void)
{
    xcy_stop_watch();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_is_cut_as_a_shell_would),
        cmocka_unit_test(what_may_be_a_secret_is_not_shown),
        cmocka_unit_test(a_process_is_run_and_its_end_told),
        cmocka_unit_test(what_floods_stderr_is_read_to_its_end),
        cmocka_unit_test(one_that_closes_its_output_and_runs_on_is_not_waited_for_beyond_a_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
