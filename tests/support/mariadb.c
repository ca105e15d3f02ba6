#include "tests/support/mariadb.h"

#include "tests/support/unit.h"

#include <stdlib.h>

enum { SOON_S = 60 };

struct xcy_mono xcy_test_soon(void)
{
    return xcy_mono_add(xcy_mono_now(), SOON_S * XCY_NS_PER_S);
}

struct xcy_mysql *xcy_test_mariadb_connect(struct xcy_test_pair *t, const char *address)
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
