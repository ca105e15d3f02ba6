#include "tests/support/redis_server.h"

#include "common/base/file.h"
#include "tests/support/unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PORT_TRIES = 5, MAX_ARGUMENTS = 32, LOOK_EVERY_MS = 2 };

void xcy_test_redis_open(struct xcy_test_redis *t)
{
    *t = (struct xcy_test_redis){.how.timeout_ms = 5000};
    snprintf(t->folder, sizeof t->folder, "/tmp/xcy-redis-XXXXXX");
    assert_non_null(mkdtemp(t->folder));
}

uint16_t xcy_test_free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

/* Debian's server is the same program as redis-check-rdb, which redis-tools brings, under another
 * name. */
static void run(const struct xcy_test_redis *t)
{
    char port[8];
    snprintf(port, sizeof port, "%u", t->port);
    const char *words[MAX_ARGUMENTS] = {"redis-server",
                                        "--bind",
                                        "127.0.0.1",
                                        "--dir",
                                        t->folder,
                                        "--save",
                                        "",
                                        "--port",
                                        "0",
                                        "--appendonly",
                                        "no",
                                        t->how.tls ? "--tls-port" : "--port",
                                        port};
    size_t n = 13;
    for (size_t i = 0; t->more && t->more[i] && n < MAX_ARGUMENTS - 1; i++) {
        words[n++] = t->more[i];
    }
    union {
        const char **given;
        char *const *wanted;
    } arguments = {.given = words};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (freopen("/dev/null", "w", stdout)) {
        execvp("redis-server", arguments.wanted);
        execvp("redis-check-rdb", arguments.wanted);
    }
    _exit(127);
}

/* Until it answers; false when it ended instead. */
static bool is_up(struct xcy_test_redis *t)
{
    struct xcy_redis *redis = NULL;
    struct xcy_error ignored;
    while (xcy_redis_open(&t->how, &redis, &ignored) != XCY_OK) {
        if (waitpid(t->pid, NULL, WNOHANG) == t->pid) {
            t->pid = 0;
            return false;
        }
        poll(NULL, 0, LOOK_EVERY_MS);
    }
    xcy_redis_close(redis);
    return true;
}

bool xcy_test_redis_start_again(struct xcy_test_redis *t)
{
    t->pid = fork();
    assert_true(t->pid >= 0);
    if (t->pid == 0) {
        run(t);
    }
    return is_up(t);
}

bool xcy_test_redis_start(struct xcy_test_redis *t)
{
    t->how.address = t->address;
    for (int i = 0; i < PORT_TRIES; i++) {
        t->port = xcy_test_free_port();
        snprintf(t->address, sizeof t->address, "127.0.0.1:%u", t->port);
        if (xcy_test_redis_start_again(t)) {
            return true;
        }
    }
    print_error("no Redis: install redis-tools\n");
    return false;
}

void xcy_test_redis_kill(struct xcy_test_redis *t)
{
    if (t->pid > 0) {
        kill(t->pid, SIGKILL);
        waitpid(t->pid, NULL, 0);
        t->pid = 0;
    }
}

void xcy_test_redis_close(struct xcy_test_redis *t)
{
    struct xcy_error err;
    xcy_test_redis_kill(t);
    assert_ok(xcy_dir_remove(t->folder, &err), &err);
}
