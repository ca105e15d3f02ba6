#include "tests/support/unit.h"

#include "common/stores/stomp_frame.h"

#include <stdio.h>
#include <string.h>

#define CONSTANT(literal)                                                                          \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }
#define BYTES(literal) xcy_bytes(literal, sizeof(literal) - 1)

struct fixture {
    struct xcy_stomp_parser parser;
    struct xcy_stomp_frame frame;
    bool is_whole;
    struct xcy_error err;
};

static void setup(struct fixture *f)
{
    *f = (struct fixture){0};
    xcy_stomp_parser_init(&f->parser);
}

static void teardown(struct fixture *f)
{
    xcy_stomp_parser_clear(&f->parser);
}

static enum xcy_status next(struct fixture *f)
{
    return xcy_stomp_parser_next(&f->parser, &f->frame, &f->is_whole, &f->err);
}

static void assert_whole(struct fixture *f, const char *command)
{
    assert_ok(next(f), &f->err);
    assert_true(f->is_whole);
    assert_string_equal(f->frame.command, command);
}

static void assert_body(const struct fixture *f, struct xcy_bytes expected)
{
    assert_int_equal(f->frame.body.len, expected.len);
    assert_memory_equal(f->frame.body.ptr, expected.ptr, expected.len);
}

static void a_frame_is_written_as_the_specification_has_it(void **state)
{
    (void)state;
    static const char expected[] = "SEND\ndestination:/queue/a\nx\\cy:a\\\\b\\nc\\rd\\ce\n\nbody\0";
    struct xcy_stomp_frame frame = {
        .command = "SEND",
        .headers = {{"destination", "/queue/a"}, {"x:y", "a\\b\nc\rd:e"}},
        .n_headers = 2,
        .body = BYTES("body")};
    struct xcy_buf out;
    xcy_buf_init(&out, 1000);
    xcy_stomp_frame_add(&out, &frame);
    assert_int_equal(out.len, sizeof expected - 1);
    assert_memory_equal(out.ptr, expected, out.len);
    xcy_buf_clear(&out);
}

static void connect_is_not_escaped(void **state)
{
    (void)state;
    struct xcy_stomp_frame frame = {
        .command = "CONNECT", .headers = {{"passcode", "a:b\\c"}}, .n_headers = 1};
    struct xcy_buf out;
    xcy_buf_init(&out, 1000);
    xcy_stomp_frame_add(&out, &frame);
    assert_string_equal(out.ptr, "CONNECT\npasscode:a:b\\c\n\n");
    xcy_buf_clear(&out);
}

static void headers_are_unescaped_and_the_first_of_a_name_counts(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    xcy_stomp_parser_feed(&f.parser, BYTES("MESSAGE\nid:a\\cb\\\\\\n\\r\nid:other\nempty:\n"
                                           "url:http://x:1\n\nhello\0"));
    assert_whole(&f, "MESSAGE");
    assert_int_equal(f.frame.n_headers, 4);
    assert_string_equal(xcy_stomp_frame_get(&f.frame, "id"), "a:b\\\n\r");
    assert_string_equal(xcy_stomp_frame_get(&f.frame, "empty"), "");
    assert_string_equal(xcy_stomp_frame_get(&f.frame, "url"), "http://x:1");
    assert_null(xcy_stomp_frame_get(&f.frame, "absent"));
    assert_body(&f, BYTES("hello"));
    teardown(&f);
}

static void connected_is_not_unescaped(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    xcy_stomp_parser_feed(&f.parser, BYTES("CONNECTED\nserver:a\\cb\\x\n\n\0"));
    assert_whole(&f, "CONNECTED");
    assert_string_equal(xcy_stomp_frame_get(&f.frame, "server"), "a\\cb\\x");
    teardown(&f);
}

static void a_body_with_zero_bytes_is_as_long_as_its_length_says(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    xcy_stomp_parser_feed(&f.parser,
                          BYTES("MESSAGE\r\ncontent-length:5\r\n\r\na\0b\0c\0\nNEXT\n\n\0"));
    assert_whole(&f, "MESSAGE");
    assert_body(&f, BYTES("a\0b\0c"));
    assert_whole(&f, "NEXT");
    assert_ok(next(&f), &f.err);
    assert_false(f.is_whole);
    teardown(&f);
}

static const struct xcy_bytes stream =
    CONSTANT("\n\r\nRECEIPT\nreceipt-id:r\\c1\n\n\0\n\n\nMESSAGE\ncontent-length:3\na:b\n\n\0\0\0\0"
             "MESSAGE\n\nlong body\0\n");

static void a_stream_gives_the_same_frames_however_it_is_cut(void **state)
{
    (void)state;
    for (size_t cut = 1; cut <= stream.len; cut++) {
        struct fixture f;
        char seen[200] = "";
        size_t n_seen = 0;
        setup(&f);
        for (size_t at = 0; at < stream.len; at += cut) {
            size_t n = stream.len - at < cut ? stream.len - at : cut;
            xcy_stomp_parser_feed(&f.parser, xcy_bytes(stream.ptr + at, n));
            do {
                assert_ok(next(&f), &f.err);
                if (f.is_whole) {
                    n_seen +=
                        (size_t)snprintf(seen + n_seen, sizeof seen - n_seen, "%s %zu %zu;",
                                         f.frame.command, f.frame.n_headers, f.frame.body.len);
                }
            } while (f.is_whole);
        }
        assert_string_equal(seen, "RECEIPT 1 0;MESSAGE 2 3;MESSAGE 0 9;");
        teardown(&f);
    }
}

static void what_is_no_frame_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct xcy_bytes bytes;
    } cases[] = {
        {"a command in small letters", CONSTANT("message\n\n\0")},
        {"HTTP", CONSTANT("HTTP/1.1 400 Bad Request\r\n\r\n\0")},
        {"a command too long", CONSTANT("ABCDEFGHIJKLMNOPQRSTUVWXYZ\n\n\0")},
        {"a header without a colon", CONSTANT("MESSAGE\nheader\n\n\0")},
        {"a header without a name", CONSTANT("MESSAGE\n:value\n\n\0")},
        {"an escape that does not exist", CONSTANT("MESSAGE\na:b\\t\n\n\0")},
        {"half an escape", CONSTANT("MESSAGE\na:b\\\n\n\0")},
        {"a zero byte within the headers", CONSTANT("MESSAGE\na:b\0c\n\n\0")},
        {"a length that is no number", CONSTANT("MESSAGE\ncontent-length:5x\n\n12345\0")},
        {"an empty length", CONSTANT("MESSAGE\ncontent-length:\n\n\0")},
        {"a negative length", CONSTANT("MESSAGE\ncontent-length:-1\n\n\0")},
        {"a length beyond the bound", CONSTANT("MESSAGE\ncontent-length:8388609\n\n\0")},
        {"a length of many digits",
         CONSTANT("MESSAGE\ncontent-length:00000000000000000000000000001\n\n1\0")},
        {"no zero byte behind the length", CONSTANT("MESSAGE\ncontent-length:2\n\n12345\0")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        setup(&f);
        xcy_stomp_parser_feed(&f.parser, cases[i].bytes);
        if (next(&f) != XCY_EPARSE || !strstr(f.err.text, "STOMP")) {
            fail_msg("%s was taken", cases[i].name);
        }
        teardown(&f);
    }
}

static void as_many_headers_as_allowed_are_taken_and_not_one_more(void **state)
{
    (void)state;
    for (int more = 0; more <= 1; more++) {
        struct fixture f;
        setup(&f);
        xcy_stomp_parser_feed(&f.parser, BYTES("MESSAGE\n"));
        for (int i = 0; i < XCY_STOMP_MAX_HEADERS + more; i++) {
            xcy_stomp_parser_feed(&f.parser, BYTES("a:b\n"));
        }
        xcy_stomp_parser_feed(&f.parser, BYTES("\n\0"));
        assert_int_equal(next(&f), more ? XCY_EPARSE : XCY_OK);
        assert_int_equal(f.is_whole, !more);
        teardown(&f);
    }
}

/* Feeds n times the text, and looks after each. */
static enum xcy_status feed_many(struct fixture *f, struct xcy_bytes text, size_t n)
{
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; i < n && status == XCY_OK; i++) {
        xcy_stomp_parser_feed(&f->parser, text);
        status = next(f);
    }
    return status;
}

static void heads_and_bodies_without_an_end_are_refused_at_the_bound(void **state)
{
    (void)state;
    static char block[4096];
    memset(block, 'x', sizeof block);
    struct xcy_bytes text = xcy_bytes(block, sizeof block);
    struct fixture f;
    setup(&f);
    assert_status(feed_many(&f, text, (size_t)2 * XCY_STOMP_MAX_HEAD_BYTES / sizeof block),
                  XCY_EPARSE, &f.err);
    teardown(&f);
    setup(&f);
    xcy_stomp_parser_feed(&f.parser, BYTES("MESSAGE\n\n"));
    assert_status(feed_many(&f, text, (size_t)2 * XCY_STOMP_MAX_BODY_BYTES / sizeof block),
                  XCY_EPARSE, &f.err);
    teardown(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_is_written_as_the_specification_has_it),
        cmocka_unit_test(connect_is_not_escaped),
        cmocka_unit_test(headers_are_unescaped_and_the_first_of_a_name_counts),
        cmocka_unit_test(connected_is_not_unescaped),
        cmocka_unit_test(a_body_with_zero_bytes_is_as_long_as_its_length_says),
        cmocka_unit_test(a_stream_gives_the_same_frames_however_it_is_cut),
        cmocka_unit_test(what_is_no_frame_is_refused),
        cmocka_unit_test(as_many_headers_as_allowed_are_taken_and_not_one_more),
        cmocka_unit_test(heads_and_bodies_without_an_end_are_refused_at_the_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
