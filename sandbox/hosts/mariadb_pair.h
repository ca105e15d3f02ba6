#ifndef XCY_SANDBOX_HOSTS_MARIADB_PAIR_H
#define XCY_SANDBOX_HOSTS_MARIADB_PAIR_H

/*
 * mariadb_pair.h - a MariaDB primary and a replica on loopback, joined by a link that delays.
 *
 * The replica replicates through a relay, so that a row is there a lag later. The link does not
 * delay before the pair is ready: joining takes a dozen round trips. Everything stands below
 * <folder>/mysql, in it client.cnf, an option file for MariaDB's client programs (0600):
 *
 *   mariadb --defaults-file=<folder>/mysql/client.cnf                                      primary
 *   mariadb --defaults-file=<folder>/mysql/client.cnf --defaults-group-suffix=-replica     replica
 *
 * Passwords are new each time, and stand in files of that folder only.
 *
 * Threads and failure: as pair.h.
 */

#include "sandbox/hosts/pair.h"

extern const struct xcy_pair_kind xcy_mariadb_pairs;

#endif
