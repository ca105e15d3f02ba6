#include "tests/support/mariadb.h"

#include "common/base/file.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOON_S = 60 };

struct xcy_mono xcy_test_soon(void)
{
    return xcy_mono_add(xcy_mono_now(), SOON_S * XCY_NS_PER_S);
}

static void on_died(void *ctx, const char *what)
{
    struct xcy_test_mariadb *t = ctx;
    snprintf(t->what, sizeof t->what, "%s", what);
    sem_post(&t->died);
}

void xcy_test_mariadb_open(struct xcy_test_mariadb *t)
{
    memset(t, 0, sizeof *t);
    snprintf(t->folder, sizeof t->folder, "/tmp/xcy-mariadb-XXXXXX");
    assert_non_null(mkdtemp(t->folder));
    sem_init(&t->died, 0, 0);
    t->supervisor = xcy_supervisor_start();
}

enum xcy_status xcy_test_mariadb_start(struct xcy_test_mariadb *t, xcy_relay_lag_fn *lag)
{
    struct xcy_pair_options options = {.supervisor = t->supervisor,
                                       .folder = t->folder,
                                       .lag = lag,
                                       .died = on_died,
                                       .died_ctx = t};
    enum xcy_status status = xcy_mariadb_pairs.start(&options, &t->pair, &t->err);
    if (status == XCY_OK) {
        t->ends = xcy_mariadb_pairs.ends(t->pair);
    }
    return status;
}

void xcy_test_mariadb_close(struct xcy_test_mariadb *t)
{
    xcy_mariadb_pairs.stop(t->pair);
    xcy_supervisor_stop(t->supervisor, 0);
    assert_ok(xcy_dir_remove(t->folder, &t->err), &t->err);
}

struct xcy_mysql *xcy_test_mariadb_connect(struct xcy_test_mariadb *t, const char *address)
{
    const struct xcy_mysql_options options = {
        .address = address, .user = t->ends.user, .password = t->ends.password};
    struct xcy_mysql *mysql = NULL;
    assert_ok(xcy_mysql_open(&options, xcy_test_soon(), &mysql, &t->err), &t->err);
    return mysql;
}

int64_t xcy_test_mariadb_number(struct xcy_mysql *mysql, const char *sql)
{
    const struct xcy_mysql_statement question = {.sql = sql};
    char text[32] = "";
    struct xcy_mysql_column column = {.to = text, .room = sizeof text - 1};
    struct xcy_error err;
    bool found = false;
    assert_ok(xcy_mysql_read(mysql, &question, &column, 1, &found, xcy_test_soon(), &err), &err);
    return found ? strtoll(text, NULL, 10) : -1;
}
