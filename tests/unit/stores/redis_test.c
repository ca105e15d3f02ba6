#include "tests/support/redis_server.h"
#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/stores/redis.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static struct xcy_test_redis server; /* for the whole group */

static int start_server(void **state)
{
    (void)state;
    xcy_test_redis_open(&server);
    return xcy_test_redis_start(&server) ? 0 : -1;
}

static int stop_server(void **state)
{
    (void)state;
    xcy_test_redis_close(&server);
    return 0;
}

static enum xcy_status open_at(const char *address, struct xcy_redis **redis, struct xcy_error *err)
{
    struct xcy_redis_options options = {.address = address, .timeout_ms = 5000};
    return xcy_redis_open(&options, redis, err);
}

static struct xcy_redis *open_empty(void)
{
    struct xcy_redis *redis = NULL;
    struct xcy_error err;
    assert_ok(open_at(server.address, &redis, &err), &err);
    assert_ok(xcy_redis_flush(redis, &err), &err);
    return redis;
}

static void what_is_set_is_got_byte_for_byte(void **state)
{
    (void)state;
    struct xcy_redis *redis = open_empty();
    struct xcy_error err;
    const struct xcy_bytes keys[] = {xcy_bytes("k\0 1", 4), xcy_bytes_of("k2")};
    const struct xcy_bytes values[] = {xcy_bytes("\0\r\n\xff", 4), xcy_bytes_of("")};
    struct xcy_buf value;
    bool found = false;
    xcy_buf_init(&value, 100);
    assert_ok(xcy_redis_set(redis, keys, values, 2, &err), &err);
    assert_ok(xcy_redis_get(redis, keys[0], &found, &value, &err), &err);
    assert_true(found);
    assert_int_equal(value.len, 4);
    assert_memory_equal(value.ptr, "\0\r\n\xff", 4);
    assert_ok(xcy_redis_get(redis, keys[1], &found, &value, &err), &err);
    assert_true(found);
    assert_int_equal(value.len, 4);
    assert_ok(xcy_redis_get(redis, xcy_bytes_of("k3"), &found, NULL, &err), &err);
    assert_false(found);
    xcy_buf_clear(&value);
    xcy_redis_close(redis);
}

static void a_megabyte_goes_and_comes(void **state)
{
    enum { BYTES = 1000000 };
    (void)state;
    struct xcy_redis *redis = open_empty();
    struct xcy_error err;
    char *text = xcy_alloc(BYTES);
    memset(text, 'x', BYTES);
    const struct xcy_bytes key = xcy_bytes_of("k");
    const struct xcy_bytes sent = xcy_bytes(text, BYTES);
    struct xcy_buf value;
    bool found = false;
    xcy_buf_init(&value, BYTES);
    assert_ok(xcy_redis_set(redis, &key, &sent, 1, &err), &err);
    assert_ok(xcy_redis_get(redis, key, &found, &value, &err), &err);
    assert_true(xcy_bytes_equal(xcy_buf_bytes(&value), sent));
    xcy_buf_clear(&value);
    free(text);
    xcy_redis_close(redis);
}

static void existing_keys_are_counted(void **state)
{
    (void)state;
    struct xcy_redis *redis = open_empty();
    struct xcy_error err;
    const struct xcy_bytes keys[] = {xcy_bytes_of("a"), xcy_bytes_of("b"), xcy_bytes_of("c")};
    int64_t n = -1;
    assert_ok(xcy_redis_set(redis, keys, keys, 2, &err), &err);
    assert_ok(xcy_redis_exists(redis, keys, 3, &n, &err), &err);
    assert_int_equal(n, 2);
    assert_ok(xcy_redis_dbsize(redis, &n, &err), &err);
    assert_int_equal(n, 2);
    assert_ok(xcy_redis_flush(redis, &err), &err);
    assert_ok(xcy_redis_dbsize(redis, &n, &err), &err);
    assert_int_equal(n, 0);
    xcy_redis_close(redis);
}

static void numbers_of_info_and_memory_stats_are_read(void **state)
{
    (void)state;
    struct xcy_redis *redis = open_empty();
    struct xcy_error err;
    double value = -1;
    assert_ok(xcy_redis_stat(redis, "memory", "used_memory_dataset", &value, &err), &err);
    assert_true(value > 0);
    assert_ok(xcy_redis_stat(redis, NULL, "dataset.bytes", &value, &err), &err);
    assert_true(value > 0);
    assert_ok(xcy_redis_stat(redis, NULL, "dataset.percentage", &value, &err), &err);
    assert_true(value > 0 && value <= 100);
    value = 7;
    assert_status(xcy_redis_stat(redis, "memory", "nothing", &value, &err), XCY_ENOTFOUND, &err);
    assert_true(value == 7);
    struct xcy_buf text;
    xcy_buf_init(&text, 100000);
    assert_ok(xcy_redis_info(redis, "replication", &text, &err), &err);
    assert_non_null(strstr(text.ptr, "role:master"));
    xcy_buf_clear(&text);
    xcy_redis_close(redis);
}

/* Ends all other connections, as an idle timeout or a restart does. */
static void end_connections(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(server.port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char answer[16];
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(write(fd, "CLIENT KILL TYPE normal\r\n", 25), 25);
    assert_true(read(fd, answer, sizeof answer) > 0);
    close(fd);
}

static void an_idle_connection_that_was_closed_is_opened_again(void **state)
{
    (void)state;
    struct xcy_redis *redis = open_empty();
    struct xcy_error err;
    const struct xcy_bytes key = xcy_bytes_of("a");
    int64_t n = -1;
    end_connections();
    assert_ok(xcy_redis_set(redis, &key, &key, 1, &err), &err);
    end_connections();
    assert_ok(xcy_redis_exists(redis, &key, 1, &n, &err), &err);
    assert_int_equal(n, 1);
    xcy_redis_close(redis);
}

static void redis_own_words_are_passed_on(void **state)
{
    (void)state;
    struct xcy_redis *redis = open_empty();
    struct xcy_error err;
    const struct xcy_bytes key = xcy_bytes_of("a");
    int64_t n = 5;
    assert_status(xcy_redis_exists(redis, &key, 0, &n, &err), XCY_EREMOTE, &err);
    assert_non_null(strstr(err.text, "wrong number of arguments"));
    assert_int_equal(n, 5);
    xcy_redis_close(redis);
}

static void an_address_nobody_listens_at_is_named(void **state)
{
    (void)state;
    struct xcy_redis *redis = NULL;
    struct xcy_error err;
    char address[32];
    snprintf(address, sizeof address, "127.0.0.1:%u", xcy_test_free_port());
    assert_status(open_at(address, &redis, &err), XCY_ENET, &err);
    assert_null(redis);
    assert_non_null(strstr(err.text, address));
    assert_non_null(strstr(err.text, "refused"));
}

static void addresses_of_another_form_are_usage_errors(void **state)
{
    (void)state;
    static const char *const addresses[] = {
        "", "localhost", ":1", "a:", "a:b", "a:0", "a:65536", "a:1x"};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        struct xcy_redis *redis = NULL;
        struct xcy_error err;
        assert_status(open_at(addresses[i], &redis, &err), XCY_EUSAGE, &err);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_set_is_got_byte_for_byte),
        cmocka_unit_test(a_megabyte_goes_and_comes),
        cmocka_unit_test(existing_keys_are_counted),
        cmocka_unit_test(numbers_of_info_and_memory_stats_are_read),
        cmocka_unit_test(an_idle_connection_that_was_closed_is_opened_again),
        cmocka_unit_test(redis_own_words_are_passed_on),
        cmocka_unit_test(an_address_nobody_listens_at_is_named),
        cmocka_unit_test(addresses_of_another_form_are_usage_errors),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
