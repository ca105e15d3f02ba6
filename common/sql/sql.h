#ifndef XCY_SQL_SQL_H
#define XCY_SQL_SQL_H

/*
 * sql.h - a new SQLite file, filled in one go: tables by xcy_sql_do, rows by statements.
 *
 * The file has no journal and is one transaction: who fills it does so under another name and puts
 * it in place when it is whole (xcy_file_put). Memory is that of SQLite's page cache, however many
 * rows there are.
 *
 * Memory:   xcy_sql_close, after each statement was ended.
 * Threads:  one owner.
 * Failure:  XCY_EFULL, XCY_EIO or XCY_EFAIL: the file's name, and what SQLite says.
 */

#include "common/base/error.h"

#include <stddef.h>
#include <stdint.h>

struct xcy_sql;
struct xcy_sql_statement;

/* path: of a file that is not there yet; name: as it is called in messages. */
enum xcy_status xcy_sql_create(const char *path, const char *name, struct xcy_sql **sql,
                               struct xcy_error *err) XCY_MUST_USE;
/* Writes what is not written yet. */
enum xcy_status xcy_sql_finish(struct xcy_sql *sql, struct xcy_error *err) XCY_MUST_USE;
void xcy_sql_close(struct xcy_sql *sql); /* NULL is allowed */

/* Statements without parameters, one or several. */
enum xcy_status xcy_sql_do(struct xcy_sql *sql, const char *text,
                           struct xcy_error *err) XCY_MUST_USE;

/* A statement with a `?` for each value, to be run again and again. */
enum xcy_status xcy_sql_prepare(struct xcy_sql *sql, const char *text,
                                struct xcy_sql_statement **statement,
                                struct xcy_error *err) XCY_MUST_USE;
void xcy_sql_end(struct xcy_sql_statement *statement); /* NULL is allowed */

/* Values of the next run, by their index from 0; those that are not set are NULL. A text is borrowed
 * until then. */
void xcy_sql_set_int(struct xcy_sql_statement *statement, size_t index, int64_t value);
void xcy_sql_set_real(struct xcy_sql_statement *statement, size_t index, double value);
void xcy_sql_set_text(struct xcy_sql_statement *statement, size_t index, const char *text);
enum xcy_status xcy_sql_run(struct xcy_sql_statement *statement,
                            struct xcy_error *err) XCY_MUST_USE;

#endif
