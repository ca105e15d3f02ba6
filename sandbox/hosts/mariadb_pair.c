#include "sandbox/hosts/mariadb_pair.h"

#include "common/base/mem.h"
#include "common/base/random.h"
#include "common/stores/mysql.h"
#include "sandbox/hosts/mariadb_server.h"
#include "sandbox/hosts/ready.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { PORT_TRIES = 5, CALL_LIMIT_MS = 5000, END_GRACE_MS = 2000, PASSWORD_DIGITS = 32 };

struct pair {
    struct xcy_pair_options options;
    char password[PASSWORD_DIGITS + 1];
    char replication_password[PASSWORD_DIGITS + 1];
    struct xcy_mariadb_accounts accounts; /* with these */
    struct xcy_server_process *primary;
    struct xcy_server_process *replica;
    struct xcy_link *link; /* NULL: not started yet */
    atomic_bool is_ready;
    char *client_file;
};

static int64_t draw_lag(void *ctx)
{
    const struct pair *pair = ctx;
    bool delays = atomic_load(&pair->is_ready) && pair->options.lag;
    return delays ? pair->options.lag(pair->options.lag_ctx) : 0;
}

static struct xcy_mono call_limit(void)
{
    return xcy_mono_add(xcy_mono_now(), CALL_LIMIT_MS * XCY_NS_PER_MS);
}

static enum xcy_status open_server(const struct pair *pair, const struct xcy_server_process *server,
                                   bool to_replicate, struct xcy_mysql **mysql,
                                   struct xcy_error *err)
{
    const struct xcy_mariadb_accounts *a = &pair->accounts;
    const struct xcy_mysql_options options = {.address = xcy_server_process_address(server),
                                              .user = to_replicate ? a->replication_user : a->user,
                                              .password = to_replicate ? a->replication_password
                                                                       : a->password};
    return xcy_mysql_open(&options, call_limit(), mysql, err);
}

/* Whether the server has a row to this question. */
static enum xcy_status has_row(const struct pair *pair, const struct xcy_server_process *server,
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
    const struct pair *pair = ctx;
    bool primary_answers = false;
    bool replica_answers = false;
    enum xcy_status status = has_row(pair, pair->primary, "SELECT 1", &primary_answers, err);
    if (status == XCY_OK) {
        status = has_row(pair, pair->replica, "SELECT 1", &replica_answers, err);
    }
    *is_so = primary_answers && replica_answers;
    return status;
}

/* Both of its threads: the one that receives, and the one that applies. */
static enum xcy_status replica_runs(void *ctx, bool *is_so, struct xcy_error *err)
{
    const struct pair *pair = ctx;
    return has_row(pair, pair->replica,
                   "SELECT 1 FROM information_schema.GLOBAL_STATUS "
                   "WHERE VARIABLE_NAME = 'SLAVE_RUNNING' AND VARIABLE_VALUE = 'ON'",
                   is_so, err);
}

static enum xcy_status probe_is_there(void *ctx, bool *is_so, struct xcy_error *err)
{
    const struct pair *pair = ctx;
    return has_row(pair, pair->replica, "SELECT 1 FROM xcy_probe.probe", is_so, err);
}

static enum xcy_status probe_is_gone(void *ctx, bool *is_so, struct xcy_error *err)
{
    const struct pair *pair = ctx;
    bool is_there = false;
    enum xcy_status status = has_row(pair, pair->replica,
                                     "SELECT 1 FROM information_schema.SCHEMATA "
                                     "WHERE SCHEMA_NAME = 'xcy_probe'",
                                     &is_there, err);
    *is_so = status == XCY_OK && !is_there;
    return status;
}

static enum xcy_status await(struct pair *pair, xcy_ready_fn *look, const char *what,
                             struct xcy_error *err)
{
    struct xcy_server_process *const servers[] = {pair->primary, pair->replica};
    const struct xcy_ready_wait wait = {
        .servers = servers, .n_servers = 2, .name = "MariaDB", .ctx = pair};
    return xcy_ready_await(&wait, look, what, err);
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

static enum xcy_status join_replica(struct pair *pair, struct xcy_error *err)
{
    struct xcy_mysql *mysql = NULL;
    char *join = xcy_format("CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=%u, "
                            "MASTER_USER='%s', MASTER_PASSWORD='%s', "
                            "MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1",
                            xcy_link_port(pair->link), pair->accounts.replication_user,
                            pair->accounts.replication_password);
    const char *const texts[] = {join, "START SLAVE"};
    enum xcy_status status = open_server(pair, pair->replica, true, &mysql, err);
    if (status == XCY_OK) {
        status = execute_all(mysql, texts, sizeof texts / sizeof texts[0], err);
    }
    xcy_mysql_close(mysql);
    explicit_bzero(join, strlen(join));
    free(join);
    return status == XCY_OK ? await(pair, replica_runs, "replication", err) : status;
}

/* A row that comes through, and is removed again: the first one over a fresh link is slower. */
static enum xcy_status warm_up(struct pair *pair, struct xcy_error *err)
{
    static const char *const texts[] = {"CREATE DATABASE xcy_probe",
                                        "CREATE TABLE xcy_probe.probe (k INT PRIMARY KEY)",
                                        "INSERT INTO xcy_probe.probe VALUES (1)"};
    struct xcy_mysql *mysql = NULL;
    enum xcy_status status = open_server(pair, pair->primary, false, &mysql, err);
    if (status == XCY_OK) {
        status = execute_all(mysql, texts, sizeof texts / sizeof texts[0], err);
    }
    if (status == XCY_OK) {
        status = await(pair, probe_is_there, "the first replicated write", err);
    }
    if (status == XCY_OK) {
        status = xcy_mysql_execute(mysql, "DROP DATABASE xcy_probe", call_limit(), err);
    }
    xcy_mysql_close(mysql);
    return status == XCY_OK ? await(pair, probe_is_gone, "the removal of the first write", err)
                            : status;
}

static enum xcy_status start_server(const struct pair *pair, struct xcy_server_process *server,
                                    enum xcy_mariadb_role role, struct xcy_error *err)
{
    enum xcy_status status = xcy_server_process_prepare(server, err);
    return status == XCY_OK ? xcy_mariadb_server_start(server, role, &pair->accounts, err) : status;
}

static enum xcy_status start_link(struct pair *pair, struct xcy_error *err)
{
    struct xcy_link_options link = {.is_wan = pair->options.is_wan,
                                    .target_port = xcy_server_process_port(pair->primary),
                                    .lag = draw_lag,
                                    .lag_ctx = pair,
                                    .rate_mbit_per_s = pair->options.rate_mbit_per_s};
    return xcy_link_start(&link, &pair->link, err);
}

static enum xcy_status start_both(struct pair *pair, struct xcy_error *err)
{
    enum xcy_status status = start_server(pair, pair->primary, XCY_MARIADB_PRIMARY, err);
    if (status == XCY_OK) {
        status = start_server(pair, pair->replica, XCY_MARIADB_REPLICA, err);
    }
    if (status == XCY_OK) {
        status = start_link(pair, err);
    }
    if (status == XCY_OK) {
        status = await(pair, both_answer, "an answer of both MariaDB servers", err);
    }
    if (status == XCY_OK) {
        status = join_replica(pair, err);
    }
    return status == XCY_OK ? warm_up(pair, err) : status;
}

/* Both are asked first, so that they end side by side. One that is asked just as it begins to listen
 * never ends (MariaDB 10.11): the grace is short, since nothing of it is kept. */
static void end_both(struct pair *pair)
{
    xcy_server_process_end(pair->replica);
    xcy_server_process_end(pair->primary);
    xcy_server_process_join(pair->replica);
    xcy_server_process_join(pair->primary);
    xcy_link_stop(pair->link);
    pair->link = NULL;
}

static struct xcy_server_process *new_server(const struct xcy_pair_options *options,
                                             const char *role)
{
    char *name = xcy_format("mariadb %s", role);
    char *folder = xcy_format("%s/mysql/%s", options->folder, role);
    struct xcy_server_process_options server = {.supervisor = options->supervisor,
                                                .name = name,
                                                .folder = folder,
                                                .grace_ms = END_GRACE_MS,
                                                .died = options->died,
                                                .died_ctx = options->died_ctx};
    struct xcy_server_process *made = xcy_server_process_new(&server);
    free(name);
    free(folder);
    return made;
}

static struct pair *pair_new(const struct xcy_pair_options *options)
{
    struct pair *pair = xcy_alloc(sizeof *pair);
    pair->options = *options;
    pair->primary = new_server(options, "primary");
    pair->replica = new_server(options, "replica");
    pair->client_file = xcy_format("%s/mysql/client.cnf", options->folder);
    xcy_random_hex(pair->password, PASSWORD_DIGITS);
    xcy_random_hex(pair->replication_password, PASSWORD_DIGITS);
    pair->accounts =
        (struct xcy_mariadb_accounts){.user = "xcybench",
                                      .password = pair->password,
                                      .replication_user = "xcy_replication",
                                      .replication_password = pair->replication_password};
    return pair;
}

static void stop(void *ctx)
{
    struct pair *pair = ctx;
    if (!pair) {
        return;
    }
    end_both(pair);
    xcy_server_process_free(pair->primary);
    xcy_server_process_free(pair->replica);
    free(pair->client_file);
    explicit_bzero(pair, sizeof *pair);
    free(pair);
}

static enum xcy_status start(const struct xcy_pair_options *options, void **started,
                             struct xcy_error *err)
{
    struct pair *pair = pair_new(options);
    enum xcy_status status = start_both(pair, err);
    for (int i = 1; status == XCY_EFULL && i < PORT_TRIES; i++) {
        end_both(pair); /* another program took the port between choice and use */
        status = start_both(pair, err);
    }
    if (status == XCY_OK) {
        status = xcy_mariadb_client_file(pair->client_file, &pair->accounts,
                                         xcy_server_process_port(pair->primary),
                                         xcy_server_process_port(pair->replica), err);
    }
    if (status == XCY_OK) {
        status = xcy_server_process_watch(pair->primary, err);
    }
    if (status == XCY_OK) {
        status = xcy_server_process_watch(pair->replica, err);
    }
    if (status != XCY_OK) {
        stop(pair);
        return status;
    }
    atomic_store(&pair->is_ready, true);
    *started = pair;
    return XCY_OK;
}

static struct xcy_pair_ends ends(const void *ctx)
{
    const struct pair *pair = ctx;
    return (struct xcy_pair_ends){.writer = xcy_server_process_address(pair->primary),
                                  .reader = xcy_server_process_address(pair->replica),
                                  .user = pair->accounts.user,
                                  .password = pair->accounts.password,
                                  .client_file = pair->client_file};
}

static struct xcy_relay_counts link_counts(const void *ctx)
{
    const struct pair *pair = ctx;
    return xcy_link_counts(pair->link);
}

const struct xcy_pair_kind xcy_mariadb_pairs = {
    .name = "mysql", .start = start, .ends = ends, .link_counts = link_counts, .stop = stop};
