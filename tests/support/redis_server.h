#ifndef XCY_TESTS_SUPPORT_REDIS_SERVER_H
#define XCY_TESTS_SUPPORT_REDIS_SERVER_H

/* redis_server.h - a Redis of a test's own, on this machine, with nothing on the disk. */

#include "common/stores/redis.h"

#include <sys/types.h>

struct xcy_test_redis {
    char folder[32];
    char address[32];
    struct xcy_redis_options how; /* to reach it; set tls, ca_file and password before the start */
    const char *const *more;      /* arguments of the server, borrowed; NULL: none */
    uint16_t port;
    pid_t pid; /* 0: it does not run */
};

void xcy_test_redis_open(struct xcy_test_redis *t); /* its folder */
/* Returns once it answers; false (and says what to install) when it does not start. */
bool xcy_test_redis_start(struct xcy_test_redis *t);
void xcy_test_redis_kill(struct xcy_test_redis *t);
bool xcy_test_redis_start_again(struct xcy_test_redis *t); /* where it was */
void xcy_test_redis_close(struct xcy_test_redis *t);

/* One that was free a moment ago. */
uint16_t xcy_test_free_port(void);

#endif
