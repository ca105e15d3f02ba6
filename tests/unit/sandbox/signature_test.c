/* Vectors: AWS's own test suite and documentation (get-vanilla, post-vanilla, query-order, IAM
 * ListUsers); those of Lambda and of the odd path were signed by botocore 1.29.27 with its clock
 * set to 2015-08-30T12:36:00Z. */
#include "sandbox/front/signature.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct header {
    const char *name;
    const char *value;
};

/* Signed at 2015-08-30T12:36:00Z. */
static const int64_t signed_at_s = 1440938160;

#define SCOPE(service)                                                                             \
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/" service "/aws4_request, "

#define VANILLA "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"

static const char *header_of(const void *ctx, const char *name)
{
    for (const struct header *h = ctx; h->name; h++) {
        if (strcasecmp(h->name, name) == 0) {
            return h->value;
        }
    }
    return NULL;
}

static size_t header_count_of(const void *ctx, const char *name)
{
    size_t n = 0;
    for (const struct header *h = ctx; h->name; h++) {
        n += strcasecmp(h->name, name) == 0;
    }
    return n;
}

static const struct xcy_credentials *find_key(const void *keys, const char *key)
{
    const struct xcy_credentials *known = keys;
    return strcmp(known->access_key, key) == 0 ? known : NULL;
}

static struct xcy_signature check_at(const struct xcy_signed_request *request, const char *token,
                                     int64_t now_s)
{
    char access_key[] = "AKIDEXAMPLE";
    char secret_key[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    char token_copy[64];
    struct xcy_credentials key = {.access_key = access_key, .secret_key = secret_key};
    if (token) {
        snprintf(token_copy, sizeof token_copy, "%s", token);
        key.session_token = token_copy;
    }
    struct xcy_signature signature;
    xcy_signature_check(request, find_key, &key, (struct xcy_wall){now_s * XCY_NS_PER_S},
                        &signature);
    return signature;
}

static struct xcy_signed_request request_of(const char *method, const char *path, const char *query,
                                            const char *body, const struct header *headers)
{
    return (struct xcy_signed_request){
        .method = method,
        .path = path,
        .query = query,
        .body = xcy_bytes_of(body),
        .header = header_of,
        .header_count = header_count_of,
        .ctx = headers,
    };
}

/* GET / of example.amazonaws.com, with the Authorization and date given. */
static struct xcy_signature check_vanilla(const char *authorization, const char *date)
{
    struct header headers[] = {{"Host", "example.amazonaws.com"},
                               {"X-Amz-Date", date},
                               {"Authorization", authorization},
                               {NULL, NULL}};
    struct xcy_signed_request request = request_of("GET", "/", "", "", headers);
    return check_at(&request, NULL, signed_at_s);
}

static const char vanilla[] = SCOPE("service") "SignedHeaders=host;x-amz-date, Signature=" VANILLA;

static void published_vectors_are_accepted(void **state)
{
    (void)state;
    static const struct {
        const char *method;
        const char *path;
        const char *query;
        const char *signature;
    } cases[] = {
        {"GET", "/", "", VANILLA},
        {"POST", "/", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
        {"GET", "/", "Param2=value2&Param1=value1",
         "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char authorization[512];
        snprintf(authorization, sizeof authorization,
                 "%sSignedHeaders=host;x-amz-date, Signature=%s", SCOPE("service"),
                 cases[i].signature);
        struct header headers[] = {{"Host", "example.amazonaws.com"},
                                   {"X-Amz-Date", "20150830T123600Z"},
                                   {"Authorization", authorization},
                                   {NULL, NULL}};
        struct xcy_signed_request request =
            request_of(cases[i].method, cases[i].path, cases[i].query, "", headers);
        struct xcy_signature signature = check_at(&request, NULL, signed_at_s);
        assert_string_equal(signature.message, "");
        assert_int_equal(signature.verdict, XCY_SIGNATURE_OK);
        assert_string_equal(signature.region, "us-east-1");
        assert_string_equal(signature.service, "service");
    }
}

static struct xcy_signature check_list_users(const char *query, const char *content_type,
                                             int64_t now_s)
{
    struct header headers[] = {
        {"Host", "iam.amazonaws.com"},
        {"Content-Type", content_type},
        {"X-Amz-Date", "20150830T123600Z"},
        {"Authorization",
         SCOPE("iam") "SignedHeaders=content-type;host;x-amz-date, Signature="
                      "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"},
        {NULL, NULL}};
    struct xcy_signed_request request = request_of("GET", "/", query, "", headers);
    return check_at(&request, NULL, now_s);
}

static const char list_users[] = "Action=ListUsers&Version=2010-05-08";
static const char form_type[] = "application/x-www-form-urlencoded; charset=utf-8";

static void the_documented_example_is_accepted(void **state)
{
    (void)state;
    assert_int_equal(check_list_users(list_users, form_type, signed_at_s).verdict,
                     XCY_SIGNATURE_OK);
}

static void blanks_around_and_inside_a_value_do_not_matter(void **state)
{
    (void)state;
    assert_int_equal(check_list_users(list_users,
                                      "  application/x-www-form-urlencoded;   charset=utf-8 ",
                                      signed_at_s)
                         .verdict,
                     XCY_SIGNATURE_OK);
}

static void one_changed_byte_is_refused(void **state)
{
    (void)state;
    struct xcy_signature query =
        check_list_users("Action=ListUserz&Version=2010-05-08", form_type, signed_at_s);
    struct xcy_signature type = check_list_users(list_users, "text/plain", signed_at_s);
    assert_int_equal(query.verdict, XCY_SIGNATURE_MISMATCH);
    assert_int_equal(type.verdict, XCY_SIGNATURE_MISMATCH);
    assert_true(strncmp(query.message, "The request signature we calculated does not match", 50) ==
                0);
}

static struct xcy_signature check_lambda(const char *body, const char *path, const char *sent_token,
                                         const char *known_token)
{
    struct header headers[] = {
        {"Host", "lambda.us-east-1.amazonaws.com"},
        {"Content-Type", "application/json"},
        {"X-Amz-Date", "20150830T123600Z"},
        {"X-Amz-Invocation-Type", "Event"},
        {"Authorization",
         SCOPE("lambda") "SignedHeaders=content-type;host;x-amz-date;x-amz-invocation-type;"
                         "x-amz-security-token, Signature="
                         "3fa716818ba2bbd0987caace5a8625107a5b7427dfc65eebae62be9de98868c1"},
        {sent_token ? "X-Amz-Security-Token" : NULL, sent_token},
        {NULL, NULL}};
    struct xcy_signed_request request =
        request_of("POST", path, "Qualifier=%24LATEST", body, headers);
    return check_at(&request, known_token, signed_at_s);
}

#define ARN_PATH                                                                                   \
    "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Awriter/"     \
    "invocations"

static void an_escaped_path_is_signed_encoded_twice(void **state)
{
    (void)state;
    struct xcy_signature s = check_lambda("{\"i\":1}", ARN_PATH, "TOKENEXAMPLE", "TOKENEXAMPLE");
    assert_string_equal(s.message, "");
    assert_int_equal(s.verdict, XCY_SIGNATURE_OK);
}

static void a_changed_body_is_refused(void **state)
{
    (void)state;
    assert_int_equal(check_lambda("{\"i\":2}", ARN_PATH, "TOKENEXAMPLE", "TOKENEXAMPLE").verdict,
                     XCY_SIGNATURE_MISMATCH);
}

static void a_wrong_missing_or_uncalled_for_session_token_is_refused(void **state)
{
    (void)state;
    static const char body[] = "{\"i\":1}";
    assert_int_equal(check_lambda(body, ARN_PATH, "OTHER", "TOKENEXAMPLE").verdict,
                     XCY_SIGNATURE_UNKNOWN_KEY);
    assert_int_equal(check_lambda(body, ARN_PATH, NULL, "TOKENEXAMPLE").verdict,
                     XCY_SIGNATURE_UNKNOWN_KEY);
    assert_int_equal(check_lambda(body, ARN_PATH, "TOKENEXAMPLE", NULL).verdict,
                     XCY_SIGNATURE_UNKNOWN_KEY);
}

static void a_request_without_authorization_is_missing_its_token(void **state)
{
    (void)state;
    struct header headers[] = {{"Host", "example.amazonaws.com"}, {NULL, NULL}};
    struct xcy_signed_request request = request_of("GET", "/", "", "", headers);
    struct xcy_signature s = check_at(&request, NULL, signed_at_s);
    assert_int_equal(s.verdict, XCY_SIGNATURE_MISSING);
    assert_string_equal(s.message, "Request is missing Authentication Token");
}

static void an_authorization_that_lacks_a_part_is_incomplete(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "Basic QUtJREVYQU1QTEU6c2VjcmV0",
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA512 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        "SignedHeaders=host;x-amz-date, Signature=" VANILLA,
        "AWS4-HMAC-SHA256 SignedHeaders=host;x-amz-date, Signature=" VANILLA,
        SCOPE("service") "Signature=" VANILLA,
        SCOPE("service") "SignedHeaders=host;x-amz-date",
        SCOPE("service") "SignedHeaders=host;x-amz-date, Signature=5fa00fa3",
        SCOPE("service") "SignedHeaders=x-amz-date;host, Signature=" VANILLA,
        SCOPE("service") "SignedHeaders=Host;X-Amz-Date, Signature=" VANILLA,
        SCOPE("service") "SignedHeaders=host;host;x-amz-date, Signature=" VANILLA,
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/aws4_request, "
        "SignedHeaders=host;x-amz-date, Signature=" VANILLA,
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request/more, "
        "SignedHeaders=host;x-amz-date, Signature=" VANILLA,
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct xcy_signature s = check_vanilla(cases[i], "20150830T123600Z");
        assert_int_equal(s.verdict, XCY_SIGNATURE_INCOMPLETE);
        assert_true(s.message[0]);
        assert_null(strstr(s.message, "QUtJ")); /* what was sent may be a secret */
    }
}

static void an_unknown_access_key_is_refused(void **state)
{
    (void)state;
    struct xcy_signature s = check_vanilla(
        "AWS4-HMAC-SHA256 Credential=AKIDOTHER/20150830/us-east-1/service/aws4_request, "
        "SignedHeaders=host;x-amz-date, Signature=" VANILLA,
        "20150830T123600Z");
    assert_int_equal(s.verdict, XCY_SIGNATURE_UNKNOWN_KEY);
    assert_string_equal(s.message, "The security token included in the request is invalid.");
}

static void scope_and_date_must_agree(void **state)
{
    (void)state;
    static const char other_day[] =
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150831/us-east-1/service/aws4_request, "
        "SignedHeaders=host;x-amz-date, Signature=" VANILLA;
    static const char other_end[] =
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws5_request, "
        "SignedHeaders=host;x-amz-date, Signature=" VANILLA;
    struct xcy_signature day = check_vanilla(other_day, "20150830T123600Z");
    struct xcy_signature end = check_vanilla(other_end, "20150830T123600Z");
    assert_int_equal(day.verdict, XCY_SIGNATURE_MISMATCH);
    assert_non_null(strstr(day.message, "Date in Credential scope does not match"));
    assert_int_equal(end.verdict, XCY_SIGNATURE_MISMATCH);
    assert_non_null(strstr(end.message, "aws4_request"));
}

static void a_malformed_or_missing_date_is_incomplete(void **state)
{
    (void)state;
    static const char *const dates[] = {"2015-08-30T12:36:00Z", "20150830T123600", "20150830T1236",
                                        "20151330T123600Z", ""};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        assert_int_equal(check_vanilla(vanilla, dates[i]).verdict, XCY_SIGNATURE_INCOMPLETE);
    }
    struct header headers[] = {
        {"Host", "example.amazonaws.com"}, {"Authorization", vanilla}, {NULL, NULL}};
    struct xcy_signed_request request = request_of("GET", "/", "", "", headers);
    assert_int_equal(check_at(&request, NULL, signed_at_s).verdict, XCY_SIGNATURE_INCOMPLETE);
}

static void a_date_header_serves_when_there_is_no_amazon_one(void **state)
{
    (void)state;
    struct header headers[] = {
        {"Host", "example.amazonaws.com"},
        {"Date", "Sun, 30 Aug 2015 12:36:00 GMT"},
        {"Authorization",
         SCOPE("service") "SignedHeaders=date;host, Signature="
                          "1262aceaf1a79c7f0b69fda81cd744572fcbe2e4c23b647b4de183cd5a0f1075"},
        {NULL, NULL}};
    struct xcy_signed_request request = request_of("GET", "/", "", "", headers);
    struct xcy_signature signature = check_at(&request, NULL, signed_at_s);
    assert_string_equal(signature.message, "");
    assert_int_equal(signature.verdict, XCY_SIGNATURE_OK);
}

static void a_signature_lives_a_quarter_of_an_hour_either_way(void **state)
{
    (void)state;
    static const struct {
        int64_t late_s;
        enum xcy_signature_verdict verdict;
    } cases[] = {{900, XCY_SIGNATURE_OK},
                 {901, XCY_SIGNATURE_EXPIRED},
                 {-900, XCY_SIGNATURE_OK},
                 {-901, XCY_SIGNATURE_EXPIRED}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(
            check_list_users(list_users, form_type, signed_at_s + cases[i].late_s).verdict,
            cases[i].verdict);
    }
}

static void an_expired_signature_is_told_both_instants(void **state)
{
    (void)state;
    struct xcy_signature late = check_list_users(list_users, form_type, signed_at_s + 1000);
    struct xcy_signature early = check_list_users(list_users, form_type, signed_at_s - 1000);
    assert_string_equal(late.message, "Signature expired: 20150830T123600Z is now earlier than "
                                      "20150830T123740Z (20150830T125240Z - 15 min.)");
    assert_string_equal(early.message, "Signature not yet current: 20150830T123600Z is still later "
                                       "than 20150830T123420Z (20150830T121920Z + 15 min.)");
}

static void host_and_date_must_be_signed(void **state)
{
    (void)state;
    struct xcy_signature host = check_vanilla(
        SCOPE("service") "SignedHeaders=x-amz-date, Signature=" VANILLA, "20150830T123600Z");
    struct xcy_signature date = check_vanilla(
        SCOPE("service") "SignedHeaders=host, Signature=" VANILLA, "20150830T123600Z");
    assert_int_equal(host.verdict, XCY_SIGNATURE_MISMATCH);
    assert_non_null(strstr(host.message, "'Host'"));
    assert_int_equal(date.verdict, XCY_SIGNATURE_MISMATCH);
    assert_non_null(strstr(date.message, "'x-amz-date'"));
}

static struct xcy_signature check_vanilla_with(struct header extra)
{
    struct header headers[] = {{"Host", "example.amazonaws.com"},
                               {"X-Amz-Date", "20150830T123600Z"},
                               {"Authorization", vanilla},
                               extra,
                               {NULL, NULL}};
    struct xcy_signed_request request = request_of("GET", "/", "", "", headers);
    return check_at(&request, NULL, signed_at_s);
}

static void an_unsigned_amazon_header_is_refused(void **state)
{
    (void)state;
    struct xcy_signature s =
        check_vanilla_with((struct header){"X-Amz-Target", "AmazonSQS.PurgeQueue"});
    assert_int_equal(s.verdict, XCY_SIGNATURE_MISMATCH);
    assert_non_null(strstr(s.message, "x-amz-target"));
}

static void another_unsigned_header_does_not_matter(void **state)
{
    (void)state;
    assert_int_equal(check_vanilla_with((struct header){"User-Agent", "any"}).verdict,
                     XCY_SIGNATURE_OK);
}

static void a_header_that_comes_twice_is_refused(void **state)
{
    (void)state;
    static const struct header seconds[] = {{"X-Amz-Date", "20150830T123600Z"},
                                            {"Host", "example.amazonaws.com"},
                                            {"Authorization", "x"}};
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
        assert_int_equal(check_vanilla_with(seconds[i]).verdict, XCY_SIGNATURE_INCOMPLETE);
    }
}

static void a_signed_header_that_is_not_there_is_refused(void **state)
{
    (void)state;
    struct xcy_signature s =
        check_vanilla(SCOPE("service") "SignedHeaders=host;x-amz-date;x-foo, Signature=" VANILLA,
                      "20150830T123600Z");
    assert_int_equal(s.verdict, XCY_SIGNATURE_MISMATCH);
    assert_non_null(strstr(s.message, "x-foo"));
}

static void a_claimed_digest_of_another_body_does_not_help(void **state)
{
    (void)state;
    /* The digest of "" is the one that was signed; the body is another. */
    struct header headers[] = {{"Host", "example.amazonaws.com"},
                               {"X-Amz-Date", "20150830T123600Z"},
                               {"Authorization", vanilla},
                               {NULL, NULL}};
    struct xcy_signed_request request = request_of("GET", "/", "", "body", headers);
    assert_int_equal(check_at(&request, NULL, signed_at_s).verdict, XCY_SIGNATURE_MISMATCH);
}

static void dots_slashes_and_order_are_made_canonical(void **state)
{
    (void)state;
    struct header headers[] = {
        {"Host", "example.amazonaws.com"},
        {"X-Amz-Date", "20150830T123600Z"},
        {"Authorization",
         SCOPE("service") "SignedHeaders=host;x-amz-date, Signature="
                          "fb42ba0eff905639b2c5452ff7f17b6459b75dc423e13a813cd37236c553078e"},
        {NULL, NULL}};
    struct xcy_signed_request request =
        request_of("GET", "/a//b/./c/../d/", "b=2&a=x%20y&a=%E1%88%B4", "", headers);
    assert_int_equal(check_at(&request, NULL, signed_at_s).verdict, XCY_SIGNATURE_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_vectors_are_accepted),
        cmocka_unit_test(the_documented_example_is_accepted),
        cmocka_unit_test(blanks_around_and_inside_a_value_do_not_matter),
        cmocka_unit_test(one_changed_byte_is_refused),
        cmocka_unit_test(an_escaped_path_is_signed_encoded_twice),
        cmocka_unit_test(a_changed_body_is_refused),
        cmocka_unit_test(a_wrong_missing_or_uncalled_for_session_token_is_refused),
        cmocka_unit_test(a_request_without_authorization_is_missing_its_token),
        cmocka_unit_test(an_authorization_that_lacks_a_part_is_incomplete),
        cmocka_unit_test(an_unknown_access_key_is_refused),
        cmocka_unit_test(scope_and_date_must_agree),
        cmocka_unit_test(a_malformed_or_missing_date_is_incomplete),
        cmocka_unit_test(a_date_header_serves_when_there_is_no_amazon_one),
        cmocka_unit_test(a_signature_lives_a_quarter_of_an_hour_either_way),
        cmocka_unit_test(an_expired_signature_is_told_both_instants),
        cmocka_unit_test(host_and_date_must_be_signed),
        cmocka_unit_test(an_unsigned_amazon_header_is_refused),
        cmocka_unit_test(another_unsigned_header_does_not_matter),
        cmocka_unit_test(a_header_that_comes_twice_is_refused),
        cmocka_unit_test(a_signed_header_that_is_not_there_is_refused),
        cmocka_unit_test(a_claimed_digest_of_another_body_does_not_help),
        cmocka_unit_test(dots_slashes_and_order_are_made_canonical),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
