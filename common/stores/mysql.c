#include "common/stores/mysql_connection.h"

#include "common/base/mem.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* A statement being carried out, and where its row goes. */
struct work {
    const struct xcy_mysql_statement *statement;
    struct xcy_mysql_column *columns;
    size_t n_columns;
    bool found;
    struct xcy_mono deadline;
};

/* Whether the server closed the connection while nothing was asked, or said what nobody asked. */
static bool is_dead(struct xcy_mysql *mysql)
{
    char byte;
    ssize_t n = recv(mysql_get_socket(mysql->handle), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return n >= 0 || (errno != EAGAIN && errno != EINTR);
}

static enum xcy_status stay_connected(struct xcy_mysql *mysql, struct xcy_mono deadline,
                                      struct xcy_error *err)
{
    mysql->is_late = false;
    if (mysql->handle && is_dead(mysql)) {
        xcy_mysql_disconnect(mysql);
    }
    return mysql->handle ? XCY_OK : xcy_mysql_connect(mysql, deadline, err);
}

static enum xcy_status fail_statement(struct xcy_mysql *mysql, MYSQL_STMT *statement,
                                      const char *what, struct xcy_error *err)
{
    return xcy_mysql_fail(mysql, what, mysql_stmt_errno(statement), mysql_stmt_error(statement),
                          err);
}

static enum xcy_status prepare(struct xcy_mysql *mysql, const char *sql, struct xcy_mono deadline,
                               MYSQL_STMT **prepared, struct xcy_error *err)
{
    for (size_t i = 0; i < mysql->n_prepared; i++) {
        if (strcmp(mysql->prepared[i].sql, sql) == 0) {
            *prepared = mysql->prepared[i].statement;
            return XCY_OK;
        }
    }
    xcy_assert(mysql->n_prepared < XCY_MYSQL_MAX_STATEMENTS);
    MYSQL_STMT *statement = mysql_stmt_init(mysql->handle);
    xcy_assert(statement != NULL);
    int code = 0;
    int wanted = mysql_stmt_prepare_start(&code, statement, sql, strlen(sql));
    while (wanted) {
        wanted = mysql_stmt_prepare_cont(&code, statement, xcy_mysql_wait(mysql, wanted, deadline));
    }
    if (code != 0) {
        enum xcy_status status = fail_statement(mysql, statement, "preparing", err);
        mysql_stmt_close(statement);
        return status;
    }
    mysql->prepared[mysql->n_prepared++] = (struct xcy_mysql_prepared){xcy_strdup(sql), statement};
    *prepared = statement;
    return XCY_OK;
}

/* libmariadb only reads parameters, but does not say so. */
static char *as_its_own(const char *text)
{
    union {
        const char *borrowed;
        char *its;
    } pointer = {.borrowed = text};
    return pointer.its;
}

static enum xcy_status execute(struct xcy_mysql *mysql, MYSQL_STMT *prepared,
                               const struct work *work, struct xcy_error *err)
{
    MYSQL_BIND bound[XCY_MYSQL_MAX_PARAMETERS];
    unsigned long lengths[XCY_MYSQL_MAX_PARAMETERS];
    const struct xcy_mysql_statement *s = work->statement;
    xcy_assert(s->n <= XCY_MYSQL_MAX_PARAMETERS && mysql_stmt_param_count(prepared) == s->n);
    memset(bound, 0, sizeof bound);
    for (size_t i = 0; i < s->n; i++) {
        const struct xcy_bytes *value = &s->parameters[i];
        lengths[i] = value->len;
        bound[i].buffer_type = value->ptr ? MYSQL_TYPE_BLOB : MYSQL_TYPE_NULL;
        bound[i].buffer = as_its_own(value->ptr);
        bound[i].buffer_length = value->len;
        bound[i].length = &lengths[i];
    }
    int code = 0;
    if (s->n > 0 && mysql_stmt_bind_param(prepared, bound) != 0) {
        return fail_statement(mysql, prepared, "binding parameters", err);
    }
    int wanted = mysql_stmt_execute_start(&code, prepared);
    while (wanted) {
        wanted =
            mysql_stmt_execute_cont(&code, prepared, xcy_mysql_wait(mysql, wanted, work->deadline));
    }
    return code == 0 ? XCY_OK : fail_statement(mysql, prepared, "executing", err);
}

/* Where the columns of the next row go; lengths and nulls are set with it. */
struct row {
    unsigned long lengths[XCY_MYSQL_MAX_COLUMNS];
    my_bool nulls[XCY_MYSQL_MAX_COLUMNS];
};

/* columns NULL: nowhere. */
static bool bind_row(MYSQL_STMT *prepared, const struct xcy_mysql_column *columns, size_t n,
                     struct row *row)
{
    MYSQL_BIND bound[XCY_MYSQL_MAX_COLUMNS];
    xcy_assert(n <= XCY_MYSQL_MAX_COLUMNS && mysql_stmt_field_count(prepared) == n);
    memset(bound, 0, sizeof bound);
    for (size_t i = 0; i < n; i++) {
        bound[i].buffer_type = MYSQL_TYPE_BLOB;
        bound[i].buffer = columns ? columns[i].to : NULL;
        bound[i].buffer_length = columns ? columns[i].room : 0;
        bound[i].length = &row->lengths[i];
        bound[i].is_null = &row->nulls[i];
    }
    return mysql_stmt_bind_result(prepared, bound) == 0;
}

/* 0, MYSQL_NO_DATA, MYSQL_DATA_TRUNCATED or a failure. */
static int fetch_row(struct xcy_mysql *mysql, MYSQL_STMT *prepared, struct xcy_mono deadline)
{
    int code = 0;
    int wanted = mysql_stmt_fetch_start(&code, prepared);
    while (wanted) {
        wanted = mysql_stmt_fetch_cont(&code, prepared, xcy_mysql_wait(mysql, wanted, deadline));
    }
    return code;
}

/* The first row goes where it shall, the others are read away: what is left would stand in front of
 * the next answer. */
static enum xcy_status fetch(struct xcy_mysql *mysql, MYSQL_STMT *prepared, struct work *work,
                             struct xcy_error *err)
{
    struct row row = {.lengths = {0}};
    bool is_bound = bind_row(prepared, work->columns, work->n_columns, &row);
    for (bool is_first = true; is_bound; is_first = false) {
        int code = fetch_row(mysql, prepared, work->deadline);
        if (code == MYSQL_NO_DATA) {
            mysql_stmt_free_result(prepared);
            return XCY_OK;
        }
        if (code != 0 && code != MYSQL_DATA_TRUNCATED) {
            break;
        }
        for (size_t i = 0; is_first && i < work->n_columns; i++) {
            work->columns[i].is_null = row.nulls[i];
            work->columns[i].length = row.nulls[i] ? 0 : row.lengths[i];
        }
        work->found = true;
        is_bound = !is_first || bind_row(prepared, NULL, work->n_columns, &row);
    }
    return fail_statement(mysql, prepared, "reading the answer", err);
}

static enum xcy_status work_once(struct xcy_mysql *mysql, struct work *work, struct xcy_error *err)
{
    MYSQL_STMT *prepared = NULL;
    work->found = false;
    enum xcy_status status = stay_connected(mysql, work->deadline, err);
    if (status == XCY_OK) {
        status = prepare(mysql, work->statement->sql, work->deadline, &prepared, err);
    }
    if (status == XCY_OK) {
        status = execute(mysql, prepared, work, err);
    }
    if (status == XCY_OK && work->n_columns > 0) {
        status = fetch(mysql, prepared, work, err);
    }
    return status;
}

enum xcy_status xcy_mysql_prepare(struct xcy_mysql *mysql, const char *sql,
                                  struct xcy_mono deadline, struct xcy_error *err)
{
    MYSQL_STMT *prepared = NULL;
    enum xcy_status status = stay_connected(mysql, deadline, err);
    return status == XCY_OK ? prepare(mysql, sql, deadline, &prepared, err) : status;
}

enum xcy_status xcy_mysql_write(struct xcy_mysql *mysql,
                                const struct xcy_mysql_statement *statement,
                                struct xcy_mono deadline, struct xcy_error *err)
{
    struct work work = {.statement = statement, .deadline = deadline};
    return work_once(mysql, &work, err);
}

enum xcy_status xcy_mysql_read(struct xcy_mysql *mysql, const struct xcy_mysql_statement *statement,
                               struct xcy_mysql_column *columns, size_t n_columns, bool *found,
                               struct xcy_mono deadline, struct xcy_error *err)
{
    struct work work = {
        .statement = statement, .columns = columns, .n_columns = n_columns, .deadline = deadline};
    bool was_connected = mysql->handle != NULL;
    enum xcy_status status = work_once(mysql, &work, err);
    if (status == XCY_ENET && was_connected) {
        status = work_once(mysql, &work, err);
    }
    if (status == XCY_OK) {
        *found = work.found;
    }
    return status;
}

enum xcy_status xcy_mysql_execute(struct xcy_mysql *mysql, const char *sql,
                                  struct xcy_mono deadline, struct xcy_error *err)
{
    enum xcy_status status = stay_connected(mysql, deadline, err);
    if (status != XCY_OK) {
        return status;
    }
    int code = 0;
    int wanted = mysql_real_query_start(&code, mysql->handle, sql, strlen(sql));
    while (wanted) {
        wanted =
            mysql_real_query_cont(&code, mysql->handle, xcy_mysql_wait(mysql, wanted, deadline));
    }
    if (code != 0) {
        return xcy_mysql_fail(mysql, "executing", mysql_errno(mysql->handle),
                              mysql_error(mysql->handle), err);
    }
    xcy_assert(mysql_field_count(mysql->handle) == 0);
    return XCY_OK;
}
