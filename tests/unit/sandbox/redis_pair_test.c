#include "tests/support/hosted_pair.h"
#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/stores/redis.h"
#include "sandbox/hosts/redis_pair.h"

#include <stdlib.h>
#include <string.h>

enum { LAG_MS = 25, TIMEOUT_MS = 5000 };

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

static struct xcy_redis *connect_to(struct xcy_test_pair *f, const char *address)
{
    struct xcy_redis *redis = NULL;
    struct xcy_redis_options options = {.address = address, .timeout_ms = TIMEOUT_MS};
    assert_ok(xcy_redis_open(&options, &redis, &f->err), &f->err);
    return redis;
}

static int64_t count_keys(struct xcy_test_pair *f, struct xcy_redis *redis)
{
    int64_t n = -1;
    assert_ok(xcy_redis_dbsize(redis, &n, &f->err), &f->err);
    return n;
}

static void a_write_is_on_the_replica_a_lag_later(void **state)
{
    (void)state;
    struct xcy_test_pair f;
    struct xcy_bytes key = xcy_bytes_of("post");
    struct xcy_bytes value = xcy_bytes_of("hello");
    if (!has_redis()) {
        skip();
    }
    xcy_test_pair_open(&f, &xcy_redis_pairs, LAG_MS);
    assert_ok(xcy_test_pair_start(&f), &f.err);
    struct xcy_redis *primary = connect_to(&f, f.ends.writer);
    struct xcy_redis *replica = connect_to(&f, f.ends.reader);
    assert_int_equal(count_keys(&f, primary), 0); /* the first write, discarded, left nothing */
    assert_int_equal(count_keys(&f, replica), 0);
    struct xcy_mono start = xcy_mono_now();
    assert_ok(xcy_redis_set(primary, &key, &value, 1, &f.err), &f.err);
    while (count_keys(&f, replica) == 0) {
    }
    assert_true(xcy_mono_diff_ns(xcy_mono_now(), start) >= LAG_MS * XCY_NS_PER_MS);
    assert_true(xcy_pair_link_counts(f.pair).bytes_to_client > 0);
    xcy_redis_close(primary);
    xcy_redis_close(replica);
    xcy_test_pair_close(&f);
}

static void a_server_that_dies_is_reported(void **state)
{
    (void)state;
    struct xcy_test_pair f;
    if (!has_redis()) {
        skip();
    }
    xcy_test_pair_open(&f, &xcy_redis_pairs, LAG_MS);
    assert_ok(xcy_test_pair_start(&f), &f.err);
    xcy_test_pair_kill(&f, "replica");
    assert_non_null(strstr(f.what, "redis replica ended (signal: Killed)"));
    xcy_test_pair_close(&f);
}

static void a_server_that_cannot_start_is_reported_with_its_words(void **state)
{
    (void)state;
    static const char script[] = "#!/bin/sh\necho no memory today\nexit 1\n";
    struct xcy_test_pair f;
    xcy_test_pair_open(&f, &xcy_redis_pairs, LAG_MS);
    assert_status(xcy_test_pair_start_with(&f, "redis-server", script), XCY_EFAIL, &f.err);
    assert_non_null(strstr(f.err.text, "redis primary ended (exit status 1): no memory today"));
    xcy_test_pair_close(&f);
}

static void a_port_taken_meanwhile_is_replaced_by_another(void **state)
{
    (void)state;
    struct xcy_test_pair f;
    char *real = xcy_program_find("redis-check-rdb");
    if (!real) {
        skip();
    }
    xcy_test_pair_open(&f, &xcy_redis_pairs, LAG_MS);
    char *script =
        xcy_format("#!/bin/bash\n"
                   "if /bin/mkdir %s/tried 2> /dev/null; then\n"
                   "    echo 'Could not create server TCP listening socket: Address already in "
                   "use'\n    exit 1\nfi\n"
                   "exec -a redis-server %s \"$@\"\n",
                   f.folder, real);
    assert_ok(xcy_test_pair_start_with(&f, "redis-server", script), &f.err);
    xcy_test_pair_close(&f);
    free(script);
    free(real);
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
