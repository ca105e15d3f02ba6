#include "tests/support/unit.h"

#include "common/aws/server_clock.h"
#include "common/aws/sqs.h"
#include "tests/unit/aws/canned.h"

#include <time.h>

/* "Date: ..." of an instant so many seconds from now. */
static void date_header(int64_t ahead_s, char to[80])
{
    time_t at = (time_t)(xcy_wall_now().ns / XCY_NS_PER_S + ahead_s);
    struct tm tm;
    gmtime_r(&at, &tm);
    strftime(to, 80, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &tm);
}

#define TOO_OLD                                                                                    \
    "{\"__type\":\"InvalidSignatureException\",\"message\":\"Signature expired: x is now earlier " \
    "than y\"}"

/* What a person is told of a refused call whose answer has this header and body. */
static void check_told(const char *header, const char *body, const char *words)
{
    struct xcy_canned c;
    char *url = NULL;
    xcy_canned_open(&c, 403, header, body);
    assert_status(xcy_sqs_queue_url(&c.aws, "q", &url, &c.err), XCY_EAUTH, &c.err);
    if (!strstr(c.err.text, words)) {
        fail_msg("'%s' does not say '%s'", c.err.text, words);
    }
    xcy_canned_close(&c);
}

static void a_clock_that_is_wrong_is_told_by_how_much(void **state)
{
    (void)state;
    static const struct {
        int64_t server_s;
        const char *words;
    } cases[] = {
        {17 * 60 + 30, "this machine's clock is 17 min "}, /* 29 or 30 s: a Date has no fraction */
        {2 * 3600 + 90, "this machine's clock is 2 h 1 min behind the service's: set it)"},
        {-3 * 86400 - 5400, "this machine's clock is 3 d 1 h ahead of the service's: set it)"},
        {0, "agrees with the service's now"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char header[80];
        date_header(cases[i].server_s, header);
        check_told(header, TOO_OLD, cases[i].words);
    }
    check_told("", TOO_OLD, "the clocks of this machine and of the service differ");
    check_told("Date: yesterday\r\n", TOO_OLD,
               "the clocks of this machine and of the service differ");
}

static void every_code_of_a_wrong_clock_is_known(void **state)
{
    (void)state;
    char header[80];
    date_header(3600 + 90, header);
    check_told(header, "<Error><Code>RequestTimeTooSkewed</Code><Message>m</Message></Error>",
               "1 h 1 min behind");
    check_told(header, "<E><Code>RequestInTheFuture</Code><Message>m</Message></E>",
               "1 h 1 min behind");
    check_told(header, "<E><Code>RequestExpired</Code><Message>m</Message></E>",
               "1 h 1 min behind");
    check_told(header,
               "{\"__type\":\"InvalidSignatureException\",\"message\":\"Signature not yet current: "
               "x\"}",
               "1 h 1 min behind");
}

static void an_expired_token_and_a_wrong_key_are_no_matter_of_clocks(void **state)
{
    (void)state;
    char header[80];
    date_header(3600, header);
    check_told(header, "{\"__type\":\"ExpiredTokenException\",\"message\":\"m\"}",
               "(the session token has expired: get new credentials)");
    check_told(header, "<E><Code>ExpiredToken</Code><Message>m</Message></E>",
               "(the session token has expired: get new credentials)");
    check_told(header, "{\"__type\":\"InvalidSignatureException\",\"message\":\"m\"}",
               "credentials: was it started anew?");
}

static void an_instant_of_the_servers_becomes_one_of_ours(void **state)
{
    (void)state;
    struct xcy_http_reply reply = {.acked = xcy_mono_now()};
    char header[80];
    date_header(1000, header);
    xcy_buf_init(&reply.headers, 200);
    xcy_buf_add_text(&reply.headers, header);
    struct xcy_wall at = {xcy_wall_now().ns + 4600 * XCY_NS_PER_S};
    struct xcy_wall never = {0};
    xcy_server_clock_adjust(&reply, &at);
    xcy_server_clock_adjust(&reply, &never);
    assert_in_range(at.ns - xcy_wall_now().ns, 3590 * XCY_NS_PER_S, 3602 * XCY_NS_PER_S);
    assert_int_equal(never.ns, 0);
    xcy_buf_clear(&reply.headers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_that_is_wrong_is_told_by_how_much),
        cmocka_unit_test(every_code_of_a_wrong_clock_is_known),
        cmocka_unit_test(an_expired_token_and_a_wrong_key_are_no_matter_of_clocks),
        cmocka_unit_test(an_instant_of_the_servers_becomes_one_of_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
