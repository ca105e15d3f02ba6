/* log_test.c - lines for people on stderr, and which levels are shown. */

#include "tests/support/unit.h"

#include "common/base/log.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MAX_BYTES = 8192 };

struct caught {
    int kept;
    int memory;
    char text[MAX_BYTES];
};

static void start(struct caught *c)
{
    c->kept = dup(STDERR_FILENO);
    c->memory = memfd_create("stderr", MFD_CLOEXEC);
    dup2(c->memory, STDERR_FILENO);
}

static void end(struct caught *c)
{
    dup2(c->kept, STDERR_FILENO);
    ssize_t n = pread(c->memory, c->text, MAX_BYTES - 1, 0);
    c->text[n > 0 ? n : 0] = '\0';
    close(c->kept);
    close(c->memory);
}

static void a_line_names_the_program_and_a_warning_says_so(void **state)
{
    (void)state;
    struct caught c;
    start(&c);
    xcy_log_init("loadgen", XCY_LOG_INFO);
    xcy_log(XCY_LOG_ERROR, "rate %d", 5);
    xcy_log(XCY_LOG_WARNING, "late");
    xcy_log(XCY_LOG_INFO, "done");
    end(&c);
    assert_string_equal(c.text, "loadgen: rate 5\nloadgen: warning: late\nloadgen: done\n");
    assert_string_equal(xcy_log_program(), "loadgen");
}

static void levels_below_the_shown_one_are_silent(void **state)
{
    (void)state;
    struct caught c;
    start(&c);
    xcy_log_init("gather", XCY_LOG_WARNING);
    xcy_log(XCY_LOG_INFO, "unseen");
    xcy_log(XCY_LOG_DEBUG, "unseen");
    xcy_log_set_level(XCY_LOG_DEBUG);
    xcy_log(XCY_LOG_DEBUG, "seen");
    end(&c);
    assert_string_equal(c.text, "gather: debug: seen\n");
}

static void a_line_too_long_is_cut_and_still_ends(void **state)
{
    (void)state;
    struct caught c;
    start(&c);
    xcy_log_init("gather", XCY_LOG_INFO);
    xcy_log(XCY_LOG_INFO, "%4000d", 7);
    end(&c);
    size_t n = strlen(c.text);
    assert_true(n > 1000 && n < 4000);
    assert_int_equal(c.text[n - 1], '\n');
}

static void an_error_is_printed_once_and_gives_its_exit_code(void **state)
{
    (void)state;
    struct caught c;
    struct xcy_error err;
    enum xcy_status status = xcy_fail(&err, XCY_EINVALID, "the sums do not agree");
    start(&c);
    xcy_log_init("analyze", XCY_LOG_ERROR);
    int code = xcy_log_exit(&err);
    end(&c);
    assert_int_equal(status, XCY_EINVALID);
    assert_int_equal(code, 3);
    assert_string_equal(c.text, "analyze: the sums do not agree\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_names_the_program_and_a_warning_says_so),
        cmocka_unit_test(levels_below_the_shown_one_are_silent),
        cmocka_unit_test(a_line_too_long_is_cut_and_still_ends),
        cmocka_unit_test(an_error_is_printed_once_and_gives_its_exit_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
