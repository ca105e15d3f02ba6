#include "tests/support/unit.h"

#include "sandbox/hosts/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* What was heard of a process. */
struct heard {
    sem_t line; /* posted for each line */
    sem_t ended;
    char lines[4096];
    struct xcy_process_end end;
    char output[4096];
};

static void on_line(void *ctx, struct xcy_bytes line)
{
    struct heard *heard = ctx;
    size_t len = strlen(heard->lines);
    snprintf(heard->lines + len, sizeof heard->lines - len, "%.*s|", (int)line.len, line.ptr);
    sem_post(&heard->line);
}

static void on_exit_of(void *ctx, const struct xcy_process_end *end)
{
    struct heard *heard = ctx;
    heard->end = *end;
    snprintf(heard->output, sizeof heard->output, "%s", end->output);
    sem_post(&heard->ended);
}

static void heard_init(struct heard *heard)
{
    memset(heard, 0, sizeof *heard);
    sem_init(&heard->line, 0, 0);
    sem_init(&heard->ended, 0, 0);
}

static void await(sem_t *semaphore)
{
    while (sem_wait(semaphore) != 0 && errno == EINTR) {
    }
}

static struct xcy_process *spawn(struct xcy_supervisor *s, const char *path, const char *script,
                                 struct heard *heard)
{
    const char *const arguments[] = {"a name", "-c", script, NULL};
    const char *const environment[] = {"GREETING=hello there", NULL};
    struct xcy_process_spec spec = {
        .image = {.path = path, .arguments = arguments, .environment = environment, .folder = "/"},
        .on_line = on_line,
        .on_exit = on_exit_of,
        .ctx = heard};
    heard_init(heard);
    return xcy_supervisor_spawn(s, &spec);
}

static void output_and_exit_status_are_reported(void **state)
{
    (void)state;
    struct heard heard;
    struct xcy_supervisor *s = xcy_supervisor_start();
    spawn(s, "/bin/sh", "echo $GREETING; pwd >&2; exit 7", &heard);
    await(&heard.ended);
    assert_string_equal(heard.lines, "hello there|/|");
    assert_string_equal(heard.output, "hello there\n/\n");
    assert_int_equal(heard.end.exit_code, 7);
    assert_string_equal(heard.end.reason, "exit status 7");
    xcy_supervisor_stop(s, 0);
}

static void a_signal_is_named(void **state)
{
    (void)state;
    struct heard heard;
    struct xcy_supervisor *s = xcy_supervisor_start();
    spawn(s, "/bin/sh", "kill -KILL $$", &heard);
    await(&heard.ended);
    assert_int_equal(heard.end.exit_code, -1);
    assert_int_equal(heard.end.signal, SIGKILL);
    assert_string_equal(heard.end.reason, "signal: Killed");
    xcy_supervisor_stop(s, 0);
}

static void a_program_that_is_not_there_is_reported_as_one_that_ended(void **state)
{
    (void)state;
    struct heard heard;
    struct xcy_supervisor *s = xcy_supervisor_start();
    spawn(s, "/no/such/program", "", &heard);
    await(&heard.ended);
    assert_false(heard.end.was_started);
    assert_string_equal(heard.end.reason,
                        "cannot start /no/such/program: No such file or directory");
    xcy_supervisor_stop(s, 0);
}

static void one_that_ignores_the_first_signal_is_killed_after_its_grace(void **state)
{
    (void)state;
    struct heard heard;
    struct xcy_supervisor *s = xcy_supervisor_start();
    struct xcy_process *p =
        spawn(s, "/bin/sh", "trap '' TERM; echo up; while :; do sleep 0.05; done", &heard);
    await(&heard.line);
    xcy_supervisor_end(s, p, 20 * XCY_NS_PER_MS);
    await(&heard.ended);
    assert_int_equal(heard.end.signal, SIGKILL);
    xcy_supervisor_stop(s, 0);
}

static void one_that_heeds_the_first_signal_ends_by_itself(void **state)
{
    (void)state;
    struct heard heard;
    struct xcy_supervisor *s = xcy_supervisor_start();
    struct xcy_process *p =
        spawn(s, "/bin/sh", "trap 'exit 3' TERM; echo up; while :; do sleep 0.01; done", &heard);
    await(&heard.line);
    xcy_supervisor_end(s, p, 60 * XCY_NS_PER_S);
    await(&heard.ended);
    assert_true(heard.end.exit_code == 3 || heard.end.signal == SIGTERM);
    xcy_supervisor_stop(s, 0);
}

/* A dead process may still wait to be reaped by init: then its command line is empty. */
static bool is_running_sleep(long pid)
{
    char path[64];
    char line[256] = "";
    snprintf(path, sizeof path, "/proc/%ld/cmdline", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    ssize_t n = read(fd, line, sizeof line - 1);
    close(fd);
    return n > 0 && strcmp(line, "sleep") == 0;
}

static void stopping_ends_all_and_what_they_started(void **state)
{
    (void)state;
    enum { N = 5 };
    struct heard heard[N];
    struct xcy_supervisor *s = xcy_supervisor_start();
    long grandchild = 0;
    for (int i = 0; i < N; i++) {
        spawn(s, "/bin/sh", "sleep 1000 & echo $!; wait", &heard[i]);
    }
    for (int i = 0; i < N; i++) {
        await(&heard[i].line);
    }
    xcy_supervisor_stop(s, 5 * XCY_NS_PER_S);
    for (int i = 0; i < N; i++) {
        assert_int_equal(sem_trywait(&heard[i].ended), 0);
        grandchild = strtol(heard[i].lines, NULL, 10);
        assert_true(grandchild > 1);
    }
    while (is_running_sleep(grandchild)) { /* killed with its group; the kernel takes its moment */
        usleep(1000);
    }
}

/* Whatever the moment: before its start, amid it, after it. */
static void stopping_ends_what_was_only_just_asked_for(void **state)
{
    (void)state;
    enum { N = 3, ROUNDS = 200 };
    struct heard heard[N];
    for (int round = 0; round < ROUNDS; round++) {
        struct xcy_supervisor *s = xcy_supervisor_start();
        for (int i = 0; i < N; i++) {
            spawn(s, "/bin/sh", "exec sleep 1000", &heard[i]);
        }
        xcy_supervisor_stop(s, 0);
        for (int i = 0; i < N; i++) {
            assert_int_equal(sem_trywait(&heard[i].ended), 0);
        }
    }
}

/* What a signal handler of ours would do, in a child too: here a number in shared memory. */
static atomic_int *n_handled;
static bool interrupts_children;

static void count_signal(int number)
{
    (void)number;
    atomic_fetch_add(n_handled, 1);
}

static void interrupt_child(void)
{
    if (interrupts_children) {
        kill(getpid(), SIGTERM);
    }
}

static void a_signal_amid_a_start_ends_the_child_and_is_none_of_ours(void **state)
{
    (void)state;
    struct heard heard;
    struct sigaction kept;
    struct sigaction counting = {.sa_handler = count_signal};
    n_handled =
        mmap(NULL, sizeof *n_handled, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(n_handled, MAP_FAILED);
    assert_int_equal(pthread_atfork(NULL, NULL, interrupt_child), 0);
    sigaction(SIGTERM, &counting, &kept);
    interrupts_children = true;
    struct xcy_supervisor *s = xcy_supervisor_start();
    spawn(s, "/bin/sh", "echo started", &heard);
    await(&heard.ended);
    xcy_supervisor_stop(s, 0);
    interrupts_children = false;
    sigaction(SIGTERM, &kept, NULL);
    assert_int_equal(heard.end.signal, SIGTERM);
    assert_string_equal(heard.lines, "");
    assert_int_equal(atomic_load(n_handled), 0);
    munmap(n_handled, sizeof *n_handled);
}

static void a_child_dies_with_the_one_that_started_it(void **state)
{
    (void)state;
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    pid_t parent = fork();
    if (parent == 0) { /* a sandbox in small, that is killed */
        struct xcy_error err;
        const char *const arguments[] = {"sh", "-c", "echo up; exec sleep 1000", NULL};
        const char *const environment[] = {NULL};
        struct xcy_program_image image = {
            .path = "/bin/sh", .arguments = arguments, .environment = environment};
        pid_t pid = 0;
        int pid_fd = -1;
        int output_fd = -1;
        if (xcy_process_start(&image, &pid, &pid_fd, &output_fd, &err) != XCY_OK ||
            write(fds[1], &pid, sizeof pid) != sizeof pid) {
            _exit(1);
        }
        pause();
        _exit(1);
    }
    pid_t child = 0;
    assert_int_equal(read(fds[0], &child, sizeof child), sizeof child);
    kill(parent, SIGKILL);
    waitpid(parent, NULL, 0);
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/cmdline", (int)child);
    for (;;) { /* gone, or a zombie (without a command line) that init has not yet reaped */
        char line[16];
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t n = fd >= 0 ? read(fd, line, sizeof line) : 0;
        if (fd >= 0) {
            close(fd);
        }
        if (n <= 0) {
            break;
        }
    }
    close(fds[0]);
    close(fds[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_and_exit_status_are_reported),
        cmocka_unit_test(a_signal_is_named),
        cmocka_unit_test(a_program_that_is_not_there_is_reported_as_one_that_ended),
        cmocka_unit_test(one_that_ignores_the_first_signal_is_killed_after_its_grace),
        cmocka_unit_test(one_that_heeds_the_first_signal_ends_by_itself),
        cmocka_unit_test(stopping_ends_all_and_what_they_started),
        cmocka_unit_test(stopping_ends_what_was_only_just_asked_for),
        cmocka_unit_test(a_signal_amid_a_start_ends_the_child_and_is_none_of_ours),
        cmocka_unit_test(a_child_dies_with_the_one_that_started_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
