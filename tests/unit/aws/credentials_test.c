#include "tests/support/unit.h"

#include "common/aws/credentials.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "tests/support/environment.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A home, a runtime folder, and an environment without a trace of the real one. */
struct fixture {
    char folder[32];
    struct xcy_credentials got;
    struct xcy_error err;
};

static void write_file(const struct fixture *f, const char *name, const char *text, mode_t mode)
{
    struct xcy_error err;
    char *path = xcy_format("%s/%s", f->folder, name);
    assert_ok(xcy_file_replace(path, xcy_bytes_of(text), mode, &err), &err);
    assert_int_equal(chmod(path, mode), 0);
    free(path);
}

static void setup(struct fixture *f)
{
    *f = (struct fixture){.folder = "/tmp/xcy-credentials-XXXXXX"};
    assert_non_null(mkdtemp(f->folder));
    char *aws = xcy_format("%s/.aws", f->folder);
    assert_ok(xcy_dir_make(aws, 0700, &f->err), &f->err);
    free(aws);
    move_home(f->folder);
}

static void teardown(struct fixture *f)
{
    xcy_credentials_clear(&f->got);
    assert_ok(xcy_dir_remove(f->folder, &f->err), &f->err);
}

static void expect(struct fixture *f, const char *endpoint, const char *access_key,
                   const char *secret_key, const char *token)
{
    xcy_credentials_clear(&f->got);
    assert_ok(xcy_credentials_load(endpoint, &f->got, &f->err), &f->err);
    assert_string_equal(f->got.access_key, access_key);
    assert_string_equal(f->got.secret_key, secret_key);
    if (token) {
        assert_string_equal(f->got.session_token, token);
    } else {
        assert_null(f->got.session_token);
    }
}

static void refused(struct fixture *f, const char *endpoint, enum xcy_status status,
                    const char *words)
{
    struct xcy_credentials got = {0};
    assert_status(xcy_credentials_load(endpoint, &got, &f->err), status, &f->err);
    assert_null(got.access_key);
    if (!strstr(f->err.text, words)) {
        fail_msg("'%s' does not say '%s'", f->err.text, words);
    }
    assert_null(strstr(f->err.text, "HUSH"));
}

static void the_environment_comes_first(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    write_file(&f, ".aws/credentials",
               "[default]\naws_access_key_id=A1\naws_secret_access_key=HUSH1\n", 0600);
    put_variable("AWS_ACCESS_KEY_ID", "A2");
    put_variable("AWS_SECRET_ACCESS_KEY", "HUSH2");
    expect(&f, NULL, "A2", "HUSH2", NULL);
    put_variable("AWS_SESSION_TOKEN", "T2");
    expect(&f, "https://sqs.us-east-1.amazonaws.com", "A2", "HUSH2", "T2");
    teardown(&f);
}

static void half_of_a_pair_in_the_environment_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    put_variable("AWS_SECRET_ACCESS_KEY", "HUSH2");
    refused(&f, NULL, XCY_EAUTH, "AWS_ACCESS_KEY_ID is not");
    put_variable("AWS_SECRET_ACCESS_KEY", NULL);
    put_variable("AWS_ACCESS_KEY_ID", "A2");
    refused(&f, NULL, XCY_EAUTH, "AWS_SECRET_ACCESS_KEY is not");
    teardown(&f);
}

static const char credentials_text[] = "# keys\n"
                                       "[other]\n"
                                       "aws_access_key_id = OTHER\n"
                                       "aws_secret_access_key = HUSH/o+=\n"
                                       "\n"
                                       "  [ default ]\n"
                                       "[default]\r\n"
                                       "; a comment\r\n"
                                       "aws_access_key_id   =   DEFAULT \r\n"
                                       "AWS_SECRET_ACCESS_KEY=HUSH#d;=x # a note\r\n"
                                       "s3 =\r\n"
                                       "  aws_access_key_id = NESTED\r\n"
                                       "[token]\n"
                                       "aws_access_key_id=TOKEN\n"
                                       "aws_secret_access_key=HUSH/t\n"
                                       "aws_session_token=IQo//w==";

static void profiles_are_read_through_comments_and_blanks(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    write_file(&f, ".aws/credentials", credentials_text, 0644);
    expect(&f, NULL, "DEFAULT", "HUSH#d;=x", NULL);
    put_variable("AWS_PROFILE", "other");
    expect(&f, NULL, "OTHER", "HUSH/o+=", NULL);
    put_variable("AWS_PROFILE", "token");
    expect(&f, NULL, "TOKEN", "HUSH/t", "IQo//w==");
    put_variable("AWS_PROFILE", "missing");
    refused(&f, NULL, XCY_EAUTH, "[missing]");
    assert_non_null(strstr(f.err.text, "[profile missing]"));
    assert_non_null(strstr(f.err.text, "AWS_ACCESS_KEY_ID"));
    teardown(&f);
}

static void the_config_file_serves_when_the_credentials_file_does_not(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    write_file(&f, ".aws/credentials", "[other]\naws_access_key_id=X\naws_secret_access_key=Y\n",
               0600);
    write_file(&f, ".aws/config",
               "[default]\nregion = us-east-1\naws_access_key_id=C\naws_secret_access_key=HUSHC\n"
               "[profile dev]\naws_access_key_id=D\naws_secret_access_key=HUSHD\n"
               "[dev]\naws_access_key_id=WRONG\naws_secret_access_key=HUSHW\n",
               0600);
    expect(&f, NULL, "C", "HUSHC", NULL);
    put_variable("AWS_PROFILE", "dev");
    expect(&f, NULL, "D", "HUSHD", NULL);
    teardown(&f);
}

static void files_elsewhere_are_found_through_their_variables(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    char *path = xcy_format("%s/keys", f.folder);
    write_file(&f, "keys", "[default]\naws_access_key_id=E\naws_secret_access_key=HUSHE\n", 0600);
    put_variable("AWS_SHARED_CREDENTIALS_FILE", path);
    expect(&f, NULL, "E", "HUSHE", NULL);
    free(path);
    teardown(&f);
}

static void a_profile_with_half_a_pair_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    write_file(&f, ".aws/credentials", "[default]\naws_access_key_id=E\naws_secret_access_key=\n",
               0600);
    refused(&f, NULL, XCY_EAUTH, "[default] has no aws_secret_access_key");
    teardown(&f);
}

static void without_any_credentials_every_place_is_named(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    refused(&f, NULL, XCY_EAUTH, "AWS_ACCESS_KEY_ID");
    assert_non_null(strstr(f.err.text, "/.aws/credentials"));
    assert_non_null(strstr(f.err.text, "/.aws/config"));
    teardown(&f);
}

static void the_users_own_keys_never_go_to_a_loopback_endpoint(void **state)
{
    (void)state;
    static const char *const endpoints[] = {"http://127.0.0.1:4566", "http://localhost:4566/",
                                            "http://127.9.9.9:4566", "http://[::1]:4566",
                                            "http://LOCALHOST:4566", "http://0x7f.1:4566",
                                            "http://127.1:4566",     "http://2130706433:4566"};
    struct fixture f;
    setup(&f);
    write_file(&f, ".aws/credentials", credentials_text, 0600);
    put_variable("AWS_ACCESS_KEY_ID", "AKIDREAL");
    put_variable("AWS_SECRET_ACCESS_KEY", "HUSHREAL");
    for (size_t i = 0; i < sizeof endpoints / sizeof endpoints[0]; i++) {
        refused(&f, endpoints[i], XCY_EAUTH, "no sandbox is running on ");
        assert_non_null(strstr(f.err.text, "sandbox-4566.json not found"));
        assert_non_null(strstr(f.err.text, "start it with: sandbox -c samples/local.yml"));
    }
    teardown(&f);
}

static void every_spelling_of_this_machine_finds_the_sandboxs_pair(void **state)
{
    (void)state;
    static const char *const endpoints[] = {"http://LOCALHOST:4567", "http://127.1:4567/",
                                            "http://0x7f.1:4567", "http://[::1%25lo]:4567"};
    struct fixture f;
    setup(&f);
    char access_key[] = "XCYSANDBOX1";
    char secret_key[] = "HUSH1";
    struct xcy_credentials made = {.access_key = access_key, .secret_key = secret_key};
    assert_ok(xcy_sandbox_credentials_write(4567, &made, &f.err), &f.err);
    put_variable("AWS_ACCESS_KEY_ID", "AKIDREAL");
    put_variable("AWS_SECRET_ACCESS_KEY", "HUSHREAL");
    for (size_t i = 0; i < sizeof endpoints / sizeof endpoints[0]; i++) {
        expect(&f, endpoints[i], "XCYSANDBOX1", "HUSH1", NULL);
    }
    teardown(&f);
}

static void what_the_sandbox_wrote_is_loaded_for_its_port_only(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    char access_key[] = "XCYSANDBOX1";
    char secret_key[] = "HUSH/1\"\\";
    struct xcy_credentials made = {.access_key = access_key, .secret_key = secret_key};
    assert_ok(xcy_sandbox_credentials_write(4567, &made, &f.err), &f.err);
    expect(&f, "http://127.0.0.1:4567", "XCYSANDBOX1", "HUSH/1\"\\", NULL);
    refused(&f, "http://127.0.0.1:4566", XCY_EAUTH, "127.0.0.1:4566");
    struct stat info;
    char *path = xcy_sandbox_credentials_path(4567);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    free(path);
    teardown(&f);
}

static void a_sandbox_pair_in_the_environment_is_used_for_loopback(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    put_variable("AWS_ACCESS_KEY_ID", "XCYSANDBOX2");
    put_variable("AWS_SECRET_ACCESS_KEY", "HUSH2");
    put_variable("AWS_SESSION_TOKEN", "of something else");
    expect(&f, "http://127.0.0.1:4566", "XCYSANDBOX2", "HUSH2", NULL);
    teardown(&f);
}

static void a_key_file_that_others_can_read_is_refused(void **state)
{
    (void)state;
    static const mode_t modes[] = {0640, 0604, 0620, 0601};
    struct fixture f;
    setup(&f);
    char *folder = NULL;
    assert_ok(xcy_sandbox_folder_make(&folder, &f.err), &f.err);
    free(folder);
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        write_file(&f, "xcybench/sandbox-4566.json",
                   "{\"access_key\":\"XCYSANDBOX\",\"secret_key\":\"HUSH\"}", modes[i]);
        refused(&f, "http://127.0.0.1:4566", XCY_EUSAGE, "chmod 600");
    }
    teardown(&f);
}

static void a_key_file_that_is_a_link_or_damaged_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    char *folder = NULL;
    assert_ok(xcy_sandbox_folder_make(&folder, &f.err), &f.err);
    write_file(&f, "xcybench/sandbox-4566.json", "{\"access_key\":\"HUSH", 0600);
    refused(&f, "http://127.0.0.1:4566", XCY_EPARSE, "damaged");
    write_file(&f, "xcybench/sandbox-4566.json", "{\"access_key\":\"HUSH\"}", 0600);
    refused(&f, "http://127.0.0.1:4566", XCY_EPARSE, "no access_key or secret_key");
    char *path = xcy_sandbox_credentials_path(4566);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/dev/null", path), 0);
    refused(&f, "http://127.0.0.1:4566", XCY_EIO, path);
    free(path);
    free(folder);
    teardown(&f);
}

static void a_folder_open_to_others_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    char *folder = NULL;
    assert_ok(xcy_sandbox_folder_make(&folder, &f.err), &f.err);
    assert_int_equal(chmod(folder, 0755), 0);
    free(folder);
    folder = NULL;
    assert_status(xcy_sandbox_folder_make(&folder, &f.err), XCY_EUSAGE, &f.err);
    assert_null(folder);
    assert_non_null(strstr(f.err.text, "chmod 700"));
    teardown(&f);
}

static void loopback_is_recognised_and_not_imitated(void **state)
{
    (void)state;
    static const struct {
        const char *endpoint;
        bool is_loopback;
    } cases[] = {
        {"http://127.0.0.1:4566", true},
        {"http://127.0.0.1", true},
        {"https://127.1.2.3/", true},
        {"http://localhost:1", true},
        {"http://[::1]:1", true},
        {"http://LocalHost:1", true},
        {"http://127.1:1", true},
        {"http://0x7f.1:1", true},
        {"http://2130706433:1", true},
        {"http://127.example.com:1", false},
        {"http://127.0.0.1.example.com", false},
        {"http://localhost.example.com", false},
        {"http://128.0.0.1", false},
        {"http://[::2]:1", false},
        {"http://127.0.0.1@example.com", false},
        {"http://127.0.0.1:99999", false},
        {"127.0.0.1:4566", false},
        {"https://sqs.us-east-1.amazonaws.com", false},
        {"", false},
        {NULL, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(xcy_endpoint_is_loopback(cases[i].endpoint), cases[i].is_loopback);
    }
}

static void an_endpoint_of_another_form_is_a_usage_error(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    refused(&f, "127.0.0.1:4566", XCY_EUSAGE, "'127.0.0.1:4566' is not of the form");
    refused(&f, "http://me:HUSH@127.0.0.1:4566", XCY_EUSAGE, "not of the form");
    teardown(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_environment_comes_first),
        cmocka_unit_test(half_of_a_pair_in_the_environment_is_refused),
        cmocka_unit_test(profiles_are_read_through_comments_and_blanks),
        cmocka_unit_test(the_config_file_serves_when_the_credentials_file_does_not),
        cmocka_unit_test(files_elsewhere_are_found_through_their_variables),
        cmocka_unit_test(a_profile_with_half_a_pair_is_refused),
        cmocka_unit_test(without_any_credentials_every_place_is_named),
        cmocka_unit_test(the_users_own_keys_never_go_to_a_loopback_endpoint),
        cmocka_unit_test(every_spelling_of_this_machine_finds_the_sandboxs_pair),
        cmocka_unit_test(what_the_sandbox_wrote_is_loaded_for_its_port_only),
        cmocka_unit_test(a_sandbox_pair_in_the_environment_is_used_for_loopback),
        cmocka_unit_test(a_key_file_that_others_can_read_is_refused),
        cmocka_unit_test(a_key_file_that_is_a_link_or_damaged_is_refused),
        cmocka_unit_test(a_folder_open_to_others_is_refused),
        cmocka_unit_test(loopback_is_recognised_and_not_imitated),
        cmocka_unit_test(an_endpoint_of_another_form_is_a_usage_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
