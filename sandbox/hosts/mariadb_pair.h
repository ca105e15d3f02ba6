#ifndef XCY_SANDBOX_HOSTS_MARIADB_PAIR_H
#define XCY_SANDBOX_HOSTS_MARIADB_PAIR_H

/*
 * mariadb_pair.h - a kind of pair: a MariaDB primary and a replica that replicates over the link.
 * <folder>/mysql/client.cnf is an option file for MariaDB's client programs (0600):
 *
 *   mariadb --defaults-file=<folder>/mysql/client.cnf                                      primary
 *   mariadb --defaults-file=<folder>/mysql/client.cnf --defaults-group-suffix=-replica     replica
 *
 * Threads, Failure:  as pair.h.
 */

#include "sandbox/hosts/pair.h"

extern const struct xcy_pair_kind xcy_mariadb_pairs;

#endif
