#include "sandbox/services/dynamodb_item.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

/* {"m": <begin> and n times the element}, closed by `end`; owned by the caller. */
static struct xcy_json *object_of(const char *begin, const char *element, size_t n, const char *end)
{
    struct xcy_error err;
    struct xcy_json *root = NULL;
    struct xcy_buf text;
    xcy_buf_init(&text, 16 << 20);
    xcy_buf_addf(&text, "{\"m\":%s", begin);
    for (size_t i = 0; i < n; i++) {
        xcy_buf_addf(&text, "%s%s", i > 0 ? "," : "", element);
    }
    xcy_buf_addf(&text, "%s}", end);
    assert_int_equal(xcy_json_parse(xcy_buf_bytes(&text), &root, &err), XCY_OK);
    xcy_buf_clear(&text);
    return root;
}

static void an_item_of_many_tiny_values_is_answered_whole(void **state)
{
    (void)state;
    char reason[200] = "";
    struct xcy_buf text;
    xcy_buf_init(&text, 16 << 20);
    /* one byte each by DynamoDB's count, twelve in the text */
    struct xcy_json *root = object_of("{\"M\":{", "\"\":{\"S\":\"\"}", 360000, "}}");
    struct xcy_dynamodb_item *item = xcy_dynamodb_item_new(root, reason);
    assert_non_null(item);
    xcy_dynamodb_item_format(item, NULL, 0, &text);
    char *expected = xcy_json_text(root);
    assert_true(strcmp(text.ptr, expected) == 0);
    free(expected);
    xcy_buf_clear(&text);
    xcy_dynamodb_item_release(item);
    xcy_json_free(root);
}

static void a_set_with_an_empty_member_is_refused(void **state)
{
    (void)state;
    static const char *const begins[] = {"{\"SS\":[", "{\"BS\":["};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        char reason[200] = "";
        struct xcy_json *root = object_of(begins[i], "\"\"", 1, "]}");
        assert_null(xcy_dynamodb_item_new(root, reason));
        assert_non_null(strstr(reason, "empty"));
        xcy_json_free(root);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_item_of_many_tiny_values_is_answered_whole),
        cmocka_unit_test(a_set_with_an_empty_member_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
