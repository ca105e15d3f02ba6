#include "sandbox/hosts/redis_pair.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/stop.h"
#include "common/stores/redis.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PORT_TRIES = 5,
    READY_TIMEOUT_S = 60,
    POLL_MS = 5,
    CALL_TIMEOUT_MS = 5000,
    END_GRACE_MS = 2000,
    MAX_INFO_BYTES = 1 << 20,
    MAX_ARGUMENTS = 40
};

struct server {
    struct xcy_redis_pair *pair;
    const char *role;
    char *folder;
    char address[32];
    uint16_t port;
    struct xcy_process *process; /* NULL: not running; under the pair's lock, as all below */
    bool port_was_taken;
    char report[512]; /* how it ended */
};

struct xcy_redis_pair {
    struct xcy_redis_pair_options options;
    char *program;
    const char *program_name; /* argv[0] decides what the binary is */
    struct server primary;
    struct server replica;
    struct xcy_relay *relay;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool is_ready;
    bool stopping;
};

/* Debian's redis-tools has the server's binary under another name. */
static enum xcy_status find_program(struct xcy_redis_pair *pair, struct xcy_error *err)
{
    pair->program_name = "redis-server";
    pair->program = xcy_program_find("redis-server");
    if (!pair->program) {
        pair->program = xcy_program_find("redis-check-rdb");
    }
    if (!pair->program) {
        return xcy_fail(err, XCY_EFAIL,
                        "redis-server is not installed: install Debian's redis-tools, or take "
                        "`cache` out of the deployment's backends");
    }
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
    struct server *server = ctx;
    struct xcy_redis_pair *pair = server->pair;
    char output[400];
    on_one_line(end->output, output, sizeof output);
    pthread_mutex_lock(&pair->lock);
    server->port_was_taken = strstr(end->output, "in use") != NULL;
    snprintf(server->report, sizeof server->report, "redis %s ended (%.80s)%s%s", server->role,
             end->reason, *output ? ": " : "", output);
    bool is_news = pair->is_ready && !pair->stopping;
    pthread_mutex_unlock(&pair->lock);
    if (is_news) {
        pair->options.died(pair->options.died_ctx, server->report);
    }
    pthread_mutex_lock(&pair->lock); /* only now may the pair be freed */
    server->process = NULL;
    pthread_cond_broadcast(&pair->ended);
    pthread_mutex_unlock(&pair->lock);
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

static enum xcy_status start_server(struct server *server, const char *const *more,
                                    struct xcy_error *err)
{
    struct xcy_redis_pair *pair = server->pair;
    static const char *const environment[] = {"LC_ALL=C", NULL};
    enum xcy_status status = xcy_dir_make(server->folder, 0700, err);
    if (status == XCY_OK) {
        status = choose_port(&server->port, err);
    }
    if (status != XCY_OK) {
        return status;
    }
    char port[8];
    snprintf(port, sizeof port, "%u", server->port);
    snprintf(server->address, sizeof server->address, "127.0.0.1:%s", port);
    const char *arguments[MAX_ARGUMENTS] = {pair->program_name, "--port", port};
    size_t n = 3;
    for (size_t i = 0; common_arguments[i]; i++) {
        arguments[n++] = common_arguments[i];
    }
    for (size_t i = 0; more[i]; i++) {
        arguments[n++] = more[i];
    }
    struct xcy_process_spec spec = {.image = {.path = pair->program,
                                              .arguments = arguments,
                                              .environment = environment,
                                              .folder = server->folder},
                                    .on_exit = on_exit_of_server,
                                    .ctx = server};
    pthread_mutex_lock(&pair->lock);
    server->port_was_taken = false;
    server->process = xcy_supervisor_spawn(pair->options.supervisor, &spec);
    pthread_mutex_unlock(&pair->lock);
    return XCY_OK;
}

/* XCY_EFAIL when the server is gone, XCY_EFULL when because its port was taken meanwhile. */
static enum xcy_status check_alive(struct server *server, struct xcy_error *err)
{
    pthread_mutex_lock(&server->pair->lock);
    enum xcy_status status = XCY_OK;
    if (!server->process) {
        status =
            xcy_fail(err, server->port_was_taken ? XCY_EFULL : XCY_EFAIL, "%s", server->report);
    }
    pthread_mutex_unlock(&server->pair->lock);
    return status;
}

/* One look whether something is so; *is_so is set. A failure here may pass: it is tried again. */
typedef enum xcy_status ready_fn(struct xcy_redis_pair *pair, bool *is_so, struct xcy_error *err);

static enum xcy_status check_both(struct xcy_redis_pair *pair, bool has_replica,
                                  struct xcy_error *err)
{
    enum xcy_status status = check_alive(&pair->primary, err);
    if (status == XCY_OK && has_replica) {
        status = check_alive(&pair->replica, err);
    }
    return status;
}

static enum xcy_status wait_for(struct xcy_redis_pair *pair, bool has_replica, ready_fn *look,
                                const char *what, struct xcy_error *err)
{
    struct xcy_error reason = {.text = "no answer"};
    struct xcy_mono deadline = xcy_mono_add(xcy_mono_now(), READY_TIMEOUT_S * XCY_NS_PER_S);
    while (xcy_mono_before(xcy_mono_now(), deadline)) {
        enum xcy_status status = check_both(pair, has_replica, err);
        if (status != XCY_OK) {
            return status;
        }
        bool is_so = false;
        if (look(pair, &is_so, &reason) == XCY_OK && is_so) {
            return XCY_OK;
        }
        xcy_sleep_until(xcy_mono_add(xcy_mono_now(), POLL_MS * XCY_NS_PER_MS), xcy_stop_fd());
        if (xcy_stop_asked()) {
            return xcy_fail(err, XCY_ESTOPPED, "stopped while Redis was starting");
        }
    }
    return xcy_fail(err, XCY_ETIMEOUT, "%s did not happen within %d s: %s", what, READY_TIMEOUT_S,
                    reason.text);
}

static enum xcy_status primary_answers(struct xcy_redis_pair *pair, bool *is_so,
                                       struct xcy_error *err)
{
    struct xcy_redis *redis = NULL;
    int64_t n_keys = 0;
    enum xcy_status status = xcy_redis_open(pair->primary.address, CALL_TIMEOUT_MS, &redis, err);
    if (status == XCY_OK) {
        status = xcy_redis_dbsize(redis, &n_keys, err);
    }
    *is_so = status == XCY_OK;
    xcy_redis_close(redis);
    return status;
}

static enum xcy_status replica_is_online(struct xcy_redis_pair *pair, bool *is_so,
                                         struct xcy_error *err)
{
    struct xcy_redis *redis = NULL;
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_INFO_BYTES);
    enum xcy_status status = xcy_redis_open(pair->primary.address, CALL_TIMEOUT_MS, &redis, err);
    if (status == XCY_OK) {
        status = xcy_redis_info(redis, "replication", &text, err);
    }
    if (status == XCY_OK) {
        *is_so = strstr(text.ptr, "state=online") != NULL;
    }
    xcy_buf_clear(&text);
    xcy_redis_close(redis);
    return status;
}

static enum xcy_status replica_keys(struct xcy_redis_pair *pair, int64_t *n_keys,
                                    struct xcy_error *err)
{
    struct xcy_redis *redis = NULL;
    enum xcy_status status = xcy_redis_open(pair->replica.address, CALL_TIMEOUT_MS, &redis, err);
    if (status == XCY_OK) {
        status = xcy_redis_dbsize(redis, n_keys, err);
    }
    xcy_redis_close(redis);
    return status;
}

static enum xcy_status replica_has_warm_up(struct xcy_redis_pair *pair, bool *is_so,
                                           struct xcy_error *err)
{
    int64_t n_keys = 0;
    enum xcy_status status = replica_keys(pair, &n_keys, err);
    *is_so = status == XCY_OK && n_keys == 1;
    return status;
}

static enum xcy_status replica_is_empty(struct xcy_redis_pair *pair, bool *is_so,
                                        struct xcy_error *err)
{
    int64_t n_keys = 0;
    enum xcy_status status = replica_keys(pair, &n_keys, err);
    *is_so = status == XCY_OK && n_keys == 0;
    return status;
}

/* A write that comes through, and is removed again: the first one over a fresh link is slower. */
static enum xcy_status warm_up(struct xcy_redis_pair *pair, struct xcy_error *err)
{
    struct xcy_redis *redis = NULL;
    struct xcy_bytes key = xcy_bytes_of("xcy-warm-up");
    enum xcy_status status = xcy_redis_open(pair->primary.address, CALL_TIMEOUT_MS, &redis, err);
    if (status == XCY_OK) {
        status = xcy_redis_set(redis, &key, &key, 1, err);
    }
    if (status == XCY_OK) {
        status = wait_for(pair, true, replica_has_warm_up, "the first replicated write", err);
    }
    if (status == XCY_OK) {
        status = xcy_redis_flush(redis, err);
    }
    if (status == XCY_OK) {
        status = wait_for(pair, true, replica_is_empty, "the removal of the first write", err);
    }
    xcy_redis_close(redis);
    return status;
}

static enum xcy_status start_relay(struct xcy_redis_pair *pair, struct xcy_error *err)
{
    struct xcy_relay_options link = {.target_port = pair->primary.port,
                                     .lag = pair->options.lag,
                                     .lag_ctx = pair->options.lag_ctx,
                                     .rate_mbit_per_s = pair->options.rate_mbit_per_s};
    return xcy_relay_start(&link, &pair->relay, err);
}

static enum xcy_status start_replica(struct xcy_redis_pair *pair, struct xcy_error *err)
{
    char link_port[8];
    snprintf(link_port, sizeof link_port, "%u", xcy_relay_port(pair->relay));
    const char *const replica[] = {"--replicaof", "127.0.0.1", link_port, NULL};
    return start_server(&pair->replica, replica, err);
}

static enum xcy_status start_both(struct xcy_redis_pair *pair, struct xcy_error *err)
{
    static const char *const nothing_more[] = {NULL};
    enum xcy_status status = start_server(&pair->primary, nothing_more, err);
    if (status == XCY_OK) {
        status = wait_for(pair, false, primary_answers, "an answer of the Redis primary", err);
    }
    if (status == XCY_OK) {
        status = start_relay(pair, err);
    }
    if (status == XCY_OK) {
        status = start_replica(pair, err);
    }
    if (status == XCY_OK) {
        status = wait_for(pair, true, replica_is_online, "the Redis replica coming online", err);
    }
    return status == XCY_OK ? warm_up(pair, err) : status;
}

static void end_both(struct xcy_redis_pair *pair)
{
    struct server *servers[] = {&pair->replica, &pair->primary};
    pthread_mutex_lock(&pair->lock);
    for (size_t i = 0; i < 2; i++) {
        if (servers[i]->process) {
            xcy_supervisor_end(pair->options.supervisor, servers[i]->process,
                               END_GRACE_MS * XCY_NS_PER_MS);
        }
    }
    while (pair->primary.process || pair->replica.process) {
        pthread_cond_wait(&pair->ended, &pair->lock);
    }
    pthread_mutex_unlock(&pair->lock);
    xcy_relay_stop(pair->relay);
    pair->relay = NULL;
}

static struct xcy_redis_pair *pair_new(const struct xcy_redis_pair_options *options)
{
    struct xcy_redis_pair *pair = xcy_alloc(sizeof *pair);
    pair->options = *options;
    pthread_mutex_init(&pair->lock, NULL);
    pthread_cond_init(&pair->ended, NULL);
    pair->primary = (struct server){
        .pair = pair, .role = "primary", .folder = xcy_format("%s/redis-primary", options->folder)};
    pair->replica = (struct server){
        .pair = pair, .role = "replica", .folder = xcy_format("%s/redis-replica", options->folder)};
    return pair;
}

/* From now on the end of a server is news; one that ended just before is a failed start. */
static enum xcy_status become_ready(struct xcy_redis_pair *pair, struct xcy_error *err)
{
    pthread_mutex_lock(&pair->lock);
    pair->is_ready = true;
    const struct server *gone = !pair->primary.process   ? &pair->primary
                                : !pair->replica.process ? &pair->replica
                                                         : NULL;
    enum xcy_status status = XCY_OK;
    if (gone) {
        status = xcy_fail(err, XCY_EFAIL, "%s", gone->report);
    }
    pthread_mutex_unlock(&pair->lock);
    return status;
}

enum xcy_status xcy_redis_pair_start(const struct xcy_redis_pair_options *options,
                                     struct xcy_redis_pair **pair, struct xcy_error *err)
{
    struct xcy_redis_pair *p = pair_new(options);
    enum xcy_status status = find_program(p, err);
    if (status == XCY_OK) {
        status = start_both(p, err);
        for (int i = 1; status == XCY_EFULL && i < PORT_TRIES; i++) {
            end_both(p); /* another program took the port between choice and use */
            status = start_both(p, err);
        }
    }
    if (status == XCY_OK) {
        status = become_ready(p, err);
    }
    if (status != XCY_OK) {
        xcy_redis_pair_stop(p);
        return status;
    }
    *pair = p;
    return XCY_OK;
}

const char *xcy_redis_pair_primary(const struct xcy_redis_pair *pair)
{
    return pair->primary.address;
}

const char *xcy_redis_pair_replica(const struct xcy_redis_pair *pair)
{
    return pair->replica.address;
}

struct xcy_relay_counts xcy_redis_pair_link_counts(const struct xcy_redis_pair *pair)
{
    return xcy_relay_counts(pair->relay);
}

void xcy_redis_pair_stop(struct xcy_redis_pair *pair)
{
    if (!pair) {
        return;
    }
    pthread_mutex_lock(&pair->lock);
    pair->stopping = true;
    pthread_mutex_unlock(&pair->lock);
    end_both(pair);
    pthread_cond_destroy(&pair->ended);
    pthread_mutex_destroy(&pair->lock);
    free(pair->primary.folder);
    free(pair->replica.folder);
    free(pair->program);
    free(pair);
}
