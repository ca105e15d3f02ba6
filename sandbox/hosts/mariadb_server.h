#ifndef XCY_SANDBOX_HOSTS_MARIADB_SERVER_H
#define XCY_SANDBOX_HOSTS_MARIADB_SERVER_H

/*
 * mariadb_server.h - how a MariaDB server of ours is started: in a data folder of its own, made
 * anew, which it fills itself before it serves.
 *
 * Use through mariadb_pair.h, which joins two of them.
 *
 * Failure:  XCY_EFAIL: it is not installed; XCY_EIO.
 */

#include "sandbox/hosts/mariadb_install.h"
#include "sandbox/hosts/server_process.h"

enum xcy_mariadb_role { XCY_MARIADB_PRIMARY, XCY_MARIADB_REPLICA };

/* Starts a prepared server. */
enum xcy_status xcy_mariadb_server_start(struct xcy_server_process *server,
                                         enum xcy_mariadb_role role,
                                         const struct xcy_mariadb_accounts *accounts,
                                         struct xcy_error *err) XCY_MUST_USE;

#endif
