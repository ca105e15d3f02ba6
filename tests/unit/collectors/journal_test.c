#include "scratch.h"

#include "collectors/journal.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* What a replay gave, as one text. */
struct seen {
    struct xcy_buf text;
    size_t n;
};

static enum xcy_status note(void *ctx, const struct xcy_journal_entry *e, struct xcy_error *err)
{
    struct seen *seen = ctx;
    (void)err;
    seen->n++;
    xcy_buf_addf(&seen->text, "%lld|%s|%lld|%d|%s|%s|%d\n", (long long)e->at_us, e->message_id,
                 (long long)e->receive_count, e->live, e->body, e->reason ? e->reason : "-",
                 e->refused);
    return XCY_OK;
}

static struct xcy_journal *open_at(const char *path)
{
    struct xcy_error err;
    struct xcy_journal *journal = NULL;
    assert_ok(xcy_journal_open(path, &journal, &err), &err);
    return journal;
}

/* Opens, replays, closes; the caller clears seen->text. */
static enum xcy_status replay(const char *path, struct seen *seen, int64_t *cut,
                              struct xcy_error *err)
{
    struct xcy_journal *journal = open_at(path);
    *seen = (struct seen){.n = 0};
    xcy_buf_init(&seen->text, 1 << 20);
    enum xcy_status status = xcy_journal_replay(journal, note, seen, cut, err);
    xcy_journal_close(journal);
    return status;
}

static void add_and_commit(const char *path, const char *id, const char *body)
{
    struct xcy_error err;
    struct seen seen = {.n = 0};
    int64_t cut = 0;
    xcy_buf_init(&seen.text, 1 << 20);
    struct xcy_journal *journal = open_at(path);
    struct xcy_journal_entry entry = {
        .at_us = 5, .message_id = id, .receive_count = 2, .live = true, .body = body};
    assert_ok(xcy_journal_replay(journal, note, &seen, &cut, &err), &err);
    xcy_journal_add(journal, &entry);
    assert_ok(xcy_journal_commit(journal, &err), &err);
    xcy_journal_close(journal);
    xcy_buf_clear(&seen.text);
}

static int64_t size_of(const char *path)
{
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    return info.st_size;
}

static void append_raw(const char *path, const char *text)
{
    FILE *file = fopen(path, "ae");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void entries_come_back_as_they_were(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *path = xcy_run_file(folder, "evaluations.jsonl");
    struct xcy_error err;
    struct seen seen;
    int64_t cut = -1;
    add_and_commit(path, "m1",
                   "{\"i\": 1, \"text\": \"a \\\" \\n \xc3\xa9 ,\\\"sum\\\":\\\"0\\\"}\"}");
    add_and_commit(path, "m2", "not json at all \x01\x7f");
    assert_ok(replay(path, &seen, &cut, &err), &err);
    assert_string_equal(seen.text.ptr, "5|m1|2|1|{\"i\": 1, \"text\": \"a \\\" \\n \xc3\xa9 "
                                       ",\\\"sum\\\":\\\"0\\\"}\"}|-|0\n"
                                       "5|m2|2|1|not json at all \x01\x7f|-|0\n");
    assert_int_equal(cut, 0);
    xcy_buf_clear(&seen.text);
    free(path);
    folder_free(folder);
}

static void a_quarantined_message_keeps_its_reason(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *path = xcy_run_file(folder, "quarantine.jsonl");
    struct xcy_error err;
    struct seen seen;
    int64_t cut = 0;
    struct xcy_journal *journal = open_at(path);
    struct xcy_journal_entry entry = {
        .at_us = 1, .message_id = "m", .body = "x", .reason = "i: missing", .refused = true};
    xcy_journal_add(journal, &entry);
    assert_ok(xcy_journal_commit(journal, &err), &err);
    xcy_journal_close(journal);
    assert_ok(replay(path, &seen, &cut, &err), &err);
    assert_string_equal(seen.text.ptr, "1|m|0|0|x|i: missing|1\n");
    xcy_buf_clear(&seen.text);
    free(path);
    folder_free(folder);
}

static void what_was_not_committed_is_not_in_the_file(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *path = xcy_run_file(folder, "evaluations.jsonl");
    struct xcy_journal *journal = open_at(path);
    struct xcy_journal_entry entry = {.message_id = "m", .body = "x"};
    xcy_journal_add(journal, &entry);
    assert_int_equal(size_of(path), 0);
    xcy_journal_close(journal);
    assert_int_equal(size_of(path), 0);
    free(path);
    folder_free(folder);
}

/* Every length at which a write of the last line can have been cut short. */
static void a_torn_last_line_is_cut_off_wherever_it_was_torn(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *path = xcy_run_file(folder, "evaluations.jsonl");
    struct xcy_error err;
    add_and_commit(path, "m1", "one");
    int64_t first = size_of(path);
    add_and_commit(path, "m2", "two");
    int64_t whole = size_of(path);
    for (int64_t torn_at = whole - 1; torn_at > first; torn_at--) {
        struct seen seen;
        int64_t cut = 0;
        assert_int_equal(truncate(path, (off_t)torn_at), 0);
        assert_ok(replay(path, &seen, &cut, &err), &err);
        assert_int_equal(seen.n, 1);
        assert_int_equal(cut, torn_at - first);
        assert_int_equal(size_of(path), first);
        xcy_buf_clear(&seen.text);
        add_and_commit(path, "m2", "two"); /* the journal goes on as if nothing had been */
        assert_int_equal(size_of(path), whole);
    }
    free(path);
    folder_free(folder);
}

static void an_end_of_zero_bytes_or_rubbish_is_cut_off(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *path = xcy_run_file(folder, "evaluations.jsonl");
    struct xcy_error err;
    struct seen seen;
    int64_t cut = 0;
    add_and_commit(path, "m1", "one");
    int64_t whole = size_of(path);
    assert_int_equal(truncate(path, (off_t)(whole + 700)), 0); /* zeros, as after a power cut */
    append_raw(path, "\nrubbish\n{\"at_us\":1}\n");
    assert_ok(replay(path, &seen, &cut, &err), &err);
    assert_int_equal(seen.n, 1);
    assert_int_equal(size_of(path), whole);
    xcy_buf_clear(&seen.text);
    free(path);
    folder_free(folder);
}

static void a_damaged_line_before_whole_ones_is_an_error_that_names_it(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *path = xcy_run_file(folder, "evaluations.jsonl");
    struct xcy_error err;
    struct seen seen;
    int64_t cut = 0;
    add_and_commit(path, "m1", "one");
    int64_t first = size_of(path);
    add_and_commit(path, "m2", "two");
    add_and_commit(path, "m3", "three");
    int64_t all = size_of(path);
    FILE *file = fopen(path, "r+e");
    assert_non_null(file);
    assert_int_equal(fseek(file, (long)first + 30, SEEK_SET), 0);
    assert_int_equal(fputc('#', file), '#');
    assert_int_equal(fclose(file), 0);
    assert_status(replay(path, &seen, &cut, &err), XCY_EPARSE, &err);
    assert_non_null(strstr(err.text, "evaluations.jsonl:2: damaged"));
    assert_int_equal(size_of(path), all);
    xcy_buf_clear(&seen.text);
    free(path);
    folder_free(folder);
}

static void a_second_gather_is_refused(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *path = xcy_run_file(folder, "evaluations.jsonl");
    struct xcy_error err;
    struct xcy_journal *first = open_at(path);
    struct xcy_journal *second = NULL;
    assert_status(xcy_journal_open(path, &second, &err), XCY_EFAIL, &err);
    assert_non_null(strstr(err.text, "another gather"));
    assert_null(second);
    xcy_journal_close(first);
    free(path);
    folder_free(folder);
}

/* A limit on the size of files stands in for a full disk: the write fails half way. */
static void a_batch_that_does_not_fit_leaves_nothing_behind(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *path = xcy_run_file(folder, "evaluations.jsonl");
    struct xcy_error err;
    struct seen seen;
    int64_t cut = 0;
    struct rlimit old;
    add_and_commit(path, "m1", "one");
    int64_t whole = size_of(path);
    struct xcy_journal *journal = open_at(path);
    seen = (struct seen){.n = 0};
    xcy_buf_init(&seen.text, 1 << 20);
    assert_ok(xcy_journal_replay(journal, note, &seen, &cut, &err), &err);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    struct rlimit tight = {.rlim_cur = (rlim_t)whole + 40, .rlim_max = old.rlim_max};
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    struct xcy_journal_entry entry = {.message_id = "m2", .body = "two"};
    xcy_journal_add(journal, &entry);
    enum xcy_status status = xcy_journal_commit(journal, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_true(status == XCY_EIO || status == XCY_EFULL);
    assert_int_equal(size_of(path), whole);
    xcy_journal_add(journal, &entry); /* room again */
    assert_ok(xcy_journal_commit(journal, &err), &err);
    xcy_journal_close(journal);
    xcy_buf_clear(&seen.text);
    assert_ok(replay(path, &seen, &cut, &err), &err);
    assert_int_equal(seen.n, 2);
    xcy_buf_clear(&seen.text);
    free(path);
    folder_free(folder);
}

static void a_folder_that_is_not_there_is_one_clear_line(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_journal *journal = NULL;
    assert_status(xcy_journal_open("/nonexistent/evaluations.jsonl", &journal, &err), XCY_EIO,
                  &err);
    assert_non_null(strstr(err.text, "/nonexistent/evaluations.jsonl"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_come_back_as_they_were),
        cmocka_unit_test(a_quarantined_message_keeps_its_reason),
        cmocka_unit_test(what_was_not_committed_is_not_in_the_file),
        cmocka_unit_test(a_torn_last_line_is_cut_off_wherever_it_was_torn),
        cmocka_unit_test(an_end_of_zero_bytes_or_rubbish_is_cut_off),
        cmocka_unit_test(a_damaged_line_before_whole_ones_is_an_error_that_names_it),
        cmocka_unit_test(a_second_gather_is_refused),
        cmocka_unit_test(a_batch_that_does_not_fit_leaves_nothing_behind),
        cmocka_unit_test(a_folder_that_is_not_there_is_one_clear_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
