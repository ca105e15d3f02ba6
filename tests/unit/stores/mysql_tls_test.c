#include "tests/support/mariadb.h"
#include "tests/support/unit.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "sandbox/hosts/mariadb_install.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_SQL_BYTES = 4 << 20 };

static const char password[] = "a password of the test";

/* A server with a certificate for 127.0.0.1, as RDS has one for its name. */
static struct {
    char folder[64];
    char address[32];
    pid_t pid;
} server;

/* $1 is the server's program, $2 its --basedir, $3 the port. */
static const char script[] =
    "set -e\n"
    "authority() {\n"
    "    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \\\n"
    "        -subj \"/CN=$1\" -keyout $1.key -out $1.pem\n"
    "}\n"
    "authority ours\n"
    "authority another\n"
    "openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=database \\\n"
    "    -keyout server.key -out server.csr\n"
    "echo 'subjectAltName = IP:127.0.0.1' >server.ext\n"
    "openssl x509 -req -in server.csr -CA ours.pem -CAkey ours.key -CAcreateserial -days 2 \\\n"
    "    -extfile server.ext -out server.pem\n"
    "mkdir data\n"
    "set -- \"$1\" --no-defaults --basedir=\"$2\" --datadir=\"$PWD/data\" --port=\"$3\" \\\n"
    "    --bind-address=127.0.0.1 --skip-name-resolve --socket= --performance-schema=0 \\\n"
    "    --innodb-use-native-aio=0 --innodb-log-file-size=16M\n"
    "[ \"$(id -u)\" -ne 0 ] || set -- \"$@\" --user=root\n"
    "\"$@\" --bootstrap <install.sql\n"
    "exec \"$@\" --ssl-cert=\"$PWD/server.pem\" --ssl-key=\"$PWD/server.key\"\n";

static void run_server(const struct xcy_mariadb_installation *installation)
{
    const char *port = strrchr(server.address, ':') + 1;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (chdir(server.folder) != 0 || !freopen("log", "w", stdout) || dup2(1, 2) < 0) {
        _exit(127);
    }
    execl("/bin/sh", "sh", "-c", script, "sh", installation->program, installation->base, port,
          (char *)NULL);
    _exit(127);
}

static void write_install_sql(const struct xcy_mariadb_installation *installation)
{
    const struct xcy_mariadb_accounts accounts = {.user = "app",
                                                  .password = password,
                                                  .replication_user = "unused",
                                                  .replication_password = password};
    struct xcy_error err;
    struct xcy_buf sql;
    char *path = xcy_format("%s/install.sql", server.folder);
    xcy_buf_init(&sql, MAX_SQL_BYTES);
    assert_ok(xcy_mariadb_install_sql(installation, &accounts, &sql, &err), &err);
    assert_ok(xcy_file_replace(path, xcy_buf_bytes(&sql), 0600, &err), &err);
    xcy_buf_clear(&sql);
    free(path);
}

static enum xcy_status open_as(const char *address, bool tls, const char *authority,
                               struct xcy_mysql **mysql, struct xcy_error *err)
{
    char *ca_file = authority ? xcy_format("%s/%s.pem", server.folder, authority) : NULL;
    const struct xcy_mysql_options options = {
        .address = address, .user = "app", .password = password, .tls = tls, .ca_file = ca_file};
    enum xcy_status status = xcy_mysql_open(&options, xcy_test_soon(), mysql, err);
    free(ca_file);
    return status;
}

static int start_server(void **state)
{
    (void)state;
    struct xcy_mariadb_installation installation;
    struct xcy_error err;
    struct xcy_mysql *mysql = NULL;
    uint16_t port = 0;
    snprintf(server.folder, sizeof server.folder, "/tmp/xcy-tls-XXXXXX");
    assert_non_null(mkdtemp(server.folder));
    assert_ok(xcy_mariadb_find(&installation, &err), &err);
    assert_ok(xcy_free_port(&port, &err), &err);
    snprintf(server.address, sizeof server.address, "127.0.0.1:%u", port);
    write_install_sql(&installation);
    server.pid = fork();
    assert_true(server.pid >= 0);
    if (server.pid == 0) {
        run_server(&installation);
    }
    while (open_as(server.address, false, NULL, &mysql, &err) != XCY_OK) {
        if (waitpid(server.pid, NULL, WNOHANG) != 0) {
            print_error("the server did not start: %s\n", err.text);
            return -1;
        }
        usleep(10000);
    }
    xcy_mysql_close(mysql);
    xcy_mariadb_installation_clear(&installation);
    return 0;
}

static int stop_server(void **state)
{
    (void)state;
    struct xcy_error err;
    kill(server.pid, SIGKILL);
    waitpid(server.pid, NULL, 0);
    assert_ok(xcy_dir_remove(server.folder, &err), &err);
    return 0;
}

static int64_t is_encrypted(struct xcy_mysql *mysql)
{
    return xcy_test_mariadb_number(mysql, "SELECT CAST(VARIABLE_VALUE <> '' AS CHAR) FROM "
                                          "information_schema.SESSION_STATUS "
                                          "WHERE VARIABLE_NAME = 'SSL_VERSION'");
}

static void what_is_asked_over_tls_is_encrypted(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_mysql *mysql = NULL;
    assert_ok(open_as(server.address, true, "ours", &mysql, &err), &err);
    assert_int_equal(is_encrypted(mysql), 1);
    xcy_mysql_close(mysql);
    assert_ok(open_as(server.address, false, NULL, &mysql, &err), &err);
    assert_int_equal(is_encrypted(mysql), 0);
    xcy_mysql_close(mysql);
}

static void large_values_go_over_tls(void **state)
{
    (void)state;
    enum { BYTES = 3000000 };
    struct xcy_error err;
    struct xcy_mysql *mysql = NULL;
    char *sent = xcy_alloc(BYTES);
    char *got = xcy_alloc(BYTES);
    struct xcy_mysql_column column = {.to = got, .room = BYTES};
    const struct xcy_bytes value = xcy_bytes(sent, BYTES);
    const struct xcy_mysql_statement echo = {"SELECT ?", &value, 1};
    bool found = false;
    for (size_t i = 0; i < BYTES; i++) {
        sent[i] = (char)(i * 31 + i / 251);
    }
    assert_ok(open_as(server.address, true, "ours", &mysql, &err), &err);
    assert_ok(xcy_mysql_read(mysql, &echo, &column, 1, &found, xcy_test_soon(), &err), &err);
    assert_true(found);
    assert_int_equal(column.length, BYTES);
    assert_memory_equal(got, sent, BYTES);
    free(sent);
    free(got);
    xcy_mysql_close(mysql);
}

static void an_idle_connection_over_tls_that_was_closed_is_opened_again(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_mysql *mysql = NULL;
    struct xcy_mysql *other = NULL;
    assert_ok(open_as(server.address, true, "ours", &mysql, &err), &err);
    assert_ok(open_as(server.address, true, "ours", &other, &err), &err);
    int64_t id = xcy_test_mariadb_number(mysql, "SELECT CAST(CONNECTION_ID() AS CHAR)");
    assert_int_equal(xcy_test_mariadb_number(mysql, "SELECT CAST(CONNECTION_ID() AS CHAR)"), id);
    char *kill_it = xcy_format("KILL %lld", (long long)id);
    assert_ok(xcy_mysql_execute(other, kill_it, xcy_test_soon(), &err), &err);
    while (xcy_test_mariadb_number(other,
                                   "SELECT CAST(COUNT(*) AS CHAR) FROM "
                                   "information_schema.PROCESSLIST WHERE USER = 'app'") != 1) {
    }
    assert_ok(xcy_mysql_execute(mysql, "CREATE DATABASE again", xcy_test_soon(), &err), &err);
    free(kill_it);
    xcy_mysql_close(mysql);
    xcy_mysql_close(other);
}

static void who_cannot_be_trusted_is_refused(void **state)
{
    (void)state;
    char by_name[32];
    snprintf(by_name, sizeof by_name, "localhost:%s", strrchr(server.address, ':') + 1);
    const struct {
        const char *address;
        const char *authority; /* NULL: the system's */
    } cases[] = {{server.address, "another"},
                 {server.address, NULL},
                 {server.address, "missing"},
                 {by_name, "ours"}}; /* the certificate is for another name */
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct xcy_error err;
        struct xcy_mysql *mysql = NULL;
        assert_status(open_as(cases[i].address, true, cases[i].authority, &mysql, &err), XCY_ENET,
                      &err);
        assert_non_null(strstr(err.text, cases[i].address));
        assert_non_null(strstr(err.text, "TLS/SSL error"));
        assert_null(strstr(err.text, password));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_asked_over_tls_is_encrypted),
        cmocka_unit_test(large_values_go_over_tls),
        cmocka_unit_test(an_idle_connection_over_tls_that_was_closed_is_opened_again),
        cmocka_unit_test(who_cannot_be_trusted_is_refused),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
