#include "tests/support/unit.h"

#include "common/aws/sns.h"
#include "common/base/mem.h"
#include "tests/unit/aws/canned.h"

#include <stdlib.h>

static void a_message_is_published_as_a_form(void **state)
{
    (void)state;
    struct xcy_canned c;
    char id[64];
    xcy_canned_open(
        &c, 200, "",
        "<PublishResponse xmlns=\"x\"><PublishResult><MessageId>94f20ce6-13c5</MessageId>"
        "</PublishResult></PublishResponse>");
    assert_ok(
        xcy_sns_publish(&c.aws, "arn:aws:sns:us-east-1:1:n", "a&b=c d\xe2\x82\xac", id, &c.err),
        &c.err);
    assert_string_equal(id, "94f20ce6-13c5");
    assert_true(xcy_canned_saw(&c, "\r\n\r\nAction=Publish&Version=2010-03-31&TopicArn="
                                   "arn%3Aaws%3Asns%3Aus-east-1%3A1%3An&Message="
                                   "a%26b%3Dc%20d%E2%82%AC"));
    assert_ok(xcy_sns_publish(&c.aws, "arn", "b", NULL, &c.err), &c.err);
    xcy_canned_close(&c);
}

static void an_answer_without_an_id_is_refused(void **state)
{
    (void)state;
    struct xcy_canned c;
    char id[64] = "kept";
    xcy_canned_open(&c, 200, "", "<PublishResponse/>");
    assert_status(xcy_sns_publish(&c.aws, "arn", "m", id, &c.err), XCY_EREMOTE, &c.err);
    assert_string_equal(id, "kept");
    xcy_canned_close(&c);
}

static void a_message_beyond_the_services_bound_is_not_sent(void **state)
{
    (void)state;
    struct xcy_canned c;
    char *message = xcy_alloc(262146);
    memset(message, 'x', 262145);
    xcy_canned_open(&c, 200, "", "");
    assert_status(xcy_sns_publish(&c.aws, "arn", message, NULL, &c.err), XCY_EFULL, &c.err);
    assert_int_equal(xcy_raw_server_requests(c.server), 0);
    free(message);
    xcy_canned_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_published_as_a_form),
        cmocka_unit_test(an_answer_without_an_id_is_refused),
        cmocka_unit_test(a_message_beyond_the_services_bound_is_not_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
