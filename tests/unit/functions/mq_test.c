#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "functions/notifications/mq.h"
#include "tests/support/stomp_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHORT_MS = 30 };

struct fixture {
    struct xcy_stomp_server *server;
    struct xcy_environment environment;
    struct xcy_mono limit;
    struct xcy_backend_place place;
    void *state;
    struct xcy_error err;
};

static char *own(const char *text)
{
    return xcy_strdup(text);
}

static void setup(struct fixture *f, const struct xcy_stomp_script *script)
{
    *f = (struct fixture){.server = xcy_stomp_server_start(script)};
    f->environment.mq.writer = own(xcy_stomp_server_address(f->server));
    f->environment.mq.user = own("user");
    f->environment.mq.password = own("secret");
    f->environment.mq_queue = own("notes");
    f->environment.ca_file = own("");
    f->limit = xcy_mono_add(xcy_mono_now(), 60 * XCY_NS_PER_S);
    f->place = (struct xcy_backend_place){
        .environment = &f->environment, .side = XCY_SIDE_WRITER, .limit = &f->limit};
}

static void teardown(struct fixture *f)
{
    xcy_mq_notifications.close(f->state);
    xcy_environment_clear(&f->environment);
    xcy_stomp_server_stop(f->server);
}

static enum xcy_status open_queue(struct fixture *f)
{
    return xcy_mq_notifications.open(&f->place, &f->state, &f->err);
}

static enum xcy_status publish(struct fixture *f)
{
    return xcy_mq_notifications.publish(f->state, "key", "{\"i\":1}", &f->err);
}

static void assert_last(struct fixture *f, const char *command, const char *name,
                        const char *expected)
{
    char *value = xcy_stomp_server_last(f->server, command, name);
    assert_string_equal(value ? value : "(none)", expected);
    free(value);
}

static void the_writer_publishes_to_the_queue_over_one_connection(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, NULL);
    assert_ok(open_queue(&f), &f.err);
    assert_ok(publish(&f), &f.err);
    assert_ok(publish(&f), &f.err);
    assert_last(&f, "CONNECT", "login", "user");
    assert_last(&f, "CONNECT", "passcode", "secret");
    assert_last(&f, "CONNECT", "heart-beat", "0,0"); /* a frozen function could keep none */
    assert_last(&f, "SEND", "destination", "/queue/notes");
    assert_last(&f, "SEND", "persistent", "true");
    assert_last(&f, "SEND", "", "{\"i\":1}");
    struct xcy_stomp_counts counts = xcy_stomp_server_counts(f.server);
    assert_int_equal(counts.sends, 2);
    assert_int_equal(counts.connections, 1);
    teardown(&f);
}

static void a_connection_lost_between_invocations_is_made_anew(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, NULL);
    assert_ok(open_queue(&f), &f.err);
    xcy_stomp_server_drop_all(f.server);
    assert_ok(publish(&f), &f.err);
    assert_int_equal(xcy_stomp_server_counts(f.server).connections, 2);
    teardown(&f);
}

static void a_publish_without_a_receipt_fails_at_the_invocations_limit(void **state)
{
    (void)state;
    static const enum xcy_stomp_deed silence = XCY_STOMP_SILENCE;
    struct fixture f;
    setup(&f, &(struct xcy_stomp_script){.deeds = &silence, .n_deeds = 1});
    assert_ok(open_queue(&f), &f.err);
    f.limit = xcy_mono_add(xcy_mono_now(), SHORT_MS * XCY_NS_PER_MS);
    assert_status(publish(&f), XCY_ETIMEOUT, &f.err);
    assert_int_equal(xcy_stomp_server_counts(f.server).sends, 1);
    teardown(&f);
}

static void the_reader_connects_to_nothing(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, NULL);
    f.place.side = XCY_SIDE_READER;
    free(f.environment.mq.writer);
    f.environment.mq.writer = own("");
    assert_ok(open_queue(&f), &f.err);
    assert_int_equal(xcy_stomp_server_counts(f.server).connections, 0);
    teardown(&f);
}

static void a_writer_without_an_address_is_told_so(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, NULL);
    free(f.environment.mq.writer);
    f.environment.mq.writer = own("");
    assert_status(open_queue(&f), XCY_EUSAGE, &f.err);
    assert_non_null(strstr(f.err.text, "ActiveMQ"));
    teardown(&f);
}

static void a_refused_login_is_told_without_the_password(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, &(struct xcy_stomp_script){.greeting = "ERROR\nmessage:secret is wrong\n\n"});
    assert_status(open_queue(&f), XCY_EREMOTE, &f.err);
    assert_null(strstr(f.err.text, "secret"));
    teardown(&f);
}

struct taken {
    char *events[8];
    size_t n;
};

static enum xcy_status take(void *ctx, struct xcy_bytes event, size_t bytes, struct xcy_error *err)
{
    struct taken *taken = ctx;
    assert_int_equal(bytes, event.len);
    taken->events[taken->n++] = xcy_strndup(event.ptr, event.len);
    if (event.len > 0 && event.ptr[0] == '!') {
        return xcy_fail(err, XCY_ENET, "as told");
    }
    return XCY_OK;
}

/* "Zmlyc3Q=" is "first", "c2Vjb25k" "second", "IXdyb25n" "!wrong" */
static const struct {
    const char *payload;
    enum xcy_status status;
    const char *events; /* parted by blanks */
    const char *words;  /* of the error */
} cases[] = {
    {"{\"eventSource\":\"aws:mq\",\"eventSourceArn\":\"arn:x\",\"messages\":[{\"messageID\":\"ID:"
     "1\","
     "\"messageType\":\"jms/text-message\",\"data\":\"Zmlyc3Q=\"},{\"messageType\":"
     "\"jms/bytes-message\",\"data\":\"c2Vjb25k\"}]}",
     XCY_OK, "first second ", ""},
    {"{\"messages\":[{\"data\":\"Zmlyc3Q\"},{\"data\":\"c2Vjb25k\"}]}", XCY_EPARSE, "second ",
     "ActiveMQ message 0: its data is not base64"},
    {"{\"messages\":[{\"data\":\"IXdyb25n\"},{\"data\":\"c2Vjb25k\"},{\"x\":1}]}", XCY_ENET,
     "!wrong second ", "ActiveMQ message 0: as told"},
    {"{\"messages\":[{\"data\":\"Zmlyc3Q=\"},{\"data\":7}]}", XCY_EPARSE, "first ",
     "ActiveMQ message 1: it has no data"},
    {"{\"messages\":[{\"data\":\"\"}]}", XCY_OK, " ", ""},
    {"{\"messages\":[]}", XCY_EPARSE, "", "no messages"},
    {"{\"messages\":{}}", XCY_EPARSE, "", "no messages"},
    {"{\"Records\":[{\"Sns\":{\"Message\":\"x\"}}]}", XCY_EPARSE, "", "no messages"},
    {"{\"eventSource\":\"aws:rmq\",\"messages\":[{\"data\":\"Zmlyc3Q=\"}]}", XCY_EPARSE, "",
     "not a notification of ActiveMQ"},
    {"7", XCY_EPARSE, "", "no messages"},
};

static void messages_are_taken_out_and_a_bad_one_costs_no_other(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct taken taken = {.n = 0};
        struct xcy_error err = {.text = ""};
        struct xcy_json *payload;
        char events[100] = "";
        assert_ok(xcy_json_parse(xcy_bytes_of(cases[i].payload), &payload, &err), &err);
        assert_status(xcy_mq_notifications.parse(payload, take, &taken, &err), cases[i].status,
                      &err);
        for (size_t e = 0; e < taken.n; e++) {
            size_t used = strlen(events);
            snprintf(events + used, sizeof events - used, "%s ", taken.events[e]);
            free(taken.events[e]);
        }
        assert_string_equal(events, cases[i].events);
        assert_non_null(strstr(err.text, cases[i].words));
        xcy_json_free(payload);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_writer_publishes_to_the_queue_over_one_connection),
        cmocka_unit_test(a_connection_lost_between_invocations_is_made_anew),
        cmocka_unit_test(a_publish_without_a_receipt_fails_at_the_invocations_limit),
        cmocka_unit_test(the_reader_connects_to_nothing),
        cmocka_unit_test(a_writer_without_an_address_is_told_so),
        cmocka_unit_test(a_refused_login_is_told_without_the_password),
        cmocka_unit_test(messages_are_taken_out_and_a_bad_one_costs_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
