#include "loadgen/record/journal.h"
#include "tests/support/folder.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

enum { MAX_WAITING = 4096 };

static struct xcy_journal *journal_in(const char *folder, char **path)
{
    struct xcy_journal *journal = NULL;
    struct xcy_error err;
    *path = xcy_format("%s/rows.csv", folder);
    assert_ok(xcy_journal_create(*path, xcy_bytes_of("header\n"), MAX_WAITING, &journal, &err),
              &err);
    return journal;
}

static void assert_content(const char *path, const char *expected)
{
    struct xcy_buf buf;
    struct xcy_error err;
    xcy_buf_init(&buf, 1 << 20);
    assert_ok(xcy_file_read(path, &buf, &err), &err);
    assert_string_equal(buf.ptr, expected);
    xcy_buf_clear(&buf);
}

/* As a disk with so much room for each file: writes beyond are cut short, then refused. */
static void allow_file_bytes(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void lines_stand_in_the_file_as_soon_as_they_are_appended(void **state)
{
    char *path = NULL;
    struct xcy_journal *journal = journal_in(*state, &path);
    struct xcy_error err;
    xcy_journal_append(journal, xcy_bytes_of("one\ntwo\n"));
    assert_content(path, "header\none\ntwo\n");
    assert_ok(xcy_journal_finish(journal, &err), &err);
    xcy_journal_close(journal);
    free(path);
}

static void a_file_that_is_there_is_not_touched(void **state)
{
    char *path = NULL;
    struct xcy_journal *journal = journal_in(*state, &path);
    struct xcy_journal *second = NULL;
    struct xcy_error err;
    assert_status(xcy_journal_create(path, xcy_bytes_of("x"), 1, &second, &err), XCY_EIO, &err);
    assert_non_null(strstr(err.text, path));
    xcy_journal_close(journal);
    free(path);
}

static void what_a_full_disk_refuses_is_written_when_there_is_room_again(void **state)
{
    char *path = NULL;
    struct xcy_journal *journal = journal_in(*state, &path);
    struct xcy_error err;
    struct xcy_journal_state look;
    allow_file_bytes(13); /* header, "one\n" and a part of the next */
    xcy_journal_append(journal, xcy_bytes_of("one\ntwo\nthree\n"));
    xcy_journal_append(journal, xcy_bytes_of("four\n"));
    xcy_journal_look(journal, &look);
    assert_int_equal(look.waiting_lines, 3);
    assert_true(look.refusal[0] != '\0');
    allow_file_bytes(RLIM_INFINITY);
    assert_ok(xcy_journal_finish(journal, &err), &err);
    assert_content(path, "header\none\ntwo\nthree\nfour\n");
    xcy_journal_look(journal, &look);
    assert_int_equal(look.waiting_lines, 0);
    xcy_journal_close(journal);
    free(path);
}

static void a_disk_that_stays_full_leaves_whole_lines_and_a_number(void **state)
{
    char *path = NULL;
    struct xcy_journal *journal = journal_in(*state, &path);
    struct xcy_error err;
    allow_file_bytes(13);
    xcy_journal_append(journal, xcy_bytes_of("one\ntwo\nthree\n"));
    enum xcy_status status = xcy_journal_finish(journal, &err);
    assert_int_not_equal(status, XCY_OK);
    assert_non_null(strstr(err.text, "2 of the last lines"));
    assert_content(path, "header\none\n");
    allow_file_bytes(RLIM_INFINITY);
    assert_ok(xcy_journal_finish(journal, &err), &err);
    assert_content(path, "header\none\ntwo\nthree\n");
    xcy_journal_close(journal);
    free(path);
}

static void what_does_not_fit_into_memory_is_counted(void **state)
{
    char *path = NULL;
    struct xcy_journal *journal = journal_in(*state, &path);
    struct xcy_error err;
    struct xcy_journal_state look;
    char line[1001];
    memset(line, 'x', sizeof line);
    line[999] = '\n';
    allow_file_bytes(7);
    for (int i = 0; i < 6; i++) {
        xcy_journal_append(journal, xcy_bytes(line, 1000));
    }
    allow_file_bytes(RLIM_INFINITY);
    xcy_journal_look(journal, &look);
    assert_int_equal(look.waiting_lines, 4);
    assert_int_equal(look.dropped_lines, 2);
    assert_int_not_equal(xcy_journal_finish(journal, &err), XCY_OK);
    assert_non_null(strstr(err.text, "2 lines were lost"));
    xcy_journal_close(journal);
    free(path);
}

enum { N_THREADS = 4, N_LINES = 500 };

struct appender {
    struct xcy_journal *journal;
    int index;
};

static void *append_lines(void *arg)
{
    struct appender *a = arg;
    for (int i = 0; i < N_LINES; i++) {
        char line[64];
        snprintf(line, sizeof line, "%d %d\n", a->index, i);
        xcy_journal_append(a->journal, xcy_bytes_of(line));
    }
    return NULL;
}

static void threads_never_tear_each_others_lines(void **state)
{
    char *path = NULL;
    struct xcy_journal *journal = journal_in(*state, &path);
    struct appender appenders[N_THREADS];
    pthread_t threads[N_THREADS];
    for (int t = 0; t < N_THREADS; t++) {
        appenders[t] = (struct appender){journal, t};
        assert_int_equal(pthread_create(&threads[t], NULL, append_lines, &appenders[t]), 0);
    }
    for (int t = 0; t < N_THREADS; t++) {
        pthread_join(threads[t], NULL);
    }
    FILE *file = fopen(path, "r");
    char line[64];
    int next[N_THREADS] = {0};
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file)) {
        char *rest = NULL;
        long thread = strtol(line, &rest, 10);
        assert_in_range(thread, 0, N_THREADS - 1);
        assert_int_equal(strtol(rest, NULL, 10), next[thread]++);
    }
    fclose(file);
    for (int t = 0; t < N_THREADS; t++) {
        assert_int_equal(next[t], N_LINES);
    }
    xcy_journal_close(journal);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(lines_stand_in_the_file_as_soon_as_they_are_appended),
        WITH_FOLDER(a_file_that_is_there_is_not_touched),
        WITH_FOLDER(what_a_full_disk_refuses_is_written_when_there_is_room_again),
        WITH_FOLDER(a_disk_that_stays_full_leaves_whole_lines_and_a_number),
        WITH_FOLDER(what_does_not_fit_into_memory_is_counted),
        WITH_FOLDER(threads_never_tear_each_others_lines),
    };
    return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
