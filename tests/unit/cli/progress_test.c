/* progress_test.c - the live line: into a file, and on a terminal. */

#include "tests/support/unit.h"

#include "common/cli/progress.h"
#include "tests/unit/cli/capture.h"

#include <string.h>
#include <sys/ioctl.h>

static void without_a_terminal_nothing_is_shown(void **state)
{
    (void)state;
    struct capture out;
    capture_start(&out);
    struct xcy_progress *progress = xcy_progress_start(false);
    bool is_due = xcy_progress_is_due(progress);
    xcy_progress_show(progress, "%d sent", 5);
    xcy_progress_end(progress);
    capture_end(&out);
    assert_false(is_due);
    assert_string_equal(out.text[1], "");
    assert_string_equal(out.text[0], "");
    capture_clear(&out);
}

static void forced_it_is_a_line_and_the_next_is_not_due_at_once(void **state)
{
    (void)state;
    struct capture out;
    capture_start(&out);
    struct xcy_progress *progress = xcy_progress_start(true);
    bool first = xcy_progress_is_due(progress);
    xcy_progress_show(progress, "%d sent", 5);
    bool second = xcy_progress_is_due(progress);
    xcy_progress_show(progress, "%d sent", 6);
    xcy_progress_end(progress);
    capture_end(&out);
    assert_true(first);
    /* On a machine that stood still for a second the second line is right too. */
    assert_string_equal(out.text[1], second ? "5 sent\n6 sent\n" : "5 sent\n");
    capture_clear(&out);
}

static void a_very_long_line_is_cut(void **state)
{
    (void)state;
    struct capture out;
    capture_start(&out);
    struct xcy_progress *progress = xcy_progress_start(true);
    xcy_progress_show(progress, "%2000d", 7);
    xcy_progress_end(progress);
    capture_end(&out);
    size_t n = strlen(out.text[1]);
    assert_true(n > 100 && n < 1000);
    assert_int_equal(out.text[1][n - 1], '\n');
    capture_clear(&out);
}

static void nothing_to_show_is_allowed(void **state)
{
    (void)state;
    assert_false(xcy_progress_is_due(NULL));
    xcy_progress_show(NULL, "%d", 1);
    xcy_progress_end(NULL);
}

/* A terminal of its own: what is written to `side` is read from `master`. */
struct terminal {
    int master;
    int side;
};

static bool open_terminal(struct terminal *t, unsigned short columns)
{
    char name[64];
    struct winsize window = {.ws_col = columns, .ws_row = 24};
    t->side = -1;
    t->master = posix_openpt(O_RDWR | O_NOCTTY);
    if (t->master >= 0 && grantpt(t->master) == 0 && unlockpt(t->master) == 0 &&
        ptsname_r(t->master, name, sizeof name) == 0) {
        t->side = open(name, O_RDWR | O_NOCTTY);
    }
    return t->side >= 0 && ioctl(t->side, TIOCSWINSZ, &window) == 0;
}

static void show_and_end(const struct terminal *t, const char *line)
{
    int kept = dup(STDERR_FILENO);
    dup2(t->side, STDERR_FILENO);
    struct xcy_progress *progress = xcy_progress_start(false);
    xcy_progress_show(progress, "%s", line);
    xcy_progress_end(progress);
    dup2(kept, STDERR_FILENO);
    close(kept);
}

/* Shows the line on a terminal; what that got must be as expected. */
static void assert_shown(unsigned short columns, const char *line, const char *expected)
{
    struct terminal t;
    char got[256] = "";
    size_t n = 0;
    if (!open_terminal(&t, columns)) {
        skip();
    }
    show_and_end(&t, line);
    assert_int_equal(write(t.side, "$", 1), 1); /* the end: a terminal gives what it got in parts */
    while (!strchr(got, '$')) {
        ssize_t more = read(t.master, got + n, sizeof got - 1 - n);
        assert_true(more > 0);
        n += (size_t)more;
    }
    got[n - 1] = '\0';
    assert_string_equal(got, expected);
    close(t.side);
    close(t.master);
}

static void on_a_terminal_the_line_is_drawn_and_cleared_in_place(void **state)
{
    (void)state;
    assert_shown(40, "5 sent", "\r5 sent\r      \r");
}

static void on_a_narrow_terminal_the_line_is_cut_before_the_last_column(void **state)
{
    (void)state;
    assert_shown(5, "\xE2\x82\xAC wide", "\r\xE2\x82\xAC wi\r    \r");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_terminal_nothing_is_shown),
        cmocka_unit_test(forced_it_is_a_line_and_the_next_is_not_due_at_once),
        cmocka_unit_test(a_very_long_line_is_cut),
        cmocka_unit_test(nothing_to_show_is_allowed),
        cmocka_unit_test(on_a_terminal_the_line_is_drawn_and_cleared_in_place),
        cmocka_unit_test(on_a_narrow_terminal_the_line_is_cut_before_the_last_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
