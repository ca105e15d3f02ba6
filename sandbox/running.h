#ifndef XCY_SANDBOX_RUNNING_H
#define XCY_SANDBOX_RUNNING_H

/*
 * running.h - how another process reaches the sandbox that runs on a port.
 *
 * Memory:   owned; release with xcy_running_clear.
 * Failure:  XCY_ENOTFOUND when no sandbox runs there; XCY_EPARSE, XCY_EIO for what it left.
 */

#include "common/aws/credentials.h"

struct xcy_running {
    char *endpoint;
    struct xcy_credentials credentials;
};

enum xcy_status xcy_running_find(uint16_t port, struct xcy_running *running,
                                 struct xcy_error *err) XCY_MUST_USE;
void xcy_running_clear(struct xcy_running *running);

#endif
