#include "sandbox/hosts/redis_server.h"

#include "common/base/file.h"
#include "common/base/mem.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { END_GRACE_MS = 2000, MAX_ARGUMENTS = 40 };

struct xcy_redis_server {
    struct xcy_redis_server_options options;
    char *folder;
    char address[32];
    uint16_t port;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    struct xcy_process *process; /* NULL: not running; under the lock, as all below */
    bool is_watched;
    bool port_was_taken;
    char report[512]; /* how it ended */
};

struct xcy_redis_server *xcy_redis_server_new(const struct xcy_redis_server_options *options)
{
    struct xcy_redis_server *server = xcy_alloc(sizeof *server);
    server->options = *options;
    server->folder = xcy_format("%s/redis-%s", options->folder, options->role);
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->ended, NULL);
    return server;
}

void xcy_redis_server_free(struct xcy_redis_server *server)
{
    if (!server) {
        return;
    }
    xcy_assert(!server->process);
    pthread_cond_destroy(&server->ended);
    pthread_mutex_destroy(&server->lock);
    free(server->folder);
    free(server);
}

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

static enum xcy_status choose_port(uint16_t *port, struct xcy_error *err)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0) {
        int reason = errno;
        if (fd >= 0) {
            close(fd);
        }
        return xcy_fail_errno(err, reason, "no free port on 127.0.0.1");
    }
    close(fd);
    *port = ntohs(address.sin_port);
    return XCY_OK;
}

/* The end of a text, its lines parted by " | ". */
static void on_one_line(const char *text, char *to, size_t size)
{
    size_t len = strlen(text);
    size_t kept = size * 3 / 4; /* the rest is for what parts the lines */
    const char *at = len > kept ? text + len - kept : text;
    size_t n = 0;
    for (; *at && n + sizeof " | " < size; at++) {
        if (*at != '\n') {
            to[n++] = *at;
        } else if (at[1] && n > 0) {
            n += (size_t)snprintf(to + n, size - n, " | ");
        }
    }
    to[n] = '\0';
}

static void on_exit_of_server(void *ctx, const struct xcy_process_end *end)
{
    struct xcy_redis_server *server = ctx;
    char output[400];
    on_one_line(end->output, output, sizeof output);
    pthread_mutex_lock(&server->lock);
    server->port_was_taken = strstr(end->output, "in use") != NULL;
    snprintf(server->report, sizeof server->report, "redis %s ended (%.80s)%s%s",
             server->options.role, end->reason, *output ? ": " : "", output);
    bool is_news = server->is_watched;
    pthread_mutex_unlock(&server->lock);
    if (is_news) {
        server->options.died(server->options.died_ctx, server->report);
    }
    pthread_mutex_lock(&server->lock); /* only now may the server be freed */
    server->process = NULL;
    pthread_cond_broadcast(&server->ended);
    pthread_mutex_unlock(&server->lock);
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

/* argv[0] decides what the binary is. */
static void spawn(struct xcy_redis_server *server, const char *program, const char *const *more)
{
    static const char *const environment[] = {"LC_ALL=C", NULL};
    char port[8];
    snprintf(port, sizeof port, "%u", server->port);
    snprintf(server->address, sizeof server->address, "127.0.0.1:%s", port);
    const char *arguments[MAX_ARGUMENTS] = {"redis-server", "--port", port};
    size_t n = 3;
    for (size_t i = 0; common_arguments[i]; i++) {
        arguments[n++] = common_arguments[i];
    }
    for (size_t i = 0; more[i]; i++) {
        arguments[n++] = more[i];
    }
    struct xcy_process_spec spec = {.image = {.path = program,
                                              .arguments = arguments,
                                              .environment = environment,
                                              .folder = server->folder},
                                    .on_exit = on_exit_of_server,
                                    .ctx = server};
    pthread_mutex_lock(&server->lock);
    server->port_was_taken = false;
    server->process = xcy_supervisor_spawn(server->options.supervisor, &spec);
    pthread_mutex_unlock(&server->lock);
}

enum xcy_status xcy_redis_server_start(struct xcy_redis_server *server, const char *const *more,
                                       struct xcy_error *err)
{
    char *program = NULL;
    enum xcy_status status = find_program(&program, err);
    if (status == XCY_OK) {
        status = xcy_dir_make(server->folder, 0700, err);
    }
    if (status == XCY_OK) {
        status = choose_port(&server->port, err);
    }
    if (status == XCY_OK) {
        spawn(server, program, more);
    }
    free(program);
    return status;
}

enum xcy_status xcy_redis_server_check(struct xcy_redis_server *server, struct xcy_error *err)
{
    pthread_mutex_lock(&server->lock);
    enum xcy_status status = XCY_OK;
    if (!server->process) {
        status =
            xcy_fail(err, server->port_was_taken ? XCY_EFULL : XCY_EFAIL, "%s", server->report);
    }
    pthread_mutex_unlock(&server->lock);
    return status;
}

enum xcy_status xcy_redis_server_watch(struct xcy_redis_server *server, struct xcy_error *err)
{
    pthread_mutex_lock(&server->lock);
    enum xcy_status status = XCY_OK;
    server->is_watched = true;
    if (!server->process) {
        status = xcy_fail(err, XCY_EFAIL, "%s", server->report);
    }
    pthread_mutex_unlock(&server->lock);
    return status;
}

const char *xcy_redis_server_address(const struct xcy_redis_server *server)
{
    return server->address;
}

uint16_t xcy_redis_server_port(const struct xcy_redis_server *server)
{
    return server->port;
}

void xcy_redis_server_end(struct xcy_redis_server *server)
{
    pthread_mutex_lock(&server->lock);
    server->is_watched = false;
    if (server->process) {
        xcy_supervisor_end(server->options.supervisor, server->process,
                           END_GRACE_MS * XCY_NS_PER_MS);
    }
    pthread_mutex_unlock(&server->lock);
}

void xcy_redis_server_join(struct xcy_redis_server *server)
{
    pthread_mutex_lock(&server->lock);
    while (server->process) {
        pthread_cond_wait(&server->ended, &server->lock);
    }
    pthread_mutex_unlock(&server->lock);
}
