#include "loadgen/record/rundir.h"
#include "tests/support/folder.h"

#include <string.h>
#include <unistd.h>

static const struct xcy_wall when = {.ns = 1700000000000000000};

static bool exists(const char *folder, const char *name)
{
    char *path = xcy_format("%s/%s", folder, name);
    bool found = access(path, F_OK) == 0;
    free(path);
    return found;
}

static void a_run_directory_has_its_files_and_is_the_latest(void **state)
{
    struct xcy_rundir r = {0};
    struct xcy_error err;
    assert_ok(xcy_rundir_create(*state, "dynamo-sns", "tag", when, 10, &r, &err), &err);
    assert_true(exists(r.path, "requests.csv"));
    assert_true(exists(r.path, "series.csv"));
    assert_true(exists(r.path, "sent.bin"));
    assert_int_equal(xcy_sent_slots(r.sent), 10);
    assert_true(exists(*state, "latest/sent.bin"));
    assert_true(exists(r.path, ".room"));
    xcy_rundir_free_room(&r);
    assert_false(exists(r.path, ".room"));
    assert_true(xcy_sent_is_live(r.path));
    char *path = xcy_strdup(r.path);
    xcy_rundir_close(&r);
    assert_false(xcy_sent_is_live(path));
    free(path);
}

static void both_journals_begin_with_their_header(void **state)
{
    static const char *const files[] = {"requests.csv", "series.csv"};
    static const char *const heads[] = {"i,attempt,warmup,", "second,started_us,"};
    struct xcy_rundir r = {0};
    struct xcy_error err;
    assert_ok(xcy_rundir_create(*state, "dynamo-sns", "tag", when, 10, &r, &err), &err);
    xcy_journal_append(r.journal, xcy_bytes_of("row of a request\n"));
    xcy_journal_append(r.series, xcy_bytes_of("row of a second\n"));
    for (size_t i = 0; i < 2; i++) {
        struct xcy_buf text;
        char *path = xcy_run_file(r.path, files[i]);
        xcy_buf_init(&text, 1 << 16);
        assert_ok(xcy_file_read(path, &text, &err), &err);
        assert_int_equal(strncmp(text.ptr, heads[i], strlen(heads[i])), 0);
        assert_non_null(strstr(text.ptr, i == 0 ? "\nrow of a request\n" : "\nrow of a second\n"));
        xcy_buf_clear(&text);
        free(path);
    }
    xcy_rundir_close(&r);
}

/* Of a closed loop bounded by time: sent.bin grows as slots are begun, and is cut at the end. */
static void slots_not_known_before_are_made_room_for_later(void **state)
{
    struct xcy_rundir r = {0};
    struct xcy_error err;
    assert_ok(xcy_rundir_create(*state, "dynamo-sns", "tag", when, 0, &r, &err), &err);
    assert_int_equal(xcy_sent_slots(r.sent), 0);
    assert_true(xcy_sent_is_live(r.path));
    assert_ok(xcy_sent_reserve(r.sent, 3, &err), &err);
    xcy_sent_set(r.sent, 2, 5);
    assert_ok(xcy_sent_trim(r.sent, 3, &err), &err);
    assert_int_equal(xcy_sent_get(r.sent, 2), 5);
    xcy_rundir_close(&r);
}

static void an_abandoned_one_leaves_nothing_behind(void **state)
{
    struct xcy_rundir r = {0};
    struct xcy_error err;
    char *root = xcy_format("%s/runs", (char *)*state);
    assert_ok(xcy_rundir_create(root, "dynamo-sns", "tag", when, 10, &r, &err), &err);
    xcy_rundir_abandon(&r);
    assert_false(xcy_file_exists(root));
    assert_null(r.path);
    free(root);
}

static void after_an_abandoned_one_the_latest_is_the_one_before(void **state)
{
    struct xcy_rundir first = {0};
    struct xcy_rundir second = {0};
    struct xcy_error err;
    assert_ok(xcy_rundir_create(*state, "dynamo-sns", "one", when, 1, &first, &err), &err);
    assert_ok(xcy_rundir_create(*state, "dynamo-sns", "two", when, 2, &second, &err), &err);
    char *path = xcy_strdup(second.path);
    xcy_rundir_abandon(&second);
    assert_false(xcy_file_exists(path));
    assert_true(exists(*state, "latest/requests.csv"));
    assert_true(exists(first.path, "requests.csv"));
    xcy_rundir_close(&first);
    free(path);
}

static void a_root_that_cannot_be_one_fails_with_its_name(void **state)
{
    struct xcy_rundir r = {0};
    struct xcy_error err;
    char *file = xcy_format("%s/file", (char *)*state);
    assert_ok(xcy_file_replace(file, xcy_bytes_of("x"), 0644, &err), &err);
    assert_int_not_equal(xcy_rundir_create(file, "dynamo-sns", "t", when, 1, &r, &err), XCY_OK);
    assert_non_null(strstr(err.text, file));
    assert_int_equal(xcy_exit_code(err.status), 1);
    free(file);
}

static void slots_that_no_disk_can_hold_leave_nothing_behind(void **state)
{
    struct xcy_rundir r = {0};
    struct xcy_error err;
    char *root = xcy_format("%s/runs", (char *)*state);
    enum xcy_status status =
        xcy_rundir_create(root, "dynamo-sns", "t", when, INT64_C(1) << 57, &r, &err);
    assert_int_not_equal(status, XCY_OK);
    assert_false(xcy_file_exists(root));
    free(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_run_directory_has_its_files_and_is_the_latest),
        WITH_FOLDER(both_journals_begin_with_their_header),
        WITH_FOLDER(slots_not_known_before_are_made_room_for_later),
        WITH_FOLDER(an_abandoned_one_leaves_nothing_behind),
        WITH_FOLDER(after_an_abandoned_one_the_latest_is_the_one_before),
        WITH_FOLDER(a_root_that_cannot_be_one_fails_with_its_name),
        WITH_FOLDER(slots_that_no_disk_can_hold_leave_nothing_behind),
    };
    return cmocka_run_group_tests_name("rundir", tests, NULL, NULL);
}
