#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/sql/sql.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int make_name(void **state)
{
    char *path = xcy_strdup("/tmp/xcy-sql-XXXXXX");
    int fd = mkstemp(path);
    *state = path;
    return fd >= 0 && close(fd) == 0 ? unlink(path) : -1;
}

static int remove_file(void **state)
{
    unlink(*state);
    free(*state);
    return 0;
}

/* What a question that has one answer is answered, as a text; "NULL" for none. */
static void assert_answer(const char *path, const char *question, const char *expected)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *asked = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, question, -1, &asked, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(asked), SQLITE_ROW);
    const unsigned char *found = sqlite3_column_text(asked, 0);
    assert_string_equal(found ? (const char *)found : "NULL", expected);
    sqlite3_finalize(asked);
    sqlite3_close(db);
}

static void rows_come_back_as_they_were_put(void **state)
{
    struct xcy_error err;
    struct xcy_sql *sql = NULL;
    struct xcy_sql_statement *insert = NULL;
    assert_ok(xcy_sql_create(*state, "its name", &sql, &err), &err);
    assert_ok(xcy_sql_do(sql, "CREATE TABLE t (a INTEGER, b REAL, c TEXT)", &err), &err);
    assert_ok(xcy_sql_prepare(sql, "INSERT INTO t VALUES (?, ?, ?)", &insert, &err), &err);
    xcy_sql_set_int(insert, 0, INT64_C(1795100010245589));
    xcy_sql_set_real(insert, 1, 0.1);
    xcy_sql_set_text(insert, 2, "it's \"quoted\", and\nlong");
    assert_ok(xcy_sql_run(insert, &err), &err);
    xcy_sql_set_int(insert, 0, -2);
    assert_ok(xcy_sql_run(insert, &err), &err); /* the others are not those of the run before */
    xcy_sql_end(insert);
    assert_ok(xcy_sql_finish(sql, &err), &err);
    xcy_sql_close(sql);
    assert_answer(*state, "SELECT count(*) FROM t", "2");
    assert_answer(*state, "SELECT a FROM t WHERE b = 0.1", "1795100010245589");
    assert_answer(*state, "SELECT c FROM t WHERE a > 0", "it's \"quoted\", and\nlong");
    assert_answer(*state, "SELECT b FROM t WHERE a = -2", "NULL");
    assert_answer(*state, "SELECT c FROM t WHERE a = -2", "NULL");
}

static void what_is_not_finished_is_not_there(void **state)
{
    struct xcy_error err;
    struct xcy_sql *sql = NULL;
    assert_ok(xcy_sql_create(*state, "its name", &sql, &err), &err);
    assert_ok(xcy_sql_do(sql, "CREATE TABLE t (a INTEGER)", &err), &err);
    xcy_sql_close(sql);
    assert_answer(*state, "SELECT count(*) FROM sqlite_master", "0");
}

static void a_failure_says_the_name_and_why(void **state)
{
    struct xcy_error err;
    struct xcy_sql *sql = NULL;
    struct xcy_sql_statement *insert = NULL;
    assert_status(xcy_sql_create("/nowhere/at/all", "its name", &sql, &err), XCY_EIO, &err);
    assert_string_equal(err.text, "its name: unable to open database file");
    assert_ok(xcy_sql_create(*state, "its name", &sql, &err), &err);
    assert_status(xcy_sql_do(sql, "CREATE TABEL t (a)", &err), XCY_EFAIL, &err);
    assert_string_equal(err.text, "its name: near \"TABEL\": syntax error");
    assert_ok(xcy_sql_do(sql, "CREATE TABLE t (a INTEGER PRIMARY KEY)", &err), &err);
    assert_ok(xcy_sql_prepare(sql, "INSERT INTO t VALUES (?)", &insert, &err), &err);
    xcy_sql_set_int(insert, 0, 7);
    assert_ok(xcy_sql_run(insert, &err), &err);
    xcy_sql_set_int(insert, 0, 7);
    assert_status(xcy_sql_run(insert, &err), XCY_EFAIL, &err);
    assert_string_equal(err.text, "its name: UNIQUE constraint failed: t.a");
    xcy_sql_end(insert);
    xcy_sql_close(sql);
}

static void a_file_that_may_not_grow_is_full(void **state)
{
    struct xcy_error err;
    struct xcy_sql *sql = NULL;
    assert_ok(xcy_sql_create(*state, "its name", &sql, &err), &err);
    assert_ok(xcy_sql_do(sql, "PRAGMA max_page_count = 3; CREATE TABLE t (a TEXT)", &err), &err);
    assert_status(xcy_sql_do(sql, "INSERT INTO t VALUES (zeroblob(100000))", &err), XCY_EFULL,
                  &err);
    assert_string_equal(err.text, "its name: database or disk is full");
    xcy_sql_close(sql);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_come_back_as_they_were_put, make_name, remove_file),
        cmocka_unit_test_setup_teardown(what_is_not_finished_is_not_there, make_name, remove_file),
        cmocka_unit_test_setup_teardown(a_failure_says_the_name_and_why, make_name, remove_file),
        cmocka_unit_test_setup_teardown(a_file_that_may_not_grow_is_full, make_name, remove_file),
    };
    return cmocka_run_group_tests_name("sql", tests, NULL, NULL);
}
