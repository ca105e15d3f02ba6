#ifndef XCY_SANDBOX_HOSTS_NAMESPACE_H
#define XCY_SANDBOX_HOSTS_NAMESPACE_H

/*
 * namespace.h - a network of its own (a Linux network namespace) with one device, a TUN whose
 * packets we carry. A thread of ours lives in it and makes its sockets; nothing else does, and
 * the network is gone when they are.
 *
 * Needs CAP_SYS_ADMIN and CAP_NET_ADMIN over ourselves (root, or `unshare -Ur`), and
 * /dev/net/tun.
 *
 * Threads:  make_socket from any.
 * Failure:  XCY_EFAIL saying which right is missing.
 */

#include "common/base/error.h"

#include <stdint.h>

struct xcy_namespace;

struct xcy_namespace_options {
    uint32_t address; /* of the device, IPv4, host byte order */
    uint32_t peer;    /* the one at the far end */
    int mtu_bytes;
};

enum xcy_status xcy_namespace_start(const struct xcy_namespace_options *options,
                                    struct xcy_namespace **ns, struct xcy_error *err) XCY_MUST_USE;
/* What the network sends comes out of this descriptor a packet a read, and the other way round.
 * Non-blocking; borrowed. */
int xcy_namespace_tun(const struct xcy_namespace *ns);
/* A TCP socket in that network, or -1. ns: a struct xcy_namespace. */
int xcy_namespace_make_socket(void *ns);
/* NULL is allowed. Sockets made live on; the device is gone. */
void xcy_namespace_stop(struct xcy_namespace *ns);

#endif
