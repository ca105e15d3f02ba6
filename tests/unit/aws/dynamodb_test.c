#include "tests/support/unit.h"

#include "common/aws/dynamodb.h"
#include "common/base/mem.h"
#include "tests/unit/aws/canned.h"

#include <stdlib.h>

static void an_item_is_put_as_strings(void **state)
{
    (void)state;
    struct xcy_canned c;
    const struct xcy_dynamodb_attribute attributes[] = {{"key", "k1"}, {"body", "text"}};
    xcy_canned_open(&c, 200, "", "{}");
    assert_ok(xcy_dynamodb_put(&c.aws, "posts", attributes, 2, &c.err), &c.err);
    assert_true(xcy_canned_saw(&c, "X-Amz-Target: DynamoDB_20120810.PutItem\r\n"));
    assert_true(xcy_canned_saw(&c, "{\"TableName\":\"posts\",\"Item\":{\"key\":{\"S\":\"k1\"},"
                                   "\"body\":{\"S\":\"text\"}}}"));
    xcy_canned_close(&c);
}

static void an_item_beyond_400_kb_is_not_sent(void **state)
{
    (void)state;
    struct xcy_canned c;
    char *body = xcy_alloc(409601);
    memset(body, 'x', 409600);
    const struct xcy_dynamodb_attribute attributes[] = {{"key", "k1"}, {"body", body}};
    xcy_canned_open(&c, 200, "", "{}");
    assert_status(xcy_dynamodb_put(&c.aws, "posts", attributes, 2, &c.err), XCY_EFULL, &c.err);
    assert_int_equal(xcy_raw_server_requests(c.server), 0);
    free(body);
    xcy_canned_close(&c);
}

static void a_found_item_comes_as_plain_strings(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct xcy_json *item = NULL;
    xcy_canned_open(
        &c, 200, "",
        "{\"Item\":{\"key\":{\"S\":\"k1\"},\"n\":{\"N\":\"1\"},\"cid\":{\"S\":\"c\"}}}");
    assert_ok(xcy_dynamodb_get(&c.aws, "posts", "key", "k1", true, "cid", &item, &c.err), &c.err);
    assert_string_equal(xcy_json_get_string(item, "cid", ""), "c");
    assert_int_equal(xcy_json_size(item), 2);
    struct xcy_json *input = xcy_canned_input(&c);
    assert_true(xcy_json_get_bool(input, "ConsistentRead", false));
    assert_string_equal(xcy_json_get_string(input, "ProjectionExpression", ""), "#p");
    assert_string_equal(
        xcy_json_get_string(xcy_json_get(input, "ExpressionAttributeNames"), "#p", ""), "cid");
    xcy_json_free(input);
    xcy_json_free(item);
    xcy_canned_close(&c);
}

static void a_missing_item_is_not_an_error(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct xcy_json *item = (struct xcy_json *)&c;
    xcy_canned_open(&c, 200, "", "{}");
    assert_ok(xcy_dynamodb_get(&c.aws, "posts", "key", "k1", false, NULL, &item, &c.err), &c.err);
    assert_null(item);
    xcy_canned_close(&c);
}

static void a_missing_table_is_not_found(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct xcy_json *item = NULL;
    xcy_canned_open(&c, 400, "",
                    "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException\","
                    "\"message\":\"Requested resource not found\"}");
    assert_status(xcy_dynamodb_get(&c.aws, "posts", "key", "k1", false, NULL, &item, &c.err),
                  XCY_ENOTFOUND, &c.err);
    xcy_canned_close(&c);
}

static void a_page_of_keys_tells_where_to_go_on(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct xcy_json *keys = NULL;
    char *next = NULL;
    xcy_canned_open(&c, 200, "",
                    "{\"Items\":[{\"key\":{\"S\":\"a\"}},{\"key\":{\"S\":\"b\"}}],"
                    "\"LastEvaluatedKey\":{\"key\":{\"S\":\"b\"}}}");
    assert_ok(xcy_dynamodb_scan_keys(&c.aws, "posts", "key", "0", &keys, &next, &c.err), &c.err);
    assert_int_equal(xcy_json_size(keys), 2);
    assert_string_equal(xcy_json_string(xcy_json_at(keys, 1)), "b");
    assert_string_equal(next, "b");
    assert_true(xcy_canned_saw(&c, "\"ExclusiveStartKey\":{\"key\":{\"S\":\"0\"}}"));
    xcy_json_free(keys);
    free(next);
    xcy_canned_close(&c);
}

static void the_last_page_has_no_next(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct xcy_json *keys = NULL;
    char *next = NULL;
    xcy_canned_open(&c, 200, "", "{\"Items\":[],\"Count\":0}");
    assert_ok(xcy_dynamodb_scan_keys(&c.aws, "posts", "key", NULL, &keys, &next, &c.err), &c.err);
    assert_int_equal(xcy_json_size(keys), 0);
    assert_null(next);
    xcy_json_free(keys);
    xcy_canned_close(&c);
}

static void a_tables_size_is_read(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct xcy_dynamodb_size size;
    xcy_canned_open(&c, 200, "", "{\"Table\":{\"ItemCount\":12,\"TableSizeBytes\":12000}}");
    assert_ok(xcy_dynamodb_size(&c.aws, "posts", &size, &c.err), &c.err);
    assert_int_equal(size.items, 12);
    assert_int_equal(size.bytes, 12000);
    xcy_canned_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_item_is_put_as_strings),
        cmocka_unit_test(an_item_beyond_400_kb_is_not_sent),
        cmocka_unit_test(a_found_item_comes_as_plain_strings),
        cmocka_unit_test(a_missing_item_is_not_an_error),
        cmocka_unit_test(a_missing_table_is_not_found),
        cmocka_unit_test(a_page_of_keys_tells_where_to_go_on),
        cmocka_unit_test(the_last_page_has_no_next),
        cmocka_unit_test(a_tables_size_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
