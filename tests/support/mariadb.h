#ifndef XCY_TESTS_SUPPORT_MARIADB_H
#define XCY_TESTS_SUPPORT_MARIADB_H

/* mariadb.h - a MariaDB pair of a test's own, and its clients. */

#include "common/stores/mysql.h"
#include "sandbox/hosts/mariadb_pair.h"
#include "tests/support/hosted_pair.h"

/* In some seconds: where a test's calls shall end. */
struct xcy_mono xcy_test_soon(void);
/* To this end, as its user. */
struct xcy_mysql *xcy_test_mariadb_connect(struct xcy_test_pair *t, const char *address);
/* The first column of the answer's row, as a number; -1: there is none. */
int64_t xcy_test_mariadb_number(struct xcy_mysql *mysql, const char *sql);

#endif
