#include "tests/support/unit.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "sandbox/services/dynamodb_table.h"
#include "sandbox/services/s3_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { WRITER, READER, MAX_BYTES = 1 << 16 };

/* A table and two buckets whose replication can be stalled. */
struct stores {
    struct xcy_stall *stall;
    struct xcy_lag *lag;
    struct xcy_truth *truth;
    char truth_path[64];
    struct xcy_dynamodb_world world;
    struct xcy_dynamodb_table *table;
    struct xcy_s3_store *s3;
    struct xcy_s3_bucket *source;
    struct xcy_s3_bucket *replica;
};

/* lag_ms -1: a gate. */
static void open_stores(struct stores *s, double lag_ms)
{
    struct xcy_error err;
    const struct xcy_delay delay = {.model = lag_ms < 0 ? XCY_DELAY_GATE : XCY_DELAY_CONSTANT,
                                    .a_ms = lag_ms < 0 ? 0 : lag_ms};
    *s = (struct stores){.stall = xcy_stall_new()};
    assert_ok(xcy_lag_new(&delay, 1, 1, "test", &s->lag, &err), &err);
    snprintf(s->truth_path, sizeof s->truth_path, "/tmp/xcy-truth-XXXXXX");
    close(mkstemp(s->truth_path));
    assert_ok(xcy_truth_open(s->truth_path, &s->truth, &err), &err);
    s->world = (struct xcy_dynamodb_world){.regions = {"eu", "us"},
                                           .n_regions = 2,
                                           .truth = s->truth,
                                           .stall = s->stall,
                                           .replication = s->lag,
                                           .settle = s->lag,
                                           .n_shards = 1,
                                           .account = "000000000000"};
    s->table = xcy_dynamodb_table_new(&s->world, "posts", "key", NULL);
    s->s3 = xcy_s3_store_new(s->truth, s->stall);
    s->source = xcy_s3_store_add(s->s3, "source", "eu");
    s->replica = xcy_s3_store_add(s->s3, "replica", "us");
    xcy_s3_store_replicate(s->s3, s->source, s->replica, s->lag);
}

static void close_stores(struct stores *s)
{
    xcy_dynamodb_table_free(s->table);
    xcy_s3_store_free(s->s3);
    xcy_truth_close(s->truth);
    xcy_lag_free(s->lag);
    xcy_stall_free(s->stall);
    unlink(s->truth_path);
}

static void write_both(struct stores *s, const char *key)
{
    char reason[200];
    struct xcy_json *attributes = xcy_json_new_object();
    xcy_json_put_string(xcy_json_put_object(attributes, "key"), "S", key);
    struct xcy_dynamodb_item *item = xcy_dynamodb_item_new(attributes, reason);
    assert_non_null(item);
    xcy_json_free(attributes);
    xcy_dynamodb_item_release(xcy_dynamodb_table_write(s->table, WRITER, key, item));
    struct xcy_s3_object *object = xcy_s3_object_new(NULL);
    xcy_s3_store_put(s->s3, s->source, key, object);
}

/* Whether both stores have the key there; they must agree. */
static bool is_there(struct stores *s, size_t region, const char *key)
{
    struct xcy_s3_found found;
    struct xcy_dynamodb_item *item = xcy_dynamodb_table_read(s->table, region, key, true);
    xcy_s3_store_read(s->s3, region == WRITER ? s->source : s->replica, key, NULL, &found);
    bool is_in_table = item != NULL;
    bool is_in_bucket = found.object != NULL;
    xcy_dynamodb_item_release(item);
    xcy_s3_object_release(found.object);
    assert_int_equal(is_in_table, is_in_bucket);
    return is_in_table;
}

static struct xcy_mono set(struct stores *s, bool is_on)
{
    struct xcy_mono at = {0};
    assert_true(xcy_stall_set(s->stall, is_on, &at));
    return at;
}

static void pass_ms(int64_t ms)
{
    xcy_sleep_until(xcy_mono_add(xcy_mono_now(), ms * XCY_NS_PER_MS), -1);
}

static void without_a_lag_what_is_written_in_a_stall_appears_at_its_end(void **state)
{
    (void)state;
    struct stores s;
    open_stores(&s, 0);
    write_both(&s, "before");
    assert_true(is_there(&s, READER, "before"));
    set(&s, true);
    write_both(&s, "during");
    pass_ms(1);
    assert_true(is_there(&s, WRITER, "during")); /* where it was written it is at once */
    assert_false(is_there(&s, READER, "during"));
    assert_true(is_there(&s, READER, "before"));
    set(&s, false);
    pass_ms(1);
    assert_true(is_there(&s, READER, "during"));
    close_stores(&s);
}

static void what_was_under_way_goes_on_with_the_rest_of_its_lag(void **state)
{
    (void)state;
    struct stores s;
    enum { LAG_MS = 20 };
    open_stores(&s, LAG_MS);
    struct xcy_mono before = xcy_mono_now();
    write_both(&s, "a");
    struct xcy_mono from = set(&s, true);
    pass_ms(INT64_C(2) * LAG_MS);
    assert_false(is_there(&s, READER, "a"));
    struct xcy_mono to = set(&s, false);
    int64_t left_ns = LAG_MS * XCY_NS_PER_MS - xcy_mono_diff_ns(from, before);
    struct xcy_dynamodb_item *item = NULL;
    while (!item) {
        item = xcy_dynamodb_table_read(s.table, READER, "a", true);
    }
    assert_true(xcy_mono_diff_ns(xcy_mono_now(), to) >= left_ns);
    xcy_dynamodb_item_release(item);
    close_stores(&s);
}

static void a_gate_stays_closed_while_it_lasts(void **state)
{
    (void)state;
    struct stores s;
    open_stores(&s, -1);
    write_both(&s, "a");
    set(&s, true);
    assert_false(is_there(&s, READER, "a"));
    assert_false(is_there(&s, READER, "a")); /* the miss before did not open it */
    set(&s, false);
    assert_false(is_there(&s, READER, "a"));
    assert_true(is_there(&s, READER, "a"));
    close_stores(&s);
}

/* at_us and applied_us of the n-th write in the log. */
static int64_t logged(const struct stores *s, size_t n, const char *name)
{
    struct xcy_buf text;
    struct xcy_error err;
    int64_t value = -1;
    size_t n_writes = 0;
    xcy_buf_init(&text, MAX_BYTES);
    assert_ok(xcy_file_read(s->truth_path, &text, &err), &err);
    for (char *save = NULL, *at = strtok_r(text.ptr, "\n", &save); at;
         at = strtok_r(NULL, "\n", &save)) {
        struct xcy_json *line = NULL;
        assert_ok(xcy_json_parse(xcy_bytes_of(at), &line, &err), &err);
        if (strcmp(xcy_json_get_string(line, "op", ""), "write") == 0 && n_writes++ == n) {
            value = xcy_json_get_int64(line, name, -1);
        }
        xcy_json_free(line);
    }
    xcy_buf_clear(&text);
    return value;
}

static void the_log_names_a_write_in_wall_time_and_its_lag_as_if_the_stall_were_over(void **state)
{
    (void)state;
    struct stores s;
    enum { LAG_US = 20000 };
    open_stores(&s, 20);
    set(&s, true);
    pass_ms(3);
    int64_t before_us = xcy_wall_us(xcy_wall_now());
    write_both(&s, "a");
    int64_t after_us = xcy_wall_us(xcy_wall_now());
    set(&s, false);
    for (size_t i = 0; i < 2; i++) { /* of both stores */
        int64_t at_us = logged(&s, i, "at_us");
        assert_in_range(at_us, before_us - 1, after_us + 1);
        assert_int_equal(logged(&s, i, "applied_us") - at_us, LAG_US);
    }
    assert_int_equal(logged(&s, 0, "settled_us") - logged(&s, 0, "applied_us"), LAG_US);
    close_stores(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_lag_what_is_written_in_a_stall_appears_at_its_end),
        cmocka_unit_test(what_was_under_way_goes_on_with_the_rest_of_its_lag),
        cmocka_unit_test(a_gate_stays_closed_while_it_lasts),
        cmocka_unit_test(the_log_names_a_write_in_wall_time_and_its_lag_as_if_the_stall_were_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
