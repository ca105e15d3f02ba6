#include "tests/support/unit.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/stores/redis.h"
#include "sandbox/hosts/redis_pair.h"

#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LAG_MS = 25, TIMEOUT_MS = 5000, MAX_INFO_BYTES = 1 << 20 };

struct fixture {
    char folder[64];
    struct xcy_supervisor *supervisor;
    struct xcy_redis_pair *pair;
    sem_t died;
    char what[600];
    struct xcy_error err;
};

static int64_t fixed_lag(void *ctx)
{
    (void)ctx;
    return LAG_MS * XCY_NS_PER_MS;
}

static void on_died(void *ctx, const char *what)
{
    struct fixture *f = ctx;
    snprintf(f->what, sizeof f->what, "%s", what);
    sem_post(&f->died);
}

/* False: there is no Redis on this machine. */
static bool has_redis(void)
{
    char *server = xcy_program_find("redis-server");
    char *other = xcy_program_find("redis-check-rdb");
    bool has = server || other;
    free(server);
    free(other);
    return has;
}

static void open_folder(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    snprintf(f->folder, sizeof f->folder, "/tmp/xcy-redis-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    sem_init(&f->died, 0, 0);
    f->supervisor = xcy_supervisor_start();
}

static enum xcy_status start_pair(struct fixture *f)
{
    struct xcy_pair_options options = {.supervisor = f->supervisor,
                                       .folder = f->folder,
                                       .lag = fixed_lag,
                                       .died = on_died,
                                       .died_ctx = f};
    return xcy_redis_pair_start(&options, &f->pair, &f->err);
}

static void close_fixture(struct fixture *f)
{
    xcy_redis_pair_stop(f->pair);
    xcy_supervisor_stop(f->supervisor, 0);
    assert_ok(xcy_dir_remove(f->folder, &f->err), &f->err);
}

static struct xcy_redis *connect_to(struct fixture *f, const char *address)
{
    struct xcy_redis *redis = NULL;
    struct xcy_redis_options options = {.address = address, .timeout_ms = TIMEOUT_MS};
    assert_ok(xcy_redis_open(&options, &redis, &f->err), &f->err);
    return redis;
}

static int64_t count_keys(struct fixture *f, struct xcy_redis *redis)
{
    int64_t n = -1;
    assert_ok(xcy_redis_dbsize(redis, &n, &f->err), &f->err);
    return n;
}

static void a_write_is_on_the_replica_a_lag_later(void **state)
{
    (void)state;
    struct fixture f;
    struct xcy_bytes key = xcy_bytes_of("post");
    struct xcy_bytes value = xcy_bytes_of("hello");
    if (!has_redis()) {
        skip();
    }
    open_folder(&f);
    assert_ok(start_pair(&f), &f.err);
    struct xcy_redis *primary = connect_to(&f, xcy_redis_pair_primary(f.pair));
    struct xcy_redis *replica = connect_to(&f, xcy_redis_pair_replica(f.pair));
    assert_int_equal(count_keys(&f, primary), 0); /* the first write, discarded, left nothing */
    assert_int_equal(count_keys(&f, replica), 0);
    struct xcy_mono start = xcy_mono_now();
    assert_ok(xcy_redis_set(primary, &key, &value, 1, &f.err), &f.err);
    while (count_keys(&f, replica) == 0) {
    }
    assert_true(xcy_mono_diff_ns(xcy_mono_now(), start) >= LAG_MS * XCY_NS_PER_MS);
    assert_true(xcy_redis_pair_link_counts(f.pair).bytes_to_client > 0);
    xcy_redis_close(primary);
    xcy_redis_close(replica);
    close_fixture(&f);
}

static pid_t pid_of(struct fixture *f, const char *address)
{
    struct xcy_redis *redis = connect_to(f, address);
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_INFO_BYTES);
    assert_ok(xcy_redis_info(redis, "server", &text, &f->err), &f->err);
    const char *field = strstr(text.ptr, "process_id:");
    assert_non_null(field);
    pid_t pid = (pid_t)strtol(field + strlen("process_id:"), NULL, 10);
    xcy_buf_clear(&text);
    xcy_redis_close(redis);
    return pid;
}

static void a_server_that_dies_is_reported(void **state)
{
    (void)state;
    struct fixture f;
    if (!has_redis()) {
        skip();
    }
    open_folder(&f);
    assert_ok(start_pair(&f), &f.err);
    kill(pid_of(&f, xcy_redis_pair_replica(f.pair)), SIGKILL);
    while (sem_wait(&f.died) != 0 && errno == EINTR) {
    }
    assert_non_null(strstr(f.what, "redis replica ended (signal: Killed)"));
    assert_null(strchr(f.what, '\n'));
    close_fixture(&f);
}

static char *get_path(void)
{
    return xcy_strdup(getenv("PATH")); /* NOLINT(concurrency-mt-unsafe): nobody else sets it */
}

static void set_path(const char *path)
{
    setenv("PATH", path, 1); /* NOLINT(concurrency-mt-unsafe): nothing is being started */
}

/* Puts a program named redis-server before all others in the search path. */
static void put_in_path(const struct fixture *f, const char *script)
{
    struct xcy_error err;
    char *program = xcy_format("%s/redis-server", f->folder);
    char *path = xcy_format("%s:/usr/local/bin:/usr/bin:/bin", f->folder);
    assert_ok(xcy_file_replace(program, xcy_bytes_of(script), 0755, &err), &err);
    set_path(path);
    free(program);
    free(path);
}

static void a_server_that_cannot_start_is_reported_with_its_words(void **state)
{
    (void)state;
    struct fixture f;
    char *kept = get_path();
    open_folder(&f);
    put_in_path(&f, "#!/bin/sh\necho no memory today\nexit 1\n");
    assert_status(start_pair(&f), XCY_EFAIL, &f.err);
    assert_non_null(strstr(f.err.text, "redis primary ended (exit status 1): no memory today"));
    close_fixture(&f);
    set_path(kept);
    free(kept);
}

static void a_port_taken_meanwhile_is_replaced_by_another(void **state)
{
    (void)state;
    struct fixture f;
    if (!has_redis()) {
        skip();
    }
    char *kept = get_path();
    open_folder(&f);
    char *script =
        xcy_format("#!/bin/bash\n"
                   "if mkdir %s/tried 2> /dev/null; then\n"
                   "    echo 'Could not create server TCP listening socket: Address already in "
                   "use'\n    exit 1\nfi\n"
                   "PATH=${PATH:-/usr/bin}\n"
                   "exec -a redis-server /usr/bin/redis-check-rdb \"$@\"\n",
                   f.folder);
    put_in_path(&f, script);
    if (access("/usr/bin/redis-check-rdb", X_OK) != 0) {
        set_path(kept);
    }
    assert_ok(start_pair(&f), &f.err);
    close_fixture(&f);
    set_path(kept);
    free(script);
    free(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_write_is_on_the_replica_a_lag_later),
        cmocka_unit_test(a_server_that_dies_is_reported),
        cmocka_unit_test(a_server_that_cannot_start_is_reported_with_its_words),
        cmocka_unit_test(a_port_taken_meanwhile_is_replaced_by_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
