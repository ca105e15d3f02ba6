#include "common/record/context.h"
#include "functions/writer_handler.h"
#include "tests/support/unit.h"
#include "tests/unit/functions/scripted.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char payload[] =
    "{\"i\": 17, \"key\": \"17QXYZABCD\", \"client_sent_at\": 1795100010.5, \"run\": \"a-run\"}";

struct written {
    enum xcy_status status;
    struct xcy_error err;
    struct xcy_buf reply;
};

static struct written write_with(struct script *script, const char *text)
{
    struct written w;
    struct xcy_buf body;
    xcy_buf_init(&body, 1048576);
    xcy_post_fill(&body, (size_t)script->environment.combination.post_bytes);
    xcy_buf_init(&w.reply, 1048576);
    struct xcy_invocation invocation = script_invocation(text, 5000);
    w.status = xcy_writer_handle(&script->app, xcy_buf_bytes(&body), &invocation, &w.reply, &w.err);
    xcy_buf_clear(&body);
    return w;
}

static struct xcy_event event_of(const struct written *w)
{
    struct xcy_error err;
    struct xcy_event event = {0};
    int64_t status_code = 0;
    assert_ok(w->status, &w->err);
    assert_ok(xcy_writer_reply_parse(xcy_buf_bytes(&w->reply), &status_code, &event, &err), &err);
    assert_int_equal(status_code, 200);
    return event;
}

static struct xcy_event published_by(const struct script *script)
{
    struct xcy_error err;
    struct xcy_event event = {0};
    struct xcy_json *json = NULL;
    assert_int_equal(script->notification.n_published, 1);
    assert_ok(xcy_json_parse(xcy_bytes_of(script->notification.message), &json, &err), &err);
    assert_ok(xcy_event_parse(json, &event, &err), &err);
    xcy_json_free(json);
    return event;
}

static void points_stand_in_the_order_of_the_work(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    int64_t before_us = xcy_wall_us(xcy_wall_now());
    struct written w = write_with(&script, payload);
    struct xcy_event event = event_of(&w);
    const int64_t *us = event.points.us;
    assert_true(us[XCY_POINT_START] >= before_us - 1);
    assert_true(us[XCY_POINT_START] <= us[XCY_POINT_WROTE]);
    assert_true(us[XCY_POINT_WROTE] <= us[XCY_POINT_NOTED]);
    assert_true(us[XCY_POINT_NOTED] <= us[XCY_POINT_ENDED]);
    assert_int_equal(us[XCY_POINT_SEEN], 0);
    xcy_buf_clear(&w.reply);
    script_clear(&script);
}

static void reply_tells_request_instance_and_combination(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    struct written w = write_with(&script, payload);
    struct xcy_event event = event_of(&w);
    assert_int_equal(event.id.i, 17);
    assert_string_equal(event.id.key, "17QXYZABCD");
    assert_string_equal(event.id.run, "a-run");
    assert_string_equal(event.instance, script.app.instance);
    assert_int_equal(strlen(event.exec), 36);
    assert_true(xcy_combination_equal(&event.combination, &script.environment.combination));
    assert_string_equal(script.post.key, "17QXYZABCD");
    assert_int_equal(script.post.body_bytes, 100);
    xcy_buf_clear(&w.reply);
    script_clear(&script);
}

static void published_event_is_the_reply_without_its_end(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    struct written w = write_with(&script, payload);
    struct xcy_event replied = event_of(&w);
    struct xcy_event published = published_by(&script);
    assert_int_equal(published.points.us[XCY_POINT_ENDED], 0);
    assert_int_equal(published.points.us[XCY_POINT_NOTED], replied.points.us[XCY_POINT_NOTED]);
    assert_int_equal(published.points.us[XCY_POINT_START], replied.points.us[XCY_POINT_START]);
    assert_string_equal(published.exec, replied.exec);
    xcy_buf_clear(&w.reply);
    script_clear(&script);
}

static void delay_lies_between_write_and_notification(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    script.environment.combination.delay_ms = 5;
    struct written w = write_with(&script, payload);
    struct xcy_event event = event_of(&w);
    assert_true(event.points.us[XCY_POINT_NOTED] - event.points.us[XCY_POINT_WROTE] >= 4999);
    xcy_buf_clear(&w.reply);
    script_clear(&script);
}

static void antipode_stores_the_context_id_and_sends_the_context(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_ANTIPODE);
    struct written w = write_with(&script, payload);
    struct xcy_event event = published_by(&script);
    assert_int_equal(strlen(event.context_id), 32);
    assert_string_equal(script.post.cid, event.context_id);
    struct xcy_json *json = NULL;
    struct xcy_error err;
    assert_ok(xcy_json_parse(xcy_bytes_of(script.notification.message), &json, &err), &err);
    const char *context = xcy_json_get_string(json, "context", NULL);
    assert_non_null(context);
    assert_int_equal(event.context_bytes, xcy_context_bytes(context));
    assert_non_null(strstr(context, "17QXYZABCD"));
    xcy_json_free(json);
    xcy_buf_clear(&w.reply);
    script_clear(&script);
}

static void without_a_protocol_there_is_no_context(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    struct written w = write_with(&script, payload);
    assert_null(strstr(script.notification.message, "\"context\""));
    assert_string_equal(script.post.cid, "");
    assert_int_equal(event_of(&w).context_bytes, 0);
    xcy_buf_clear(&w.reply);
    script_clear(&script);
}

static void every_execution_has_an_identifier_of_its_own(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    struct written first = write_with(&script, payload);
    struct written second = write_with(&script, payload);
    struct xcy_event a = event_of(&first);
    struct xcy_event b = event_of(&second);
    assert_string_not_equal(a.exec, b.exec);
    xcy_buf_clear(&first.reply);
    xcy_buf_clear(&second.reply);
    script_clear(&script);
}

static void failed_write_publishes_nothing(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    script.post.write_status = XCY_ENET;
    struct written w = write_with(&script, payload);
    assert_int_equal(w.status, XCY_ENET);
    assert_string_equal(w.err.text, "writing the post: scripted write failure");
    assert_int_equal(script.post.n_writes, 1);
    assert_int_equal(script.notification.n_published, 0);
    assert_int_equal(w.reply.len, 0);
    xcy_buf_clear(&w.reply);
    script_clear(&script);
}

static void failed_publication_is_a_function_error(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    script.notification.publish_status = XCY_EREMOTE;
    struct written w = write_with(&script, payload);
    assert_int_equal(w.status, XCY_EREMOTE);
    assert_string_equal(w.err.text, "publishing the notification: scripted publish failure");
    xcy_buf_clear(&w.reply);
    script_clear(&script);
}

static void payload_that_names_no_request_is_refused_before_any_write(void **state)
{
    (void)state;
    const char *const bad[] = {
        "",
        "[1]",
        "{\"i\": 1",
        "{\"key\": \"1ABCDEFGHI\", \"client_sent_at\": 1.5}",
        "{\"i\": 1, \"client_sent_at\": 1.5}",
        "{\"i\": 1, \"key\": \"1ABCDEFGHI\"}",
        "{\"i\": \"x\", \"key\": \"1ABCDEFGHI\", \"client_sent_at\": 1.5}",
    };
    for (size_t b = 0; b < sizeof bad / sizeof bad[0]; b++) {
        struct script script;
        script_init(&script, XCY_CONSISTENCY_NONE);
        struct written w = write_with(&script, bad[b]);
        assert_int_equal(w.status, XCY_EPARSE);
        assert_memory_equal(w.err.text, "payload: ", 9);
        assert_int_equal(script.post.n_writes, 0);
        xcy_buf_clear(&w.reply);
        script_clear(&script);
    }
}

static void clean_empties_the_store_and_says_so(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    struct written w = write_with(&script, "{\"-#CLEAN#-\": null}");
    assert_ok(w.status, &w.err);
    assert_int_equal(script.post.n_cleans, 1);
    assert_int_equal(script.notification.n_cleans, 1);
    assert_int_equal(script.post.n_writes, 0);
    struct xcy_json *json = NULL;
    assert_ok(xcy_json_parse(xcy_buf_bytes(&w.reply), &json, &w.err), &w.err);
    assert_int_equal(xcy_json_get_int64(json, "statusCode", 0), 200);
    assert_true(xcy_json_get_bool(xcy_json_get(json, "body"), "cleaned", false));
    xcy_json_free(json);
    xcy_buf_clear(&w.reply);
    script_clear(&script);
}

static void stats_report_total_and_average_size_per_post(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    script.post.items = 8;
    script.post.bytes = 1004;
    struct written w = write_with(&script, "{\"i\": 1, \"-#STATS#-\": 1}");
    assert_ok(w.status, &w.err);
    struct xcy_json *json = NULL;
    assert_ok(xcy_json_parse(xcy_buf_bytes(&w.reply), &json, &w.err), &w.err);
    const struct xcy_json *body = xcy_json_get(json, "body");
    const struct xcy_json *stats = xcy_json_get(body, "stats");
    assert_int_equal(xcy_json_get_int64(stats, "dataset.bytes", 0), 1004);
    assert_true(xcy_json_get_number(stats, "dataset.avg_bytes", 0) == 125.5);
    assert_int_equal(xcy_json_get_int64(stats, "items", 0), 8);
    struct xcy_combination c;
    assert_ok(xcy_combination_from_json(xcy_json_get(body, "combination"), &c, &w.err), &w.err);
    assert_true(xcy_combination_equal(&c, &script.environment.combination));
    xcy_json_free(json);
    xcy_buf_clear(&w.reply);
    script_clear(&script);
}

static void stats_of_an_empty_store_have_average_zero(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    struct written w = write_with(&script, "{\"-#STATS#-\": 1}");
    assert_ok(w.status, &w.err);
    assert_non_null(strstr(w.reply.ptr, "\"dataset.avg_bytes\":0"));
    xcy_buf_clear(&w.reply);
    script_clear(&script);
}

static void stats_that_fail_are_a_function_error(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    script.post.size_status = XCY_EAUTH;
    struct written w = write_with(&script, "{\"-#STATS#-\": 1}");
    assert_int_equal(w.status, XCY_EAUTH);
    assert_string_equal(w.err.text, "stats: scripted size failure");
    xcy_buf_clear(&w.reply);
    script_clear(&script);
}

static void filler_has_exactly_the_size_asked_and_needs_no_escape(void **state)
{
    (void)state;
    const size_t sizes[] = {0, 1, 62, 63, 64, 65, 1000, 350000};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        struct xcy_buf body;
        xcy_buf_init(&body, 1048576);
        xcy_post_fill(&body, sizes[s]);
        assert_int_equal(body.len, sizes[s]);
        for (size_t b = 0; b < body.len; b++) {
            assert_true(isprint((unsigned char)body.ptr[b]));
            assert_true(body.ptr[b] != '"' && body.ptr[b] != '\\');
        }
        xcy_buf_clear(&body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_stand_in_the_order_of_the_work),
        cmocka_unit_test(reply_tells_request_instance_and_combination),
        cmocka_unit_test(published_event_is_the_reply_without_its_end),
        cmocka_unit_test(delay_lies_between_write_and_notification),
        cmocka_unit_test(antipode_stores_the_context_id_and_sends_the_context),
        cmocka_unit_test(without_a_protocol_there_is_no_context),
        cmocka_unit_test(every_execution_has_an_identifier_of_its_own),
        cmocka_unit_test(failed_write_publishes_nothing),
        cmocka_unit_test(failed_publication_is_a_function_error),
        cmocka_unit_test(payload_that_names_no_request_is_refused_before_any_write),
        cmocka_unit_test(clean_empties_the_store_and_says_so),
        cmocka_unit_test(stats_report_total_and_average_size_per_post),
        cmocka_unit_test(stats_of_an_empty_store_have_average_zero),
        cmocka_unit_test(stats_that_fail_are_a_function_error),
        cmocka_unit_test(filler_has_exactly_the_size_asked_and_needs_no_escape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
