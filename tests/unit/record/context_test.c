#include "common/record/context.h"
#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/record/evaluation.h"

#include <stdlib.h>
#include <string.h>

static const char id[] = "0123456789abcdef0123456789abcdef";

static void writes_stand_by_key_and_by_version_where_there_is_one(void **state)
{
    (void)state;
    const struct xcy_write writes[] = {{"17QXYZABCD", ""}, {"18QXYZABCD", "v7"}};
    static const char *const expected[] = {
        "{\"id\":\"0123456789abcdef0123456789abcdef\",\"operations\":{\"post-storage\":[]}}",
        "{\"id\":\"0123456789abcdef0123456789abcdef\",\"operations\":{\"post-storage\":"
        "[[\"17QXYZABCD\"]]}}",
        "{\"id\":\"0123456789abcdef0123456789abcdef\",\"operations\":{\"post-storage\":"
        "[[\"17QXYZABCD\"],[\"18QXYZABCD\",\"v7\"]]}}"};
    for (size_t n = 0; n <= 2; n++) {
        char *context = xcy_context_format(id, writes, n);
        assert_string_equal(context, expected[n]);
        free(context);
    }
}

static size_t message_bytes(const struct xcy_event *event)
{
    struct xcy_json *json = xcy_event_to_json(event);
    char *text = xcy_json_text(json);
    size_t n = strlen(text);
    free(text);
    xcy_json_free(json);
    return n;
}

/* The truth: the same event, with a context and without. */
static void a_context_weighs_what_it_makes_a_message_longer(void **state)
{
    (void)state;
    static const char *const versions[] = {"", "v7", "it \"is\" quoted"};
    for (size_t v = 0; v < sizeof versions / sizeof *versions; v++) {
        struct xcy_event with = {.id = {.i = 17, .key = "17QXYZABCD"}, .exec = "e1"};
        memcpy(with.version, versions[v], strlen(versions[v]));
        struct xcy_event without = with;
        memcpy(with.context_id, id, sizeof id);
        char *context = xcy_event_context(&with);
        assert_int_equal(xcy_context_bytes(context),
                         message_bytes(&with) - message_bytes(&without));
        free(context);
    }
}

/* The worked example of docs/storage.md. */
static void the_example_weighs_what_its_page_says(void **state)
{
    (void)state;
    static const char zeros[] = "00000000000000000000000000000000";
    const struct xcy_write write = {"17QXYZABCD", ""};
    char *context = xcy_context_format(zeros, &write, 1);
    assert_string_equal(context, "{\"id\":\"00000000000000000000000000000000\",\"operations\":"
                                 "{\"post-storage\":[[\"17QXYZABCD\"]]}}");
    assert_int_equal(strlen(context), 88);
    assert_int_equal(xcy_context_bytes(context), 111);
    free(context);
    context = xcy_context_format(zeros, NULL, 0);
    assert_int_equal(xcy_context_bytes(context), 95);
    free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_stand_by_key_and_by_version_where_there_is_one),
        cmocka_unit_test(a_context_weighs_what_it_makes_a_message_longer),
        cmocka_unit_test(the_example_weighs_what_its_page_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
