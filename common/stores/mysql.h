#ifndef XCY_STORES_MYSQL_H
#define XCY_STORES_MYSQL_H

/*
 * mysql.h - a thin connection to MySQL or MariaDB, over libmariadb. Statements are prepared once
 * a connection. It connects again by itself when an idle connection turns out to be closed; a
 * statement that only reads is asked once more then, one that writes never, since it may have
 * been done.
 *
 * Every call ends by its deadline. (Resolving a host's name may take longer.)
 *
 * Threads:  a connection belongs to one thread.
 * Failure:  XCY_ENET, XCY_ETIMEOUT (the connection is closed then: what was asked may still have
 *           been done), XCY_ENOTFOUND for a database or table that does not exist, XCY_EREMOTE
 *           with the server's words. The address is named, the password never.
 */

#include "common/base/bytes.h"
#include "common/base/error.h"
#include "common/time/clock.h"

struct xcy_mysql;

struct xcy_mysql_options { /* copied */
    const char *address;   /* "host:port" */
    const char *user;
    const char *password; /* NULL or "": none */
    bool tls;             /* always, with the server's certificate and name checked; false: never */
    const char *ca_file;  /* whom to trust; NULL or "": as the system does */
};

/* A statement with a ? for each parameter. */
struct xcy_mysql_statement {
    const char *sql; /* of a few fixed texts: prepared once each */
    const struct xcy_bytes *parameters;
    size_t n; /* of them; one with ptr NULL is SQL's NULL */
};

/* A column of the one row that is asked for, as bytes. */
struct xcy_mysql_column {
    char *to; /* what does not fit is left out */
    size_t room;
    size_t length; /* the whole value's; of NULL: 0 */
    bool is_null;
};

enum {
    XCY_MYSQL_MAX_PARAMETERS = 4,
    XCY_MYSQL_MAX_COLUMNS = 4,
    XCY_MYSQL_MAX_STATEMENTS = 8 /* different texts */
};

enum xcy_status xcy_mysql_open(const struct xcy_mysql_options *options, struct xcy_mono deadline,
                               struct xcy_mysql **mysql, struct xcy_error *err) XCY_MUST_USE;
void xcy_mysql_close(struct xcy_mysql *mysql); /* NULL is allowed */

/* Prepares the text now, which otherwise its first use does. */
enum xcy_status xcy_mysql_prepare(struct xcy_mysql *mysql, const char *sql,
                                  struct xcy_mono deadline, struct xcy_error *err) XCY_MUST_USE;
/* A statement that writes and gives no rows. */
enum xcy_status xcy_mysql_write(struct xcy_mysql *mysql,
                                const struct xcy_mysql_statement *statement,
                                struct xcy_mono deadline, struct xcy_error *err) XCY_MUST_USE;
/* A statement that only reads, with as many columns; *found: whether there is a row, the first of
 * which fills them. */
enum xcy_status xcy_mysql_read(struct xcy_mysql *mysql, const struct xcy_mysql_statement *statement,
                               struct xcy_mysql_column *columns, size_t n_columns, bool *found,
                               struct xcy_mono deadline, struct xcy_error *err) XCY_MUST_USE;
/* As xcy_mysql_write, for a text that is used once and without parameters. */
enum xcy_status xcy_mysql_execute(struct xcy_mysql *mysql, const char *sql,
                                  struct xcy_mono deadline, struct xcy_error *err) XCY_MUST_USE;

#endif
