#include "tests/support/folder.h"

#include "campaign/child.h"
#include "campaign/lock.h"
#include "common/base/stop.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static struct xcy_child run_shell(const char *script, int lock_fd)
{
    struct xcy_error err;
    struct xcy_child child;
    char *argv[] = {(char[]){"sh"}, (char[]){"-c"}, strdup(script), NULL};
    int log_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    struct xcy_child_order order = {
        .folder = "/bin", .argv = argv, .log_fd = log_fd, .lock_fd = lock_fd};
    assert_ok(xcy_child_start(&order, &child, &err), &err);
    close(log_fd);
    free(argv[2]);
    return child;
}

static void await(struct xcy_child *child)
{
    struct xcy_child *const children[] = {child};
    while (!xcy_children_wait(children, 1, 1000, -1)) {
    }
}

static void what_a_child_prints_and_how_it_ends_is_known(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_buf out;
    struct xcy_child child = run_shell("echo result; exit 3", -1);
    await(&child);
    assert_int_equal(child.exit_code, 3);
    xcy_buf_init(&out, 100);
    assert_ok(xcy_child_output(&child, &out, &err), &err);
    assert_string_equal(out.ptr, "result\n");
    xcy_buf_clear(&out);
    xcy_child_clear(&child);
}

static void a_child_that_is_told_to_stop_stops(void **state)
{
    (void)state;
    struct xcy_child child = run_shell("exec sleep 1000", -1);
    struct xcy_child *const children[] = {&child};
    assert_false(xcy_children_wait(children, 1, 0, -1));
    xcy_child_stop(&child);
    await(&child);
    assert_int_equal(child.exit_code, 128 + SIGTERM);
    xcy_child_clear(&child);
}

static void a_child_is_in_a_group_of_its_own(void **state)
{
    (void)state;
    struct xcy_child child = run_shell("exec sleep 1000", -1);
    while (getpgid(child.pid) != child.pid) { /* until it has begun */
        assert_int_not_equal(getpgid(child.pid), -1);
    }
    assert_int_not_equal(getpgid(0), child.pid);
    xcy_child_stop(&child);
    await(&child);
    xcy_child_clear(&child);
}

static void a_program_that_is_not_there_is_named(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_child child;
    char *argv[] = {(char[]){"nothing-of-the-kind"}, NULL};
    struct xcy_child_order order = {.folder = "/bin", .argv = argv, .log_fd = 2, .lock_fd = -1};
    assert_status(xcy_child_start(&order, &child, &err), XCY_EIO, &err);
    assert_non_null(strstr(err.text, "/bin/nothing-of-the-kind"));
    xcy_child_clear(&child);
}

static void a_folder_has_one_campaign_at_a_time(void **state)
{
    (void)state;
    struct xcy_error err;
    char *folder = folder_new();
    int first = -1;
    int second = -1;
    assert_ok(xcy_campaign_lock(folder, &first, &err), &err);
    assert_status(xcy_campaign_lock(folder, &second, &err), XCY_EFAIL, &err);
    assert_non_null(strstr(err.text, "another campaign works there"));
    close(first);
    assert_ok(xcy_campaign_lock(folder, &second, &err), &err);
    close(second);
    folder_free(folder);
}

static void a_child_holds_the_lock_to_its_end(void **state)
{
    (void)state;
    struct xcy_error err;
    char *folder = folder_new();
    int fd = -1;
    assert_ok(xcy_campaign_lock(folder, &fd, &err), &err);
    struct xcy_child child = run_shell("exec sleep 1000", fd);
    close(fd); /* as if the campaign were gone */
    char path[64];
    snprintf(path, sizeof path, "%s/lock", folder);
    fd = open(path, O_RDWR | O_CLOEXEC);
    assert_int_not_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
    xcy_child_stop(&child);
    await(&child);
    assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
    close(fd);
    xcy_child_clear(&child);
    folder_free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_child_prints_and_how_it_ends_is_known),
        cmocka_unit_test(a_child_that_is_told_to_stop_stops),
        cmocka_unit_test(a_child_is_in_a_group_of_its_own),
        cmocka_unit_test(a_program_that_is_not_there_is_named),
        cmocka_unit_test(a_folder_has_one_campaign_at_a_time),
        cmocka_unit_test(a_child_holds_the_lock_to_its_end),
    };
    xcy_stop_watch();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
