#include "common/base/mem.h"
#include "sandbox/services/dynamodb_iterator.h"
#include "sandbox/services/dynamodb_stream.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct xcy_dynamodb_stream *new_stream(size_t n_shards, size_t max_bytes)
{
    const struct xcy_dynamodb_stream_options options = {
        .region = "us-east-1",
        .account = "000000000000",
        .table = "notes",
        .key_name = "key",
        .view = xcy_dynamodb_view_find("NEW_AND_OLD_IMAGES"),
        .n_shards = n_shards,
        .created = {INT64_C(1795000000123000000)},
        .max_bytes = max_bytes};
    return xcy_dynamodb_stream_new(&options);
}

static struct xcy_dynamodb_item *item_of(const char *key, const char *body)
{
    char reason[200];
    struct xcy_json *attributes = xcy_json_new_object();
    xcy_json_put_string(xcy_json_put_object(attributes, "key"), "S", key);
    xcy_json_put_string(xcy_json_put_object(attributes, "body"), "S", body);
    struct xcy_dynamodb_item *item = xcy_dynamodb_item_new(attributes, reason);
    assert_non_null(item);
    xcy_json_free(attributes);
    return item;
}

/* An item put anew; it comes after_ms from now. */
static struct xcy_mono insert(struct xcy_dynamodb_stream *stream, const char *key, int64_t after_ms)
{
    struct xcy_dynamodb_item *item = item_of(key, "text");
    struct xcy_dynamodb_record *record = xcy_dynamodb_record_new(key, NULL, item);
    xcy_dynamodb_item_release(item);
    record->visible = xcy_mono_add(xcy_mono_now(), after_ms * XCY_NS_PER_MS);
    return xcy_dynamodb_stream_add(stream, record);
}

struct seen {
    char keys[200]; /* "a b " */
    uint64_t last;
    size_t most;
};

static bool see(void *ctx, const struct xcy_dynamodb_record *record)
{
    struct seen *seen = ctx;
    size_t n = strlen(seen->keys);
    if (seen->most-- == 0) {
        return false;
    }
    snprintf(seen->keys + n, sizeof seen->keys - n, "%s ", record->key);
    seen->last = record->sequence;
    return true;
}

static struct seen read_from(struct xcy_dynamodb_stream *stream, size_t shard, uint64_t after)
{
    struct seen seen = {.most = 100};
    assert_true(xcy_dynamodb_stream_read(stream, shard, after, see, &seen));
    return seen;
}

static void records_stand_in_the_order_in_which_they_come(void **state)
{
    (void)state;
    struct xcy_dynamodb_stream *stream = new_stream(1, 0);
    insert(stream, "late", -1);
    insert(stream, "early", -5); /* it is behind what has come */
    insert(stream, "slow", 40);
    insert(stream, "fast", 20);
    struct xcy_mono last = insert(stream, "last", 60);
    xcy_sleep_until(last, -1);
    assert_string_equal(read_from(stream, 0, 0).keys, "late early fast slow last ");
    assert_string_equal(read_from(stream, 0, 3).keys, "slow last ");
    assert_int_equal(read_from(stream, 0, 0).last, 5);
    assert_int_equal(xcy_dynamodb_stream_latest(stream, 0), 5);
    xcy_dynamodb_stream_free(stream);
}

static void a_record_is_not_there_before_its_instant(void **state)
{
    (void)state;
    struct xcy_dynamodb_stream *stream = new_stream(1, 0);
    struct xcy_mono visible = insert(stream, "a", 30);
    while (read_from(stream, 0, 0).last == 0) {
        xcy_sleep_until(xcy_mono_add(xcy_mono_now(), XCY_NS_PER_MS), -1);
    }
    assert_false(xcy_mono_before(xcy_mono_now(), visible));
    xcy_dynamodb_stream_free(stream);
}

static void the_records_of_a_key_keep_their_order(void **state)
{
    (void)state;
    struct xcy_dynamodb_stream *stream = new_stream(1, 0);
    struct xcy_mono first = insert(stream, "a", 60000);
    struct xcy_mono second = insert(stream, "a", 10);
    insert(stream, "b", -1);
    assert_true(second.ns == first.ns);
    assert_string_equal(read_from(stream, 0, 0).keys, "b ");
    xcy_dynamodb_stream_free(stream);
}

static void a_key_has_its_shard_and_all_shards_are_used(void **state)
{
    (void)state;
    enum { SHARDS = 4, KEYS = 200 };
    struct xcy_dynamodb_stream *stream = new_stream(SHARDS, 0);
    for (int i = 0; i < KEYS; i++) {
        char key[16];
        snprintf(key, sizeof key, "%dKEY", i % 100);
        insert(stream, key, -1);
    }
    uint64_t sum = 0;
    for (size_t i = 0; i < SHARDS; i++) {
        uint64_t n = xcy_dynamodb_stream_latest(stream, i);
        assert_true(n >= 2 && n % 2 == 0); /* each key twice in its shard */
        sum += n;
    }
    assert_int_equal(sum, KEYS);
    xcy_dynamodb_stream_free(stream);
}

static void memory_is_bounded_and_the_oldest_go_first(void **state)
{
    (void)state;
    enum { ROOM = 10, N = 5000 };
    struct xcy_dynamodb_stream *stream = new_stream(1, (size_t)(512 + 1 + 3 + 1 + 8) * ROOM);
    for (int i = 0; i < N; i++) {
        insert(stream, "k", -1);
    }
    struct seen seen = {.most = 100};
    assert_int_equal(xcy_dynamodb_stream_latest(stream, 0), N);
    assert_int_equal(xcy_dynamodb_stream_trimmed(stream, 0), N - ROOM);
    assert_false(xcy_dynamodb_stream_read(stream, 0, 3, see, &seen));
    assert_string_equal(seen.keys, "");
    assert_int_equal(read_from(stream, 0, N - ROOM).last, N);
    xcy_dynamodb_stream_free(stream);
}

static void a_change_is_told_by_what_was_there(void **state)
{
    (void)state;
    struct xcy_dynamodb_item *a = item_of("k", "a");
    struct xcy_dynamodb_item *same = item_of("k", "a");
    struct xcy_dynamodb_item *b = item_of("k", "b");
    const struct {
        struct xcy_dynamodb_item *items[2];
        int change; /* -1: none */
    } cases[] = {{{NULL, a}, XCY_DYNAMODB_INSERT},
                 {{a, b}, XCY_DYNAMODB_MODIFY},
                 {{a, NULL}, XCY_DYNAMODB_REMOVE},
                 {{a, same}, -1},
                 {{NULL, NULL}, -1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct xcy_dynamodb_record *record =
            xcy_dynamodb_record_new("k", cases[i].items[0], cases[i].items[1]);
        assert_true((record == NULL) == (cases[i].change < 0));
        if (record) {
            assert_int_equal((int)record->change, cases[i].change);
            xcy_dynamodb_record_free(record);
        }
    }
    xcy_dynamodb_item_release(a);
    xcy_dynamodb_item_release(same);
    xcy_dynamodb_item_release(b);
}

static bool format_it(void *ctx, const struct xcy_dynamodb_record *record)
{
    struct {
        struct xcy_dynamodb_stream *stream;
        struct xcy_buf out;
    } *to = ctx;
    xcy_dynamodb_stream_format(to->stream, record, true, &to->out);
    return true;
}

static void a_record_has_the_form_that_lambda_gets(void **state)
{
    (void)state;
    struct {
        struct xcy_dynamodb_stream *stream;
        struct xcy_buf out;
    } to = {.stream = new_stream(1, 0)};
    struct xcy_dynamodb_item *item = item_of("k\"", "b");
    struct xcy_dynamodb_record *record = xcy_dynamodb_record_new("k\"", NULL, item);
    xcy_dynamodb_item_release(item);
    record->applied = (struct xcy_wall){INT64_C(1795000001999000000)};
    record->visible = xcy_mono_now();
    xcy_dynamodb_stream_add(to.stream, record);
    xcy_buf_init(&to.out, 4096);
    assert_true(xcy_dynamodb_stream_read(to.stream, 0, 0, format_it, &to));
    assert_string_equal(
        to.out.ptr,
        "{\"eventID\":\"100000000000000000100\",\"eventName\":\"INSERT\",\"eventVersion\":\"1.1\","
        "\"eventSource\":\"aws:dynamodb\",\"awsRegion\":\"us-east-1\",\"dynamodb\":{"
        "\"ApproximateCreationDateTime\":1795000001,\"Keys\":{\"key\":{\"S\":\"k\\\"\"}},"
        "\"NewImage\":{\"key\":{\"S\":\"k\\\"\"},\"body\":{\"S\":\"b\"}},"
        "\"SequenceNumber\":\"100000000000000000100\",\"SizeBytes\":12,"
        "\"StreamViewType\":\"NEW_AND_OLD_IMAGES\"},\"eventSourceARN\":"
        "\"arn:aws:dynamodb:us-east-1:000000000000:table/notes/stream/2026-11-18T11:06:40.123\"}");
    xcy_buf_clear(&to.out);
    xcy_dynamodb_stream_free(to.stream);
}

static void sequence_numbers_come_back(void **state)
{
    (void)state;
    char text[XCY_DYNAMODB_SEQUENCE_BYTES];
    uint64_t sequence = 0;
    xcy_dynamodb_sequence_format(7, 123456, text);
    assert_string_equal(text, "100000000000012345607");
    assert_true(xcy_dynamodb_sequence_parse(text, 7, &sequence));
    assert_int_equal(sequence, 123456);
    assert_false(xcy_dynamodb_sequence_parse(text, 6, &sequence));
    static const char *const wrong[] = {"",
                                        "7",
                                        "200000000000012345607",
                                        "10000000000001234560",
                                        "1000000000000123456070",
                                        "1000000000000 2345607"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(xcy_dynamodb_sequence_parse(wrong[i], 7, &sequence));
    }
}

static void iterators_come_back(void **state)
{
    (void)state;
    const struct xcy_dynamodb_iterator iterator = {
        .stream_arn = xcy_bytes_of("arn:x|y"), .shard = 3, .after = 77, .issued_us = 99};
    struct xcy_dynamodb_iterator back;
    char *text = xcy_dynamodb_iterator_format(&iterator);
    assert_true(xcy_dynamodb_iterator_parse(text, &back));
    assert_int_equal(back.stream_arn.len, 7);
    assert_true(back.shard == 3 && back.after == 77 && back.issued_us == 99);
    static const char *const wrong[] = {
        "",         "|||",       "a|1|2",  "a|1|2|",
        "a|-1|2|3", "a|100|2|3", "|1|2|3", "a|1|2|99999999999999999999",
        "a|1|2|3x"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(xcy_dynamodb_iterator_parse(wrong[i], &back));
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_stand_in_the_order_in_which_they_come),
        cmocka_unit_test(a_record_is_not_there_before_its_instant),
        cmocka_unit_test(the_records_of_a_key_keep_their_order),
        cmocka_unit_test(a_key_has_its_shard_and_all_shards_are_used),
        cmocka_unit_test(memory_is_bounded_and_the_oldest_go_first),
        cmocka_unit_test(a_change_is_told_by_what_was_there),
        cmocka_unit_test(a_record_has_the_form_that_lambda_gets),
        cmocka_unit_test(sequence_numbers_come_back),
        cmocka_unit_test(iterators_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
