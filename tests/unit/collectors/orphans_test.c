#include "scratch.h"

#include "collectors/import.h"
#include "collectors/orphans.h"

/* A folder of runs with one run in it, whose messages others took. */
struct world {
    char *root;
    char *run_path;
    struct xcy_manifest manifest;
    struct xcy_ledger *ledger;
    struct xcy_collection *collection;
};

static int set_up(void **state)
{
    struct world *w = xcy_alloc(sizeof *w);
    struct xcy_error err;
    w->root = folder_new();
    w->run_path = xcy_format("%s/dynamo-sns/x", w->root);
    w->manifest = plain_manifest(10);
    assert_ok(xcy_dir_make(w->run_path, 0755, &err), &err);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    folder_free(w->root);
    free(w->run_path);
    free(w);
    return 0;
}

static void open_run(struct world *w)
{
    struct xcy_error err;
    int64_t cut = 0;
    struct xcy_match_run run = {.manifest = &w->manifest};
    assert_ok(xcy_ledger_open(w->run_path, &w->ledger, &err), &err);
    w->collection = xcy_collection_new(&run);
    assert_ok(xcy_ledger_replay(w->ledger, w->collection, &cut, &err), &err);
}

static void close_run(struct world *w)
{
    xcy_ledger_close(w->ledger);
    xcy_collection_free(w->collection);
}

static char *line_of(const char *message_id, int64_t i, const char *run)
{
    struct xcy_evaluation e = plain_evaluation(i, true);
    snprintf(e.id.run, sizeof e.id.run, "%s", run);
    char *body = xcy_evaluation_format(&e);
    struct xcy_journal_entry entry = {.at_us = 5, .message_id = message_id, .body = body};
    struct xcy_buf line;
    xcy_buf_init(&line, 1 << 20);
    xcy_journal_format(&entry, &line);
    free(body);
    return xcy_buf_take(&line);
}

/* What a gather of another run does with a message of this one. */
static void take_away(struct xcy_orphans *orphans, const char *message_id, int64_t i,
                      const char *run)
{
    struct xcy_orphan_line line = {.text = line_of(message_id, i, run)};
    snprintf(line.run, sizeof line.run, "%s", run);
    xcy_orphans_add(orphans, &line);
    free(line.text);
}

static struct xcy_import_count import(struct world *w, const char *path)
{
    struct xcy_error err;
    struct xcy_import_count count;
    assert_ok(xcy_import(path, w->ledger, w->collection, &count, &err), &err);
    return count;
}

static char *orphans_of_run(const struct world *w)
{
    return xcy_orphans_path(w->root, RUN_ID);
}

static void append_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void what_another_gather_took_is_imported_once(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    struct xcy_orphans *orphans = NULL;
    assert_ok(xcy_orphans_open(w->root, &orphans, &err), &err);
    for (int64_t i = 0; i < 3; i++) {
        char id[8];
        snprintf(id, sizeof id, "m%lld", (long long)i);
        take_away(orphans, id, i, RUN_ID);
    }
    take_away(orphans, "m0", 0, RUN_ID); /* it came twice */
    assert_ok(xcy_orphans_commit(orphans, &err), &err);
    xcy_orphans_free(orphans);
    char *path = orphans_of_run(w);
    open_run(w);
    struct xcy_import_count count = import(w, path);
    assert_int_equal(count.imported, 3);
    assert_int_equal(count.known, 1);
    assert_int_equal(w->collection->n_taken, 3);
    close_run(w);
    open_run(w); /* as a later gather */
    assert_int_equal(w->collection->n_taken, 3);
    count = import(w, path);
    assert_int_equal(count.imported, 0);
    assert_int_equal(count.known, 4);
    assert_int_equal(w->collection->tally.received, 3);
    close_run(w);
    free(path);
}

/* A copy of the run took some, this one the others, and one evaluation came to both in two messages. */
static void a_copy_of_the_run_is_brought_together_with_it(void **state)
{
    struct world *w = *state;
    static const struct xcy_journal_entry not_one = {
        .message_id = "bad", .body = "rubbish", .reason = "as it said"};
    struct xcy_error err;
    struct xcy_buf line;
    char *copy = xcy_format("%s/copy.jsonl", w->root);
    char *first = line_of("m1", 1, RUN_ID);
    char *again = line_of("m2", 1, RUN_ID);
    char *other = line_of("m3", 3, RUN_ID);
    char *foreign = line_of("m4", 4, OTHER_ID);
    open_run(w);
    xcy_ledger_append(w->ledger, XCY_LEDGER_EVALUATIONS, xcy_bytes_of(first));
    assert_ok(xcy_ledger_commit(w->ledger, &err), &err);
    close_run(w);
    xcy_buf_init(&line, 1 << 20);
    xcy_journal_format(&not_one, &line);
    append_text(copy, again);
    append_text(copy, other);
    append_text(copy, foreign);
    append_text(copy, line.ptr);
    append_text(copy, "{\"at_us\":1,\"mess"); /* it is being written */
    open_run(w);
    struct xcy_import_count count = import(w, copy);
    assert_int_equal(count.imported, 3);
    assert_int_equal(count.foreign, 1);
    close_run(w);
    open_run(w);
    assert_int_equal(w->collection->tally.counts[XCY_MESSAGE_MATCHED], 2);
    assert_int_equal(w->collection->tally.counts[XCY_MESSAGE_DUPLICATE], 1);
    assert_int_equal(w->collection->tally.counts[XCY_MESSAGE_MALFORMED], 1);
    close_run(w);
    xcy_buf_clear(&line);
    free(foreign);
    free(other);
    free(again);
    free(first);
    free(copy);
}

static void a_file_that_is_not_there_is_told(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    struct xcy_import_count count;
    open_run(w);
    assert_status(xcy_import("/nowhere/evaluations.jsonl", w->ledger, w->collection, &count, &err),
                  XCY_ENOTFOUND, &err);
    assert_string_equal(err.text, "/nowhere/evaluations.jsonl: there is no such file");
    close_run(w);
}

/* Run ids stand in messages, and anybody can send one. */
static void a_name_that_is_no_uuid_names_no_file(void **state)
{
    static const char *const names[] = {"",
                                        "../../etc/passwd",
                                        "unknown",
                                        "latest",
                                        ".",
                                        "11111111-1111-4111-8111-11111111111/",
                                        "11111111-1111-4111-8111-1111111111111",
                                        "11111111x1111-4111-8111-111111111111"};
    (void)state;
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        char *path = xcy_orphans_path("runs", names[n]);
        assert_string_equal(path, "runs/orphans/unknown.jsonl");
        free(path);
    }
    char *path = xcy_orphans_path("runs", RUN_ID);
    assert_string_equal(path, "runs/orphans/" RUN_ID ".jsonl");
    free(path);
}

static size_t count_lines(const char *path)
{
    FILE *file = fopen(path, "re");
    size_t n = 0;
    for (int c = file ? fgetc(file) : EOF; c != EOF; c = fgetc(file)) {
        n += c == '\n' ? 1 : 0;
    }
    if (file) {
        assert_int_equal(fclose(file), 0);
    }
    return n;
}

static void there_are_only_so_many_files(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    struct xcy_orphans *orphans = NULL;
    assert_ok(xcy_orphans_open(w->root, &orphans, &err), &err);
    for (int n = 0; n < XCY_MAX_ORPHANS + 20; n++) {
        char run[XCY_ID_BYTES];
        snprintf(run, sizeof run, "%08x-1111-4111-8111-111111111111", (unsigned)n);
        take_away(orphans, "m", 1, run);
    }
    assert_ok(xcy_orphans_commit(orphans, &err), &err);
    xcy_orphans_free(orphans);
    char *unknown = xcy_orphans_path(w->root, "");
    assert_int_equal(count_lines(unknown), 20);
    free(unknown);
}

/* Another gather was killed while it wrote: its half line is cut off, not continued. */
static void half_a_line_of_a_killed_gather_is_cut_off(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    struct xcy_orphans *orphans = NULL;
    char *path = orphans_of_run(w);
    assert_ok(xcy_orphans_open(w->root, &orphans, &err), &err);
    take_away(orphans, "m1", 1, RUN_ID);
    assert_ok(xcy_orphans_commit(orphans, &err), &err);
    append_text(path, "{\"at_us\":17951000");
    take_away(orphans, "m2", 2, RUN_ID);
    assert_ok(xcy_orphans_commit(orphans, &err), &err);
    xcy_orphans_free(orphans);
    open_run(w);
    assert_int_equal(import(w, path).imported, 2);
    close_run(w);
    free(path);
}

static void the_folder_of_the_runs_is_two_above_a_run(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    char *root = NULL;
    char *roundabout = xcy_format("%s/../x/.", w->run_path);
    assert_ok(xcy_orphans_root(roundabout, &root, &err), &err);
    assert_string_equal(root, w->root);
    free(roundabout);
    free(root);
    assert_ok(xcy_orphans_root("/", &root, &err), &err);
    assert_string_equal(root, "/");
    free(root);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_another_gather_took_is_imported_once),
        TEST(a_copy_of_the_run_is_brought_together_with_it),
        TEST(a_file_that_is_not_there_is_told),
        TEST(a_name_that_is_no_uuid_names_no_file),
        TEST(there_are_only_so_many_files),
        TEST(half_a_line_of_a_killed_gather_is_cut_off),
        TEST(the_folder_of_the_runs_is_two_above_a_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
