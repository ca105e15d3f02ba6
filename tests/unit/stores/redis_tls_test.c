#include "tests/support/redis_server.h"
#include "tests/support/unit.h"

#include "common/base/mem.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const char password[] = "open-sesame";

/* A Redis that speaks only TLS and wants a password. */
struct server {
    struct xcy_test_redis redis;
    char ca_file[64];
    char key_file[64];
    const char *more[9];
};

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
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        freopen("/dev/null", "w", stderr);
        execvp(words[0], words);
        _exit(127);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static enum xcy_status open_with(const struct server *s, const char *secret, const char *ca_file,
                                 struct xcy_redis **redis, struct xcy_error *err)
{
    struct xcy_redis_options options = {.address = s->redis.address,
                                        .password = secret,
                                        .tls = true,
                                        .ca_file = ca_file,
                                        .timeout_ms = 5000};
    return xcy_redis_open(&options, redis, err);
}

static int start_server(void **state)
{
    struct server *s = xcy_alloc(sizeof *s);
    *state = s;
    xcy_test_redis_open(&s->redis);
    snprintf(s->ca_file, sizeof s->ca_file, "%s/ca.pem", s->redis.folder);
    snprintf(s->key_file, sizeof s->key_file, "%s/key.pem", s->redis.folder);
    make_certificate(s);
    const char *const more[] = {"--tls-cert-file",    s->ca_file, "--tls-key-file", s->key_file,
                                "--tls-auth-clients", "no",       "--requirepass",  password};
    memcpy(s->more, more, sizeof more);
    s->redis.more = s->more;
    s->redis.how.tls = true;
    s->redis.how.ca_file = s->ca_file;
    s->redis.how.password = password;
    return xcy_test_redis_start(&s->redis) ? 0 : -1;
}

static int stop_server(void **state)
{
    struct server *s = *state;
    xcy_test_redis_close(&s->redis);
    free(s);
    return 0;
}

static void a_megabyte_goes_and_comes_encrypted(void **state)
{
    enum { BYTES = 1000000 };
    struct server *s = *state;
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
    struct server *s = *state;
    struct xcy_redis *redis = NULL;
    struct xcy_error err;
    assert_status(open_with(s, "guessed-it", s->ca_file, &redis, &err), XCY_EREMOTE, &err);
    assert_non_null(strstr(err.text, "AUTH"));
    assert_null(strstr(err.text, "guessed-it"));
}

static void a_certificate_that_nobody_vouches_for_is_refused(void **state)
{
    struct server *s = *state;
    struct xcy_redis *redis = NULL;
    struct xcy_error err;
    assert_status(open_with(s, password, NULL, &redis, &err), XCY_ENET, &err);
    assert_non_null(strstr(err.text, s->redis.address));
}

static void a_plain_connection_is_told_apart(void **state)
{
    struct server *s = *state;
    struct xcy_redis *redis = NULL;
    struct xcy_error err;
    struct xcy_redis_options options = {
        .address = s->redis.address, .password = password, .timeout_ms = 5000};
    assert_status(xcy_redis_open(&options, &redis, &err), XCY_ENET, &err);
    assert_null(strstr(err.text, password));
}

static void a_connection_opened_again_logs_in_again(void **state)
{
    struct server *s = *state;
    struct xcy_redis *redis = NULL;
    struct xcy_error err;
    int64_t n = -1;
    assert_ok(open_with(s, password, s->ca_file, &redis, &err), &err);
    assert_ok(xcy_redis_dbsize(redis, &n, &err), &err);
    xcy_test_redis_kill(&s->redis);
    assert_status(xcy_redis_dbsize(redis, &n, &err), XCY_ENET, &err);
    assert_true(xcy_test_redis_start_again(&s->redis));
    assert_ok(xcy_redis_dbsize(redis, &n, &err), &err);
    assert_int_equal(n, 0);
    xcy_redis_close(redis);
}

/* A server that hangs holds nobody past the caller's own limit. */
static void a_call_ends_at_the_limit(void **state)
{
    struct server *s = *state;
    struct xcy_redis *redis = NULL;
    struct xcy_error err;
    struct xcy_mono limit = xcy_mono_add(xcy_mono_now(), 60 * XCY_NS_PER_S);
    struct xcy_redis_options options = {.address = s->redis.address,
                                        .password = password,
                                        .tls = true,
                                        .ca_file = s->ca_file,
                                        .timeout_ms = 3600000,
                                        .limit = &limit};
    int64_t n = -1;
    assert_ok(xcy_redis_open(&options, &redis, &err), &err);
    kill(s->redis.pid, SIGSTOP);
    limit = xcy_mono_add(xcy_mono_now(), 30 * XCY_NS_PER_MS);
    enum xcy_status status = xcy_redis_dbsize(redis, &n, &err);
    bool is_past = !xcy_mono_before(xcy_mono_now(), limit);
    kill(s->redis.pid, SIGCONT);
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
