#ifndef XCY_SANDBOX_HOSTS_ACTIVEMQ_SERVER_H
#define XCY_SANDBOX_HOSTS_ACTIVEMQ_SERVER_H

/*
 * activemq_server.h - how an ActiveMQ broker of ours is started: from Debian's libactivemq-java, whose
 * package brings no system service, with a configuration of our own.
 *
 * Use through activemq_pair.h, which joins two of them.
 *
 * Failure:  XCY_EFAIL: it is not installed.
 */

#include "sandbox/hosts/server_process.h"

struct xcy_activemq_broker {
    const char *name; /* in the network of brokers */
    const char *user;
    const char *password;  /* stands in the configuration only, which nobody else can read */
    uint16_t listen_port;  /* for a peer's messages; 0: none */
    uint16_t forward_port; /* where all messages go, a peer's (the link to it); 0: nowhere */
};

/* Starts a prepared server, with STOMP on its port. */
enum xcy_status xcy_activemq_server_start(struct xcy_server_process *server,
                                          const struct xcy_activemq_broker *broker,
                                          struct xcy_error *err) XCY_MUST_USE;

#endif
