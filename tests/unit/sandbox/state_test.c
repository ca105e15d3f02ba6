#include "tests/support/unit.h"

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "sandbox/state.h"
#include "tests/support/environment.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PORT = 4567 };

/* A private folder of its own for each test. */
struct fixture {
    char folder[64];
    struct xcy_error err;
};

static int set_up(void **state)
{
    struct fixture *f = xcy_alloc(sizeof *f);
    snprintf(f->folder, sizeof f->folder, "/tmp/xcy-state-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    put_variable("XDG_RUNTIME_DIR", f->folder);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    assert_ok(xcy_dir_remove(f->folder, &f->err), &f->err);
    free(f);
    return 0;
}

static bool is_there(const struct fixture *f, const char *path)
{
    char *whole = xcy_format("%s/xcybench%s", f->folder, path);
    bool there = xcy_file_exists(whole);
    free(whole);
    return there;
}

/* What a sandbox puts there: data, its key pair, its status. */
static void fill(struct xcy_state *state)
{
    struct xcy_error err;
    char access_key[] = "XCYSANDBOXTEST";
    char secret_key[] = "secret";
    struct xcy_credentials credentials = {.access_key = access_key, .secret_key = secret_key};
    char *data = xcy_format("%s/redis-primary", xcy_state_path(state));
    char *status = xcy_format("%s/status.json", xcy_state_path(state));
    char *text = xcy_format("{\"pid\":%d}", (int)getpid());
    assert_ok(xcy_dir_make(data, 0700, &err), &err);
    assert_ok(xcy_file_replace(status, xcy_bytes_of(text), 0600, &err), &err);
    assert_ok(xcy_sandbox_credentials_write(PORT, &credentials, &err), &err);
    free(text);
    free(status);
    free(data);
}

static void closing_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct xcy_state *s = NULL;
    assert_ok(xcy_state_open(PORT, &s, &f->err), &f->err);
    fill(s);
    assert_true(is_there(f, "/sandbox-4567.json"));
    xcy_state_close(s);
    assert_false(is_there(f, ""));
}

static void a_living_sandbox_is_left_alone_and_named(void **state)
{
    struct fixture *f = *state;
    struct xcy_state *s = NULL;
    assert_int_equal(xcy_state_owner(PORT), 0);
    assert_ok(xcy_state_open(PORT, &s, &f->err), &f->err);
    fill(s);
    assert_ok(xcy_state_clean(&f->err), &f->err);
    assert_true(is_there(f, "/sandbox-4567/redis-primary"));
    assert_true(is_there(f, "/sandbox-4567.json"));
    assert_int_equal(xcy_state_owner(PORT), getpid());
    assert_int_equal(xcy_state_owner(PORT + 1), 0);
    struct xcy_state *second = NULL;
    assert_status(xcy_state_open(PORT, &second, &f->err), XCY_EIO, &f->err);
    xcy_state_close(s);
}

static void two_sandboxes_share_the_private_folder(void **state)
{
    struct fixture *f = *state;
    struct xcy_state *one = NULL;
    struct xcy_state *other = NULL;
    assert_ok(xcy_state_open(PORT, &one, &f->err), &f->err);
    assert_ok(xcy_state_open(PORT + 1, &other, &f->err), &f->err);
    xcy_state_close(one);
    assert_false(is_there(f, "/sandbox-4567"));
    assert_true(is_there(f, "/sandbox-4568"));
    xcy_state_close(other);
    assert_false(is_there(f, ""));
}

static void what_a_killed_sandbox_left_is_removed(void **state)
{
    struct fixture *f = *state;
    int fds[2];
    char byte;
    assert_int_equal(pipe(fds), 0);
    pid_t child = fork();
    if (child == 0) {
        struct xcy_state *s = NULL;
        if (xcy_state_open(PORT, &s, &f->err) != XCY_OK) {
            _exit(1);
        }
        fill(s);
        ssize_t ignored = write(fds[1], "x", 1);
        (void)ignored;
        for (;;) {
            pause();
        }
    }
    assert_int_equal(read(fds[0], &byte, 1), 1);
    assert_int_equal(xcy_state_owner(PORT), child);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_int_equal(xcy_state_owner(PORT), 0);
    assert_true(is_there(f, "/sandbox-4567/redis-primary"));
    assert_ok(xcy_state_clean(&f->err), &f->err);
    assert_false(is_there(f, "/sandbox-4567"));
    assert_false(is_there(f, "/sandbox-4567.json"));
    close(fds[0]);
    close(fds[1]);
}

static void files_of_others_are_not_touched(void **state)
{
    struct fixture *f = *state;
    char *folder = NULL;
    assert_ok(xcy_sandbox_folder_make(&folder, &f->err), &f->err);
    static const char *const names[] = {"sandbox-x.json", "sandbox-99999.json", "notes"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = xcy_format("%s/%s", folder, names[i]);
        assert_ok(xcy_file_replace(path, xcy_bytes_of("mine"), 0600, &f->err), &f->err);
        free(path);
    }
    assert_ok(xcy_state_clean(&f->err), &f->err);
    assert_true(is_there(f, "/sandbox-x.json"));
    assert_true(is_there(f, "/sandbox-99999.json"));
    assert_true(is_there(f, "/notes"));
    free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(closing_leaves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_living_sandbox_is_left_alone_and_named, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(two_sandboxes_share_the_private_folder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_a_killed_sandbox_left_is_removed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files_of_others_are_not_touched, set_up, tear_down),
    };
    xcy_log_init("state_test", XCY_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
