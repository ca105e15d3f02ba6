#ifndef XCY_STORES_MYSQL_CONNECTION_H
#define XCY_STORES_MYSQL_CONNECTION_H

/*
 * mysql_connection.h - the connection itself: how it is made, waited for and given up. Private to
 * common/stores.
 *
 * libmariadb counts timeouts in whole seconds, so its non-blocking half is used: *_start and
 * *_cont, with xcy_mysql_wait in between.
 *
 * Threads:  the connection's.
 */

#include "common/stores/mysql.h"

#include <mysql.h>

struct xcy_mysql_prepared {
    char *sql;
    MYSQL_STMT *statement;
};

struct xcy_mysql {
    char *address; /* "host:port", for messages */
    char *host;
    char *user;
    char *password;
    char *ca_file; /* NULL: none */
    unsigned port;
    bool tls;
    MYSQL *handle; /* NULL: not connected */
    bool is_late;  /* the last call's deadline passed */
    struct xcy_mysql_prepared prepared[XCY_MYSQL_MAX_STATEMENTS];
    size_t n_prepared;
};

enum xcy_status xcy_mysql_connect(struct xcy_mysql *mysql, struct xcy_mono deadline,
                                  struct xcy_error *err) XCY_MUST_USE;
void xcy_mysql_disconnect(struct xcy_mysql *mysql);

/* Waits for what libmariadb wants (MYSQL_WAIT_…) and says what came; MYSQL_WAIT_TIMEOUT, on which
 * the library gives up, once the deadline has passed. */
int xcy_mysql_wait(struct xcy_mysql *mysql, int wanted, struct xcy_mono deadline);

/* With libmariadb's error number and words: the status, and disconnects if the connection is of no
 * more use. */
enum xcy_status xcy_mysql_fail(struct xcy_mysql *mysql, const char *what, unsigned number,
                               const char *words, struct xcy_error *err) XCY_MUST_USE;

#endif
