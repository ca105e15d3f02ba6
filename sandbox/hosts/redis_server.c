#include "sandbox/hosts/redis_server.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_ARGUMENTS = 40 };

/* Debian's redis-tools has the server's binary under another name. */
static enum xcy_status find_program(char **program, struct xcy_error *err)
{
    char *found = xcy_program_find("redis-server");
    if (!found) {
        found = xcy_program_find("redis-check-rdb");
    }
    if (!found) {
        return xcy_fail(err, XCY_EFAIL,
                        "redis-server is not installed: install Debian's redis-tools, or take "
                        "`cache` out of the deployment's backends");
    }
    *program = found;
    return XCY_OK;
}

/* How both are started. The defaults of the output buffer would drop a replica whose stream is
 * delayed. */
static const char *const common_arguments[] = {"--bind",
                                               "127.0.0.1",
                                               "--protected-mode",
                                               "yes",
                                               "--daemonize",
                                               "no",
                                               "--save",
                                               "",
                                               "--appendonly",
                                               "no",
                                               "--repl-diskless-sync",
                                               "yes",
                                               "--repl-diskless-sync-delay",
                                               "0",
                                               "--client-output-buffer-limit",
                                               "replica 0 0 0",
                                               "--repl-backlog-size",
                                               "64mb",
                                               "--shutdown-timeout",
                                               "0",
                                               "--loglevel",
                                               "notice",
                                               "--logfile",
                                               "",
                                               NULL};

enum xcy_status xcy_redis_server_start(struct xcy_server_process *server, const char *const *more,
                                       struct xcy_error *err)
{
    static const char *const environment[] = {"LC_ALL=C", NULL};
    char *program = NULL;
    enum xcy_status status = find_program(&program, err);
    if (status != XCY_OK) {
        return status;
    }
    char port[8];
    snprintf(port, sizeof port, "%u", xcy_server_process_port(server));
    const char *arguments[MAX_ARGUMENTS] = {"redis-server", "--port", port}; /* [0] decides */
    size_t n = 3;
    for (size_t i = 0; common_arguments[i]; i++) {
        arguments[n++] = common_arguments[i];
    }
    for (size_t i = 0; more[i]; i++) {
        arguments[n++] = more[i];
    }
    xcy_server_process_start(server, program, arguments, environment);
    free(program);
    return XCY_OK;
}
