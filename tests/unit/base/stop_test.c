/* stop_test.c - Ctrl-C as a flag and a descriptor; each case in a process of its own. */

#include "tests/support/unit.h"

#include "common/base/stop.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs the case in a child and returns how the child ended, as an exit code. */
static int run_in_child(int (*child)(void))
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        _exit(child());
    }
    int ended = 0;
    assert_int_equal(waitpid(pid, &ended, 0), pid);
    return WIFEXITED(ended) ? WEXITSTATUS(ended) : 1000 + WTERMSIG(ended);
}

static bool is_readable(int fd)
{
    struct pollfd waited = {.fd = fd, .events = POLLIN};
    return poll(&waited, 1, 0) == 1;
}

static int first_signal(void)
{
    xcy_stop_watch();
    bool before = xcy_stop_asked() || is_readable(xcy_stop_fd());
    raise(SIGTERM);
    bool after = xcy_stop_asked() && is_readable(xcy_stop_fd()) && is_readable(xcy_stop_fd());
    return before ? 1 : after ? 0 : 2;
}

static int second_signal(void)
{
    xcy_stop_watch();
    raise(SIGINT);
    raise(SIGINT);
    return 0;
}

static int closed_pipe(void)
{
    int ends[2];
    xcy_stop_watch();
    if (pipe(ends) != 0) {
        return 1;
    }
    close(ends[0]);
    return write(ends[1], "x", 1) == -1 ? 0 : 2;
}

static void the_first_signal_is_a_request_that_many_can_see(void **state)
{
    (void)state;
    assert_int_equal(run_in_child(first_signal), 0);
}

static void the_second_signal_ends_the_program_with_130(void **state)
{
    (void)state;
    assert_int_equal(run_in_child(second_signal), 130);
}

static void a_reader_that_went_away_does_not_kill(void **state)
{
    (void)state;
    assert_int_equal(run_in_child(closed_pipe), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_signal_is_a_request_that_many_can_see),
        cmocka_unit_test(the_second_signal_ends_the_program_with_130),
        cmocka_unit_test(a_reader_that_went_away_does_not_kill),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
