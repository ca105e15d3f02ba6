#include "tests/support/mariadb.h"
#include "tests/support/unit.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "sandbox/hosts/mariadb_install.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LAG_MS = 25, MAX_FILE_BYTES = 1 << 16 };

static void a_row_is_on_the_replica_a_lag_later(void **state)
{
    (void)state;
    struct xcy_test_pair t;
    xcy_test_pair_open(&t, &xcy_mariadb_pairs, LAG_MS);
    assert_ok(xcy_test_pair_start(&t), &t.err);
    struct xcy_mysql *primary = xcy_test_mariadb_connect(&t, t.ends.writer);
    struct xcy_mysql *replica = xcy_test_mariadb_connect(&t, t.ends.reader);
    static const char databases[] = "SELECT CAST(COUNT(*) AS CHAR) FROM information_schema.SCHEMATA"
                                    " WHERE SCHEMA_NAME LIKE 'xcy%'";
    assert_int_equal(xcy_test_mariadb_number(primary, databases), 0); /* the probe left nothing */
    assert_int_equal(xcy_test_mariadb_number(replica, databases), 0);
    struct xcy_mono start = xcy_mono_now();
    assert_ok(xcy_mysql_execute(primary, "CREATE DATABASE xcy_lag", xcy_test_soon(), &t.err),
              &t.err);
    while (xcy_test_mariadb_number(replica, databases) == 0) {
    }
    assert_true(xcy_mono_diff_ns(xcy_mono_now(), start) >= LAG_MS * XCY_NS_PER_MS);
    assert_true(xcy_pair_link_counts(t.pair).bytes_to_client > 0);
    assert_status(xcy_mysql_execute(replica, "CREATE DATABASE mine", xcy_test_soon(), &t.err),
                  XCY_EREMOTE, &t.err);
    assert_non_null(strstr(t.err.text, "read-only"));
    xcy_mysql_close(primary);
    xcy_mysql_close(replica);
    xcy_test_pair_close(&t);
}

static void only_its_own_users_may_in(void **state)
{
    (void)state;
    struct xcy_test_pair t;
    xcy_test_pair_open(&t, &xcy_mariadb_pairs, 0);
    assert_ok(xcy_test_pair_start(&t), &t.err);
    const struct {
        const char *user;
        const char *password;
    } cases[] = {{"root", NULL}, {"", NULL}, {"xcybench", NULL}, {"xcybench", "guess"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct xcy_mysql_options options = {
            .address = t.ends.writer, .user = cases[i].user, .password = cases[i].password};
        struct xcy_mysql *mysql = NULL;
        assert_status(xcy_mysql_open(&options, xcy_test_soon(), &mysql, &t.err), XCY_EREMOTE,
                      &t.err);
        assert_non_null(strstr(t.err.text, "Access denied"));
        assert_null(strstr(t.err.text, "guess"));
    }
    xcy_test_pair_close(&t);
}

static void the_client_file_is_ours_alone_and_names_both(void **state)
{
    (void)state;
    struct xcy_test_pair t;
    xcy_test_pair_open(&t, &xcy_mariadb_pairs, 0);
    assert_ok(xcy_test_pair_start(&t), &t.err);
    struct stat is;
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_FILE_BYTES);
    assert_int_equal(stat(t.ends.client_file, &is), 0);
    assert_int_equal(is.st_mode & 0777, 0600);
    assert_ok(xcy_file_read(t.ends.client_file, &text, &t.err), &t.err);
    const char *replica = strstr(text.ptr, "[client-replica]\n");
    char *ports[2] = {xcy_format("port=%s\n", strrchr(t.ends.writer, ':') + 1),
                      xcy_format("port=%s\n", strrchr(t.ends.reader, ':') + 1)};
    assert_non_null(replica);
    assert_non_null(strstr(text.ptr, ports[0]));
    assert_non_null(strstr(replica, ports[1]));
    assert_non_null(strstr(text.ptr, t.ends.password));
    free(ports[0]);
    free(ports[1]);
    xcy_buf_clear(&text);
    xcy_test_pair_close(&t);
}

static void a_server_that_dies_is_reported_with_the_end_of_its_log(void **state)
{
    (void)state;
    struct xcy_test_pair t;
    xcy_test_pair_open(&t, &xcy_mariadb_pairs, LAG_MS);
    assert_ok(xcy_test_pair_start(&t), &t.err);
    xcy_test_pair_kill(&t, "replica");
    assert_non_null(strstr(t.what, "mariadb replica ended (signal: Killed): "));
    assert_non_null(strstr(t.what, "[Note]"));
    xcy_test_pair_close(&t);
}

static void a_program_that_is_missing_is_named_with_its_package(void **state)
{
    (void)state;
    struct xcy_test_pair t;
    xcy_test_pair_open(&t, &xcy_mariadb_pairs, 0);
    assert_status(xcy_test_pair_start_with(&t, "mariadbd", NULL), XCY_EFAIL, &t.err);
    assert_non_null(strstr(t.err.text, "mariadbd is not installed"));
    assert_non_null(strstr(t.err.text, "mariadb-server-core"));
    xcy_test_pair_close(&t);
}

static void a_server_that_cannot_start_is_reported_with_its_words(void **state)
{
    (void)state;
    struct xcy_test_pair t;
    xcy_test_pair_open(&t, &xcy_mariadb_pairs, 0);
    assert_status(
        xcy_test_pair_start_with(&t, "mariadbd", "#!/bin/sh\necho no memory today\nexit 1\n"),
        XCY_EFAIL, &t.err);
    /* Both end, at the same time: whichever is seen first is told. */
    assert_non_null(strstr(t.err.text, " ended (exit status 1): no memory today"));
    xcy_test_pair_close(&t);
}

static void a_port_taken_meanwhile_is_replaced_by_another(void **state)
{
    (void)state;
    struct xcy_test_pair t;
    struct xcy_mariadb_installation real;
    xcy_test_pair_open(&t, &xcy_mariadb_pairs, 0);
    assert_ok(xcy_mariadb_find(&real, &t.err), &t.err);
    char *script = xcy_format("#!/bin/sh\n"
                              "case \"$*\" in *--bootstrap*) ;; *)\n"
                              "    if mkdir %s/tried 2>/dev/null; then\n"
                              "        echo 'Got error: 98: Address already in use'\n"
                              "        exit 1\n"
                              "    fi ;;\n"
                              "esac\n"
                              "exec %s \"$@\"\n",
                              t.folder, real.program);
    assert_ok(xcy_test_pair_start_with(&t, "mariadbd", script), &t.err);
    char *tried = xcy_format("%s/tried", t.folder);
    assert_true(xcy_file_exists(tried));
    free(tried);
    free(script);
    xcy_mariadb_installation_clear(&real);
    xcy_test_pair_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_on_the_replica_a_lag_later),
        cmocka_unit_test(only_its_own_users_may_in),
        cmocka_unit_test(the_client_file_is_ours_alone_and_names_both),
        cmocka_unit_test(a_server_that_dies_is_reported_with_the_end_of_its_log),
        cmocka_unit_test(a_program_that_is_missing_is_named_with_its_package),
        cmocka_unit_test(a_server_that_cannot_start_is_reported_with_its_words),
        cmocka_unit_test(a_port_taken_meanwhile_is_replaced_by_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
