/* file_test.c - files and folders, in a folder of the test's own. */

#include "tests/support/unit.h"

#include "common/base/file.h"
#include "common/base/mem.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
    char folder[64];
    char path[128];
    struct xcy_error err;
};

static int make_folder(void **state)
{
    struct fixture *f = xcy_alloc(sizeof *f);
    snprintf(f->folder, sizeof f->folder, "/tmp/xcy_file_test_XXXXXX");
    if (!mkdtemp(f->folder)) {
        return -1;
    }
    snprintf(f->path, sizeof f->path, "%s/file", f->folder);
    *state = f;
    return 0;
}

static int remove_folder(void **state)
{
    struct fixture *f = *state;
    int code = xcy_dir_remove(f->folder, &f->err);
    free(f);
    return code;
}

static size_t count_entries(const char *folder)
{
    size_t n = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    while (readdir(dir)) { /* NOLINT(concurrency-mt-unsafe): one thread, its own stream */
        n++;
    }
    closedir(dir);
    return n - 2;
}

static void assert_holds(struct fixture *f, const char *expected)
{
    struct xcy_buf buf;
    xcy_buf_init(&buf, 1 << 20);
    assert_ok(xcy_file_read(f->path, &buf, &f->err), &f->err);
    assert_string_equal(buf.ptr, expected);
    xcy_buf_clear(&buf);
}

static void a_replaced_file_holds_the_new_bytes_and_nothing_stays_beside_it(void **state)
{
    struct fixture *f = *state;
    assert_ok(xcy_file_replace(f->path, xcy_bytes_of("old and longer"), 0644, &f->err), &f->err);
    assert_holds(f, "old and longer");
    assert_ok(xcy_file_replace(f->path, xcy_bytes_of("new"), 0644, &f->err), &f->err);
    assert_holds(f, "new");
    assert_int_equal(count_entries(f->folder), 1);
}

static void a_secret_is_readable_by_its_owner_only(void **state)
{
    struct fixture *f = *state;
    struct stat info;
    assert_ok(xcy_file_replace(f->path, xcy_bytes_of("key"), 0600, &f->err), &f->err);
    assert_int_equal(stat(f->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

static void a_replace_that_fails_leaves_the_old_file_and_no_other(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(mkdir(f->path, 0755), 0);
    enum xcy_status status = xcy_file_replace(f->path, xcy_bytes_of("x"), 0644, &f->err);
    assert_status(status, XCY_EIO, &f->err);
    assert_non_null(strstr(f->err.text, f->path));
    assert_int_equal(count_entries(f->folder), 1);
}

static void what_is_put_in_place_replaces_the_old_file(void **state)
{
    struct fixture *f = *state;
    assert_ok(xcy_file_replace(f->path, xcy_bytes_of("old"), 0644, &f->err), &f->err);
    char *beside = xcy_file_beside(f->path);
    assert_ok(xcy_file_replace(beside, xcy_bytes_of("new"), 0644, &f->err), &f->err);
    assert_holds(f, "old");
    assert_ok(xcy_file_put(beside, f->path, &f->err), &f->err);
    assert_holds(f, "new");
    assert_int_equal(count_entries(f->folder), 1);
    free(beside);
}

static void what_cannot_be_put_in_place_is_removed(void **state)
{
    struct fixture *f = *state;
    char *beside = xcy_file_beside(f->path);
    assert_status(xcy_file_put(beside, f->path, &f->err), XCY_EIO, &f->err);
    assert_non_null(strstr(f->err.text, "No such file"));
    assert_false(xcy_file_exists(f->path));
    assert_int_equal(mkdir(f->path, 0755), 0);
    assert_ok(xcy_file_replace(beside, xcy_bytes_of("new"), 0644, &f->err), &f->err);
    assert_status(xcy_file_put(beside, f->path, &f->err), XCY_EIO, &f->err);
    assert_int_equal(count_entries(f->folder), 1);
    free(beside);
}

/* And not the one beside it, of which the caller was not told. */
static void a_replace_into_a_missing_folder_names_the_path(void **state)
{
    struct fixture *f = *state;
    char path[160];
    char expected[256];
    snprintf(path, sizeof path, "%s/none/file", f->folder);
    snprintf(expected, sizeof expected, "%s: No such file or directory", path);
    assert_status(xcy_file_replace(path, xcy_bytes_of("x"), 0644, &f->err), XCY_EIO, &f->err);
    assert_string_equal(f->err.text, expected);
    char *beside = xcy_file_beside(path);
    assert_status(xcy_file_put(beside, path, &f->err), XCY_EIO, &f->err);
    assert_string_equal(f->err.text, expected);
    free(beside);
}

static void a_missing_file_has_a_code_of_its_own(void **state)
{
    struct fixture *f = *state;
    struct xcy_buf buf;
    xcy_buf_init(&buf, 100);
    assert_false(xcy_file_exists(f->path));
    assert_status(xcy_file_read(f->path, &buf, &f->err), XCY_ENOTFOUND, &f->err);
    xcy_buf_clear(&buf);
}

static void a_file_without_an_end_is_not_read_on_and_on(void **state)
{
    struct fixture *f = *state;
    struct xcy_buf buf;
    xcy_buf_init(&buf, 4);
    assert_status(xcy_file_read("/dev/zero", &buf, &f->err), XCY_EFULL, &f->err);
    xcy_buf_clear(&buf);
}

static void a_file_larger_than_the_buffer_is_refused_with_its_name(void **state)
{
    struct fixture *f = *state;
    struct xcy_buf buf;
    xcy_buf_init(&buf, 4);
    assert_ok(xcy_file_replace(f->path, xcy_bytes_of("12345"), 0644, &f->err), &f->err);
    assert_true(xcy_file_exists(f->path));
    assert_status(xcy_file_read(f->path, &buf, &f->err), XCY_EFULL, &f->err);
    assert_non_null(strstr(f->err.text, f->path));
    xcy_buf_clear(&buf);
}

static void a_folder_is_no_file_to_read(void **state)
{
    struct fixture *f = *state;
    struct xcy_buf buf;
    xcy_buf_init(&buf, 100);
    assert_status(xcy_file_read(f->folder, &buf, &f->err), XCY_EIO, &f->err);
    xcy_buf_clear(&buf);
}

static void zero_bytes_and_large_files_come_back_whole(void **state)
{
    struct fixture *f = *state;
    enum { SIZE = 300000 };
    char *bytes = xcy_alloc(SIZE);
    for (int i = 0; i < SIZE; i++) {
        bytes[i] = (char)(i % 251);
    }
    struct xcy_buf buf;
    xcy_buf_init(&buf, SIZE);
    assert_ok(xcy_file_replace(f->path, xcy_bytes(bytes, SIZE), 0644, &f->err), &f->err);
    assert_ok(xcy_file_read(f->path, &buf, &f->err), &f->err);
    assert_int_equal(buf.len, SIZE);
    assert_memory_equal(buf.ptr, bytes, SIZE);
    xcy_buf_clear(&buf);
    free(bytes);
}

static void a_full_disk_has_a_code_of_its_own(void **state)
{
    struct fixture *f = *state;
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        skip();
    }
    enum xcy_status status = xcy_write_all(fd, xcy_bytes_of("x"), "requests.csv", &f->err);
    close(fd);
    assert_status(status, XCY_EFULL, &f->err);
    assert_string_equal(f->err.text, "requests.csv: No space left on device");
}

static void writing_to_a_closed_descriptor_names_the_path(void **state)
{
    struct fixture *f = *state;
    assert_status(xcy_write_all(-1, xcy_bytes_of("x"), "run.yml", &f->err), XCY_EIO, &f->err);
    assert_string_equal(f->err.text, "run.yml: Bad file descriptor");
}

static void folders_are_made_with_those_above_and_again_without_harm(void **state)
{
    struct fixture *f = *state;
    char path[160];
    snprintf(path, sizeof path, "%s/a/b//c", f->folder);
    assert_ok(xcy_dir_make(path, 0755, &f->err), &f->err);
    assert_ok(xcy_dir_make(path, 0755, &f->err), &f->err);
    assert_true(xcy_file_exists(path));
}

static void a_file_in_the_way_of_a_folder_is_named(void **state)
{
    struct fixture *f = *state;
    assert_ok(xcy_file_replace(f->path, xcy_bytes_of(""), 0644, &f->err), &f->err);
    assert_status(xcy_dir_make(f->path, 0755, &f->err), XCY_EIO, &f->err);
    assert_non_null(strstr(f->err.text, "Not a directory"));
}

static void removing_a_folder_takes_all_in_it_but_follows_no_link(void **state)
{
    struct fixture *f = *state;
    char inner[160];
    char link_path[160];
    assert_ok(xcy_file_replace(f->path, xcy_bytes_of("kept"), 0644, &f->err), &f->err);
    snprintf(inner, sizeof inner, "%s/a/b", f->folder);
    assert_ok(xcy_dir_make(inner, 0755, &f->err), &f->err);
    snprintf(link_path, sizeof link_path, "%s/a/b/link", f->folder);
    assert_int_equal(symlink(f->folder, link_path), 0);
    snprintf(inner, sizeof inner, "%s/a", f->folder);
    assert_ok(xcy_dir_remove(inner, &f->err), &f->err);
    assert_false(xcy_file_exists(inner));
    assert_holds(f, "kept");
}

static void removing_a_missing_folder_is_no_failure(void **state)
{
    struct fixture *f = *state;
    assert_ok(xcy_dir_remove(f->path, &f->err), &f->err);
}

#define in_folder(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_folder(a_replaced_file_holds_the_new_bytes_and_nothing_stays_beside_it),
        in_folder(a_secret_is_readable_by_its_owner_only),
        in_folder(a_replace_that_fails_leaves_the_old_file_and_no_other),
        in_folder(what_is_put_in_place_replaces_the_old_file),
        in_folder(what_cannot_be_put_in_place_is_removed),
        in_folder(a_replace_into_a_missing_folder_names_the_path),
        in_folder(a_missing_file_has_a_code_of_its_own),
        in_folder(a_file_without_an_end_is_not_read_on_and_on),
        in_folder(a_file_larger_than_the_buffer_is_refused_with_its_name),
        in_folder(a_folder_is_no_file_to_read),
        in_folder(zero_bytes_and_large_files_come_back_whole),
        in_folder(a_full_disk_has_a_code_of_its_own),
        in_folder(writing_to_a_closed_descriptor_names_the_path),
        in_folder(folders_are_made_with_those_above_and_again_without_harm),
        in_folder(a_file_in_the_way_of_a_folder_is_named),
        in_folder(removing_a_folder_takes_all_in_it_but_follows_no_link),
        in_folder(removing_a_missing_folder_is_no_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
