#include "tests/support/unit.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/stores/redis.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The server's program under the name it has when no service was installed. */
static const char program[] = "/usr/bin/redis-check-rdb";
static const char password[] = "open-sesame";

/* A Redis that speaks only TLS and wants a password. */
struct server {
    pid_t pid;
    char address[32];
    char folder[32];
    char ca_file[64];
    char key_file[64];
};

static uint16_t free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static pid_t start(char *const words[])
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        freopen("/dev/null", "w", stdout);
        freopen("/dev/null", "w", stderr);
        execvp(strcmp(words[0], "redis-server") == 0 ? program : words[0], words);
        _exit(127);
    }
    return pid;
}

/* Self-signed: its own authority. */
static void make_certificate(struct server *s)
{
    int status = -1;
    char *const words[] = {"openssl",
                           "req",
                           "-x509",
                           "-newkey",
                           "ec",
                           "-pkeyopt",
                           "ec_paramgen_curve:prime256v1",
                           "-nodes",
                           "-days",
                           "2",
                           "-subj",
                           "/CN=redis",
                           "-addext",
                           "subjectAltName=IP:127.0.0.1",
                           "-out",
                           s->ca_file,
                           "-keyout",
                           s->key_file,
                           NULL};
    pid_t pid = start(words);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static pid_t start_redis(struct server *s, char *port)
{
    char secret[sizeof password];
    memcpy(secret, password, sizeof password);
    char *const words[] = {"redis-server",
                           "--port",
                           "0",
                           "--tls-port",
                           port,
                           "--bind",
                           "127.0.0.1",
                           "--tls-cert-file",
                           s->ca_file,
                           "--tls-key-file",
                           s->key_file,
                           "--tls-auth-clients",
                           "no",
                           "--requirepass",
                           secret,
                           "--save",
                           "",
                           "--dir",
                           s->folder,
                           NULL};
    return start(words);
}

static enum xcy_status open_with(const struct server *s, const char *secret, const char *ca_file,
                                 struct xcy_redis **redis, struct xcy_error *err)
{
    struct xcy_redis_options options = {.address = s->address,
                                        .password = secret,
                                        .tls = true,
                                        .ca_file = ca_file,
                                        .timeout_ms = 5000};
    return xcy_redis_open(&options, redis, err);
}

/* False when it ended instead: its port was taken meanwhile. */
static bool is_up(const struct server *s)
{
    for (;;) {
        struct xcy_redis *redis = NULL;
        struct xcy_error err;
        if (open_with(s, password, s->ca_file, &redis, &err) == XCY_OK) {
            xcy_redis_close(redis);
            return true;
        }
        if (waitpid(s->pid, NULL, WNOHANG) == s->pid) {
            return false;
        }
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
}

static int start_server(void **state)
{
    struct server *s = xcy_alloc(sizeof *s);
    *state = s;
    snprintf(s->folder, sizeof s->folder, "/tmp/xcy-redis-XXXXXX");
    assert_non_null(mkdtemp(s->folder));
    snprintf(s->ca_file, sizeof s->ca_file, "%s/ca.pem", s->folder);
    snprintf(s->key_file, sizeof s->key_file, "%s/key.pem", s->folder);
    if (access(program, X_OK) != 0) {
        return 0;
    }
    make_certificate(s);
    for (int attempt = 0; attempt < 5; attempt++) {
        char port[8];
        snprintf(port, sizeof port, "%u", free_port());
        snprintf(s->address, sizeof s->address, "127.0.0.1:%s", port);
        s->pid = start_redis(s, port);
        if (is_up(s)) {
            return 0;
        }
    }
    return -1;
}

static int stop_server(void **state)
{
    struct server *s = *state;
    struct xcy_error err;
    if (s->pid > 0) {
        kill(s->pid, SIGKILL);
        waitpid(s->pid, NULL, 0);
    }
    assert_ok(xcy_dir_remove(s->folder, &err), &err);
    free(s);
    return 0;
}

static struct server *server_of(void **state)
{
    struct server *s = *state;
    if (s->pid == 0) {
        skip(); /* Redis is not installed */
    }
    return s;
}

static void a_megabyte_goes_and_comes_encrypted(void **state)
{
    enum { BYTES = 1000000 };
    struct server *s = server_of(state);
    struct xcy_redis *redis = NULL;
    struct xcy_error err;
    char *text = xcy_alloc(BYTES);
    memset(text, 'x', BYTES);
    const struct xcy_bytes key = xcy_bytes_of("k");
    const struct xcy_bytes sent = xcy_bytes(text, BYTES);
    struct xcy_buf value;
    bool found = false;
    xcy_buf_init(&value, BYTES);
    assert_ok(open_with(s, password, s->ca_file, &redis, &err), &err);
    assert_ok(xcy_redis_set(redis, &key, &sent, 1, &err), &err);
    assert_ok(xcy_redis_get(redis, key, &found, &value, &err), &err);
    assert_true(found);
    assert_int_equal(value.len, BYTES);
    assert_memory_equal(value.ptr, text, BYTES);
    xcy_buf_clear(&value);
    xcy_redis_close(redis);
    free(text);
}

static void a_wrong_password_is_refused_and_not_repeated(void **state)
{
    struct server *s = server_of(state);
    struct xcy_redis *redis = NULL;
    struct xcy_error err;
    assert_status(open_with(s, "guessed-it", s->ca_file, &redis, &err), XCY_EREMOTE, &err);
    assert_non_null(strstr(err.text, "AUTH"));
    assert_null(strstr(err.text, "guessed-it"));
}

static void a_certificate_that_nobody_vouches_for_is_refused(void **state)
{
    struct server *s = server_of(state);
    struct xcy_redis *redis = NULL;
    struct xcy_error err;
    assert_status(open_with(s, password, NULL, &redis, &err), XCY_ENET, &err);
    assert_non_null(strstr(err.text, s->address));
}

static void a_plain_connection_is_told_apart(void **state)
{
    struct server *s = server_of(state);
    struct xcy_redis *redis = NULL;
    struct xcy_error err;
    struct xcy_redis_options options = {
        .address = s->address, .password = password, .timeout_ms = 5000};
    assert_status(xcy_redis_open(&options, &redis, &err), XCY_ENET, &err);
    assert_null(strstr(err.text, password));
}

static void a_connection_opened_again_logs_in_again(void **state)
{
    struct server *s = server_of(state);
    struct xcy_redis *redis = NULL;
    struct xcy_error err;
    int64_t n = -1;
    assert_ok(open_with(s, password, s->ca_file, &redis, &err), &err);
    assert_ok(xcy_redis_dbsize(redis, &n, &err), &err);
    kill(s->pid, SIGKILL);
    waitpid(s->pid, NULL, 0);
    s->pid = 0;
    assert_status(xcy_redis_dbsize(redis, &n, &err), XCY_ENET, &err);
    char *port = strrchr(s->address, ':') + 1;
    s->pid = start_redis(s, port);
    assert_true(is_up(s));
    assert_ok(xcy_redis_dbsize(redis, &n, &err), &err);
    assert_int_equal(n, 0);
    xcy_redis_close(redis);
}

/* A server that hangs holds nobody past the caller's own limit. */
static void a_call_ends_at_the_limit(void **state)
{
    struct server *s = server_of(state);
    struct xcy_redis *redis = NULL;
    struct xcy_error err;
    struct xcy_mono limit = xcy_mono_add(xcy_mono_now(), 60 * XCY_NS_PER_S);
    struct xcy_redis_options options = {.address = s->address,
                                        .password = password,
                                        .tls = true,
                                        .ca_file = s->ca_file,
                                        .timeout_ms = 3600000,
                                        .limit = &limit};
    int64_t n = -1;
    assert_ok(xcy_redis_open(&options, &redis, &err), &err);
    kill(s->pid, SIGSTOP);
    limit = xcy_mono_add(xcy_mono_now(), 30 * XCY_NS_PER_MS);
    enum xcy_status status = xcy_redis_dbsize(redis, &n, &err);
    bool is_past = !xcy_mono_before(xcy_mono_now(), limit);
    kill(s->pid, SIGCONT);
    assert_status(status, XCY_ETIMEOUT, &err);
    assert_true(is_past);
    xcy_redis_close(redis);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_megabyte_goes_and_comes_encrypted),
        cmocka_unit_test(a_wrong_password_is_refused_and_not_repeated),
        cmocka_unit_test(a_certificate_that_nobody_vouches_for_is_refused),
        cmocka_unit_test(a_plain_connection_is_told_apart),
        cmocka_unit_test(a_call_ends_at_the_limit),
        cmocka_unit_test(a_connection_opened_again_logs_in_again),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
