#include "sandbox/hosts/mariadb_pair.h"

#include "common/base/mem.h"
#include "common/stores/mysql.h"
#include "sandbox/hosts/mariadb_server.h"
#include "sandbox/hosts/pair_kind.h"

#include <stdlib.h>
#include <string.h>

enum { CALL_LIMIT_MS = 5000 };

static const char user[] = "xcybench";

static struct xcy_mariadb_accounts accounts_of(const struct xcy_pair *pair)
{
    return (struct xcy_mariadb_accounts){.user = user,
                                         .password = pair->password,
                                         .replication_user = "xcy_replication",
                                         .replication_password = pair->peer_password};
}

static struct xcy_mono call_limit(void)
{
    return xcy_mono_add(xcy_mono_now(), CALL_LIMIT_MS * XCY_NS_PER_MS);
}

static enum xcy_status open_server(const struct xcy_pair *pair,
                                   const struct xcy_server_process *server, bool to_replicate,
                                   struct xcy_mysql **mysql, struct xcy_error *err)
{
    const struct xcy_mariadb_accounts a = accounts_of(pair);
    const struct xcy_mysql_options options = {.address = xcy_server_process_address(server),
                                              .user = to_replicate ? a.replication_user : a.user,
                                              .password = to_replicate ? a.replication_password
                                                                       : a.password};
    return xcy_mysql_open(&options, call_limit(), mysql, err);
}

/* Whether the server has a row to this question. */
static enum xcy_status has_row(const struct xcy_pair *pair, const struct xcy_server_process *server,
                               const char *sql, bool *is_so, struct xcy_error *err)
{
    const struct xcy_mysql_statement question = {.sql = sql};
    char value[8];
    struct xcy_mysql_column column = {.to = value, .room = sizeof value};
    struct xcy_mysql *mysql = NULL;
    enum xcy_status status = open_server(pair, server, false, &mysql, err);
    if (status == XCY_OK) {
        status = xcy_mysql_read(mysql, &question, &column, 1, is_so, call_limit(), err);
    }
    xcy_mysql_close(mysql);
    return status;
}

static enum xcy_status both_answer(void *ctx, bool *is_so, struct xcy_error *err)
{
    const struct xcy_pair *pair = ctx;
    bool primary_answers = false;
    bool replica_answers = false;
    enum xcy_status status = has_row(pair, pair->writer, "SELECT 1", &primary_answers, err);
    if (status == XCY_OK) {
        status = has_row(pair, pair->reader, "SELECT 1", &replica_answers, err);
    }
    *is_so = primary_answers && replica_answers;
    return status;
}

/* Both of its threads: the one that receives, and the one that applies. */
static enum xcy_status replica_runs(void *ctx, bool *is_so, struct xcy_error *err)
{
    const struct xcy_pair *pair = ctx;
    return has_row(pair, pair->reader,
                   "SELECT 1 FROM information_schema.GLOBAL_STATUS "
                   "WHERE VARIABLE_NAME = 'SLAVE_RUNNING' AND VARIABLE_VALUE = 'ON'",
                   is_so, err);
}

static enum xcy_status probe_is_there(void *ctx, bool *is_so, struct xcy_error *err)
{
    const struct xcy_pair *pair = ctx;
    return has_row(pair, pair->reader, "SELECT 1 FROM xcy_probe.probe", is_so, err);
}

static enum xcy_status probe_is_gone(void *ctx, bool *is_so, struct xcy_error *err)
{
    const struct xcy_pair *pair = ctx;
    bool is_there = false;
    enum xcy_status status = has_row(pair, pair->reader,
                                     "SELECT 1 FROM information_schema.SCHEMATA "
                                     "WHERE SCHEMA_NAME = 'xcy_probe'",
                                     &is_there, err);
    *is_so = status == XCY_OK && !is_there;
    return status;
}

static enum xcy_status execute_all(struct xcy_mysql *mysql, const char *const *texts, size_t n,
                                   struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; i < n && status == XCY_OK; i++) {
        status = xcy_mysql_execute(mysql, texts[i], call_limit(), err);
    }
    return status;
}

static enum xcy_status join_replica(struct xcy_pair *pair, struct xcy_error *err)
{
    struct xcy_mysql *mysql = NULL;
    const struct xcy_mariadb_accounts a = accounts_of(pair);
    char *join = xcy_format("CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=%u, "
                            "MASTER_USER='%s', MASTER_PASSWORD='%s', "
                            "MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1",
                            xcy_link_port(pair->link), a.replication_user, a.replication_password);
    const char *const texts[] = {join, "START SLAVE"};
    enum xcy_status status = open_server(pair, pair->reader, true, &mysql, err);
    if (status == XCY_OK) {
        status = execute_all(mysql, texts, sizeof texts / sizeof texts[0], err);
    }
    xcy_mysql_close(mysql);
    explicit_bzero(join, strlen(join));
    free(join);
    return status == XCY_OK ? xcy_pair_await(pair, replica_runs, pair, "replication", err) : status;
}

/* A row that comes through, and is removed again: the first one over a fresh link is slower. */
static enum xcy_status warm_up(struct xcy_pair *pair, struct xcy_error *err)
{
    static const char *const texts[] = {"CREATE DATABASE xcy_probe",
                                        "CREATE TABLE xcy_probe.probe (k INT PRIMARY KEY)",
                                        "INSERT INTO xcy_probe.probe VALUES (1)"};
    struct xcy_mysql *mysql = NULL;
    enum xcy_status status = open_server(pair, pair->writer, false, &mysql, err);
    if (status == XCY_OK) {
        status = execute_all(mysql, texts, sizeof texts / sizeof texts[0], err);
    }
    if (status == XCY_OK) {
        status = xcy_pair_await(pair, probe_is_there, pair, "the first replicated write", err);
    }
    if (status == XCY_OK) {
        status = xcy_mysql_execute(mysql, "DROP DATABASE xcy_probe", call_limit(), err);
    }
    xcy_mysql_close(mysql);
    return status == XCY_OK
               ? xcy_pair_await(pair, probe_is_gone, pair, "the removal of the first write", err)
               : status;
}

static enum xcy_status start_server(const struct xcy_pair *pair, struct xcy_server_process *server,
                                    enum xcy_mariadb_role role, struct xcy_error *err)
{
    const struct xcy_mariadb_accounts a = accounts_of(pair);
    enum xcy_status status = xcy_server_process_prepare(server, err);
    return status == XCY_OK ? xcy_mariadb_server_start(server, role, &a, err) : status;
}

static enum xcy_status write_client_file(const struct xcy_pair *pair, struct xcy_error *err)
{
    const struct xcy_mariadb_accounts a = accounts_of(pair);
    return xcy_mariadb_client_file(pair->client_file, &a, xcy_server_process_port(pair->writer),
                                   xcy_server_process_port(pair->reader), err);
}

static enum xcy_status start_both(struct xcy_pair *pair, struct xcy_error *err)
{
    enum xcy_status status = start_server(pair, pair->writer, XCY_MARIADB_PRIMARY, err);
    if (status == XCY_OK) {
        status = start_server(pair, pair->reader, XCY_MARIADB_REPLICA, err);
    }
    if (status == XCY_OK) {
        status = xcy_pair_start_link(pair, xcy_server_process_port(pair->writer), err);
    }
    if (status == XCY_OK) {
        status = xcy_pair_await(pair, both_answer, pair, "an answer of both MariaDB servers", err);
    }
    if (status == XCY_OK) {
        status = join_replica(pair, err);
    }
    if (status == XCY_OK) {
        status = warm_up(pair, err);
    }
    return status == XCY_OK ? write_client_file(pair, err) : status;
}

/* One that is asked to end just as it begins to listen never does (MariaDB 10.11): the grace is short,
 * since nothing of it is kept. */
const struct xcy_pair_kind xcy_mariadb_pairs = {.name = "mysql",
                                                .program = "MariaDB",
                                                .word = "mariadb",
                                                .writer_role = "primary",
                                                .reader_role = "replica",
                                                .user = user,
                                                .client_file = "client.cnf",
                                                .grace_ms = 2000,
                                                .start = start_both};
