#include "tests/support/unit.h"

#include "common/aws/key_reply.h"
#include "common/aws/timestamp.h"

#include <string.h>

static struct xcy_error err;

static void check_read(enum xcy_key_form form, const char *text, const char *token,
                       int64_t expires_s)
{
    struct xcy_credentials got = {0};
    assert_ok(xcy_key_reply_parse(form, xcy_bytes_of(text), &got, &err), &err);
    assert_string_equal(got.access_key, "AK");
    assert_string_equal(got.secret_key, "HUSH");
    if (token) {
        assert_string_equal(got.session_token, token);
    } else {
        assert_null(got.session_token);
    }
    assert_int_equal(got.expires.ns, expires_s * XCY_NS_PER_S);
    xcy_credentials_clear(&got);
}

static void check_refused(enum xcy_key_form form, const char *text, const char *words)
{
    struct xcy_credentials got = {0};
    assert_status(xcy_key_reply_parse(form, xcy_bytes_of(text), &got, &err), XCY_EPARSE, &err);
    assert_null(got.access_key);
    if (!strstr(err.text, words) || strstr(err.text, "HUSH")) {
        fail_msg("'%s' does not say '%s'", err.text, words);
    }
}

#define PAIR "\"AccessKeyId\":\"AK\",\"SecretAccessKey\":\"HUSH\""

static void each_form_is_read(void **state)
{
    (void)state;
    check_read(XCY_KEYS_OF_PROCESS, "{\"Version\":1," PAIR "}", NULL, 0);
    check_read(XCY_KEYS_OF_PROCESS, "{\"Version\":1," PAIR ",\"Expiration\":null}", NULL, 0);
    check_read(XCY_KEYS_OF_PROCESS,
               "{\"Version\":1," PAIR ",\"SessionToken\":\"T\",\"Expiration\":"
               "\"1970-01-01T01:00:01+01:00\"}",
               "T", 1);
    check_read(XCY_KEYS_OF_CONTAINER,
               "{" PAIR ",\"Token\":\"T\",\"Expiration\":\"2026-11-21T18:00:00Z\"}", "T",
               1795284000);
    check_read(XCY_KEYS_OF_INSTANCE,
               "{\"Code\":\"Success\"," PAIR
               ",\"Token\":\"T\",\"Expiration\":\"2026-11-21T18:00:00.000Z\"}",
               "T", 1795284000);
    check_read(XCY_KEYS_OF_STS,
               "<A xmlns=\"x\"><AssumeRoleResult><Credentials><AccessKeyId>AK</AccessKeyId>"
               "<SecretAccessKey>HUSH</SecretAccessKey><SessionToken>a&amp;b</SessionToken>"
               "<Expiration>2026-11-21T18:00:00Z</Expiration></Credentials></AssumeRoleResult></A>",
               "a&b", 1795284000);
}

static void what_is_missing_is_named_and_nothing_is_quoted(void **state)
{
    (void)state;
    check_refused(XCY_KEYS_OF_PROCESS, "HUSH", "not JSON (4 bytes)");
    check_refused(XCY_KEYS_OF_PROCESS, "[\"HUSH\"]", "not a JSON object");
    check_refused(XCY_KEYS_OF_PROCESS, "{" PAIR "}", "no version");
    check_refused(XCY_KEYS_OF_PROCESS, "{\"Version\":2," PAIR "}", "another version");
    check_refused(XCY_KEYS_OF_PROCESS, "{\"Version\":1,\"SecretAccessKey\":\"HUSH\"}",
                  "no AccessKeyId");
    check_refused(XCY_KEYS_OF_PROCESS, "{\"Version\":1,\"AccessKeyId\":\"AK\"}",
                  "no SecretAccessKey");
    check_refused(XCY_KEYS_OF_PROCESS, "{\"Version\":1," PAIR ",\"Expiration\":\"HUSH\"}",
                  "Expiration in what came is not of the form");
    check_refused(XCY_KEYS_OF_PROCESS, "{\"Version\":1," PAIR ",\"Expiration\":1795284000}",
                  "Expiration in what came is not of the form");
    check_refused(XCY_KEYS_OF_INSTANCE, "{\"Code\":\"Failed\",\"Message\":\"no\\nrole\"}",
                  "it says Failed: no role");
    check_refused(XCY_KEYS_OF_INSTANCE, "{" PAIR "}", "no Token");
    check_refused(XCY_KEYS_OF_INSTANCE, "{" PAIR ",\"Token\":\"HUSH\"}", "no Expiration");
    check_refused(XCY_KEYS_OF_STS, "<A>HUSH</A>", "no <Credentials>");
    check_refused(XCY_KEYS_OF_STS, "<Credentials><AccessKeyId>AK</AccessKeyId></Credentials>",
                  "no SecretAccessKey");
}

static void instants_in_both_forms(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double s; /* -1: refused */
    } iso[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2026-11-21T18:00:00Z", 1795284000},
        {"2026-11-21T18:00:00.25Z", 1795284000.25},
        {"2026-11-21T18:00:00-01:30", 1795289400},
        {"2026-11-21T18:00:00+0130", 1795278600},
        {"2026-11-21T18:00:00", -1},
        {"2026-11-21T18:00:00.Z", -1},
        {"2026-11-21T18:00:00Zx", -1},
        {"2026-11-21T18:00:00+25:00", -1},
        {"2026-11-21 18:00:00Z", -1},
        {"1969-12-31T23:59:59Z", -1},
        {"", -1},
    };
    for (size_t i = 0; i < sizeof iso / sizeof iso[0]; i++) {
        struct xcy_wall at = {-7};
        assert_int_equal(xcy_timestamp_parse_iso(iso[i].text, &at), iso[i].s >= 0);
        assert_int_equal(at.ns / 1000000, iso[i].s >= 0 ? (int64_t)(iso[i].s * 1000) : 0);
    }
    struct xcy_wall at = {0};
    assert_true(xcy_timestamp_parse_http("Sat, 21 Nov 2026 18:00:00 GMT", &at));
    assert_int_equal(at.ns, 1795284000 * XCY_NS_PER_S);
    assert_false(xcy_timestamp_parse_http("Sat, 21 Nov 2026 18:00:00", &at));
    assert_true(
        xcy_timestamp_parse_iso("9999-12-31T23:59:59Z", &at)); /* as far as it can be told */
    assert_true(at.ns > INT64_MAX / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_is_read),
        cmocka_unit_test(what_is_missing_is_named_and_nothing_is_quoted),
        cmocka_unit_test(instants_in_both_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
