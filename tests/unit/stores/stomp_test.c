#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/stores/stomp.h"
#include "tests/support/stomp_server.h"

#include <stdlib.h>
#include <string.h>

enum { SHORT_MS = 30, BEAT_MS = 20 };

static const char queue[] = "/queue/q";

struct fixture {
    struct xcy_stomp_server *server;
    struct xcy_stomp *stomp;
    struct xcy_error err;
};

static struct xcy_mono in_a_minute(void)
{
    return xcy_mono_add(xcy_mono_now(), 60 * XCY_NS_PER_S);
}

static struct xcy_mono shortly(void)
{
    return xcy_mono_add(xcy_mono_now(), SHORT_MS * XCY_NS_PER_MS);
}

static enum xcy_status connect_with(struct fixture *f, int64_t beat_ms, struct xcy_mono limit)
{
    struct xcy_stomp_options options = {.address = xcy_stomp_server_address(f->server),
                                        .user = "us:er",
                                        .password = "se:cret\\",
                                        .beat_ms = beat_ms};
    return xcy_stomp_open(&options, limit, &f->stomp, &f->err);
}

static void setup(struct fixture *f, const struct xcy_stomp_script *script)
{
    *f = (struct fixture){.server = xcy_stomp_server_start(script)};
    assert_ok(connect_with(f, 0, in_a_minute()), &f->err);
}

static void teardown(struct fixture *f)
{
    xcy_stomp_close(f->stomp);
    xcy_stomp_server_stop(f->server);
}

static void assert_last(struct fixture *f, const char *command, const char *name,
                        const char *expected)
{
    char *value = xcy_stomp_server_last(f->server, command, name);
    if (expected) {
        assert_non_null(value);
        assert_string_equal(value, expected);
    } else {
        assert_null(value);
    }
    free(value);
}

static enum xcy_status publish(struct fixture *f)
{
    return xcy_stomp_send(f->stomp, queue, "text: \xc3\xa4\n", in_a_minute(), &f->err);
}

static void logging_in_tells_version_host_user_and_password(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, NULL);
    assert_last(&f, "CONNECT", "accept-version", "1.2");
    assert_last(&f, "CONNECT", "host", "127.0.0.1");
    assert_last(&f, "CONNECT", "login", "us:er");
    assert_last(&f, "CONNECT", "passcode", "se:cret\\");
    assert_last(&f, "CONNECT", "heart-beat", "0,0");
    teardown(&f);
}

static void a_message_is_persistent_text_and_confirmed(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, NULL);
    assert_ok(publish(&f), &f.err);
    assert_ok(publish(&f), &f.err);
    assert_last(&f, "SEND", "destination", queue);
    assert_last(&f, "SEND", "persistent", "true");
    assert_last(&f, "SEND", "content-length", NULL); /* else ActiveMQ makes it bytes */
    assert_last(&f, "SEND", "", "text: \xc3\xa4\n");
    assert_int_equal(xcy_stomp_server_counts(f.server).sends, 2);
    assert_int_equal(xcy_stomp_server_counts(f.server).connections, 1);
    teardown(&f);
}

static void an_idle_connection_that_was_closed_is_opened_again(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, NULL);
    assert_ok(publish(&f), &f.err);
    xcy_stomp_server_drop_all(f.server);
    assert_ok(publish(&f), &f.err);
    assert_int_equal(xcy_stomp_server_counts(f.server).sends, 2);
    assert_int_equal(xcy_stomp_server_counts(f.server).connections, 2);
    teardown(&f);
}

/* The broker may have taken it: sending it again could publish it twice. */
static void a_message_without_a_receipt_is_an_error_and_not_sent_again(void **state)
{
    (void)state;
    static const enum xcy_stomp_deed deeds[] = {XCY_STOMP_HANG_UP, XCY_STOMP_SILENCE};
    static const enum xcy_status expected[] = {XCY_ENET, XCY_ETIMEOUT};
    for (size_t i = 0; i < 2; i++) {
        struct fixture f;
        setup(&f, &(struct xcy_stomp_script){.deeds = &deeds[i], .n_deeds = 1});
        struct xcy_mono limit = deeds[i] == XCY_STOMP_SILENCE ? shortly() : in_a_minute();
        assert_status(xcy_stomp_send(f.stomp, queue, "x", limit, &f.err), expected[i], &f.err);
        assert_non_null(strstr(f.err.text, xcy_stomp_server_address(f.server)));
        assert_int_equal(xcy_stomp_server_counts(f.server).sends, 1);
        assert_ok(publish(&f), &f.err); /* on a new connection: a late receipt is of no one */
        assert_int_equal(xcy_stomp_server_counts(f.server).connections, 2);
        teardown(&f);
    }
}

static void an_error_frame_is_told_in_the_brokers_words_without_the_password(void **state)
{
    (void)state;
    static const enum xcy_stomp_deed refuse = XCY_STOMP_REFUSE;
    struct fixture f;
    setup(&f, &(struct xcy_stomp_script){.deeds = &refuse, .n_deeds = 1});
    assert_status(publish(&f), XCY_EREMOTE, &f.err);
    assert_null(strstr(f.err.text, "se:cret"));
    assert_non_null(strstr(f.err.text, "password"));
    assert_ok(publish(&f), &f.err);
    teardown(&f);
}

static void a_broker_that_refuses_the_login_is_told_in_its_words(void **state)
{
    (void)state;
    static const struct {
        const char *greeting;
        const char *expected;
    } cases[] = {
        {"ERROR\nmessage:User name or\\npassword is invalid\n\ndetails\n", "is invalid: details"},
        {"CONNECTED\nversion:1.1\n\n", "STOMP 1.2"},
        {"CONNECTED\n\n", "STOMP 1.2"},
        {"RECEIPT\n\n", "STOMP 1.2"},
        {"HTTP/1.1 400 Bad Request\r\n\r\n", "not STOMP"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct xcy_stomp_script script = {.greeting = cases[i].greeting};
        struct fixture f = {.server = xcy_stomp_server_start(&script)};
        assert_true(connect_with(&f, 0, in_a_minute()) != XCY_OK);
        if (!strstr(f.err.text, cases[i].expected) || strchr(f.err.text, '\n')) {
            fail_msg("expected '%s' on one line: %s", cases[i].expected, f.err.text);
        }
        assert_null(strstr(f.err.text, "se:cret"));
        xcy_stomp_server_stop(f.server);
    }
}

static void a_broker_that_says_nothing_ends_the_login_at_its_limit(void **state)
{
    (void)state;
    struct xcy_stomp_script script = {.greeting = ""};
    struct fixture f = {.server = xcy_stomp_server_start(&script)};
    assert_status(connect_with(&f, 0, shortly()), XCY_ETIMEOUT, &f.err);
    xcy_stomp_server_stop(f.server);
}

static void subscribe(struct fixture *f, int64_t prefetch)
{
    assert_ok(xcy_stomp_subscribe(f->stomp, queue, prefetch, in_a_minute(), &f->err), &f->err);
}

/* Takes a message, which must have this body; its "ack" is the caller's. */
static char *take(struct fixture *f, const char *body)
{
    struct xcy_stomp_frame message;
    assert_ok(xcy_stomp_receive(f->stomp, &message, in_a_minute(), &f->err), &f->err);
    assert_int_equal(message.body.len, strlen(body));
    assert_memory_equal(message.body.ptr, body, strlen(body));
    return xcy_strdup(xcy_stomp_frame_get(&message, "ack"));
}

static void messages_come_in_order_and_are_acknowledged_one_by_one(void **state)
{
    (void)state;
    struct fixture f;
    struct xcy_stomp_frame message;
    setup(&f, NULL);
    xcy_stomp_server_put(f.server, "first", NULL);
    xcy_stomp_server_put(f.server, "second", NULL);
    xcy_stomp_server_put(f.server, "third", NULL);
    subscribe(&f, 2);
    char *first = take(&f, "first");
    assert_last(&f, "SUBSCRIBE", "ack", "client-individual");
    assert_last(&f, "SUBSCRIBE", "destination", queue);
    char *second = take(&f, "second");
    assert_status(xcy_stomp_receive(f.stomp, &message, shortly(), &f.err), XCY_ETIMEOUT, &f.err);
    assert_ok(xcy_stomp_ack(f.stomp, first, in_a_minute(), &f.err), &f.err);
    char *third = take(&f, "third"); /* the connection lived on after the time-out */
    assert_ok(xcy_stomp_nack(f.stomp, second, in_a_minute(), &f.err), &f.err);
    assert_ok(xcy_stomp_ack(f.stomp, third, in_a_minute(), &f.err), &f.err);
    assert_ok(xcy_stomp_disconnect(f.stomp, in_a_minute(), &f.err), &f.err);
    struct xcy_stomp_counts counts = xcy_stomp_server_counts(f.server);
    assert_int_equal(counts.acks, 2); /* the goodbye's receipt came after them */
    assert_int_equal(counts.nacks, 1);
    assert_int_equal(counts.goodbyes, 1);
    free(first);
    free(second);
    free(third);
    teardown(&f);
}

static void a_consumer_whose_connection_breaks_is_told(void **state)
{
    (void)state;
    struct fixture f;
    struct xcy_stomp_frame message;
    setup(&f, NULL);
    subscribe(&f, 1);
    xcy_stomp_server_drop_all(f.server);
    assert_status(xcy_stomp_receive(f.stomp, &message, in_a_minute(), &f.err), XCY_ENET, &f.err);
    assert_status(xcy_stomp_receive(f.stomp, &message, in_a_minute(), &f.err), XCY_ENET, &f.err);
    assert_status(xcy_stomp_ack(f.stomp, "a:0", in_a_minute(), &f.err), XCY_ENET, &f.err);
    teardown(&f);
}

static void beats_that_were_agreed_upon_are_sent_while_waiting(void **state)
{
    (void)state;
    struct xcy_stomp_script script = {.beats = "0,20"};
    struct xcy_stomp_frame message;
    struct fixture f = {.server = xcy_stomp_server_start(&script)};
    assert_ok(connect_with(&f, BEAT_MS, in_a_minute()), &f.err);
    assert_last(&f, "CONNECT", "heart-beat", "20,20");
    while (xcy_stomp_server_counts(f.server).beats < 5) {
        assert_status(xcy_stomp_receive(f.stomp, &message, shortly(), &f.err), XCY_ETIMEOUT,
                      &f.err);
    }
    struct xcy_mono due;
    assert_true(xcy_stomp_beat_due(f.stomp, &due));
    teardown(&f);
}

static void none_are_sent_where_one_side_wants_none(void **state)
{
    (void)state;
    static const char *const beats[] = {"20,0", "0,0", NULL, "x,y", "20", "-1,-1"};
    for (size_t i = 0; i < sizeof beats / sizeof *beats; i++) {
        struct xcy_stomp_script script = {.beats = beats[i]};
        struct fixture f = {.server = xcy_stomp_server_start(&script)};
        struct xcy_mono due;
        assert_ok(connect_with(&f, BEAT_MS, in_a_minute()), &f.err);
        assert_false(xcy_stomp_beat_due(f.stomp, &due));
        teardown(&f);
    }
}

static void a_broker_that_does_not_keep_its_beats_is_given_up(void **state)
{
    (void)state;
    struct xcy_stomp_script script = {.beats = "20,0"};
    struct xcy_stomp_frame message;
    struct fixture f = {.server = xcy_stomp_server_start(&script)};
    assert_ok(connect_with(&f, BEAT_MS, in_a_minute()), &f.err);
    struct xcy_mono start = xcy_mono_now();
    assert_status(xcy_stomp_receive(f.stomp, &message, in_a_minute(), &f.err), XCY_ENET, &f.err);
    assert_non_null(strstr(f.err.text, "no sign of life"));
    assert_true(xcy_mono_diff_ns(xcy_mono_now(), start) >= BEAT_MS * XCY_NS_PER_MS);
    teardown(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logging_in_tells_version_host_user_and_password),
        cmocka_unit_test(a_message_is_persistent_text_and_confirmed),
        cmocka_unit_test(an_idle_connection_that_was_closed_is_opened_again),
        cmocka_unit_test(a_message_without_a_receipt_is_an_error_and_not_sent_again),
        cmocka_unit_test(an_error_frame_is_told_in_the_brokers_words_without_the_password),
        cmocka_unit_test(a_broker_that_refuses_the_login_is_told_in_its_words),
        cmocka_unit_test(a_broker_that_says_nothing_ends_the_login_at_its_limit),
        cmocka_unit_test(messages_come_in_order_and_are_acknowledged_one_by_one),
        cmocka_unit_test(a_consumer_whose_connection_breaks_is_told),
        cmocka_unit_test(beats_that_were_agreed_upon_are_sent_while_waiting),
        cmocka_unit_test(none_are_sent_where_one_side_wants_none),
        cmocka_unit_test(a_broker_that_does_not_keep_its_beats_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
