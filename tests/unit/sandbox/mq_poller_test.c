#include "tests/support/unit.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/net/crypto.h"
#include "sandbox/services/mq_poller.h"
#include "tests/support/stomp_server.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_INVOCATIONS = 32, MAX_TRUTH_BYTES = 1 << 20 };

struct invocation {
    struct xcy_json *payload;
    xcy_lambda_ended_fn *ended; /* NULL: refused */
    void *ctx;
};

/* In the place of the functions' service: keeps what comes, and ends it when told. */
struct fixture {
    struct xcy_stomp_server *server;
    struct xcy_mq_poller *poller;
    struct xcy_truth *truth;
    char truth_path[64];
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct invocation invocations[MAX_INVOCATIONS];
    size_t n;
    size_t n_to_refuse; /* of the next ones */
    struct xcy_error err;
};

static bool invoke(void *ctx, const char *region, const char *function, struct xcy_bytes payload,
                   xcy_lambda_ended_fn *ended, void *ended_ctx)
{
    struct fixture *f = ctx;
    struct xcy_error err;
    assert_string_equal(region, "us-east-1");
    assert_string_equal(function, "reader");
    pthread_mutex_lock(&f->lock);
    bool is_refused = f->n_to_refuse > 0;
    f->n_to_refuse -= is_refused;
    assert_true(f->n < MAX_INVOCATIONS);
    struct invocation *invocation = &f->invocations[f->n++];
    *invocation = (struct invocation){.ended = is_refused ? NULL : ended, .ctx = ended_ctx};
    assert_ok(xcy_json_parse(payload, &invocation->payload, &err), &err);
    pthread_cond_broadcast(&f->changed);
    pthread_mutex_unlock(&f->lock);
    return !is_refused;
}

static struct invocation *await_invocation(struct fixture *f, size_t n)
{
    pthread_mutex_lock(&f->lock);
    while (f->n <= n) {
        pthread_cond_wait(&f->changed, &f->lock);
    }
    pthread_mutex_unlock(&f->lock);
    return &f->invocations[n];
}

static void end_invocation(struct fixture *f, size_t n, bool is_ok)
{
    struct invocation *invocation = await_invocation(f, n);
    assert_non_null(invocation->ended);
    invocation->ended(invocation->ctx, is_ok);
}

static void setup(struct fixture *f, int64_t batch, int64_t parallel)
{
    memset(f, 0, sizeof *f);
    f->server = xcy_stomp_server_start(&(struct xcy_stomp_script){.beats = "0,0"});
    pthread_mutex_init(&f->lock, NULL);
    pthread_cond_init(&f->changed, NULL);
    snprintf(f->truth_path, sizeof f->truth_path, "/tmp/xcy-truth-XXXXXX");
    close(mkstemp(f->truth_path));
    assert_ok(xcy_truth_open(f->truth_path, &f->truth, &f->err), &f->err);
    struct xcy_mq_poller_options options = {.address = xcy_stomp_server_address(f->server),
                                            .user = "user",
                                            .password = "secret",
                                            .queue = "notes",
                                            .region = "us-east-1",
                                            .function = "reader",
                                            .account = "000000000000",
                                            .batch = batch,
                                            .parallel = parallel,
                                            .time_scale = 0.01,
                                            .invoke = invoke,
                                            .invoke_ctx = f,
                                            .truth = f->truth};
    f->poller = xcy_mq_poller_start(&options);
}

static void teardown(struct fixture *f)
{
    xcy_mq_poller_stop(f->poller);
    xcy_mq_poller_free(f->poller);
    xcy_stomp_server_stop(f->server);
    for (size_t i = 0; i < f->n; i++) {
        xcy_json_free(f->invocations[i].payload);
    }
    xcy_truth_close(f->truth);
    unlink(f->truth_path);
    pthread_cond_destroy(&f->changed);
    pthread_mutex_destroy(&f->lock);
}

static void await_acks(struct fixture *f, size_t n)
{
    xcy_stomp_server_await(f->server, (struct xcy_stomp_counts){.acks = n});
}

static const struct xcy_json *message_of(struct fixture *f, size_t invocation, size_t index)
{
    const struct xcy_json *payload = await_invocation(f, invocation)->payload;
    return xcy_json_at(xcy_json_get(payload, "messages"), index);
}

static void assert_data(struct fixture *f, size_t invocation, size_t index, const char *expected)
{
    struct xcy_buf data;
    xcy_buf_init(&data, 1 << 20);
    const char *text = xcy_json_get_string(message_of(f, invocation, index), "data", NULL);
    assert_non_null(text);
    assert_true(xcy_base64_decode(xcy_bytes_of(text), &data));
    assert_string_equal(data.ptr, expected);
    xcy_buf_clear(&data);
}

static void a_message_is_given_as_lambda_gives_it(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, 1, 1);
    xcy_stomp_server_put(f.server, "{\"i\":1}",
                         "timestamp:1700000000123\npersistent:true\npriority:7\nexpires:0\n");
    const struct xcy_json *message = message_of(&f, 0, 0);
    const struct xcy_json *payload = f.invocations[0].payload;
    assert_string_equal(xcy_json_get_string(payload, "eventSource", ""), "aws:mq");
    assert_non_null(strstr(xcy_json_get_string(payload, "eventSourceArn", ""), "arn:aws:mq:us-e"));
    assert_int_equal(xcy_json_size(xcy_json_get(payload, "messages")), 1);
    assert_string_equal(xcy_json_get_string(message, "messageID", ""), "id:0");
    assert_string_equal(xcy_json_get_string(message, "messageType", ""), "jms/text-message");
    assert_int_equal(xcy_json_get_int64(message, "timestamp", 0), 1700000000123);
    assert_int_equal(xcy_json_get_int64(message, "brokerInTime", 0), 1700000000123);
    assert_true(xcy_json_get_int64(message, "brokerOutTime", 0) > 1700000000123);
    assert_int_equal(xcy_json_get_int64(message, "priority", 0), 7);
    assert_int_equal(xcy_json_get_int64(message, "deliveryMode", 0), 2);
    assert_string_equal(xcy_json_get_string(message, "expiration", ""), "0");
    assert_false(xcy_json_get_bool(message, "redelivered", true));
    assert_string_equal(
        xcy_json_get_string(xcy_json_get(message, "destination"), "physicalName", ""), "q");
    assert_int_equal(xcy_json_kind(xcy_json_get(message, "properties")), XCY_JSON_OBJECT);
    assert_data(&f, 0, 0, "{\"i\":1}");
    assert_int_equal(xcy_stomp_server_counts(f.server).acks, 0);
    end_invocation(&f, 0, true);
    await_acks(&f, 1);
    teardown(&f);
}

static void bytes_are_called_so(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, 1, 1);
    xcy_stomp_server_put(f.server, "abc", "content-length:3\n");
    assert_string_equal(xcy_json_get_string(message_of(&f, 0, 0), "messageType", ""),
                        "jms/bytes-message");
    teardown(&f);
}

static void a_batch_that_failed_is_tried_again_until_it_succeeds(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, 1, 1);
    xcy_stomp_server_put(f.server, "first", NULL);
    xcy_stomp_server_put(f.server, "second", NULL);
    end_invocation(&f, 0, false);
    end_invocation(&f, 1, false);
    assert_int_equal(xcy_stomp_server_counts(f.server).acks, 0);
    end_invocation(&f, 2, true);
    await_acks(&f, 1);
    end_invocation(&f, 3, true);
    await_acks(&f, 2);
    for (size_t i = 0; i < 3; i++) {
        assert_data(&f, i, 0, "first");
    }
    assert_data(&f, 3, 0, "second");
    teardown(&f);
}

static void a_batch_that_was_throttled_is_tried_again(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, 1, 1);
    pthread_mutex_lock(&f.lock);
    f.n_to_refuse = 3;
    pthread_mutex_unlock(&f.lock);
    xcy_stomp_server_put(f.server, "only", NULL);
    end_invocation(&f, 3, true);
    await_acks(&f, 1);
    assert_int_equal(f.n, 4);
    teardown(&f);
}

static size_t size_of(struct fixture *f, size_t invocation)
{
    return xcy_json_size(xcy_json_get(await_invocation(f, invocation)->payload, "messages"));
}

/* How they are cut depends on when they come; a batch is never larger than allowed. */
static void messages_that_wait_go_together_up_to_the_batch(void **state)
{
    (void)state;
    struct fixture f;
    size_t n_seen = 0;
    setup(&f, 3, 1);
    for (int i = 0; i < 8; i++) {
        char text[8];
        snprintf(text, sizeof text, "%d", i);
        xcy_stomp_server_put(f.server, text, NULL);
    }
    for (size_t i = 0; n_seen < 8; i++) {
        size_t n = size_of(&f, i);
        assert_in_range(n, 1, 3);
        for (size_t m = 0; m < n; m++) {
            char text[8];
            snprintf(text, sizeof text, "%zu", n_seen++);
            assert_data(&f, i, m, text);
        }
        end_invocation(&f, i, true);
        await_acks(&f, n_seen);
    }
    teardown(&f);
}

static void as_many_run_at_a_time_as_there_are_consumers(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, 1, 3);
    for (int i = 0; i < 5; i++) {
        xcy_stomp_server_put(f.server, "x", NULL);
    }
    await_invocation(&f, 2);
    end_invocation(&f, 1, true); /* only then the next one comes */
    await_acks(&f, 1);
    await_invocation(&f, 3);
    assert_int_equal(f.n, 4);
    for (size_t i = 0; i < 5; i++) {
        if (i != 1) {
            end_invocation(&f, i, true);
        }
    }
    await_acks(&f, 5);
    teardown(&f);
}

static void after_a_lost_connection_what_was_not_acknowledged_comes_again(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, 1, 1);
    xcy_stomp_server_put(f.server, "again", NULL);
    await_invocation(&f, 0);
    xcy_stomp_server_drop_all(f.server);
    end_invocation(&f, 0, true); /* too late to be acknowledged */
    assert_data(&f, 1, 0, "again");
    assert_true(xcy_json_get_bool(message_of(&f, 1, 0), "redelivered", false));
    end_invocation(&f, 1, true);
    await_acks(&f, 1);
    assert_int_equal(xcy_stomp_server_counts(f.server).connections, 2);
    teardown(&f);
}

/* What is under way may end when the poller has stopped, until it is freed. */
static void stopping_does_not_wait_for_the_function(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, 1, 2);
    xcy_stomp_server_put(f.server, "x", NULL);
    await_invocation(&f, 0);
    xcy_mq_poller_stop(f.poller);
    end_invocation(&f, 0, true);
    assert_int_equal(xcy_stomp_server_counts(f.server).acks, 0);
    xcy_mq_poller_free(f.poller);
    f.poller = NULL;
    teardown(&f);
}

static void each_invocation_stands_in_the_truth_log(void **state)
{
    (void)state;
    struct fixture f;
    struct xcy_buf text;
    setup(&f, 1, 1);
    xcy_stomp_server_put(f.server, "x", NULL);
    end_invocation(&f, 0, false);
    end_invocation(&f, 1, true);
    await_acks(&f, 1);
    assert_int_equal(xcy_truth_count(f.truth), 2);
    xcy_buf_init(&text, MAX_TRUTH_BYTES);
    assert_ok(xcy_file_read(f.truth_path, &text, &f.err), &f.err);
    assert_non_null(strstr(text.ptr, "{\"op\":\"deliver\",\"service\":\"mq\",\"at_us\":"));
    assert_non_null(strstr(text.ptr, "\"message\":\"id:0\",\"bytes\":1,\"batch\":1}"));
    xcy_buf_clear(&text);
    teardown(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_given_as_lambda_gives_it),
        cmocka_unit_test(bytes_are_called_so),
        cmocka_unit_test(a_batch_that_failed_is_tried_again_until_it_succeeds),
        cmocka_unit_test(a_batch_that_was_throttled_is_tried_again),
        cmocka_unit_test(messages_that_wait_go_together_up_to_the_batch),
        cmocka_unit_test(as_many_run_at_a_time_as_there_are_consumers),
        cmocka_unit_test(after_a_lost_connection_what_was_not_acknowledged_comes_again),
        cmocka_unit_test(stopping_does_not_wait_for_the_function),
        cmocka_unit_test(each_invocation_stands_in_the_truth_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
