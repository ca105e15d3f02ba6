#ifndef XCY_SANDBOX_HOSTS_MARIADB_INSTALL_H
#define XCY_SANDBOX_HOSTS_MARIADB_INSTALL_H

/*
 * mariadb_install.h - where MariaDB is on this machine, what a fresh data folder of ours is made
 * of, and how its clients come to know of it.
 *
 * The server reads the statements itself (--bootstrap). mariadb-install-db would do the same with
 * more tables, five times as slowly, and needs programs of another package.
 *
 * Failure:  XCY_EFAIL: it is not installed, or not whole; XCY_EIO.
 */

#include "common/base/buf.h"

#include <stdint.h>

/* The accounts of a server. Borrowed. */
struct xcy_mariadb_accounts {
    const char *user; /* who may read and write posts */
    const char *password;
    const char *replication_user; /* who replicates, and may make a replica of a server */
    const char *replication_password;
};

struct xcy_mariadb_installation {
    char *program; /* mariadbd */
    char *base;    /* its --basedir */
    char *share;   /* folder of its SQL files */
};

enum xcy_status xcy_mariadb_find(struct xcy_mariadb_installation *found,
                                 struct xcy_error *err) XCY_MUST_USE;
void xcy_mariadb_installation_clear(struct xcy_mariadb_installation *installation);

/* Appends the statements that fill an empty data folder: the server's own tables, these accounts
 * and no other. */
enum xcy_status xcy_mariadb_install_sql(const struct xcy_mariadb_installation *installation,
                                        const struct xcy_mariadb_accounts *accounts,
                                        struct xcy_buf *sql, struct xcy_error *err) XCY_MUST_USE;

/* Writes an option file for client programs (0600): its group [client] leads to the primary,
 * [client-replica] to the replica. */
enum xcy_status xcy_mariadb_client_file(const char *path,
                                        const struct xcy_mariadb_accounts *accounts,
                                        uint16_t primary_port, uint16_t replica_port,
                                        struct xcy_error *err) XCY_MUST_USE;

#endif
