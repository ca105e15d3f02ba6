#include "common/base/mem.h"
#include "sandbox/services/dynamodb_iterator.h"
#include "tests/support/unit.h"
#include "tests/unit/sandbox/stand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct xcy_json *does(const struct xcy_aws *aws, const char *target, const char *input)
{
    return stand_call(aws, target, stand_json(input));
}

static void fails(const struct xcy_aws *aws, const char *target, const char *input,
                  const char *code)
{
    stand_call_fails(aws, target, stand_json(input), code);
}

#define STREAMS "DynamoDBStreams_20120810."
#define TABLES  "DynamoDB_20120810."

static const char make_table[] =
    "{'TableName':'notes','KeySchema':[{'AttributeName':'key','KeyType':'HASH'}],"
    "'AttributeDefinitions':[{'AttributeName':'key','AttributeType':'S'}],"
    "'StreamSpecification':{'StreamEnabled':true,'StreamViewType':'NEW_AND_OLD_IMAGES'}}";

static int open_stand(void **state)
{
    struct stand *s = stand_open(NULL);
    *state = s;
    xcy_json_free(does(&s->writer, TABLES "CreateTable", make_table));
    return 0;
}

static int open_slow_stand(void **state)
{
    struct stand *s = stand_open(&(struct stand_lags){.replication = 60});
    *state = s;
    xcy_json_free(does(&s->writer, TABLES "CreateTable", make_table));
    return 0;
}

static int open_gated_stand(void **state)
{
    struct stand *s = stand_open(&(struct stand_lags){.replication = -1});
    *state = s;
    xcy_json_free(does(&s->writer, TABLES "CreateTable", make_table));
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
    assert_ok(xcy_dynamodb_put(aws, "notes", attributes, 2, &err), &err);
}

/* The stream's ARN, owned by the caller. */
static char *arn_of(const struct xcy_aws *aws)
{
    struct xcy_json *answer = does(aws, STREAMS "ListStreams", "{'TableName':'notes'}");
    const struct xcy_json *streams = xcy_json_get(answer, "Streams");
    assert_int_equal(xcy_json_size(streams), 1);
    char *arn = xcy_strdup(xcy_json_get_string(xcy_json_at(streams, 0), "StreamArn", NULL));
    xcy_json_free(answer);
    return arn;
}

/* An iterator of the stand's one shard, owned by the caller. */
static char *iterator_of(const struct xcy_aws *aws, const char *how)
{
    char *arn = arn_of(aws);
    char *input = xcy_format("{'StreamArn':'%s','ShardId':'shardId-00000000000000000000-00000000',"
                             "'ShardIteratorType':%s}",
                             arn, how);
    struct xcy_json *answer = does(aws, STREAMS "GetShardIterator", input);
    char *iterator = xcy_strdup(xcy_json_get_string(answer, "ShardIterator", NULL));
    xcy_json_free(answer);
    free(input);
    free(arn);
    return iterator;
}

static struct xcy_json *records_at(const struct xcy_aws *aws, const char *iterator, int limit)
{
    char *input = xcy_format("{'ShardIterator':'%s','Limit':%d}", iterator, limit);
    struct xcy_json *answer = does(aws, STREAMS "GetRecords", input);
    free(input);
    return answer;
}

static struct xcy_json *all_records(const struct xcy_aws *aws)
{
    char *iterator = iterator_of(aws, "'TRIM_HORIZON'");
    struct xcy_json *answer = records_at(aws, iterator, 1000);
    free(iterator);
    return answer;
}

static void assert_record(const struct xcy_json *answer, size_t index, const char *event,
                          const char *new_body, const char *old_body)
{
    const struct xcy_json *record = xcy_json_at(xcy_json_get(answer, "Records"), index);
    const struct xcy_json *change = xcy_json_get(record, "dynamodb");
    const struct xcy_json *new_image = xcy_json_get(change, "NewImage");
    const struct xcy_json *old_image = xcy_json_get(change, "OldImage");
    assert_string_equal(xcy_json_get_string(record, "eventName", ""), event);
    assert_string_equal(xcy_json_get_string(xcy_json_get(new_image, "body"), "S", ""), new_body);
    assert_string_equal(xcy_json_get_string(xcy_json_get(old_image, "body"), "S", ""), old_body);
    assert_null(xcy_json_get(record, "eventSourceARN"));
}

static void changes_stand_in_the_streams_of_both_regions(void **state)
{
    const struct stand *s = *state;
    struct xcy_error err;
    put(&s->writer, "k", "one");
    put(&s->writer, "k", "one"); /* no change: no record */
    put(&s->writer, "k", "two");
    assert_ok(xcy_dynamodb_delete(&s->writer, "notes", "key", "k", &err), &err);
    assert_ok(xcy_dynamodb_delete(&s->writer, "notes", "key", "k", &err), &err);
    xcy_json_free(does(&s->writer, TABLES "BatchWriteItem",
                       "{'RequestItems':{'notes':[{'PutRequest':{'Item':{'key':{'S':'b'},"
                       "'body':{'S':'three'}}}}]}}"));
    const struct xcy_aws *sides[] = {&s->writer, &s->reader};
    for (size_t i = 0; i < 2; i++) {
        struct xcy_json *answer = all_records(sides[i]);
        assert_int_equal(xcy_json_size(xcy_json_get(answer, "Records")), 4);
        assert_record(answer, 0, "INSERT", "one", "");
        assert_record(answer, 1, "MODIFY", "two", "one");
        assert_record(answer, 2, "REMOVE", "", "two");
        assert_record(answer, 3, "INSERT", "three", "");
        const struct xcy_json *record = xcy_json_at(xcy_json_get(answer, "Records"), 0);
        assert_string_equal(xcy_json_get_string(record, "awsRegion", ""), sides[i]->region);
        xcy_json_free(answer);
    }
}

static void the_other_region_has_a_record_when_the_write_is_applied_there(void **state)
{
    const struct stand *s = *state;
    struct xcy_mono before = xcy_mono_now();
    put(&s->writer, "k", "one");
    struct xcy_json *own = all_records(&s->writer);
    assert_int_equal(xcy_json_size(xcy_json_get(own, "Records")), 1);
    xcy_json_free(own);
    char *iterator = iterator_of(&s->reader, "'TRIM_HORIZON'");
    size_t n = 0;
    while (n == 0) {
        struct xcy_json *answer = records_at(&s->reader, iterator, 1000);
        n = xcy_json_size(xcy_json_get(answer, "Records"));
        xcy_json_free(answer);
    }
    assert_true(xcy_mono_diff_ns(xcy_mono_now(), before) >= 60 * XCY_NS_PER_MS);
    struct xcy_json *writes = stand_truth(s, "write");
    const struct xcy_json *line = xcy_json_at(writes, 0);
    assert_string_equal(xcy_json_get_string(line, "table", ""), "notes");
    assert_int_equal(xcy_json_get_int64(line, "streamed_us", 0),
                     xcy_json_get_int64(line, "applied_us", 1));
    xcy_json_free(writes);
    free(iterator);
}

static void a_gate_does_not_hold_up_a_stream(void **state)
{
    const struct stand *s = *state;
    put(&s->writer, "k", "one");
    struct xcy_json *answer = all_records(&s->reader);
    assert_int_equal(xcy_json_size(xcy_json_get(answer, "Records")), 1);
    xcy_json_free(answer);
}

static void iterators_begin_where_they_say(void **state)
{
    const struct stand *s = *state;
    put(&s->writer, "a", "one");
    put(&s->writer, "b", "two");
    char *latest = iterator_of(&s->writer, "'LATEST'");
    put(&s->writer, "c", "three");
    char *at = iterator_of(&s->writer, "'AT_SEQUENCE_NUMBER','SequenceNumber':"
                                       "'100000000000000000200'");
    char *after = iterator_of(&s->writer, "'AFTER_SEQUENCE_NUMBER','SequenceNumber':"
                                          "'100000000000000000200'");
    const struct {
        char *iterator;
        size_t n;
        const char *first;
    } cases[] = {{latest, 1, "three"}, {at, 2, "two"}, {after, 1, "three"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct xcy_json *answer = records_at(&s->writer, cases[i].iterator, 1000);
        assert_int_equal(xcy_json_size(xcy_json_get(answer, "Records")), cases[i].n);
        assert_record(answer, 0, "INSERT", cases[i].first, "");
        xcy_json_free(answer);
        free(cases[i].iterator);
    }
}

static void pages_follow_each_other(void **state)
{
    const struct stand *s = *state;
    static const char *const bodies[] = {"one", "two", "three"};
    put(&s->writer, "a", "one");
    put(&s->writer, "b", "two");
    put(&s->writer, "c", "three");
    char *iterator = iterator_of(&s->writer, "'TRIM_HORIZON'");
    for (size_t i = 0; i < 3; i++) {
        struct xcy_json *answer = records_at(&s->writer, iterator, 1);
        assert_int_equal(xcy_json_size(xcy_json_get(answer, "Records")), 1);
        assert_record(answer, 0, "INSERT", bodies[i], "");
        free(iterator);
        iterator = xcy_strdup(xcy_json_get_string(answer, "NextShardIterator", NULL));
        xcy_json_free(answer);
    }
    struct xcy_json *answer = records_at(&s->writer, iterator, 1);
    assert_int_equal(xcy_json_size(xcy_json_get(answer, "Records")), 0);
    xcy_json_free(answer);
    free(iterator);
}

static void a_page_has_a_megabyte(void **state)
{
    const struct stand *s = *state;
    struct xcy_buf body;
    xcy_buf_init(&body, 1 << 20);
    while (body.len < 300000) {
        xcy_buf_add_text(&body, "0123456789");
    }
    put(&s->writer, "a", body.ptr);
    put(&s->writer, "b", body.ptr);
    put(&s->writer, "c", body.ptr);
    put(&s->writer, "d", body.ptr);
    struct xcy_json *answer = all_records(&s->writer);
    assert_int_equal(xcy_json_size(xcy_json_get(answer, "Records")), 3);
    xcy_json_free(answer);
    xcy_buf_clear(&body);
}

static void a_stream_is_described(void **state)
{
    const struct stand *s = *state;
    char *arn = arn_of(&s->reader);
    char *input = xcy_format("{'StreamArn':'%s'}", arn);
    struct xcy_json *answer = does(&s->reader, STREAMS "DescribeStream", input);
    const struct xcy_json *d = xcy_json_get(answer, "StreamDescription");
    assert_string_equal(xcy_json_get_string(d, "StreamStatus", ""), "ENABLED");
    assert_string_equal(xcy_json_get_string(d, "StreamViewType", ""), "NEW_AND_OLD_IMAGES");
    assert_int_equal(xcy_json_size(xcy_json_get(d, "Shards")), 1);
    xcy_json_free(answer);
    answer = does(&s->reader, TABLES "DescribeTable", "{'TableName':'notes'}");
    assert_string_equal(xcy_json_get_string(xcy_json_get(answer, "Table"), "LatestStreamArn", ""),
                        arn);
    xcy_json_free(answer);
    answer = does(&s->reader, TABLES "DescribeTable", "{'TableName':'posts'}");
    assert_null(xcy_json_get(xcy_json_get(answer, "Table"), "LatestStreamArn"));
    xcy_json_free(answer);
    answer = does(&s->reader, STREAMS "ListStreams", "{'TableName':'posts'}");
    assert_int_equal(xcy_json_size(xcy_json_get(answer, "Streams")), 0);
    xcy_json_free(answer);
    free(input);
    free(arn);
}

static void wrong_requests_are_refused_in_words(void **state)
{
    const struct stand *s = *state;
    char *arn = arn_of(&s->writer);
    const struct {
        const char *operation;
        const char *input; /* %s: the ARN */
        const char *code;
    } cases[] = {
        {"DescribeStream", "{}", "ValidationException"},
        {"DescribeStream", "{'StreamArn':'arn:none'}", "ResourceNotFoundException"},
        {"DescribeStream", "{'StreamArn':'%s','ExclusiveStartShardId':'x'}", "ValidationException"},
        {"DescribeStream", "{'StreamArn':'%s','Limit':0}", "ValidationException"},
        {"ListStreams", "{'Limit':101}", "ValidationException"},
        {"GetShardIterator", "{'StreamArn':'%s','ShardId':'x','ShardIteratorType':'LATEST'}",
         "ResourceNotFoundException"},
        {"GetShardIterator",
         "{'StreamArn':'%s','ShardId':'shardId-00000000000000000000-00000000',"
         "'ShardIteratorType':'NOW'}",
         "ValidationException"},
        {"GetShardIterator",
         "{'StreamArn':'%s','ShardId':'shardId-00000000000000000000-00000000',"
         "'ShardIteratorType':'AT_SEQUENCE_NUMBER','SequenceNumber':'12'}",
         "ValidationException"},
        {"GetRecords", "{'ShardIterator':'nonsense'}", "ValidationException"},
        {"GetRecords", "{'ShardIterator':'%s|1|0|1'}", "ValidationException"},
        {"GetRecords", "{'ShardIterator':'%s|0|0|1'}", "ExpiredIteratorException"},
        {"GetRecords", "{'ShardIterator':'%s|0|0|1','Limit':1001}", "ValidationException"},
        {"GetRecords", "{'ShardIterator':'arn:none|0|0|1'}", "ResourceNotFoundException"},
        {"PutItem", "{}", "UnknownOperationException"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char target[80];
        const char *at = strstr(cases[i].input, "%s");
        char *input =
            at ? xcy_format("%.*s%s%s", (int)(at - cases[i].input), cases[i].input, arn, at + 2)
               : xcy_strdup(cases[i].input);
        snprintf(target, sizeof target, STREAMS "%s", cases[i].operation);
        fails(&s->writer, target, input, cases[i].code);
        free(input);
    }
    fails(&s->writer, TABLES "ListStreams", "{}", "UnknownOperationException");
    fails(&s->writer, TABLES "CreateTable",
          "{'TableName':'more','KeySchema':[{'AttributeName':'key','KeyType':'HASH'}],"
          "'AttributeDefinitions':[{'AttributeName':'key','AttributeType':'S'}],"
          "'StreamSpecification':{'StreamEnabled':true,'StreamViewType':'ALL'}}",
          "ValidationException");
    free(arn);
}

int main(void)
{
#define WITH(test, open) cmocka_unit_test_setup_teardown(test, open, close_stand)
    const struct CMUnitTest tests[] = {
        WITH(changes_stand_in_the_streams_of_both_regions, open_stand),
        WITH(the_other_region_has_a_record_when_the_write_is_applied_there, open_slow_stand),
        WITH(a_gate_does_not_hold_up_a_stream, open_gated_stand),
        WITH(iterators_begin_where_they_say, open_stand),
        WITH(pages_follow_each_other, open_stand),
        WITH(a_page_has_a_megabyte, open_stand),
        WITH(a_stream_is_described, open_stand),
        WITH(wrong_requests_are_refused_in_words, open_stand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
