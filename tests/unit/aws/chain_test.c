#include "tests/support/unit.h"

#include "common/aws/chain.h"
#include "common/aws/providers/provider.h"
#include "common/aws/sqs.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "tests/support/environment.h"
#include "tests/unit/aws/canned.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A home of its own, and an STS whose answer is written here. */
struct fixture {
    char folder[32];
    struct xcy_canned sts;
    struct xcy_credentials got;
    struct xcy_error err;
};

#define ANSWER                                                                                     \
    "<R><Credentials><AccessKeyId>XCYSANDBOXTEMPA</AccessKeyId>"                                   \
    "<SecretAccessKey>HUSH-temp</SecretAccessKey><SessionToken>HUSH-token</SessionToken>"          \
    "<Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></R>"

#define BASE                                                                                       \
    "[base]\naws_access_key_id=XCYSANDBOXB\naws_secret_access_key=HUSH-base\n"                     \
    "[real]\naws_access_key_id=AKIAREAL\naws_secret_access_key=HUSH-real\n"

static void write_file(const struct fixture *f, const char *name, const char *text)
{
    struct xcy_error err;
    char *path = xcy_format("%s/%s", f->folder, name);
    assert_ok(xcy_file_replace(path, xcy_bytes_of(text), 0600, &err), &err);
    free(path);
}

static int setup(void **state)
{
    struct fixture *f = xcy_alloc(sizeof *f);
    memcpy(f->folder, "/tmp/xcy-chain-XXXXXX", 22);
    assert_non_null(mkdtemp(f->folder));
    char *aws = xcy_format("%s/.aws", f->folder);
    assert_ok(xcy_dir_make(aws, 0700, &f->err), &f->err);
    free(aws);
    move_home(f->folder);
    put_variable("XCY_SANDBOX_CREDENTIALS", "chain");
    write_file(f, ".aws/credentials", BASE);
    xcy_canned_open(&f->sts, 200, "", ANSWER);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    xcy_credentials_clear(&f->got);
    xcy_canned_close(&f->sts);
    assert_ok(xcy_dir_remove(f->folder, &f->err), &f->err);
    free(f);
    return 0;
}

static void use(const struct fixture *f, const char *profile, const char *config)
{
    put_variable("AWS_PROFILE", profile);
    write_file(f, ".aws/config", config);
}

static void found(struct fixture *f, const char *access_key)
{
    xcy_credentials_clear(&f->got);
    assert_ok(xcy_credentials_load(f->sts.endpoint, &f->got, &f->err), &f->err);
    assert_string_equal(f->got.access_key, access_key);
}

static void refused_by(const char *endpoint, const char *words)
{
    struct xcy_credentials got = {0};
    struct xcy_error err = {.text = ""};
    assert_int_not_equal(xcy_credentials_load(endpoint, &got, &err), XCY_OK);
    assert_null(got.access_key);
    if (!strstr(err.text, words) || strstr(err.text, "HUSH")) {
        fail_msg("'%s' does not say '%s'", err.text, words);
    }
}

static void refused(const struct fixture *f, const char *words)
{
    refused_by(f->sts.endpoint, words);
}

static void a_role_is_asked_for_as_the_profile_says(void **state)
{
    struct fixture *f = *state;
    use(f, "r",
        "[profile r]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = base\n"
        "external_id = ex/1\nrole_session_name = me\nduration_seconds = 900\nregion = eu-west-3\n");
    found(f, "XCYSANDBOXTEMPA");
    assert_string_equal(f->got.session_token, "HUSH-token");
    assert_true(f->got.expires.ns > xcy_wall_now().ns);
    assert_true(xcy_canned_saw(&f->sts, "Action=AssumeRole&Version=2011-06-15&"));
    assert_true(xcy_canned_saw(&f->sts, "&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fx&"));
    assert_true(xcy_canned_saw(&f->sts, "&RoleSessionName=me&ExternalId=ex%2F1&"));
    assert_true(xcy_canned_saw(&f->sts, "&DurationSeconds=900"));
    assert_true(xcy_canned_saw(&f->sts, "Credential=XCYSANDBOXB/"));
    assert_true(xcy_canned_saw(&f->sts, "/eu-west-3/sts/aws4_request"));
}

static void what_is_not_said_is_not_sent(void **state)
{
    struct fixture *f = *state;
    put_variable("AWS_REGION", "us-west-2");
    use(f, "r", "[profile r]\nrole_arn = a\nsource_profile = base\nregion = eu-west-3\n");
    found(f, "XCYSANDBOXTEMPA");
    assert_false(xcy_canned_saw(&f->sts, "ExternalId"));
    assert_false(xcy_canned_saw(&f->sts, "DurationSeconds"));
    assert_true(xcy_canned_saw(&f->sts, "RoleSessionName=xcybench-"));
    assert_true(xcy_canned_saw(&f->sts, "/us-west-2/sts/"));
}

static void a_web_identity_goes_unsigned(void **state)
{
    struct fixture *f = *state;
    write_file(f, "token", "XCYSANDBOXWEB.HUSH\n");
    char *config =
        xcy_format("[profile w]\nrole_arn = a\nweb_identity_token_file = %s/token\n", f->folder);
    use(f, "w", config);
    free(config);
    found(f, "XCYSANDBOXTEMPA");
    assert_true(xcy_canned_saw(&f->sts, "Action=AssumeRoleWithWebIdentity&"));
    assert_true(xcy_canned_saw(&f->sts, "&WebIdentityToken=XCYSANDBOXWEB.HUSH"));
    assert_false(xcy_canned_saw(&f->sts, "Authorization"));
}

static void a_web_identity_that_is_over_is_called_by_its_name(void **state)
{
    struct fixture *f = *state;
    struct xcy_canned late;
    xcy_canned_open(&late, 400, "",
                    "<E><Code>ExpiredTokenException</Code><Message>m</Message></E>");
    write_file(f, "token", "XCYSANDBOXWEB.HUSH\n");
    char *path = xcy_format("%s/token", f->folder);
    use(f, NULL, "");
    put_variable("AWS_WEB_IDENTITY_TOKEN_FILE", path);
    put_variable("AWS_ROLE_ARN", "arn");
    refused_by(late.endpoint, "AWS_WEB_IDENTITY_TOKEN_FILE (arn): STS AssumeRoleWithWebIdentity: "
                              "ExpiredTokenException: m (the web identity token has expired: its "
                              "file must be written anew)");
    free(path);
    xcy_canned_close(&late);
}

static void a_profile_may_be_its_own_source(void **state)
{
    struct fixture *f = *state;
    use(f, "base", "[profile base]\nrole_arn = a\nsource_profile = base\n");
    found(f, "XCYSANDBOXTEMPA");
    assert_int_equal(xcy_raw_server_requests(f->sts.server), 1);
}

static void keys_of_a_source_come_before_its_role(void **state)
{
    struct fixture *f = *state;
    use(f, "r",
        "[profile r]\nrole_arn = mine\nsource_profile = base\n"
        "[profile base]\nrole_arn = its\nsource_profile = base\n");
    found(f, "XCYSANDBOXTEMPA");
    assert_int_equal(xcy_raw_server_requests(f->sts.server), 1);
    assert_true(xcy_canned_saw(&f->sts, "RoleArn=mine"));
    assert_true(xcy_canned_saw(&f->sts, "Credential=XCYSANDBOXB/"));
}

static void all_roles_are_asked_for_in_the_region_of_the_first_profile(void **state)
{
    struct fixture *f = *state;
    use(f, "b",
        "[profile b]\nrole_arn = second\nsource_profile = a\nregion = eu-west-3\n"
        "[profile a]\nrole_arn = first\nsource_profile = base\nregion = us-west-2\n");
    found(f, "XCYSANDBOXTEMPA");
    assert_int_equal(xcy_raw_server_requests(f->sts.server), 2);
    for (size_t i = 0; i < 2; i++) {
        char *request = xcy_raw_server_request(f->sts.server, i);
        assert_non_null(strstr(request, "/eu-west-3/sts/"));
        free(request);
    }
    use(f, "b",
        "[profile b]\nrole_arn = second\nsource_profile = a\n"
        "[profile a]\nrole_arn = first\nsource_profile = base\nregion = us-west-2\n");
    found(f, "XCYSANDBOXTEMPA");
    char *request = xcy_raw_server_request(f->sts.server, 2);
    assert_non_null(strstr(request, "/us-west-2/sts/"));
    free(request);
}

static void an_sts_in_trouble_is_asked_again(void **state)
{
    struct fixture *f = *state;
    struct xcy_canned busy;
    xcy_canned_open(&busy, 503, "", "<E><Code>ServiceUnavailable</Code><Message>m</Message></E>");
    use(f, "r", "[profile r]\nrole_arn = a\nsource_profile = base\n");
    refused_by(busy.endpoint, "profile r (a): STS AssumeRole: ServiceUnavailable");
    assert_int_equal(xcy_raw_server_requests(busy.server), 3);
    put_variable("AWS_MAX_ATTEMPTS", "1");
    refused_by(busy.endpoint, "ServiceUnavailable");
    assert_int_equal(xcy_raw_server_requests(busy.server), 4);
    put_variable("AWS_MAX_ATTEMPTS", NULL);
    struct xcy_found found;
    const struct xcy_refresh again = {.provider = &xcy_provider_profile, .abandoned_fd = -1};
    assert_int_not_equal(xcy_chain_find(busy.endpoint, &again, &found, &f->err), XCY_OK);
    assert_int_equal(xcy_raw_server_requests(busy.server), 5); /* a refresh comes again by itself */
    xcy_canned_close(&busy);
}

static void roles_behind_roles_are_assumed_in_turn(void **state)
{
    struct fixture *f = *state;
    use(f, "c",
        "[profile c]\nrole_arn = third\nsource_profile = b\n"
        "[profile b]\nrole_arn = second\nsource_profile = a\n"
        "[profile a]\nrole_arn = first\ncredential_source = Environment\n");
    put_variable("AWS_ACCESS_KEY_ID", "");
    refused(f, "credential_source = Environment, and there are none");
    assert_int_equal(xcy_raw_server_requests(f->sts.server), 0);
    use(f, "c",
        "[profile c]\nrole_arn = third\nsource_profile = b\n"
        "[profile b]\nrole_arn = second\nsource_profile = a\n"
        "[profile a]\nrole_arn = first\nsource_profile = base\n");
    found(f, "XCYSANDBOXTEMPA");
    static const char *const roles[] = {"RoleArn=first", "RoleArn=second", "RoleArn=third"};
    assert_int_equal(xcy_raw_server_requests(f->sts.server), 3);
    for (size_t i = 0; i < 3; i++) {
        char *request = xcy_raw_server_request(f->sts.server, i);
        assert_non_null(strstr(request, roles[i]));
        assert_non_null(
            strstr(request, i == 0 ? "Credential=XCYSANDBOXB/" : "Credential=XCYSANDBOXTEMPA/"));
        assert_true((strstr(request, "HUSH-token") != NULL) == (i > 0));
        free(request);
    }
}

static void wrong_profiles_are_explained_and_nobody_is_asked(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *config;
        const char *words;
    } cases[] = {
        {"[profile p]\nweb_identity_token_file = x\naws_access_key_id = XCYSANDBOXP\n"
         "aws_secret_access_key = HUSH\n",
         "profile p has web_identity_token_file but no role_arn"},
        {"[profile p]\nrole_arn = a\n", "has role_arn but no source_profile"},
        {"[profile p]\nrole_arn = a\nsource_profile = x\ncredential_source = Environment\n",
         "it can have one"},
        {"[profile p]\nrole_arn = a\ncredential_source = Elsewhere\n",
         "it can be Environment, EcsContainer or Ec2InstanceMetadata"},
        {"[profile p]\nrole_arn = a\nsource_profile = gone\n",
         "source_profile = gone, which is nowhere: [gone] in /tmp/"},
        {"[profile p]\nrole_arn = a\nsource_profile = q\n[profile q]\nrole_arn = a\n"
         "source_profile = p\n",
         "is it a circle?"},
        {"[profile p]\nrole_arn = a\nsource_profile = q\n[profile q]\nregion = x\n",
         "profile q, the source_profile of p, has no keys"},
        {"[profile p]\nrole_arn = a\nsource_profile = base\nmfa_serial = m\n",
         "mfa_serial: a code from a device is not supported"},
        {"[profile p]\nlogin_session = x\n", "a console login is not supported"},
        {"[profile p]\nsso_start_url = x\n", "single sign-on is not supported"},
        {"[profile p]\nrole_arn = a\nsource_profile = base\nduration_seconds = 1h\n",
         "duration_seconds = 1h is not a number"},
        {"[profile p]\nrole_arn = a\nsource_profile = real\n", "not a sandbox's"},
        {"[profile p]\nrole_arn = a\nweb_identity_token_file = /nowhere/token\n", "/nowhere/token"},
        {"[profile p]\nregion = x\n", "looked for "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        use(f, "p", cases[i].config);
        refused(f, cases[i].words);
    }
    assert_int_equal(xcy_raw_server_requests(f->sts.server), 0);
}

static void a_sandbox_and_aws_are_never_mixed(void **state)
{
    struct fixture *f = *state;
    use(f, "r", "[profile r]\nrole_arn = a\nsource_profile = base\n");
    put_variable("AWS_ENDPOINT_URL", f->sts.endpoint);
    refused_by(NULL, "a sandbox's STS is never asked for keys of AWS");
    put_variable("AWS_ENDPOINT_URL", NULL);
    put_variable("AWS_ENDPOINT_URL_STS", f->sts.endpoint);
    refused_by(NULL, "AWS_ENDPOINT_URL_STS leads to this machine");
    put_variable("AWS_ENDPOINT_URL_STS", "https://sts.amazonaws.com");
    refused(f, "AWS_ENDPOINT_URL_STS leads to another machine");
    assert_int_equal(xcy_raw_server_requests(f->sts.server), 0);
    put_variable("AWS_ENDPOINT_URL_STS", f->sts.endpoint);
    found(f, "XCYSANDBOXTEMPA");
}

static void without_the_wish_no_profile_is_used_for_a_sandbox(void **state)
{
    struct fixture *f = *state;
    use(f, "base", "");
    found(f, "XCYSANDBOXB");
    put_variable("XCY_SANDBOX_CREDENTIALS", NULL);
    refused(f, "no sandbox is running");
    put_variable("XCY_SANDBOX_CREDENTIALS", "chian");
    refused(f, "XCY_SANDBOX_CREDENTIALS is 'chian', and can only be chain");
}

static void a_key_of_aws_that_the_sts_answers_is_not_taken(void **state)
{
    struct fixture *f = *state;
    struct xcy_canned other;
    xcy_canned_open(&other, 200, "",
                    "<Credentials><AccessKeyId>ASIAREAL</AccessKeyId><SecretAccessKey>HUSH"
                    "</SecretAccessKey><SessionToken>HUSH</SessionToken><Expiration>"
                    "2100-01-01T00:00:00Z</Expiration></Credentials>");
    use(f, "r", "[profile r]\nrole_arn = a\nsource_profile = base\n");
    refused_by(other.endpoint, "its access key is not a sandbox's");
    xcy_canned_close(&other);
}

static void the_default_profile_has_two_names_in_the_config_file(void **state)
{
    struct fixture *f = *state;
    use(f, NULL, "[default]\naws_access_key_id = XCYSANDBOXD\naws_secret_access_key = HUSH\n");
    found(f, "XCYSANDBOXD");
    use(f, NULL,
        "[profile default]\naws_access_key_id = XCYSANDBOXP\naws_secret_access_key = HUSH\n"
        "[default]\naws_access_key_id = XCYSANDBOXD\naws_secret_access_key = HUSH\n");
    found(f, "XCYSANDBOXP");
}

static void an_endpoint_in_the_profile_is_not_passed_over(void **state)
{
    struct fixture *f = *state;
    use(f, "base", "[profile base]\nendpoint_url = http://127.0.0.1:1\n");
    refused_by(NULL, "profile base has endpoint_url, which is not followed here");
    use(f, "base", "[profile base]\nservices = mine\n");
    refused_by(NULL, "profile base has services, which is not followed here");
    found(f, "XCYSANDBOXB"); /* an endpoint that was said comes before it */
    put_variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    xcy_credentials_clear(&f->got);
    assert_ok(xcy_credentials_load(NULL, &f->got, &f->err), &f->err);
}

static void a_service_may_have_an_endpoint_of_its_own(void **state)
{
    struct fixture *f = *state;
    struct xcy_aws aws = f->sts.aws;
    struct xcy_canned queue;
    char *url = NULL;
    xcy_canned_open(&queue, 200, "", "{\"QueueUrl\":\"http://127.0.0.1/1/q\"}");
    put_variable("AWS_ENDPOINT_URL_SQS", queue.endpoint);
    assert_ok(xcy_sqs_queue_url(&aws, "q", &url, &f->err), &f->err);
    free(url);
    assert_int_equal(xcy_raw_server_requests(queue.server), 1);
    assert_int_equal(xcy_raw_server_requests(f->sts.server), 0);
    put_variable("AWS_ENDPOINT_URL_SQS", "https://sqs.eu-central-1.amazonaws.com");
    assert_status(xcy_sqs_queue_url(&aws, "q", &url, &f->err), XCY_EUSAGE, &f->err);
    aws.endpoint = NULL;
    put_variable("AWS_ENDPOINT_URL_SQS", queue.endpoint);
    assert_status(xcy_sqs_queue_url(&aws, "q", &url, &f->err), XCY_EUSAGE, &f->err);
    assert_non_null(strstr(f->err.text, "AWS_ENDPOINT_URL_SQS leads to this machine"));
    assert_int_equal(xcy_raw_server_requests(queue.server), 1);
    xcy_canned_close(&queue);
}

static void a_containers_address_is_held_to_the_hosts_allowed(void **state)
{
    struct fixture *f = *state;
    static const char *const wrong[] = {"http://169.254.170.3/c", "http://example.com/c",
                                        "http://169.254.170.2.example.com/c", "ftp://127.0.0.1/c",
                                        "http://[fd00:ec2::24]/c"};
    use(f, NULL, "");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        put_variable("AWS_CONTAINER_CREDENTIALS_FULL_URI", wrong[i]);
        refused(f, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    }
    put_variable("AWS_CONTAINER_CREDENTIALS_FULL_URI", f->sts.endpoint);
    put_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN", "HUSH\r\nX: y");
    refused(f, "more than one line");
    char long_token[20000];
    memset(long_token, 'x', sizeof long_token);
    long_token[sizeof long_token - 1] = '\0';
    put_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN", long_token);
    refused(f, "authorization token is larger than 16384 bytes");
    assert_int_equal(xcy_raw_server_requests(f->sts.server), 0);
    put_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN", "HUSH");
    refused(f, "not JSON");
    assert_true(xcy_canned_saw(&f->sts, "Authorization: HUSH\r\n"));
    put_variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "no-slash");
    refused(f, "does not begin with '/'");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_role_is_asked_for_as_the_profile_says),
        TEST(what_is_not_said_is_not_sent),
        TEST(a_web_identity_goes_unsigned),
        TEST(a_web_identity_that_is_over_is_called_by_its_name),
        TEST(a_profile_may_be_its_own_source),
        TEST(keys_of_a_source_come_before_its_role),
        TEST(all_roles_are_asked_for_in_the_region_of_the_first_profile),
        TEST(an_sts_in_trouble_is_asked_again),
        TEST(roles_behind_roles_are_assumed_in_turn),
        TEST(wrong_profiles_are_explained_and_nobody_is_asked),
        TEST(a_sandbox_and_aws_are_never_mixed),
        TEST(without_the_wish_no_profile_is_used_for_a_sandbox),
        TEST(a_key_of_aws_that_the_sts_answers_is_not_taken),
        TEST(the_default_profile_has_two_names_in_the_config_file),
        TEST(an_endpoint_in_the_profile_is_not_passed_over),
        TEST(a_service_may_have_an_endpoint_of_its_own),
        TEST(a_containers_address_is_held_to_the_hosts_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
