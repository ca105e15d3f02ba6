#include "tests/support/mariadb.h"
#include "tests/support/unit.h"

#include "common/base/mem.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct xcy_test_pair servers; /* for the whole group */

static const char insert[] = "INSERT INTO xcytest.t (k, v) VALUES (?, ?)";
static const char look[] = "SELECT v FROM xcytest.t WHERE k = ?";
static const char count[] = "SELECT CAST(COUNT(*) AS CHAR) FROM xcytest.t";

static int start_servers(void **state)
{
    (void)state;
    xcy_test_pair_open(&servers, &xcy_mariadb_pairs, 0);
    assert_ok(xcy_test_pair_start(&servers), &servers.err);
    return 0;
}

static int stop_servers(void **state)
{
    (void)state;
    xcy_test_pair_close(&servers);
    return 0;
}

static void execute(struct xcy_mysql *mysql, const char *sql)
{
    struct xcy_error err;
    assert_ok(xcy_mysql_execute(mysql, sql, xcy_test_soon(), &err), &err);
}

static struct xcy_mysql *connect_to_primary(void)
{
    return xcy_test_mariadb_connect(&servers, servers.ends.writer);
}

/* With an empty table xcytest.t. */
static struct xcy_mysql *open_empty(void)
{
    struct xcy_mysql *mysql = connect_to_primary();
    execute(mysql, "CREATE DATABASE IF NOT EXISTS xcytest");
    execute(mysql, "DROP TABLE IF EXISTS xcytest.t");
    execute(mysql, "CREATE TABLE xcytest.t (k VARBINARY(64) PRIMARY KEY, v LONGBLOB)");
    return mysql;
}

static enum xcy_status write_value(struct xcy_mysql *mysql, const char *key, struct xcy_bytes value,
                                   struct xcy_error *err)
{
    const struct xcy_bytes values[] = {xcy_bytes_of(key), value};
    const struct xcy_mysql_statement statement = {insert, values, 2};
    return xcy_mysql_write(mysql, &statement, xcy_test_soon(), err);
}

static bool read_value(struct xcy_mysql *mysql, const char *key, struct xcy_mysql_column *column)
{
    struct xcy_error err;
    const struct xcy_bytes wanted = xcy_bytes_of(key);
    const struct xcy_mysql_statement statement = {look, &wanted, 1};
    bool found = false;
    assert_ok(xcy_mysql_read(mysql, &statement, column, 1, &found, xcy_test_soon(), &err), &err);
    return found;
}

static void what_is_written_is_read_byte_for_byte(void **state)
{
    (void)state;
    struct xcy_mysql *mysql = open_empty();
    struct xcy_error err;
    char room[16];
    struct xcy_mysql_column column = {.to = room, .room = sizeof room};
    assert_ok(write_value(mysql, "a", xcy_bytes("\0'\\\xff\n", 5), &err), &err);
    assert_ok(write_value(mysql, "b", xcy_bytes("", 0), &err), &err);
    assert_ok(write_value(mysql, "c", xcy_bytes(NULL, 0), &err), &err);
    assert_true(read_value(mysql, "a", &column));
    assert_int_equal(column.length, 5);
    assert_memory_equal(room, "\0'\\\xff\n", 5);
    assert_true(read_value(mysql, "b", &column));
    assert_int_equal(column.length, 0);
    assert_false(column.is_null);
    assert_true(read_value(mysql, "c", &column));
    assert_true(column.is_null);
    assert_false(read_value(mysql, "d", &column));
    xcy_mysql_close(mysql);
}

/* Above the 16 MiB of one packet of the protocol. */
static void large_values_go_and_come(void **state)
{
    (void)state;
    static const size_t sizes[] = {1000000, 20000000};
    struct xcy_mysql *mysql = open_empty();
    struct xcy_error err;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char key[2] = {(char)('a' + i), '\0'};
        char *sent = xcy_alloc(sizes[i]);
        char *got = xcy_alloc(sizes[i]);
        struct xcy_mysql_column column = {.to = got, .room = sizes[i]};
        for (size_t at = 0; at < sizes[i]; at++) {
            sent[at] = (char)(at * 31 + at / 251);
        }
        assert_ok(write_value(mysql, key, xcy_bytes(sent, sizes[i]), &err), &err);
        assert_true(read_value(mysql, key, &column));
        assert_int_equal(column.length, sizes[i]);
        assert_memory_equal(got, sent, sizes[i]);
        free(sent);
        free(got);
    }
    xcy_mysql_close(mysql);
}

static void what_does_not_fit_is_left_out_but_counted(void **state)
{
    (void)state;
    struct xcy_mysql *mysql = open_empty();
    struct xcy_error err;
    char room[5] = "....";
    struct xcy_mysql_column column = {.to = room, .room = 3};
    assert_ok(write_value(mysql, "a", xcy_bytes_of("abcdefgh"), &err), &err);
    assert_true(read_value(mysql, "a", &column));
    assert_int_equal(column.length, 8);
    assert_string_equal(room, "abc.");
    assert_true(read_value(mysql, "a", &column)); /* the connection is in order after it */
    xcy_mysql_close(mysql);
}

static void rows_that_were_not_wanted_are_read_away(void **state)
{
    (void)state;
    struct xcy_mysql *mysql = open_empty();
    struct xcy_error err;
    assert_ok(write_value(mysql, "a", xcy_bytes_of("1"), &err), &err);
    assert_ok(write_value(mysql, "b", xcy_bytes_of("2"), &err), &err);
    assert_int_equal(xcy_test_mariadb_number(mysql, "SELECT v FROM xcytest.t ORDER BY k"), 1);
    assert_int_equal(xcy_test_mariadb_number(mysql, count), 2);
    xcy_mysql_close(mysql);
}

static int64_t id_of(struct xcy_mysql *mysql)
{
    return xcy_test_mariadb_number(mysql, "SELECT CAST(CONNECTION_ID() AS CHAR)");
}

/* Ends a connection as an idle timeout or a restart does, and waits until the server let it go. */
static void kill_connection(struct xcy_mysql *other, int64_t id)
{
    char *kill_it = xcy_format("KILL %lld", (long long)id);
    char *is_there = xcy_format("SELECT CAST(COUNT(*) AS CHAR) FROM information_schema.PROCESSLIST"
                                " WHERE ID = %lld",
                                (long long)id);
    struct xcy_mysql *watcher = connect_to_primary(); /* a text of its own each time */
    execute(other, kill_it);
    while (xcy_test_mariadb_number(watcher, is_there) != 0) {
    }
    xcy_mysql_close(watcher);
    free(kill_it);
    free(is_there);
}

static void an_idle_connection_that_was_closed_is_opened_again(void **state)
{
    (void)state;
    struct xcy_mysql *mysql = open_empty();
    struct xcy_mysql *other = connect_to_primary();
    struct xcy_error err;
    assert_ok(write_value(mysql, "a", xcy_bytes_of("1"), &err), &err);
    kill_connection(other, id_of(mysql));
    assert_ok(write_value(mysql, "b", xcy_bytes_of("2"), &err), &err); /* prepared anew, too */
    kill_connection(other, id_of(mysql));
    assert_int_equal(xcy_test_mariadb_number(mysql, count), 2);
    xcy_mysql_close(mysql);
    xcy_mysql_close(other);
}

/* A statement in a thread of its own that waits for a row another connection holds, and is cut off
 * there. */
struct blocked {
    struct xcy_mysql *mysql;
    bool writes;
    enum xcy_status status;
    bool found;
    struct xcy_error err;
};

static void *run_blocked(void *arg)
{
    struct blocked *b = arg;
    const struct xcy_bytes values[] = {xcy_bytes_of("held"), xcy_bytes_of("mine")};
    const struct xcy_mysql_statement write = {insert, values, 2};
    const struct xcy_mysql_statement read = {
        "SELECT v FROM xcytest.t WHERE k = ? LOCK IN SHARE MODE", values, 1};
    char room[8];
    struct xcy_mysql_column column = {.to = room, .room = sizeof room};
    b->status = b->writes ? xcy_mysql_write(b->mysql, &write, xcy_test_soon(), &b->err)
                          : xcy_mysql_read(b->mysql, &read, &column, 1, &b->found, xcy_test_soon(),
                                           &b->err);
    return NULL;
}

static void await_blocked(struct xcy_mysql *watcher, const char *text)
{
    char *sql = xcy_format("SELECT CAST(COUNT(*) AS CHAR) FROM information_schema.PROCESSLIST WHERE"
                           " COMMAND = 'Execute' AND INFO LIKE '%s%%' AND INFO NOT LIKE '%%CAST%%'",
                           text);
    while (xcy_test_mariadb_number(watcher, sql) != 1) {
    }
    free(sql);
}

static void a_write_that_was_cut_off_is_not_repeated(void **state)
{
    (void)state;
    struct xcy_mysql *holder = open_empty();
    struct xcy_mysql *other = connect_to_primary();
    struct blocked b = {.mysql = connect_to_primary(), .writes = true};
    pthread_t thread;
    int64_t id = id_of(b.mysql);
    execute(holder, "BEGIN");
    execute(holder, "INSERT INTO xcytest.t VALUES ('held', 'x')");
    pthread_create(&thread, NULL, run_blocked, &b);
    await_blocked(other, "INSERT");
    kill_connection(other, id);
    pthread_join(thread, NULL); /* it ends while the row is still held */
    execute(holder, "ROLLBACK");
    assert_status(b.status, XCY_ENET, &b.err);
    assert_non_null(strstr(b.err.text, servers.ends.writer));
    assert_int_equal(xcy_test_mariadb_number(other, count), 0);
    xcy_mysql_close(b.mysql);
    xcy_mysql_close(holder);
    xcy_mysql_close(other);
}

static void a_read_that_was_cut_off_is_asked_once_more(void **state)
{
    (void)state;
    struct xcy_mysql *holder = open_empty();
    struct xcy_mysql *other = connect_to_primary();
    struct blocked b = {.mysql = connect_to_primary(), .found = true};
    pthread_t thread;
    int64_t id = id_of(b.mysql);
    execute(holder, "BEGIN");
    execute(holder, "INSERT INTO xcytest.t VALUES ('held', 'x')");
    pthread_create(&thread, NULL, run_blocked, &b);
    await_blocked(other, "SELECT v");
    kill_connection(other, id);
    await_blocked(other, "SELECT v");
    execute(holder, "ROLLBACK");
    pthread_join(thread, NULL);
    assert_ok(b.status, &b.err);
    assert_false(b.found);
    xcy_mysql_close(b.mysql);
    xcy_mysql_close(holder);
    xcy_mysql_close(other);
}

static void a_call_ends_by_its_deadline_and_the_next_one_works(void **state)
{
    (void)state;
    enum { WAIT_MS = 150 };
    struct xcy_mysql *mysql = open_empty();
    struct xcy_error err;
    char room[8];
    struct xcy_mysql_column column = {.to = room, .room = sizeof room};
    const struct xcy_mysql_statement sleeps = {.sql = "SELECT SLEEP(3600)"};
    bool found = true;
    struct xcy_mono start = xcy_mono_now();
    struct xcy_mono deadline = xcy_mono_add(start, WAIT_MS * XCY_NS_PER_MS);
    assert_status(xcy_mysql_read(mysql, &sleeps, &column, 1, &found, deadline, &err), XCY_ETIMEOUT,
                  &err);
    assert_true(found); /* untouched */
    assert_true(xcy_mono_diff_ns(xcy_mono_now(), start) >= WAIT_MS * XCY_NS_PER_MS);
    assert_non_null(strstr(err.text, servers.ends.writer));
    assert_int_equal(xcy_test_mariadb_number(mysql, count), 0);
    xcy_mysql_close(mysql);
}

static void refusals_have_the_servers_words(void **state)
{
    (void)state;
    const struct {
        const char *sql;
        enum xcy_status status;
        const char *words;
    } cases[] = {
        {"INSERT INTO xcytest.nothing VALUES (?, ?)", XCY_ENOTFOUND, "doesn't exist"},
        {"INSERT INTO nowhere.t VALUES (?, ?)", XCY_ENOTFOUND, "nowhere"},
        {"INSERT INTO xcytest.t VALUES (?, ?", XCY_EREMOTE, "error in your SQL syntax"},
        {"INSERT INTO xcytest.t (k, v) VALUES (?, LENGTH(?) + (SELECT 1 UNION SELECT 2))",
         XCY_EREMOTE, "more than 1 row"},
    };
    struct xcy_mysql *mysql = open_empty();
    const struct xcy_bytes values[] = {xcy_bytes_of("a"), xcy_bytes_of("b")};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct xcy_error err;
        const struct xcy_mysql_statement statement = {cases[i].sql, values, 2};
        assert_status(xcy_mysql_write(mysql, &statement, xcy_test_soon(), &err), cases[i].status,
                      &err);
        assert_non_null(strstr(err.text, cases[i].words));
        assert_non_null(strstr(err.text, servers.ends.writer));
    }
    assert_int_equal(xcy_test_mariadb_number(mysql, count), 0); /* on the same connection */
    xcy_mysql_close(mysql);
}

/* A listener that accepts, says something or nothing, and closes or keeps quiet. */
struct listener {
    int fd;
    char address[32];
    const char *says;
    size_t n;
    bool closes;
    pthread_t thread;
};

static void *run_listener(void *arg)
{
    struct listener *l = arg;
    int fd = accept(l->fd, NULL, NULL);
    if (fd >= 0) {
        (void)!send(fd, l->says, l->n, MSG_NOSIGNAL);
        if (l->closes) {
            shutdown(fd, SHUT_WR);
        }
        char byte;
        while (read(fd, &byte, 1) > 0) {
        }
        close(fd);
    }
    return NULL;
}

static void start_listener(struct listener *l)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    l->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(l->fd, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(l->fd, 1), 0);
    assert_int_equal(getsockname(l->fd, (struct sockaddr *)&at, &size), 0);
    snprintf(l->address, sizeof l->address, "127.0.0.1:%u", ntohs(at.sin_port));
    assert_int_equal(pthread_create(&l->thread, NULL, run_listener, l), 0);
}

static enum xcy_status try_to_open(const char *address, int64_t wait_ms, struct xcy_error *err)
{
    const struct xcy_mysql_options options = {
        .address = address, .user = "me", .password = "s3cr3t"};
    struct xcy_mysql *mysql = NULL;
    struct xcy_mono deadline = xcy_mono_add(xcy_mono_now(), wait_ms * XCY_NS_PER_MS);
    enum xcy_status status = xcy_mysql_open(&options, deadline, &mysql, err);
    assert_null(mysql);
    return status;
}

static void servers_that_are_none_are_named(void **state)
{
    (void)state;
    static const char half_a_greeting[] = "\x4a\0\0\0\x0a"
                                          "5.5.5-10.11";
    static const char too_many[] = "\x17\0\0\0\xff\x10\x04Too many connections";
    const struct {
        const char *says;
        size_t n;
        bool closes;
        enum xcy_status status;
    } cases[] = {
        {"", 0, true, XCY_ENET},
        {"", 0, false, XCY_ETIMEOUT},
        {"HTTP/1.1 400 Bad Request\r\n\r\n", 28, true, XCY_ENET},
        {half_a_greeting, sizeof half_a_greeting - 1, true, XCY_ENET},
        {half_a_greeting, sizeof half_a_greeting - 1, false, XCY_ETIMEOUT},
        {too_many, sizeof too_many - 1, true, XCY_EREMOTE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct listener l = {.says = cases[i].says, .n = cases[i].n, .closes = cases[i].closes};
        struct xcy_error err;
        start_listener(&l);
        int64_t wait_ms = cases[i].status == XCY_ETIMEOUT ? 200 : 60000;
        assert_status(try_to_open(l.address, wait_ms, &err), cases[i].status, &err);
        assert_non_null(strstr(err.text, l.address));
        assert_null(strstr(err.text, "s3cr3t"));
        pthread_join(l.thread, NULL);
        close(l.fd);
    }
}

/* Its queue is full: it lets nobody in, and refuses nobody either. */
static void a_host_that_keeps_silent_is_given_up(void **state)
{
    (void)state;
    enum { QUEUED = 8 };
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int queued[QUEUED];
    struct xcy_error err;
    char address[32];
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(fd, 0), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    for (size_t i = 0; i < QUEUED; i++) {
        queued[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        (void)!connect(queued[i], (struct sockaddr *)&at, size);
    }
    snprintf(address, sizeof address, "127.0.0.1:%u", ntohs(at.sin_port));
    assert_status(try_to_open(address, 200, &err), XCY_ETIMEOUT, &err);
    assert_non_null(strstr(err.text, address));
    for (size_t i = 0; i < QUEUED; i++) {
        close(queued[i]);
    }
    close(fd);
}

static void an_address_nobody_listens_at_is_named(void **state)
{
    (void)state;
    struct xcy_error err;
    assert_status(try_to_open("127.0.0.1:1", 60000, &err), XCY_ENET, &err);
    assert_non_null(strstr(err.text, "127.0.0.1:1"));
}

static void addresses_of_another_form_are_usage_errors(void **state)
{
    (void)state;
    static const char *const addresses[] = {
        "", "localhost", ":1", "a:", "a:b", "a:0", "a:65536", "a:1x"};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        struct xcy_error err;
        assert_status(try_to_open(addresses[i], 60000, &err), XCY_EUSAGE, &err);
    }
}

/* The user cannot log in over plain text where TLS is asked, so the password never goes out. */
static void a_server_without_tls_is_refused_where_tls_is_asked(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_mysql *mysql = NULL;
    const struct xcy_mysql_options options = {.address = servers.ends.writer,
                                              .user = servers.ends.user,
                                              .password = servers.ends.password,
                                              .tls = true};
    assert_status(xcy_mysql_open(&options, xcy_test_soon(), &mysql, &err), XCY_ENET, &err);
    assert_non_null(strstr(err.text, "SSL"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_byte_for_byte),
        cmocka_unit_test(large_values_go_and_come),
        cmocka_unit_test(what_does_not_fit_is_left_out_but_counted),
        cmocka_unit_test(rows_that_were_not_wanted_are_read_away),
        cmocka_unit_test(an_idle_connection_that_was_closed_is_opened_again),
        cmocka_unit_test(a_write_that_was_cut_off_is_not_repeated),
        cmocka_unit_test(a_read_that_was_cut_off_is_asked_once_more),
        cmocka_unit_test(a_call_ends_by_its_deadline_and_the_next_one_works),
        cmocka_unit_test(refusals_have_the_servers_words),
        cmocka_unit_test(servers_that_are_none_are_named),
        cmocka_unit_test(a_host_that_keeps_silent_is_given_up),
        cmocka_unit_test(an_address_nobody_listens_at_is_named),
        cmocka_unit_test(addresses_of_another_form_are_usage_errors),
        cmocka_unit_test(a_server_without_tls_is_refused_where_tls_is_asked),
    };
    return cmocka_run_group_tests(tests, start_servers, stop_servers);
}
