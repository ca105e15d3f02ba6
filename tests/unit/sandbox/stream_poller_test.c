#include "common/base/mem.h"
#include "sandbox/services/stream_poller.h"
#include "tests/support/unit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_RUNNING = 16, MAX_INVOCATIONS = 256, SHARDS = 4 };

/* An invocation that waits for the test to end it. */
struct running {
    xcy_stream_ended_fn *ended; /* NULL: a free place */
    void *ctx;
    char keys[200]; /* "a b " */
};

/* A function that does what the test says. */
struct stage {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct running running[MAX_RUNNING];
    char *log[MAX_INVOCATIONS]; /* the keys of each accepted invocation */
    size_t n_log;
    size_t n_running;
    size_t most_running;
    size_t n_refused;
    size_t n_to_refuse;
    struct xcy_mono invoked; /* the last accepted */

    struct xcy_timers *timers;
    struct xcy_truth *truth;
    char truth_path[64];
    struct xcy_stall *stall;
    struct xcy_dynamodb_stream *stream;
    struct xcy_stream_poller *poller;
};

/* The keys of the payload's records. */
static void read_keys(struct xcy_bytes payload, char to[200])
{
    struct xcy_json *root = NULL;
    struct xcy_error err;
    assert_ok(xcy_json_parse(payload, &root, &err), &err);
    to[0] = '\0';
    const struct xcy_json *records = xcy_json_get(root, "Records");
    for (const struct xcy_json *r = xcy_json_first(records); r; r = xcy_json_next(r)) {
        const struct xcy_json *change = xcy_json_get(r, "dynamodb");
        const struct xcy_json *key = xcy_json_get(xcy_json_get(change, "Keys"), "key");
        size_t n = strlen(to);
        snprintf(to + n, 200 - n, "%s ", xcy_json_get_string(key, "S", "?"));
    }
    xcy_json_free(root);
}

static bool invoke(void *service, const char *region, const char *function,
                   struct xcy_bytes payload, xcy_stream_ended_fn *ended, void *ctx)
{
    struct stage *s = service;
    assert_string_equal(region, "us-east-1");
    assert_string_equal(function, "reader");
    pthread_mutex_lock(&s->lock);
    bool is_accepted = s->n_to_refuse == 0;
    if (is_accepted) {
        size_t i = 0;
        while (s->running[i].ended) {
            i++;
        }
        s->running[i] = (struct running){.ended = ended, .ctx = ctx};
        read_keys(payload, s->running[i].keys);
        assert_true(s->n_log < MAX_INVOCATIONS);
        s->log[s->n_log++] = xcy_strdup(s->running[i].keys);
        s->n_running++;
        s->most_running = s->n_running > s->most_running ? s->n_running : s->most_running;
        s->invoked = xcy_mono_now();
    } else {
        s->n_to_refuse--;
        s->n_refused++;
    }
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    return is_accepted;
}

/* max_bytes: of the stream; 0: plenty. */
static struct stage *open_bounded_stage(size_t n_shards, int64_t batch, size_t max_bytes)
{
    struct stage *s = xcy_alloc(sizeof *s);
    struct xcy_error err;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    s->timers = xcy_timers_start();
    s->stall = xcy_stall_new();
    snprintf(s->truth_path, sizeof s->truth_path, "/tmp/xcy-truth-XXXXXX");
    close(mkstemp(s->truth_path));
    assert_ok(xcy_truth_open(s->truth_path, &s->truth, &err), &err);
    const struct xcy_dynamodb_stream_options stream = {
        .region = "us-east-1",
        .account = "000000000000",
        .table = "notes",
        .key_name = "key",
        .view = xcy_dynamodb_view_find("NEW_AND_OLD_IMAGES"),
        .n_shards = n_shards,
        .max_bytes = max_bytes,
        .stall = s->stall};
    s->stream = xcy_dynamodb_stream_new(&stream);
    const struct xcy_stream_poller_options options = {.timers = s->timers,
                                                      .truth = s->truth,
                                                      .stream = s->stream,
                                                      .stall = s->stall,
                                                      .invoke = invoke,
                                                      .service = s,
                                                      .region = "us-east-1",
                                                      .function = "reader",
                                                      .batch = batch,
                                                      .time_scale = 1,
                                                      .first_retry_ms = 1,
                                                      .most_retry_ms = 2};
    s->poller = xcy_stream_poller_start(&options);
    return s;
}

static struct stage *open_stage(size_t n_shards, int64_t batch)
{
    return open_bounded_stage(n_shards, batch, 0);
}

static void close_stage(struct stage *s)
{
    xcy_stream_poller_stop(s->poller);
    for (size_t i = 0; i < MAX_RUNNING; i++) {
        if (s->running[i].ended) {
            s->running[i].ended(s->running[i].ctx, false); /* as a service that stops */
        }
    }
    xcy_timers_stop(s->timers);
    xcy_stream_poller_free(s->poller);
    xcy_dynamodb_stream_free(s->stream);
    xcy_stall_free(s->stall);
    xcy_truth_close(s->truth);
    unlink(s->truth_path);
    for (size_t i = 0; i < s->n_log; i++) {
        free(s->log[i]);
    }
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

static void change(struct stage *s, const char *key, bool is_insert, int64_t after_ms)
{
    char reason[200];
    struct xcy_json *attributes = xcy_json_new_object();
    xcy_json_put_string(xcy_json_put_object(attributes, "key"), "S", key);
    struct xcy_dynamodb_item *item = xcy_dynamodb_item_new(attributes, reason);
    assert_non_null(item);
    xcy_json_free(attributes);
    struct xcy_dynamodb_record *record =
        xcy_dynamodb_record_new(key, is_insert ? NULL : item, is_insert ? item : NULL);
    xcy_dynamodb_item_release(item);
    record->visible = xcy_mono_add(xcy_stall_read(s->stall).time, after_ms * XCY_NS_PER_MS);
    xcy_dynamodb_stream_add(s->stream, record);
}

static void insert(struct stage *s, const char *key)
{
    change(s, key, true, 0);
}

static void await_invocations(struct stage *s, size_t n)
{
    pthread_mutex_lock(&s->lock);
    while (s->n_log < n) {
        pthread_cond_wait(&s->changed, &s->lock);
    }
    pthread_mutex_unlock(&s->lock);
}

/* Waits for the invocation with these keys, and ends it. */
static void end(struct stage *s, const char *keys, bool is_ok)
{
    struct running found = {.ended = NULL};
    pthread_mutex_lock(&s->lock);
    while (!found.ended) {
        for (size_t i = 0; i < MAX_RUNNING && !found.ended; i++) {
            struct running *r = &s->running[i];
            if (r->ended && strcmp(r->keys, keys) == 0) {
                found = *r;
                r->ended = NULL;
                s->n_running--;
            }
        }
        if (!found.ended) {
            pthread_cond_wait(&s->changed, &s->lock);
        }
    }
    pthread_mutex_unlock(&s->lock);
    found.ended(found.ctx, is_ok);
}

static void a_record_invokes_when_it_is_visible(void **state)
{
    (void)state;
    struct stage *s = open_stage(1, 1);
    struct xcy_mono before = xcy_mono_now();
    change(s, "a", true, 30);
    await_invocations(s, 1);
    assert_true(xcy_mono_diff_ns(s->invoked, before) >= 30 * XCY_NS_PER_MS);
    end(s, "a ", true);
    close_stage(s);
}

static void while_it_is_stalled_no_record_invokes_and_afterwards_each_does(void **state)
{
    (void)state;
    enum { LAG_MS = 20 };
    struct stage *s = open_stage(1, 1);
    struct xcy_mono from;
    struct xcy_mono to;
    change(s, "a", true, LAG_MS); /* under way */
    xcy_stall_set(s->stall, true, &from);
    change(s, "b", true, LAG_MS); /* in it */
    xcy_sleep_until(xcy_mono_add(xcy_mono_now(), XCY_NS_PER_MS * 2 * LAG_MS), -1);
    assert_int_equal(s->n_log, 0);
    xcy_stall_set(s->stall, false, &to);
    end(s, "a ", true);
    end(s, "b ", true);
    assert_true(xcy_mono_diff_ns(s->invoked, to) >= LAG_MS * XCY_NS_PER_MS);
    close_stage(s);
}

static void a_shard_has_one_invocation_at_a_time_in_order(void **state)
{
    (void)state;
    struct stage *s = open_stage(1, 1);
    insert(s, "a");
    await_invocations(s, 1);
    insert(s, "b");
    insert(s, "c");
    end(s, "a ", true);
    end(s, "b ", true);
    end(s, "c ", true);
    assert_int_equal(s->most_running, 1);
    assert_string_equal(s->log[1], "b ");
    close_stage(s);
}

static void a_busy_shard_gathers_the_next_batch(void **state)
{
    (void)state;
    struct stage *s = open_stage(1, 3);
    static const char *const keys[] = {"a", "b", "c", "d", "e"};
    insert(s, keys[0]);
    await_invocations(s, 1);
    for (size_t i = 1; i < sizeof keys / sizeof keys[0]; i++) {
        insert(s, keys[i]);
    }
    end(s, "a ", true);
    end(s, "b c d ", true);
    end(s, "e ", true);
    assert_int_equal(s->n_log, 3);
    close_stage(s);
}

static void a_failed_batch_is_tried_until_it_succeeds(void **state)
{
    (void)state;
    struct stage *s = open_stage(1, 1);
    insert(s, "a");
    insert(s, "b");
    end(s, "a ", false);
    end(s, "a ", false);
    end(s, "a ", true);
    end(s, "b ", true);
    assert_int_equal(s->n_log, 4);
    close_stage(s);
}

static void a_batch_that_is_tried_again_stays_as_it_was(void **state)
{
    (void)state;
    struct stage *s = open_stage(1, 10);
    insert(s, "a");
    await_invocations(s, 1);
    insert(s, "b");
    end(s, "a ", false);
    end(s, "a ", false);
    end(s, "a ", true);
    end(s, "b ", true);
    close_stage(s);
}

static void a_throttled_batch_is_tried_again(void **state)
{
    (void)state;
    struct stage *s = open_stage(1, 1);
    s->n_to_refuse = 3;
    insert(s, "a");
    end(s, "a ", true);
    assert_int_equal(s->n_refused, 3);
    assert_int_equal(s->n_log, 1);
    close_stage(s);
}

/* Keys of two shards, found by asking the stream. */
static void two_keys(struct stage *s, char blocked[8], char other[8])
{
    size_t n = 0;
    uint64_t before = 0;
    snprintf(blocked, 8, "k0");
    insert(s, blocked);
    end(s, "k0 ", true);
    size_t shard = 0;
    while (xcy_dynamodb_stream_latest(s->stream, shard) == 0) {
        shard++;
    }
    do {
        char ended[16];
        before = xcy_dynamodb_stream_latest(s->stream, shard);
        snprintf(other, 8, "k%zu", ++n);
        snprintf(ended, sizeof ended, "%s ", other);
        insert(s, other);
        end(s, ended, true);
    } while (xcy_dynamodb_stream_latest(s->stream, shard) != before);
}

static void a_failing_batch_blocks_its_shard_only(void **state)
{
    (void)state;
    struct stage *s = open_stage(SHARDS, 1);
    char blocked[8];
    char other[8];
    char blocked_keys[16];
    char other_keys[16];
    two_keys(s, blocked, other);
    snprintf(blocked_keys, sizeof blocked_keys, "%s ", blocked);
    snprintf(other_keys, sizeof other_keys, "%s ", other);
    size_t n_before = s->n_log;
    insert(s, blocked);
    await_invocations(s, n_before + 1);
    insert(s, blocked);
    for (int i = 0; i < 3; i++) { /* between two failures of the one, the other goes on */
        insert(s, other);
        end(s, other_keys, true);
        end(s, blocked_keys, false);
    }
    end(s, blocked_keys, true);
    end(s, blocked_keys, true);
    assert_int_equal(s->n_log, n_before + 4 + 1 + 3);
    close_stage(s);
}

static void shards_run_side_by_side(void **state)
{
    (void)state;
    struct stage *s = open_stage(SHARDS, 1);
    char keys[64][8];
    for (size_t i = 0; i < 64; i++) {
        snprintf(keys[i], sizeof keys[i], "k%zu", i);
        insert(s, keys[i]);
    }
    await_invocations(s, SHARDS); /* no shard of four is without a key of 64 */
    for (size_t done = 0; done < 64; done++) {
        pthread_mutex_lock(&s->lock);
        while (s->n_running == 0) {
            pthread_cond_wait(&s->changed, &s->lock);
        }
        char running[200] = "";
        for (size_t i = 0; i < MAX_RUNNING && !running[0]; i++) {
            if (s->running[i].ended) {
                snprintf(running, sizeof running, "%s", s->running[i].keys);
            }
        }
        pthread_mutex_unlock(&s->lock);
        end(s, running, true);
    }
    assert_int_equal(s->n_log, 64);
    assert_int_equal(s->most_running, SHARDS);
    close_stage(s);
}

/* There is room for three records of some 520 bytes. */
static void what_was_trimmed_unread_is_passed_over(void **state)
{
    (void)state;
    struct stage *s = open_bounded_stage(1, 10, 1700);
    static const char *const keys[] = {"b", "c", "d", "e", "f"};
    insert(s, "a");
    await_invocations(s, 1);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        insert(s, keys[i]);
    }
    while (xcy_dynamodb_stream_trimmed(s->stream, 0) < 3) {
        xcy_sleep_until(xcy_mono_add(xcy_mono_now(), XCY_NS_PER_MS), -1);
    }
    end(s, "a ", false);
    end(s, "d e f ", false);
    end(s, "d e f ", true);
    close_stage(s);
}

static void only_inserts_invoke(void **state)
{
    (void)state;
    struct stage *s = open_stage(1, 10);
    change(s, "gone", false, 0);
    insert(s, "a");
    end(s, "a ", true);
    change(s, "a", false, 0);
    change(s, "b", false, 0);
    insert(s, "c");
    end(s, "c ", true);
    assert_int_equal(s->n_log, 2);
    close_stage(s);
}

static void what_is_in_hand_when_stopping_is_dropped(void **state)
{
    (void)state;
    struct stage *s = open_stage(1, 1);
    insert(s, "a");
    await_invocations(s, 1);
    change(s, "b", true, 60000);
    close_stage(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_invokes_when_it_is_visible),
        cmocka_unit_test(while_it_is_stalled_no_record_invokes_and_afterwards_each_does),
        cmocka_unit_test(a_shard_has_one_invocation_at_a_time_in_order),
        cmocka_unit_test(a_busy_shard_gathers_the_next_batch),
        cmocka_unit_test(a_failed_batch_is_tried_until_it_succeeds),
        cmocka_unit_test(a_batch_that_is_tried_again_stays_as_it_was),
        cmocka_unit_test(a_throttled_batch_is_tried_again),
        cmocka_unit_test(a_failing_batch_blocks_its_shard_only),
        cmocka_unit_test(shards_run_side_by_side),
        cmocka_unit_test(what_was_trimmed_unread_is_passed_over),
        cmocka_unit_test(only_inserts_invoke),
        cmocka_unit_test(what_is_in_hand_when_stopping_is_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
