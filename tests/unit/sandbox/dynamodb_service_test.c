#include "common/base/mem.h"
#include "tests/support/unit.h"
#include "tests/unit/sandbox/stand.h"

#include <stdio.h>
#include <stdlib.h>

static int open_stand(void **state)
{
    *state = stand_open(NULL);
    return 0;
}

static int open_gated_stand(void **state)
{
    *state = stand_open(&(struct stand_lags){.replication = -1});
    return 0;
}

static int open_slow_stand(void **state)
{
    *state = stand_open(
        &(struct stand_lags){.writer_leg = 4, .reader_leg = 2, .replication = 40, .settle = 20});
    return 0;
}

static int close_stand(void **state)
{
    stand_close(*state);
    return 0;
}

static void put(const struct xcy_aws *aws, const char *key, const char *body)
{
    struct xcy_error err;
    struct xcy_dynamodb_attribute attributes[] = {{"key", key}, {"body", body}};
    assert_ok(xcy_dynamodb_put(aws, "posts", attributes, 2, &err), &err);
}

static bool is_found(const struct xcy_aws *aws, const char *key, bool strong)
{
    struct xcy_json *item = NULL;
    struct xcy_error err;
    assert_ok(xcy_dynamodb_get(aws, "posts", "key", key, strong, NULL, &item, &err), &err);
    bool found = item != NULL;
    xcy_json_free(item);
    return found;
}

static struct xcy_json *does(const struct xcy_aws *aws, const char *operation, const char *input)
{
    char target[80];
    snprintf(target, sizeof target, "DynamoDB_20120810.%s", operation);
    return stand_call(aws, target, stand_json(input));
}

static void fails(const struct xcy_aws *aws, const char *operation, const char *input,
                  const char *code)
{
    char target[80];
    snprintf(target, sizeof target, "DynamoDB_20120810.%s", operation);
    stand_call_fails(aws, target, stand_json(input), code);
}

static void an_item_is_put_got_and_deleted(void **state)
{
    const struct stand *s = *state;
    struct xcy_json *item = NULL;
    struct xcy_error err;
    put(&s->writer, "k", "text \"\xc3\xa9\"\n");
    assert_ok(xcy_dynamodb_get(&s->reader, "posts", "key", "k", false, NULL, &item, &err), &err);
    assert_string_equal(xcy_json_get_string(item, "body", ""), "text \"\xc3\xa9\"\n");
    xcy_json_free(item);
    item = NULL;
    assert_ok(xcy_dynamodb_get(&s->reader, "posts", "key", "k", true, "key", &item, &err), &err);
    assert_int_equal(xcy_json_size(item), 1);
    xcy_json_free(item);
    assert_ok(xcy_dynamodb_delete(&s->writer, "posts", "key", "k", &err), &err);
    assert_false(is_found(&s->writer, "k", true));
    assert_false(is_found(&s->reader, "k", false));
}

static void every_kind_of_value_comes_back_as_it_was(void **state)
{
    const struct stand *s = *state;
    static const char item[] =
        "{'key':{'S':'k'},'n':{'N':'-1.5e3'},'b':{'B':'AAEC'},'t':{'BOOL':false},'u':{'NULL':true},"
        "'l':{'L':[{'S':'x'},{'N':'2'}]},'m':{'M':{'a':{'L':[]}}},'ss':{'SS':['a','b']},"
        "'ns':{'NS':['1']},'bs':{'BS':['AA==']},'e':{'S':''}}";
    char *input = xcy_format("{'TableName':'posts','Item':%s}", item);
    xcy_json_free(does(&s->writer, "PutItem", input));
    struct xcy_json *answer =
        does(&s->writer, "GetItem", "{'TableName':'posts','Key':{'key':{'S':'k'}}}");
    struct xcy_json *expected = stand_json(item);
    char *texts[2] = {xcy_json_text(xcy_json_get(answer, "Item")), xcy_json_text(expected)};
    assert_string_equal(texts[0], texts[1]);
    free(texts[0]);
    free(texts[1]);
    free(input);
    xcy_json_free(expected);
    xcy_json_free(answer);
}

static void a_missing_item_is_no_error(void **state)
{
    const struct stand *s = *state;
    struct xcy_json *answer =
        does(&s->writer, "GetItem", "{'TableName':'posts','Key':{'key':{'S':'none'}}}");
    assert_int_equal(xcy_json_size(answer), 0);
    xcy_json_free(answer);
}

static void all_old_gives_what_was_there(void **state)
{
    const struct stand *s = *state;
    put(&s->writer, "k", "v1");
    struct xcy_json *answer =
        does(&s->writer, "PutItem",
             "{'TableName':'posts','Item':{'key':{'S':'k'}},'ReturnValues':'ALL_OLD'}");
    const struct xcy_json *body = xcy_json_get(xcy_json_get(answer, "Attributes"), "body");
    assert_string_equal(xcy_json_get_string(body, "S", ""), "v1");
    xcy_json_free(answer);
    answer = does(&s->writer, "DeleteItem",
                  "{'TableName':'posts','Key':{'key':{'S':'other'}},'ReturnValues':'ALL_OLD'}");
    assert_int_equal(xcy_json_size(answer), 0);
    xcy_json_free(answer);
}

static void through_a_gate_the_first_read_misses_and_the_next_finds(void **state)
{
    const struct stand *s = *state;
    put(&s->writer, "k", "v");
    assert_true(is_found(&s->writer, "k", false));
    assert_false(is_found(&s->reader, "k", false));
    assert_true(is_found(&s->reader, "k", false));
    struct xcy_json *writes = stand_truth(s, "write");
    struct xcy_json *opens = stand_truth(s, "open");
    struct xcy_json *reads = stand_truth(s, "read");
    assert_int_equal(xcy_json_get_int64(xcy_json_at(writes, 0), "applied_us", -1), 0);
    assert_int_equal(xcy_json_size(opens), 1);
    assert_int_equal(xcy_json_size(reads), 3);
    assert_int_equal(xcy_json_get_int64(xcy_json_at(opens, 0), "at_us", -1),
                     xcy_json_get_int64(xcy_json_at(reads, 1), "at_us", -2));
    xcy_json_free(writes);
    xcy_json_free(opens);
    xcy_json_free(reads);
}

/* Reads until one finds; every decision in the log must follow from the write's line. */
static void each_read_is_as_the_truth_log_says(void **state)
{
    const struct stand *s = *state;
    put(&s->writer, "k", "v");
    do {
        (void)is_found(&s->reader, "k", true);
    } while (!is_found(&s->reader, "k", false));
    struct xcy_json *writes = stand_truth(s, "write");
    struct xcy_json *reads = stand_truth(s, "read");
    const struct xcy_json *write = xcy_json_at(writes, 0);
    int64_t at_us = xcy_json_get_int64(write, "at_us", 0);
    int64_t applied_us = xcy_json_get_int64(write, "applied_us", 0);
    int64_t settled_us = xcy_json_get_int64(write, "settled_us", 0);
    assert_string_equal(xcy_json_get_string(write, "region", ""), "eu-central-1");
    assert_int_equal(applied_us - at_us, 40000);
    assert_int_equal(settled_us - applied_us, 20000);
    for (const struct xcy_json *read = xcy_json_first(reads); read; read = xcy_json_next(read)) {
        bool strong = xcy_json_get_bool(read, "strong", false);
        int64_t from_us = strong ? applied_us : settled_us;
        assert_int_equal(xcy_json_get_bool(read, "found", false),
                         xcy_json_get_int64(read, "at_us", 0) >= from_us);
    }
    xcy_json_free(writes);
    xcy_json_free(reads);
}

static void a_call_takes_its_leg_half_before_and_half_after_the_decision(void **state)
{
    const struct stand *s = *state;
    struct xcy_anchor anchor = xcy_anchor_now();
    put(&s->writer, "k", "v");
    int64_t after_us = xcy_wall_us(xcy_wall_at(anchor, xcy_mono_now()));
    struct xcy_json *writes = stand_truth(s, "write");
    int64_t at_us = xcy_json_get_int64(xcy_json_at(writes, 0), "at_us", 0);
    assert_true(at_us >= xcy_wall_us(anchor.wall) + 2000 - 2);
    assert_true(after_us >= at_us); /* the answer came behind the decision */
    assert_true(after_us >= xcy_wall_us(anchor.wall) + 4000 - 2);
    xcy_json_free(writes);
}

static void a_scan_pages_through_all_items(void **state)
{
    const struct stand *s = *state;
    char *next = NULL;
    size_t n = 0;
    for (int i = 0; i < 7; i++) {
        char key[8];
        snprintf(key, sizeof key, "k%d", i);
        put(&s->writer, key, "v");
    }
    static const char first[] = "{'TableName':'posts','Limit':3,'ConsistentRead':true}";
    struct xcy_json *page = does(&s->writer, "Scan", first);
    for (;;) {
        n += xcy_json_size(xcy_json_get(page, "Items"));
        const struct xcy_json *last = xcy_json_get(page, "LastEvaluatedKey");
        if (!last) {
            break;
        }
        next = xcy_json_text(last);
        char *input =
            xcy_format("{\"TableName\":\"posts\",\"Limit\":3,\"ExclusiveStartKey\":%s}", next);
        xcy_json_free(page);
        page = does(&s->writer, "Scan", input);
        free(input);
        free(next);
    }
    assert_int_equal(n, 7);
    xcy_json_free(page);
    page = does(&s->writer, "Scan", "{'TableName':'posts','Select':'COUNT'}");
    assert_int_equal(xcy_json_get_int64(page, "Count", 0), 7);
    assert_null(xcy_json_get(page, "Items"));
    xcy_json_free(page);
}

static void our_client_empties_the_table_page_by_page(void **state)
{
    const struct stand *s = *state;
    struct xcy_error err;
    struct xcy_dynamodb_size size;
    for (int i = 0; i < 30; i++) {
        char key[8];
        snprintf(key, sizeof key, "k%d", i);
        put(&s->writer, key, "v");
    }
    assert_ok(xcy_dynamodb_size(&s->writer, "posts", &size, &err), &err);
    assert_int_equal(size.items, 30);
    assert_int_equal(size.bytes, 30 * (3 + 4 + 1) + 10 * 2 + 20 * 3);
    struct xcy_json *keys = NULL;
    char *next = NULL;
    assert_ok(xcy_dynamodb_scan_keys(&s->writer, "posts", "key", NULL, &keys, &next, &err), &err);
    assert_int_equal(xcy_json_size(keys), 30);
    assert_null(next);
    for (const struct xcy_json *key = xcy_json_first(keys); key; key = xcy_json_next(key)) {
        assert_ok(xcy_dynamodb_delete(&s->writer, "posts", "key", xcy_json_string(key), &err),
                  &err);
    }
    assert_ok(xcy_dynamodb_size(&s->writer, "posts", &size, &err), &err);
    assert_int_equal(size.items, 0);
    xcy_json_free(keys);
}

static void a_page_of_a_scan_ends_at_a_megabyte(void **state)
{
    const struct stand *s = *state;
    char *body = xcy_alloc(350001);
    memset(body, 'x', 350000);
    for (int i = 0; i < 4; i++) {
        char key[8];
        snprintf(key, sizeof key, "k%d", i);
        put(&s->writer, key, body);
    }
    struct xcy_json *page = does(&s->writer, "Scan", "{'TableName':'posts'}");
    assert_int_equal(xcy_json_get_int64(page, "Count", 0), 3);
    assert_non_null(xcy_json_get(page, "LastEvaluatedKey"));
    xcy_json_free(page);
    free(body);
}

/* An item of n elements; its text is far longer than what it counts. */
static void put_many(const struct xcy_aws *aws, const char *begin, const char *element, size_t n,
                     const char *end)
{
    struct xcy_buf input;
    xcy_buf_init(&input, 8 << 20);
    xcy_buf_addf(&input, "{'TableName':'posts','Item':{%s", begin);
    for (size_t i = 0; i < n; i++) {
        xcy_buf_add_text(&input, element);
    }
    xcy_buf_addf(&input, "%s}}", end);
    xcy_json_free(does(aws, "PutItem", input.ptr));
    xcy_buf_clear(&input);
}

static void a_page_of_a_scan_ends_at_six_megabytes_of_text(void **state)
{
    const struct stand *s = *state;
    put_many(&s->writer, "'key':{'S':'a'},'body':{'S':'", "\\u0001", 400000, "'}");
    put_many(&s->writer, "'key':{'S':'b'},'m':{'M':{", "'':{'S':''},", 350000, "'':{'S':''}}}");
    struct xcy_json *page = does(&s->writer, "Scan", "{'TableName':'posts'}");
    assert_int_equal(xcy_json_get_int64(page, "Count", 0), 2);
    assert_non_null(xcy_json_get(page, "LastEvaluatedKey"));
    xcy_json_free(page);
}

static void an_item_has_at_most_400_kilobytes(void **state)
{
    const struct stand *s = *state;
    size_t names_and_key = strlen("key") + strlen("k") + strlen("body");
    size_t room = (size_t)400 * 1024 - names_and_key;
    char *body = xcy_alloc(room + 2);
    memset(body, 'x', room);
    put(&s->writer, "k", body);
    body[room] = 'x';
    /* Our client would refuse it itself: so by hand. */
    char *input =
        xcy_format("{'TableName':'posts','Item':{'key':{'S':'k'},'body':{'S':'%s'}}}", body);
    fails(&s->writer, "PutItem", input, "Item size has exceeded the maximum allowed size");
    free(input);
    free(body);
}

static void a_batch_writes_and_deletes(void **state)
{
    const struct stand *s = *state;
    put(&s->writer, "old", "v");
    struct xcy_json *answer =
        does(&s->writer, "BatchWriteItem",
             "{'RequestItems':{'posts':[{'PutRequest':{'Item':{'key':{'S':'new'}}}},"
             "{'DeleteRequest':{'Key':{'key':{'S':'old'}}}}]}}");
    assert_int_equal(xcy_json_size(xcy_json_get(answer, "UnprocessedItems")), 0);
    assert_true(is_found(&s->writer, "new", true));
    assert_false(is_found(&s->writer, "old", true));
    xcy_json_free(answer);
    fails(&s->writer, "BatchWriteItem",
          "{'RequestItems':{'posts':[{'DeleteRequest':{'Key':{'key':{'S':'a'}}}},"
          "{'DeleteRequest':{'Key':{'key':{'S':'a'}}}}]}}",
          "duplicates");
    fails(&s->writer, "BatchWriteItem", "{'RequestItems':{}}", "ValidationException");
}

static void tables_are_described_listed_and_made(void **state)
{
    const struct stand *s = *state;
    struct xcy_json *answer =
        does(&s->reader, "CreateTable",
             "{'TableName':'second','KeySchema':[{'AttributeName':'id','KeyType':'HASH'}],"
             "'AttributeDefinitions':[{'AttributeName':'id','AttributeType':'S'}]}");
    xcy_json_free(answer);
    fails(&s->writer, "CreateTable",
          "{'TableName':'second','KeySchema':[{'AttributeName':'id','KeyType':'HASH'}],"
          "'AttributeDefinitions':[{'AttributeName':'id','AttributeType':'S'}]}",
          "ResourceInUseException");
    answer = does(&s->writer, "DescribeTable", "{'TableName':'second'}");
    const struct xcy_json *table = xcy_json_get(answer, "Table");
    assert_string_equal(xcy_json_get_string(table, "TableStatus", ""), "ACTIVE");
    assert_string_equal(xcy_json_get_string(table, "TableArn", ""),
                        "arn:aws:dynamodb:eu-central-1:000000000000:table/second");
    xcy_json_free(answer);
    answer = does(&s->writer, "ListTables", "{'Limit':1}");
    assert_string_equal(xcy_json_get_string(answer, "LastEvaluatedTableName", ""), "posts");
    xcy_json_free(answer);
    answer = does(&s->writer, "ListTables", "{'ExclusiveStartTableName':'posts'}");
    assert_int_equal(xcy_json_size(xcy_json_get(answer, "TableNames")), 1);
    assert_null(xcy_json_get(answer, "LastEvaluatedTableName"));
    xcy_json_free(answer);
}

static void has_size(const struct xcy_aws *aws, int64_t items, int64_t bytes)
{
    struct xcy_json *answer = does(aws, "DescribeTable", "{'TableName':'posts'}");
    const struct xcy_json *table = xcy_json_get(answer, "Table");
    assert_int_equal(xcy_json_get_int64(table, "ItemCount", -1), items);
    assert_int_equal(xcy_json_get_int64(table, "TableSizeBytes", -1), bytes);
    xcy_json_free(answer);
}

/* Names and values, in UTF-8. */
static void a_table_has_the_size_of_what_was_written_last(void **state)
{
    const struct stand *s = *state;
    has_size(&s->writer, 0, 0);
    xcy_json_free(does(&s->writer, "PutItem",
                       "{'TableName':'posts','Item':{'key':{'S':'a'},'post':{'S':'12345'}}}"));
    xcy_json_free(does(&s->writer, "PutItem", "{'TableName':'posts','Item':{'key':{'S':'b'}}}"));
    has_size(&s->writer, 2, 3 + 1 + 4 + 5 + 3 + 1);
    xcy_json_free(does(&s->reader, "PutItem",
                       "{'TableName':'posts','Item':{'key':{'S':'a'},'post':{'S':'1'}}}"));
    has_size(&s->writer, 2, 3 + 1 + 4 + 1 + 3 + 1);
    for (int time = 0; time < 2; time++) {
        xcy_json_free(
            does(&s->writer, "DeleteItem", "{'TableName':'posts','Key':{'key':{'S':'a'}}}"));
    }
    has_size(&s->writer, 1, 3 + 1);
    has_size(&s->reader, 1, 3 + 1);
}

static void tables_are_in_the_two_regions_only(void **state)
{
    const struct stand *s = *state;
    struct xcy_aws elsewhere = s->writer;
    elsewhere.region = "ap-southeast-1";
    fails(&elsewhere, "DescribeTable", "{'TableName':'posts'}", "ResourceNotFoundException");
}

static void wrong_calls_get_the_codes_of_dynamodb(void **state)
{
    const struct stand *s = *state;
    static const struct {
        const char *operation;
        const char *input;
        const char *said;
    } cases[] = {
        {"GetItem", "{'TableName':'none','Key':{'key':{'S':'k'}}}", "ResourceNotFoundException"},
        {"GetItem", "{}", "ValidationException"},
        {"GetItem", "{'TableName':'posts','Key':{'id':{'S':'k'}}}", "does not match the schema"},
        {"GetItem", "{'TableName':'posts','Key':{'key':{'N':'1'}}}", "does not match the schema"},
        {"GetItem", "{'TableName':'posts','Key':{'key':{'S':'k'}},'ProjectionExpression':'#a'}",
         "is not defined"},
        {"GetItem", "{'TableName':'posts','Key':{'key':{'S':'k'}},'ProjectionExpression':'a.b'}",
         "top-level"},
        {"PutItem", "{'TableName':'posts','Item':{'body':{'S':'k'}}}", "Missing the key key"},
        {"PutItem", "{'TableName':'posts','Item':{'key':{'N':'1'}}}", "Type mismatch"},
        {"PutItem", "{'TableName':'posts','Item':{'key':{'S':''}}}", "ValidationException"},
        {"PutItem", "{'TableName':'posts','Item':{'key':{'S':'k'},'a':{'X':'1'}}}",
         "ValidationException"},
        {"PutItem", "{'TableName':'posts','Item':{'key':{'S':'k'},'a':{'N':'one'}}}",
         "numeric value"},
        {"PutItem", "{'TableName':'posts','Item':{'key':{'S':'k'}},'ConditionExpression':'x'}",
         "ConditionExpression"},
        {"Scan", "{'TableName':'posts','Limit':0}", "ValidationException"},
        {"Scan", "{'TableName':'posts','FilterExpression':'x'}", "FilterExpression"},
        {"UpdateItem", "{}", "UnknownOperationException"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fails(&s->writer, cases[i].operation, cases[i].input, cases[i].said);
    }
}

#define WITH_STAND(test)      cmocka_unit_test_setup_teardown(test, open_stand, close_stand)
#define WITH_SLOW_STAND(test) cmocka_unit_test_setup_teardown(test, open_slow_stand, close_stand)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STAND(an_item_is_put_got_and_deleted),
        WITH_STAND(every_kind_of_value_comes_back_as_it_was),
        WITH_STAND(a_missing_item_is_no_error),
        WITH_STAND(all_old_gives_what_was_there),
        cmocka_unit_test_setup_teardown(through_a_gate_the_first_read_misses_and_the_next_finds,
                                        open_gated_stand, close_stand),
        WITH_SLOW_STAND(each_read_is_as_the_truth_log_says),
        WITH_SLOW_STAND(a_call_takes_its_leg_half_before_and_half_after_the_decision),
        WITH_STAND(a_scan_pages_through_all_items),
        WITH_STAND(our_client_empties_the_table_page_by_page),
        WITH_STAND(a_page_of_a_scan_ends_at_a_megabyte),
        WITH_STAND(a_page_of_a_scan_ends_at_six_megabytes_of_text),
        WITH_STAND(an_item_has_at_most_400_kilobytes),
        WITH_STAND(a_batch_writes_and_deletes),
        WITH_STAND(tables_are_described_listed_and_made),
        WITH_STAND(a_table_has_the_size_of_what_was_written_last),
        WITH_STAND(tables_are_in_the_two_regions_only),
        WITH_STAND(wrong_calls_get_the_codes_of_dynamodb),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
