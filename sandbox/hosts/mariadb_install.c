#include "sandbox/hosts/mariadb_install.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "sandbox/hosts/process.h"

#include <stdlib.h>
#include <string.h>

static const char system_tables[] = "mysql_system_tables.sql";

/* PATH of an ordinary user has no sbin: the server stands beside what of its package is in it. */
static char *find_program(void)
{
    char *program = xcy_program_find("mariadbd");
    char *beside = program ? NULL : xcy_program_find("mariadb-install-db");
    if (beside) {
        char *folder_end = strrchr(beside, '/');
        program = xcy_format("%.*s/../sbin/mariadbd", (int)(folder_end - beside), beside);
        if (!xcy_file_exists(program)) {
            free(program);
            program = NULL;
        }
        free(beside);
    }
    return program;
}

static bool find_share(const char *base, struct xcy_mariadb_installation *to)
{
    static const char *const names[] = {"mysql", "mariadb"};
    bool is_found = false;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !is_found; i++) {
        char *share = xcy_format("%s/share/%s", base, names[i]);
        char *file = xcy_format("%s/%s", share, system_tables);
        is_found = xcy_file_exists(file);
        free(file);
        if (is_found) {
            to->share = share;
            to->base = xcy_strdup(base);
        } else {
            free(share);
        }
    }
    return is_found;
}

enum xcy_status xcy_mariadb_find(struct xcy_mariadb_installation *found, struct xcy_error *err)
{
    struct xcy_mariadb_installation made = {.program = find_program()};
    if (!made.program) {
        return xcy_fail(err, XCY_EFAIL,
                        "mariadbd is not installed: install Debian's mariadb-server-core, or take "
                        "`mysql` out of the deployment's backends");
    }
    char *folder_end = strrchr(made.program, '/');
    char *base = xcy_format("%.*s/..", (int)(folder_end - made.program), made.program);
    if (!find_share(base, &made) && !find_share("/usr", &made)) {
        xcy_fail(err, XCY_EFAIL,
                 "%s: its %s is not installed: install Debian's mariadb-server-core", made.program,
                 system_tables);
        xcy_mariadb_installation_clear(&made);
        free(base);
        return XCY_EFAIL;
    }
    free(base);
    *found = made;
    return XCY_OK;
}

void xcy_mariadb_installation_clear(struct xcy_mariadb_installation *installation)
{
    free(installation->program);
    free(installation->base);
    free(installation->share);
    *installation = (struct xcy_mariadb_installation){.program = NULL};
}

/* All come from this machine. What a user may do is on every database, since the deployment names
 * the one for the posts; the rest of the rights is for looking on. */
static void add_accounts(const struct xcy_mariadb_accounts *a, struct xcy_buf *sql)
{
    xcy_buf_add_text(sql, "\nFLUSH PRIVILEGES;\n");
    xcy_buf_addf(sql, "CREATE USER '%s'@'127.0.0.1' IDENTIFIED BY '%s';\n", a->user, a->password);
    xcy_buf_addf(sql,
                 "GRANT CREATE, DROP, SELECT, INSERT, UPDATE, DELETE, PROCESS, BINLOG MONITOR, "
                 "SLAVE MONITOR ON *.* TO '%s'@'127.0.0.1';\n",
                 a->user);
    xcy_buf_addf(sql, "CREATE USER '%s'@'127.0.0.1' IDENTIFIED BY '%s';\n", a->replication_user,
                 a->replication_password);
    xcy_buf_addf(sql,
                 "GRANT REPLICATION SLAVE, REPLICATION SLAVE ADMIN, SLAVE MONITOR ON *.* TO "
                 "'%s'@'127.0.0.1';\n",
                 a->replication_user);
}

/* The usual second file, mysql_system_tables_data.sql, is left out: all it makes is root without a
 * password. */
enum xcy_status xcy_mariadb_install_sql(const struct xcy_mariadb_installation *installation,
                                        const struct xcy_mariadb_accounts *accounts,
                                        struct xcy_buf *sql, struct xcy_error *err)
{
    char *path = xcy_format("%s/%s", installation->share, system_tables);
    xcy_buf_add_text(sql, "CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket = NULL;\n");
    enum xcy_status status = xcy_file_read(path, sql, err);
    if (status == XCY_OK) {
        add_accounts(accounts, sql);
        status = xcy_buf_check(sql, path, err);
    }
    free(path);
    return status;
}

enum xcy_status xcy_mariadb_client_file(const char *path,
                                        const struct xcy_mariadb_accounts *accounts,
                                        uint16_t primary_port, uint16_t replica_port,
                                        struct xcy_error *err)
{
    char *text =
        xcy_format("[client]\nprotocol=tcp\nhost=127.0.0.1\nport=%u\nuser=%s\npassword=%s\n"
                   "[client-replica]\nport=%u\n",
                   primary_port, accounts->user, accounts->password, replica_port);
    enum xcy_status status = xcy_file_replace(path, xcy_bytes_of(text), 0600, err);
    explicit_bzero(text, strlen(text));
    free(text);
    return status;
}
