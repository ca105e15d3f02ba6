#include "common/sql/sql.h"

#include "common/base/mem.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdlib.h>

struct xcy_sql {
    sqlite3 *handle;
    char *name;
};

struct xcy_sql_statement {
    struct xcy_sql *sql;
    sqlite3_stmt *handle;
};

static enum xcy_status fail(const struct xcy_sql *sql, int code, struct xcy_error *err)
{
    const char *why = sql->handle ? sqlite3_errmsg(sql->handle) : sqlite3_errstr(code);
    int kind = code & UCHAR_MAX; /* an extended code has its kind in the lowest byte */
    enum xcy_status status = kind == SQLITE_FULL                               ? XCY_EFULL
                             : kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN ? XCY_EIO
                                                                               : XCY_EFAIL;
    return xcy_fail(err, status, "%s: %s", sql->name, why);
}

/* No journal and no fsync of its own: before it is whole the file is nobody's. */
static const char begin[] = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN";

enum xcy_status xcy_sql_create(const char *path, const char *name, struct xcy_sql **sql,
                               struct xcy_error *err)
{
    struct xcy_sql *made = xcy_alloc(sizeof *made);
    made->name = xcy_strdup(name);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(path, &made->handle, flags, NULL);
    enum xcy_status status = code == SQLITE_OK ? XCY_OK : fail(made, code, err);
    if (status == XCY_OK) {
        status = xcy_sql_do(made, begin, err);
    }
    if (status == XCY_OK) {
        *sql = made;
    } else {
        xcy_sql_close(made);
    }
    return status;
}

enum xcy_status xcy_sql_finish(struct xcy_sql *sql, struct xcy_error *err)
{
    return xcy_sql_do(sql, "COMMIT", err);
}

void xcy_sql_close(struct xcy_sql *sql)
{
    if (!sql) {
        return;
    }
    int code = sqlite3_close(sql->handle);
    xcy_assert(code == SQLITE_OK); /* else a statement was not ended */
    free(sql->name);
    free(sql);
}

enum xcy_status xcy_sql_do(struct xcy_sql *sql, const char *text, struct xcy_error *err)
{
    int code = sqlite3_exec(sql->handle, text, NULL, NULL, NULL);
    return code == SQLITE_OK ? XCY_OK : fail(sql, code, err);
}

enum xcy_status xcy_sql_prepare(struct xcy_sql *sql, const char *text,
                                struct xcy_sql_statement **statement, struct xcy_error *err)
{
    sqlite3_stmt *handle = NULL;
    int code = sqlite3_prepare_v2(sql->handle, text, -1, &handle, NULL);
    if (code != SQLITE_OK) {
        return fail(sql, code, err);
    }
    *statement = xcy_alloc(sizeof **statement);
    **statement = (struct xcy_sql_statement){sql, handle};
    return XCY_OK;
}

void xcy_sql_end(struct xcy_sql_statement *statement)
{
    if (statement) {
        sqlite3_finalize(statement->handle); /* what it says, the last run has said */
        free(statement);
    }
}

/* The only ways to fail are a wrong index and a text beyond a thousand million bytes: bugs. */
static void assert_set(int code)
{
    xcy_assert(code == SQLITE_OK);
}

void xcy_sql_set_int(struct xcy_sql_statement *statement, size_t index, int64_t value)
{
    assert_set(sqlite3_bind_int64(statement->handle, (int)index + 1, value));
}

void xcy_sql_set_real(struct xcy_sql_statement *statement, size_t index, double value)
{
    assert_set(sqlite3_bind_double(statement->handle, (int)index + 1, value));
}

void xcy_sql_set_text(struct xcy_sql_statement *statement, size_t index, const char *text)
{
    assert_set(sqlite3_bind_text(statement->handle, (int)index + 1, text, -1, SQLITE_STATIC));
}

enum xcy_status xcy_sql_run(struct xcy_sql_statement *statement, struct xcy_error *err)
{
    int code = sqlite3_step(statement->handle);
    enum xcy_status status = code == SQLITE_DONE ? XCY_OK : fail(statement->sql, code, err);
    sqlite3_reset(statement->handle);
    sqlite3_clear_bindings(statement->handle);
    return status;
}
