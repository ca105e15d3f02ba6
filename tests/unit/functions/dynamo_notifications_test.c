#include "common/base/mem.h"
#include "common/record/evaluation.h"
#include "functions/notifications/dynamo.h"
#include "tests/support/unit.h"
#include "tests/unit/aws/canned.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TAKEN = 8 };

/* What parse handed over, and what it was answered. */
struct taken {
    char *texts[MAX_TAKEN];
    size_t bytes[MAX_TAKEN];
    size_t n;
    size_t failing; /* this one fails ... */
    enum xcy_status failure;
};

static enum xcy_status take(void *ctx, struct xcy_bytes event, size_t bytes, struct xcy_error *err)
{
    struct taken *t = ctx;
    assert_true(t->n < MAX_TAKEN);
    size_t index = t->n++;
    t->texts[index] = xcy_strndup(event.ptr, event.len);
    t->bytes[index] = bytes;
    if (t->failure != XCY_OK && index == t->failing) {
        return xcy_fail(err, t->failure, "the test's failure");
    }
    return XCY_OK;
}

static void clear_taken(struct taken *t)
{
    for (size_t i = 0; i < t->n; i++) {
        free(t->texts[i]);
    }
    *t = (struct taken){.n = 0};
}

/* From a text with ' for ". */
static enum xcy_status parse(const char *text, struct taken *t, struct xcy_error *err)
{
    char *copy = xcy_strdup(text);
    for (char *at = copy; *at; at++) {
        if (*at == '\'') {
            *at = '"';
        }
    }
    struct xcy_json *payload = NULL;
    assert_ok(xcy_json_parse(xcy_bytes_of(copy), &payload, err), err);
    enum xcy_status status = xcy_dynamo_notifications.parse(payload, take, t, err);
    xcy_json_free(payload);
    free(copy);
    return status;
}

#define RECORD(NAME, IMAGE) "{'eventName':'" NAME "','dynamodb':{'NewImage':" IMAGE "}}"
#define OURS(TEXT)          "{'key':{'S':'k'},'event':{'S':'" TEXT "'}}"

static void an_event_of_ours_comes_as_it_was_sent(void **state)
{
    (void)state;
    struct taken t = {.n = 0};
    struct xcy_error err;
    assert_ok(parse("{'Records':[" RECORD("INSERT",
                                          OURS("{\\'i\\': 1.50,  \\'x\\':\\'\xc3\xa9\\'}")) "]}",
                    &t, &err),
              &err);
    assert_int_equal(t.n, 1);
    static const char text[] = "{\"i\": 1.50,  \"x\":\"\xc3\xa9\"}";
    assert_string_equal(t.texts[0], text);
    assert_int_equal(t.bytes[0], strlen("key") + strlen("k") + strlen("event") + strlen(text));
    clear_taken(&t);
}

static void an_event_in_the_references_form_is_read(void **state)
{
    (void)state;
    struct taken t = {.n = 0};
    struct xcy_error err;
    assert_ok(parse("{'Records':[" RECORD(
                        "INSERT",
                        "{'i':{'S':'17'},'key':{'S':'17ABCDEFGH'},'client_sent_at':{'S':'1.5'},"
                        "'writer_start_at':{'S':'2.5'},'post_written_at':{'S':'3.5'},"
                        "'notification_written_at':{'S':'4.5'},"
                        "'context':{'S':'{\\'id\\':\\'abc\\',\\'operations\\':{\\'post-storage\\':"
                        "[[\\'17ABCDEFGH\\']]}}'}}") "]}",
                    &t, &err),
              &err);
    assert_int_equal(t.n, 1);
    struct xcy_json *json = NULL;
    struct xcy_event event;
    assert_ok(xcy_json_parse(xcy_bytes_of(t.texts[0]), &json, &err), &err);
    assert_ok(xcy_event_parse(json, &event, &err), &err);
    assert_int_equal(event.id.i, 17);
    assert_string_equal(event.id.key, "17ABCDEFGH");
    assert_true(event.id.client_sent_at_s == 1.5);
    assert_int_equal(event.points.us[XCY_POINT_NOTED], 4500000);
    assert_string_equal(event.context_id, "abc");
    xcy_json_free(json);
    clear_taken(&t);
}

static void only_inserts_are_notifications(void **state)
{
    (void)state;
    struct taken t = {.n = 0};
    struct xcy_error err;
    assert_ok(parse("{'Records':[" RECORD("MODIFY", OURS("a")) "," RECORD(
                        "INSERT",
                        OURS("b")) ","
                                   "{'eventName':'REMOVE','dynamodb':{'OldImage':" OURS("c") "}}]}",
                    &t, &err),
              &err);
    assert_int_equal(t.n, 1);
    assert_string_equal(t.texts[0], "b");
    clear_taken(&t);
}

/* Each is passed over: it will be no better when the source brings it again. */
static void records_that_cannot_be_read_cost_no_other(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "{}",
        "7",
        "{'eventName':'INSERT'}",
        "{'eventName':'INSERT','dynamodb':{'NewImage':{}}}",
        "{'eventName':'INSERT','dynamodb':{'NewImage':'text'}}",
        "{'eventName':'other','dynamodb':{'NewImage':" OURS("x") "}}",
        "{'dynamodb':{}}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct taken t = {.n = 0};
        struct xcy_error err;
        char *text = xcy_format("{'Records':[%s,%s]}", bad[i], RECORD("INSERT", OURS("good")));
        assert_ok(parse(text, &t, &err), &err);
        assert_int_equal(t.n, 1);
        assert_string_equal(t.texts[0], "good");
        clear_taken(&t);
        free(text);
    }
}

static void an_event_that_cannot_be_read_does_not_fail_the_batch(void **state)
{
    (void)state;
    struct taken t = {.failure = XCY_EPARSE};
    struct xcy_error err;
    assert_ok(parse("{'Records':[" RECORD("INSERT", OURS("a")) "," RECORD("INSERT", OURS("b")) "]}",
                    &t, &err),
              &err);
    assert_int_equal(t.n, 2);
    clear_taken(&t);
}

static void what_may_pass_fails_the_batch_after_all_were_handled(void **state)
{
    (void)state;
    struct taken t = {.failure = XCY_ENET};
    struct xcy_error err;
    assert_status(
        parse("{'Records':[" RECORD("INSERT", OURS("a")) "," RECORD("INSERT", OURS("b")) "]}", &t,
              &err),
        XCY_ENET, &err);
    assert_non_null(strstr(err.text, "stream record 0"));
    assert_int_equal(t.n, 2);
    clear_taken(&t);
}

static void payloads_of_others_are_refused(void **state)
{
    (void)state;
    static const char *const others[] = {
        "{}",
        "[]",
        "{'Records':[]}",
        "{'Records':{}}",
        "{'messages':[{'data':'YQ=='}]}",
        "{'Records':[{'EventSource':'aws:sns','Sns':{'Message':'m'}}]}",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct taken t = {.n = 0};
        struct xcy_error err;
        assert_status(parse(others[i], &t, &err), XCY_EPARSE, &err);
        assert_int_equal(t.n, 0);
    }
}

struct place {
    struct xcy_environment environment;
    struct xcy_backend_place place;
};

static void make_place(struct place *p, const struct xcy_canned *c, enum xcy_side side)
{
    *p = (struct place){.environment = {.dynamo_notifications = xcy_strdup("notes")}};
    p->place =
        (struct xcy_backend_place){.environment = &p->environment, .aws = &c->aws, .side = side};
}

static void an_event_is_put_as_one_item(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct place p;
    void *table = NULL;
    xcy_canned_open(&c, 200, "", "{}");
    make_place(&p, &c, XCY_SIDE_READER); /* which asks for nothing when it opens */
    assert_ok(xcy_dynamo_notifications.open(&p.place, &table, &c.err), &c.err);
    assert_ok(xcy_dynamo_notifications.publish(table, "1ABC", "{\"i\": 1}", &c.err), &c.err);
    assert_true(xcy_canned_saw(&c, "DynamoDB_20120810.PutItem"));
    struct xcy_json *input = xcy_canned_input(&c);
    const struct xcy_json *item = xcy_json_get(input, "Item");
    assert_string_equal(xcy_json_get_string(input, "TableName", ""), "notes");
    assert_int_equal(xcy_json_size(item), 2);
    assert_string_equal(xcy_json_get_string(xcy_json_get(item, "key"), "S", ""), "1ABC");
    assert_string_equal(xcy_json_get_string(xcy_json_get(item, "event"), "S", ""), "{\"i\": 1}");
    xcy_json_free(input);
    xcy_dynamo_notifications.close(table);
    xcy_environment_clear(&p.environment);
    xcy_canned_close(&c);
}

static void an_event_beyond_the_items_limit_is_refused_before_it_is_sent(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct place p;
    void *table = NULL;
    xcy_canned_open(&c, 200, "", "{}");
    make_place(&p, &c, XCY_SIDE_READER);
    assert_ok(xcy_dynamo_notifications.open(&p.place, &table, &c.err), &c.err);
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 20);
    while (text.len < 409600) {
        xcy_buf_add_text(&text, "0123456789abcdef");
    }
    assert_status(xcy_dynamo_notifications.publish(table, "1ABC", text.ptr, &c.err), XCY_EFULL,
                  &c.err);
    assert_non_null(strstr(c.err.text, "at most 409600"));
    xcy_buf_clear(&text);
    xcy_dynamo_notifications.close(table);
    xcy_environment_clear(&p.environment);
    xcy_canned_close(&c);
}

static void a_missing_table_shows_when_the_writer_opens(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct place p;
    void *table = NULL;
    xcy_canned_open(&c, 400, "",
                    "{\"__type\": \"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException\","
                    " \"message\": \"no such table\"}");
    make_place(&p, &c, XCY_SIDE_WRITER);
    assert_status(xcy_dynamo_notifications.open(&p.place, &table, &c.err), XCY_ENOTFOUND, &c.err);
    assert_null(table);
    assert_true(xcy_canned_saw(&c, "DescribeTable"));
    assert_true(xcy_canned_saw(&c, "notes"));
    xcy_environment_clear(&p.environment);
    xcy_canned_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_of_ours_comes_as_it_was_sent),
        cmocka_unit_test(an_event_in_the_references_form_is_read),
        cmocka_unit_test(only_inserts_are_notifications),
        cmocka_unit_test(records_that_cannot_be_read_cost_no_other),
        cmocka_unit_test(an_event_that_cannot_be_read_does_not_fail_the_batch),
        cmocka_unit_test(what_may_pass_fails_the_batch_after_all_were_handled),
        cmocka_unit_test(payloads_of_others_are_refused),
        cmocka_unit_test(an_event_is_put_as_one_item),
        cmocka_unit_test(an_event_beyond_the_items_limit_is_refused_before_it_is_sent),
        cmocka_unit_test(a_missing_table_shows_when_the_writer_opens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
