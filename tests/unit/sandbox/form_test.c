#include "common/base/mem.h"
#include "sandbox/front/form.h"
#include "sandbox/services/sqs_query.h"
#include "tests/support/unit.h"

#include <stdlib.h>

static struct xcy_form parsed(const char *body, const char *query)
{
    struct xcy_form form;
    assert_true(xcy_form_parse(xcy_bytes_of(body), xcy_bytes_of(query), &form));
    return form;
}

static void names_and_values_are_decoded(void **state)
{
    (void)state;
    struct xcy_form form = parsed("a=1+2&b%2Ec=%C3%A9&empty=&bare&&d=x=y", "q=z");
    assert_string_equal(xcy_form_get(&form, "a"), "1 2");
    assert_string_equal(xcy_form_get(&form, "b.c"), "\xc3\xa9");
    assert_string_equal(xcy_form_get(&form, "empty"), "");
    assert_string_equal(xcy_form_get(&form, "bare"), "");
    assert_string_equal(xcy_form_get(&form, "d"), "x=y");
    assert_string_equal(xcy_form_get(&form, "q"), "z");
    assert_null(xcy_form_get(&form, "none"));
    xcy_form_clear(&form);
}

static void broken_escapes_and_zero_bytes_are_refused(void **state)
{
    (void)state;
    static const char *const bodies[] = {"a=%", "a=%4", "a=%zz", "%=1", "a=x%00y", "a%00=1"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct xcy_form form;
        assert_false(xcy_form_parse(xcy_bytes_of(bodies[i]), xcy_bytes_of(""), &form));
    }
}

static void more_than_a_thousand_parameters_are_refused(void **state)
{
    (void)state;
    struct xcy_form form;
    struct xcy_buf body;
    xcy_buf_init(&body, 1 << 16);
    for (int i = 0; i < 1000; i++) {
        xcy_buf_add_text(&body, "a=b&");
    }
    assert_true(xcy_form_parse(xcy_buf_bytes(&body), xcy_bytes_of(""), &form));
    xcy_form_clear(&form);
    xcy_buf_add_text(&body, "a=b");
    assert_false(xcy_form_parse(xcy_buf_bytes(&body), xcy_bytes_of(""), &form));
    xcy_buf_clear(&body);
}

static void an_sqs_form_becomes_the_input_of_the_json_protocol(void **state)
{
    (void)state;
    struct xcy_form form = parsed("Action=X&QueueUrl=u"
                                  "&AttributeName.1=All&AttributeName.2=QueueArn"
                                  "&Attribute.1.Name=DelaySeconds&Attribute.1.Value=3"
                                  "&DeleteMessageBatchRequestEntry.1.Id=a"
                                  "&DeleteMessageBatchRequestEntry.1.ReceiptHandle=h"
                                  "&DeleteMessageBatchRequestEntry.2.Id=b",
                                  "");
    struct xcy_json *input = xcy_sqs_query_input(&form);
    char *text = xcy_json_text(input);
    assert_string_equal(text,
                        "{\"Action\":\"X\",\"QueueUrl\":\"u\","
                        "\"AttributeNames\":[\"All\",\"QueueArn\"],"
                        "\"Attributes\":{\"DelaySeconds\":\"3\"},"
                        "\"Entries\":[{\"Id\":\"a\",\"ReceiptHandle\":\"h\"},{\"Id\":\"b\"}]}");
    free(text);
    xcy_json_free(input);
    xcy_form_clear(&form);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_values_are_decoded),
        cmocka_unit_test(broken_escapes_and_zero_bytes_are_refused),
        cmocka_unit_test(more_than_a_thousand_parameters_are_refused),
        cmocka_unit_test(an_sqs_form_becomes_the_input_of_the_json_protocol),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
