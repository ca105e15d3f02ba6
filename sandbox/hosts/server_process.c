#include "sandbox/hosts/server_process.h"

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

struct xcy_server_process {
    struct xcy_supervisor *supervisor;
    xcy_server_died_fn *died;
    void *died_ctx;
    int64_t grace_ms;
    char *name;
    char *folder;
    char address[32];
    uint16_t port;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    struct xcy_process *process; /* NULL: not running; under the lock, as all below */
    bool is_started;             /* and not joined again */
    bool is_watched;
    bool port_was_taken;
    char report[560]; /* how it ended */
};

struct xcy_server_process *xcy_server_process_new(const struct xcy_server_process_options *options)
{
    struct xcy_server_process *server = xcy_alloc(sizeof *server);
    server->supervisor = options->supervisor;
    server->died = options->died;
    server->died_ctx = options->died_ctx;
    server->grace_ms = options->grace_ms;
    server->name = xcy_strdup(options->name);
    server->folder = xcy_strdup(options->folder);
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->ended, NULL);
    return server;
}

void xcy_server_process_free(struct xcy_server_process *server)
{
    if (!server) {
        return;
    }
    xcy_assert(!server->process);
    pthread_cond_destroy(&server->ended);
    pthread_mutex_destroy(&server->lock);
    free(server->name);
    free(server->folder);
    free(server);
}

enum xcy_status xcy_free_port(uint16_t *port, struct xcy_error *err)
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
    struct xcy_server_process *server = ctx;
    char output[400];
    on_one_line(end->output, output, sizeof output);
    pthread_mutex_lock(&server->lock);
    server->port_was_taken = strstr(end->output, "in use") != NULL;
    snprintf(server->report, sizeof server->report, "%.40s ended (%.80s)%s%s", server->name,
             end->reason, *output ? ": " : "", output);
    bool is_news = server->is_watched;
    pthread_mutex_unlock(&server->lock);
    if (is_news) {
        server->died(server->died_ctx, server->report);
    }
    pthread_mutex_lock(&server->lock); /* only now may the server be freed */
    server->process = NULL;
    pthread_cond_broadcast(&server->ended);
    pthread_mutex_unlock(&server->lock);
}

enum xcy_status xcy_server_process_prepare(struct xcy_server_process *server, struct xcy_error *err)
{
    enum xcy_status status = xcy_dir_make(server->folder, 0700, err);
    if (status == XCY_OK) {
        status = xcy_free_port(&server->port, err);
    }
    if (status == XCY_OK) {
        snprintf(server->address, sizeof server->address, "127.0.0.1:%u", server->port);
    }
    return status == XCY_OK ? XCY_OK : xcy_error_context(err, "%s", server->name);
}

void xcy_server_process_start(struct xcy_server_process *server, const char *program,
                              const char *const *arguments, const char *const *environment)
{
    struct xcy_process_spec spec = {.image = {.path = program,
                                              .arguments = arguments,
                                              .environment = environment,
                                              .folder = server->folder},
                                    .on_exit = on_exit_of_server,
                                    .ctx = server};
    pthread_mutex_lock(&server->lock);
    server->port_was_taken = false;
    server->is_started = true;
    server->process = xcy_supervisor_spawn(server->supervisor, &spec);
    pthread_mutex_unlock(&server->lock);
}

enum xcy_status xcy_server_process_check(struct xcy_server_process *server, struct xcy_error *err)
{
    pthread_mutex_lock(&server->lock);
    enum xcy_status status = XCY_OK;
    if (server->is_started && !server->process) {
        status =
            xcy_fail(err, server->port_was_taken ? XCY_EFULL : XCY_EFAIL, "%s", server->report);
    }
    pthread_mutex_unlock(&server->lock);
    return status;
}

enum xcy_status xcy_server_process_watch(struct xcy_server_process *server, struct xcy_error *err)
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

const char *xcy_server_process_name(const struct xcy_server_process *server)
{
    return server->name;
}

const char *xcy_server_process_folder(const struct xcy_server_process *server)
{
    return server->folder;
}

const char *xcy_server_process_address(const struct xcy_server_process *server)
{
    return server->address;
}

uint16_t xcy_server_process_port(const struct xcy_server_process *server)
{
    return server->port;
}

void xcy_server_process_end(struct xcy_server_process *server)
{
    pthread_mutex_lock(&server->lock);
    server->is_watched = false;
    if (server->process) {
        xcy_supervisor_end(server->supervisor, server->process, server->grace_ms * XCY_NS_PER_MS);
    }
    pthread_mutex_unlock(&server->lock);
}

void xcy_server_process_join(struct xcy_server_process *server)
{
    pthread_mutex_lock(&server->lock);
    while (server->process) {
        pthread_cond_wait(&server->ended, &server->lock);
    }
    server->is_started = false;
    pthread_mutex_unlock(&server->lock);
}
