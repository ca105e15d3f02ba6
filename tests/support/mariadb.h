#ifndef XCY_TESTS_SUPPORT_MARIADB_H
#define XCY_TESTS_SUPPORT_MARIADB_H

/* mariadb.h - a MariaDB pair of a test's own, as a sandbox hosts it. */

#include "common/stores/mysql.h"
#include "sandbox/hosts/mariadb_pair.h"

#include <semaphore.h>

struct xcy_test_mariadb {
    char folder[64];
    struct xcy_supervisor *supervisor;
    void *pair;
    struct xcy_pair_ends ends;
    sem_t died;
    char what[600]; /* of the one that died */
    struct xcy_error err;
};

/* The folder and what starts the pair; then the pair, which a caller may expect to fail. */
void xcy_test_mariadb_open(struct xcy_test_mariadb *t);
enum xcy_status xcy_test_mariadb_start(struct xcy_test_mariadb *t, xcy_relay_lag_fn *lag);
void xcy_test_mariadb_close(struct xcy_test_mariadb *t); /* and that nothing is left */

/* In some seconds: where a test's calls shall end. */
struct xcy_mono xcy_test_soon(void);
/* To this end, as its user. */
struct xcy_mysql *xcy_test_mariadb_connect(struct xcy_test_mariadb *t, const char *address);
/* The first column of the answer's row, as a number; -1: there is none. */
int64_t xcy_test_mariadb_number(struct xcy_mysql *mysql, const char *sql);

#endif
