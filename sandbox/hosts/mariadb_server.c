#include "sandbox/hosts/mariadb_server.h"

#include "common/base/file.h"
#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_SQL_BYTES = 4 * 1024 * 1024, MAX_SETTINGS_BYTES = 64 * 1024 };

/* Of both. An acknowledged write survives the server's death (it is with the kernel then), not the
 * machine's: nothing of a sandbox does, and waiting for this machine's disk would be measured as
 * if it were the store's. The rest keeps it small and quick, lets every slot of the functions have
 * a connection, and the largest post through. */
static const char common_settings[] = "bind-address=127.0.0.1\n"
                                      "socket=\n"
                                      "skip-name-resolve\n"
                                      "performance-schema=0\n"
                                      "log-warnings=1\n"
                                      "max-allowed-packet=80M\n"
                                      "max-connections=2100\n"
                                      "max-connect-errors=4294967295\n"
                                      "gtid-strict-mode=1\n"
                                      "innodb-flush-log-at-trx-commit=2\n"
                                      "innodb-doublewrite=0\n"
                                      "innodb-flush-method=fsync\n"
                                      "innodb-use-native-aio=0\n"
                                      "innodb-buffer-pool-size=64M\n"
                                      "innodb-log-file-size=64M\n"
                                      "innodb-fast-shutdown=3\n";

/* Of each. Every post stands in the primary's binary log once more: what is older than some
 * seconds goes whenever a file of it is full, except what a connected replica still needs. */
static const char *const role_settings[] = {
    [XCY_MARIADB_PRIMARY] = "server-id=1\n"
                            "log-bin=binlog\n"
                            "binlog-format=ROW\n"
                            "sync-binlog=0\n"
                            "max-binlog-size=64M\n"
                            "binlog-expire-logs-seconds=10\n",
    [XCY_MARIADB_REPLICA] = "server-id=2\n"
                            "skip-log-bin\n"
                            "read-only=1\n"
                            "relay-log=relay\n"
                            "max-relay-log-size=64M\n"
                            "sync-master-info=0\n"
                            "sync-relay-log=0\n"
                            "sync-relay-log-info=0\n",
};

/* $0 is the server's program, $1 its settings: fills the data folder, then becomes the server. */
static const char script[] =
    "\"$0\" --defaults-file=\"$1\" --bootstrap --skip-log-bin <install.sql && "
    "rm -f install.sql && exec \"$0\" --defaults-file=\"$1\"";

static enum xcy_status write_settings(const struct xcy_server_process *server,
                                      const struct xcy_mariadb_installation *installation,
                                      enum xcy_mariadb_role role, const char *path,
                                      struct xcy_error *err)
{
    const char *folder = xcy_server_process_folder(server);
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_SETTINGS_BYTES);
    xcy_buf_addf(&text, "[mariadbd]\nbasedir=\"%s\"\ndatadir=\"%s/data\"\n", installation->base,
                 folder);
    xcy_buf_addf(&text, "tmpdir=\"%s\"\npid-file=\"%s/mariadbd.pid\"\n", folder, folder);
    xcy_buf_addf(&text, "port=%u\n%s%s", xcy_server_process_port(server), common_settings,
                 role_settings[role]);
    if (geteuid() == 0) {
        xcy_buf_add_text(&text, "user=root\n"); /* it refuses to, unless it is told */
    }
    enum xcy_status status = xcy_buf_check(&text, "its settings", err);
    if (status == XCY_OK) {
        status = xcy_file_replace(path, xcy_buf_bytes(&text), 0600, err);
    }
    xcy_buf_clear(&text);
    return status;
}

/* A data folder of an earlier try is of no use: it may be half filled. */
static enum xcy_status make_data_folder(const char *folder, struct xcy_error *err)
{
    char *data = xcy_format("%s/data", folder);
    enum xcy_status status = xcy_dir_remove(data, err);
    if (status == XCY_OK) {
        status = xcy_dir_make(data, 0700, err);
    }
    free(data);
    return status;
}

static enum xcy_status write_install_sql(const char *folder,
                                         const struct xcy_mariadb_installation *installation,
                                         const struct xcy_mariadb_accounts *accounts,
                                         struct xcy_error *err)
{
    char *path = xcy_format("%s/install.sql", folder);
    struct xcy_buf sql;
    xcy_buf_init(&sql, MAX_SQL_BYTES);
    enum xcy_status status = xcy_mariadb_install_sql(installation, accounts, &sql, err);
    if (status == XCY_OK) {
        status = xcy_file_replace(path, xcy_buf_bytes(&sql), 0600, err);
    }
    explicit_bzero(sql.ptr, sql.len);
    xcy_buf_clear(&sql);
    free(path);
    return status;
}

enum xcy_status xcy_mariadb_server_start(struct xcy_server_process *server,
                                         enum xcy_mariadb_role role,
                                         const struct xcy_mariadb_accounts *accounts,
                                         struct xcy_error *err)
{
    static const char *const environment[] = {"LC_ALL=C", "PATH=/usr/bin:/bin", NULL};
    struct xcy_mariadb_installation installation;
    enum xcy_status status = xcy_mariadb_find(&installation, err);
    if (status != XCY_OK) {
        return status;
    }
    const char *folder = xcy_server_process_folder(server);
    char *settings = xcy_format("%s/server.cnf", folder);
    status = make_data_folder(folder, err);
    if (status == XCY_OK) {
        status = write_settings(server, &installation, role, settings, err);
    }
    if (status == XCY_OK) {
        status = write_install_sql(folder, &installation, accounts, err);
    }
    if (status == XCY_OK) {
        const char *const arguments[] = {"sh", "-c", script, installation.program, settings, NULL};
        xcy_server_process_start(server, "/bin/sh", arguments, environment);
    }
    free(settings);
    xcy_mariadb_installation_clear(&installation);
    return status == XCY_OK ? XCY_OK
                            : xcy_error_context(err, "%s", xcy_server_process_name(server));
}
