#include "tests/support/unit.h"

#include "collectors/sizes.h"

static const struct xcy_combination dynamo = {.post_storage = XCY_POST_DYNAMO};

static void the_body_may_be_an_object_or_a_string_of_one(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"statusCode\": 200, \"body\": {\"stats\": {\"dataset.bytes\": 1012000, "
        "\"dataset.avg_bytes\": 1012.5, \"items\": 1000}}}",
        "{\"statusCode\": 200, \"body\": \"{\\\"stats\\\": {\\\"dataset.bytes\\\": 1012000, "
        "\\\"dataset.avg_bytes\\\": 1012.5, \\\"items\\\": 1000}}\"}"};
    for (size_t t = 0; t < 2; t++) {
        struct xcy_error err;
        struct xcy_sizes sizes;
        assert_ok(xcy_sizes_parse(xcy_bytes_of(texts[t]), &dynamo, &sizes, &err), &err);
        assert_true(sizes.has_items && sizes.items == 1000);
        assert_true(sizes.total_bytes.value == 1012000 && !sizes.total_bytes.is_float);
        assert_true(sizes.avg_bytes.value == 1012.5 && sizes.avg_bytes.is_float);
    }
}

/* As Python prints the number that it read: 5000 is an int, 1000.0 and 1e3 are floats. */
static void a_whole_number_that_is_written_as_a_float_is_one(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"body\": {\"stats\": {\"dataset.bytes\": 5000, \"dataset.avg_bytes\" : 1000.0}}}",
        "{\"body\": {\"stats\": {\"dataset.avg_bytes\": 1e3, \"dataset.bytes\": 5000}}}",
        "{\"body\": \"{\\\"stats\\\": {\\\"dataset.bytes\\\": 5000, "
        "\\\"dataset.avg_bytes\\\": 1000.0}}\"}"};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        struct xcy_error err;
        struct xcy_sizes sizes;
        assert_ok(xcy_sizes_parse(xcy_bytes_of(texts[t]), NULL, &sizes, &err), &err);
        assert_true(sizes.total_bytes.value == 5000 && !sizes.total_bytes.is_float);
        assert_true(sizes.avg_bytes.value == 1000 && sizes.avg_bytes.is_float);
    }
}

static void the_references_reply_has_no_number_of_items(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_sizes sizes;
    const char *text = "{\"body\": {\"stats\": {\"dataset.bytes\": 5, \"dataset.avg_bytes\": 1}}}";
    assert_ok(xcy_sizes_parse(xcy_bytes_of(text), NULL, &sizes, &err), &err);
    assert_false(sizes.has_items);
}

static void sizes_of_another_store_are_not_taken_for_this_runs(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_sizes sizes;
    const char *text = "{\"body\": {\"stats\": {\"dataset.bytes\": 5, \"dataset.avg_bytes\": 1}, "
                       "\"combination\": {\"post_storage\": \"cache\"}}}";
    assert_status(xcy_sizes_parse(xcy_bytes_of(text), &dynamo, &sizes, &err), XCY_EINVALID, &err);
    assert_ok(xcy_sizes_parse(xcy_bytes_of(text), NULL, &sizes, &err), &err);
}

static void anything_else_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "null",
                                        "{}",
                                        "{\"body\": {}}",
                                        "{\"body\": \"x\"}",
                                        "{\"body\": {\"stats\": {\"dataset.bytes\": \"5\"}}}"};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        struct xcy_error err;
        struct xcy_sizes sizes;
        assert_status(xcy_sizes_parse(xcy_bytes_of(texts[t]), NULL, &sizes, &err), XCY_EPARSE,
                      &err);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_body_may_be_an_object_or_a_string_of_one),
        cmocka_unit_test(a_whole_number_that_is_written_as_a_float_is_one),
        cmocka_unit_test(the_references_reply_has_no_number_of_items),
        cmocka_unit_test(sizes_of_another_store_are_not_taken_for_this_runs),
        cmocka_unit_test(anything_else_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
