#include "loadgen/engines/web.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "tests/support/environment.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Options, what came of them, and an environment without a trace of the real one. */
struct fixture {
    char folder[24];
    struct xcy_web_options options;
    const char *headers[XCY_HTTP_MAX_HEADERS + 2];
    struct xcy_web web;
    struct xcy_error err;
};

static int setup(void **state)
{
    struct fixture *f = xcy_alloc(sizeof *f);
    memcpy(f->folder, "/tmp/xcy-web-XXXXXX", sizeof "/tmp/xcy-web-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    move_home(f->folder);
    f->options.url = "http://127.0.0.1:8080/";
    f->options.headers.items = f->headers;
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    xcy_web_clear(&f->web);
    assert_ok(xcy_dir_remove(f->folder, &f->err), &f->err);
    free(f);
    return 0;
}

static void add_header(struct fixture *f, const char *text)
{
    f->headers[f->options.headers.n++] = text;
}

static const struct xcy_http_request *resolve(struct fixture *f)
{
    xcy_web_clear(&f->web);
    assert_ok(xcy_web_resolve(&f->options, &f->web, &f->err), &f->err);
    return &f->web.request;
}

static void refuse(struct fixture *f, enum xcy_status status, const char *words)
{
    struct xcy_web web = {.request.n_headers = 77};
    assert_status(xcy_web_resolve(&f->options, &web, &f->err), status, &f->err);
    if (!strstr(f->err.text, words)) {
        fail_msg("'%s' is not in '%s'", words, f->err.text);
    }
    assert_int_equal(web.request.n_headers, 77);
}

/* The value of a header, or NULL. */
static const char *header(const struct xcy_http_request *r, const char *name)
{
    for (size_t i = 0; i < r->n_headers; i++) {
        if (strcmp(r->headers[i].name, name) == 0) {
            return r->headers[i].value;
        }
    }
    return NULL;
}

static void give_keys(void)
{
    put_variable("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    put_variable("AWS_SECRET_ACCESS_KEY", "a real secret");
}

static void an_address_alone_is_a_get(void **state)
{
    struct fixture *f = *state;
    f->options.url = "https://example.com:8443/a%20b/c?x=1&y";
    const struct xcy_http_request *r = resolve(f);
    assert_string_equal(r->method, "GET");
    assert_string_equal(r->url, "https://example.com:8443/a%20b/c?x=1&y");
    assert_string_equal(f->web.shown_url, "https://example.com:8443/a%20b/c?...");
    assert_int_equal(r->n_headers, 0);
    assert_int_equal(r->body.len, 0);
    assert_null(r->signer);
}

static void an_address_without_a_path_means_the_root(void **state)
{
    struct fixture *f = *state;
    static const char *const cases[][2] = {
        {"http://localhost", "http://localhost/"},
        {"http://localhost:8080?x=1", "http://localhost:8080/?x=1"},
        {"http://[::1]:8080", "http://[::1]:8080/"},
        {"http://[::1]/x", "http://[::1]/x"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        f->options.url = cases[c][0];
        assert_string_equal(resolve(f)->url, cases[c][1]);
    }
}

static void addresses_that_cannot_be_asked_are_refused(void **state)
{
    struct fixture *f = *state;
    static const char *const cases[][2] = {
        {NULL, "needs --url"},
        {"", "--url: "},
        {"localhost:8080/", "--url: 'localhost:8080/' is not an http:// or https:// address"},
        {"ftp://localhost/", "--url: "},
        {"http:///x", "--url: "},
        {"http://localhost/a b", "--url: address has a byte 0x20"},
        {"http://localhost/#part", "--url: "},
        {"http://localhost:http/", "--url: 'http' is not a port"},
        {"http://localhost:/", "--url: '' is not a port"},
        {"http://[::1]:70000/", "--url: '70000' is not a port"},
        {"http://me:mysecret@localhost/", "--url: an address may not hold"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        f->options.url = cases[c][0];
        refuse(f, XCY_EUSAGE, cases[c][1]);
        assert_null(strstr(f->err.text, "mysecret"));
    }
}

static void a_body_makes_it_a_post_of_json(void **state)
{
    struct fixture *f = *state;
    f->options.body = "{\"a\":1}";
    const struct xcy_http_request *r = resolve(f);
    assert_string_equal(r->method, "POST");
    assert_int_equal(r->n_headers, 1);
    assert_string_equal(header(r, "Content-Type"), "application/json");
    assert_true(xcy_bytes_equal(r->body, xcy_bytes_of("{\"a\":1}")));
    static const char *const posting[] = {"PUT", "PATCH"};
    for (size_t i = 0; i < 2; i++) {
        f->options.method = posting[i];
        f->options.body = "{}";
        assert_string_equal(resolve(f)->method, posting[i]);
        f->options.body = NULL; /* libcurl would call an empty one a form */
        assert_string_equal(header(resolve(f), "Content-Type"), "application/json");
    }
    f->options.method = "DELETE";
    assert_int_equal(resolve(f)->n_headers, 0);
    f->options.method = "GET";
    f->options.body = "{}";
    assert_string_equal(header(resolve(f), "Content-Type"), "application/json");
}

static void methods_and_bodies_that_do_not_fit_are_refused(void **state)
{
    struct fixture *f = *state;
    f->options.method = "post";
    refuse(f, XCY_EUSAGE, "--method: no method 'post'");
    f->options.method = "HEAD";
    f->options.body = "x";
    refuse(f, XCY_EUSAGE, "--method: HEAD takes no body");
    f->options.method = NULL;
    f->options.body_file = "/dev/null";
    refuse(f, XCY_EUSAGE, "--body and --body-file");
}

static void a_body_file_is_sent_to_the_byte(void **state)
{
    struct fixture *f = *state;
    static const char bytes[] = "a\0b\r\n";
    char *path = xcy_format("%s/body", f->folder);
    assert_ok(xcy_file_replace(path, xcy_bytes(bytes, 5), 0600, &f->err), &f->err);
    f->options.body_file = path;
    const struct xcy_http_request *r = resolve(f);
    assert_string_equal(r->method, "POST");
    assert_true(xcy_bytes_equal(r->body, xcy_bytes(bytes, 5)));
    free(path);
}

static void a_body_file_that_is_missing_or_too_large_is_refused(void **state)
{
    struct fixture *f = *state;
    char *path = xcy_format("%s/body", f->folder);
    f->options.body_file = path;
    refuse(f, XCY_EUSAGE, "--body-file: ");
    assert_non_null(strstr(f->err.text, "no such file"));
    char *large = xcy_alloc(XCY_WEB_MAX_BODY_BYTES + 1);
    struct xcy_bytes bytes = xcy_bytes(large, XCY_WEB_MAX_BODY_BYTES + 1);
    assert_ok(xcy_file_replace(path, bytes, 0600, &f->err), &f->err);
    refuse(f, XCY_EUSAGE, "--body-file: ");
    assert_non_null(strstr(f->err.text, "larger than 6291456 bytes"));
    bytes.len--;
    assert_ok(xcy_file_replace(path, bytes, 0600, &f->err), &f->err);
    assert_int_equal(resolve(f)->body.len, XCY_WEB_MAX_BODY_BYTES);
    free(large);
    free(path);
}

static void headers_are_cut_at_the_first_colon(void **state)
{
    struct fixture *f = *state;
    add_header(f, "X-One:1");
    add_header(f, "X-Two: \t a: b \t");
    add_header(f, "content-type: text/plain");
    f->options.body = "x";
    const struct xcy_http_request *r = resolve(f);
    assert_int_equal(r->n_headers, 3);
    assert_string_equal(header(r, "X-One"), "1");
    assert_string_equal(header(r, "X-Two"), "a: b");
    assert_string_equal(header(r, "content-type"), "text/plain");
}

static void headers_that_cannot_be_sent_are_refused_without_showing_them(void **state)
{
    struct fixture *f = *state;
    static const char *const cases[][2] = {
        {"Authorization Bearer mysecret", "--header number 2 is not of the form 'Name: value'"},
        {"Bearer mysecret: x", "--header: header 2 has no valid name"},
        {": mysecret", "--header: header 2 has no valid name"},
        {"Authorization: mysecret\n", "--header: header Authorization"},
        {"X-Empty:", "--header: header X-Empty is empty"},
        {"x-one: mysecret", "--header: header x-one comes twice"},
        {"Content-Length: 5", "--header: Content-Length is made from the body"},
        {"transfer-encoding: chunked", "--header: Transfer-Encoding is made from the body"},
    };
    add_header(f, "X-One: 1");
    add_header(f, "");
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        f->headers[1] = cases[c][0];
        refuse(f, XCY_EUSAGE, cases[c][1]);
        assert_null(strstr(f->err.text, "mysecret"));
    }
}

static void more_headers_than_a_request_holds_are_refused(void **state)
{
    struct fixture *f = *state;
    char texts[XCY_HTTP_MAX_HEADERS][16];
    for (int i = 0; i < XCY_HTTP_MAX_HEADERS; i++) {
        snprintf(texts[i], sizeof texts[i], "X-%c: 1", 'a' + i);
        add_header(f, texts[i]);
    }
    assert_int_equal(resolve(f)->n_headers, XCY_HTTP_MAX_HEADERS);
    f->options.body = "x"; /* has no place for its Content-Type */
    refuse(f, XCY_EUSAGE, "--header: more than 16 headers");
    f->options.body = NULL;
    add_header(f, "X-Last: 1");
    refuse(f, XCY_EUSAGE, "--header: more than 16 headers");
}

static void a_signed_request_has_a_signer_with_the_usual_credentials(void **state)
{
    struct fixture *f = *state;
    give_keys();
    put_variable("AWS_SESSION_TOKEN", "a token");
    f->options.url = "https://example.com";
    f->options.sign = "execute-api:eu-west-3";
    const struct xcy_http_request *r = resolve(f);
    assert_ptr_equal(r->signer, &f->web.signer);
    assert_string_equal(r->signer->service, "execute-api");
    assert_string_equal(r->signer->region, "eu-west-3");
    assert_string_equal(r->signer->access_key, "AKIDEXAMPLE");
    assert_string_equal(r->signer->secret_key, "a real secret");
    assert_string_equal(r->signer->session_token, "a token");
    assert_string_equal(header(r, "Content-Type"), "application/json");
    assert_string_equal(r->url, "https://example.com/");
}

static void without_a_region_the_usual_places_are_asked(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *url;
        const char *region;      /* AWS_REGION */
        const char *default_one; /* AWS_DEFAULT_REGION */
        const char *expected;
    } cases[] = {
        {"https://example.com/", NULL, NULL, "us-east-1"},
        {"https://example.com/", NULL, "ap-south-1", "ap-south-1"},
        {"https://example.com/", "eu-west-1", "ap-south-1", "eu-west-1"},
        {"https://example.com/", "", "ap-south-1", "ap-south-1"},
        {"https://lambda.eu-central-1.amazonaws.com/x", "eu-west-1", NULL, "eu-central-1"},
        {"https://lambda.cn-north-1.amazonaws.com.cn/x", NULL, NULL, "cn-north-1"},
        {"https://sqs.us-gov-west-1.amazonaws.com/", NULL, NULL, "us-gov-west-1"},
        {"https://my-site-1.s3.eu-west-2.amazonaws.com:443/", NULL, NULL, "eu-west-2"},
        {"https://search-x.eu-west-2.es.amazonaws.com?q=", NULL, NULL, "eu-west-2"},
        {"https://abc123.lambda-url.sa-east-1.on.aws/", NULL, NULL, "sa-east-1"},
        {"https://iam.amazonaws.com/", NULL, "ap-south-1", "ap-south-1"},
        {"https://eu-west-1.example.com/", NULL, NULL, "us-east-1"},
    };
    give_keys();
    f->options.sign = "execute-api";
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        put_variable("AWS_REGION", cases[c].region);
        put_variable("AWS_DEFAULT_REGION", cases[c].default_one);
        f->options.url = cases[c].url;
        assert_string_equal(resolve(f)->signer->region, cases[c].expected);
    }
}

static void the_profiles_region_counts_where_no_variable_tells_one(void **state)
{
    struct fixture *f = *state;
    char *path = xcy_format("%s/config", f->folder);
    assert_ok(xcy_file_replace(path,
                               xcy_bytes_of("[default]\nregion = eu-north-1\n"
                                            "[profile far]\nregion=ap-east-1 # a note\n"
                                            "[profile none]\noutput = json\n"),
                               0600, &f->err),
              &f->err);
    give_keys();
    put_variable("AWS_CONFIG_FILE", path);
    f->options.url = "https://example.com/";
    f->options.sign = "execute-api";
    assert_string_equal(resolve(f)->signer->region, "eu-north-1");
    put_variable("AWS_PROFILE", "far");
    assert_string_equal(resolve(f)->signer->region, "ap-east-1");
    put_variable("AWS_PROFILE", "none");
    assert_string_equal(resolve(f)->signer->region, "us-east-1");
    put_variable("AWS_DEFAULT_REGION", "sa-east-1");
    put_variable("AWS_PROFILE", "far");
    assert_string_equal(resolve(f)->signer->region, "sa-east-1");
    put_variable("AWS_DEFAULT_REGION", NULL);
    put_variable("AWS_CONFIG_FILE", f->folder); /* no file */
    refuse(f, XCY_EIO, "--sign: ");
    free(path);
}

static void a_request_signed_for_s3_carries_its_bodys_digest(void **state)
{
    struct fixture *f = *state;
    give_keys();
    f->options.url = "https://b.s3.eu-west-1.amazonaws.com/key";
    f->options.sign = "s3";
    f->options.body = "abc";
    f->options.method = "PUT";
    assert_string_equal(header(resolve(f), "x-amz-content-sha256"),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    add_header(f, "x-amz-content-sha256: UNSIGNED-PAYLOAD");
    assert_string_equal(header(resolve(f), "x-amz-content-sha256"), "UNSIGNED-PAYLOAD");
}

static void what_the_signer_cannot_sign_is_refused(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *url;
        const char *sign;
        const char *header;
        const char *words;
    } cases[] = {
        {"http://h/", "", NULL, "--sign: '' is not SERVICE or SERVICE:REGION"},
        {"http://h/", ":eu-west-1", NULL, "is not SERVICE or SERVICE:REGION"},
        {"http://h/", "lambda:", NULL, "is not SERVICE or SERVICE:REGION"},
        {"http://h/", "lambda:Frankfurt", NULL, "--sign: 'Frankfurt' is not a region"},
        {"http://h/", "La mbda:x", NULL, "--sign: 'La mbda' is not a service"},
        {"http://h/?b=1&a=2", "lambda", NULL, "--sign: the names of a signed query"},
        {"http://h/?b", "lambda", NULL, "--sign: every part of a signed query"},
        {"http://h/a%3ab", "lambda", NULL, "--sign: a path with"},
        {"http://h/", "lambda", "Authorization: mysecret", "--sign: header Authorization is made"},
        {"http://h/", "lambda", "X-Amz-Date-2: x", "--sign: headers X-Amz-Date-2 and X-Amz-Date"},
    };
    give_keys();
    add_header(f, "X-One: 1");
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        f->options.url = cases[c].url;
        f->options.sign = cases[c].sign;
        f->headers[0] = cases[c].header ? cases[c].header : "X-One: 1";
        refuse(f, XCY_EUSAGE, cases[c].words);
        assert_null(strstr(f->err.text, "secret"));
    }
}

static void without_credentials_signing_fails_with_the_places_looked_at(void **state)
{
    struct fixture *f = *state;
    f->options.url = "https://example.com/";
    f->options.sign = "lambda";
    refuse(f, XCY_EAUTH, "--sign: no AWS credentials: looked for AWS_ACCESS_KEY_ID");
}

static void this_machine_never_gets_the_users_own_key(void **state)
{
    struct fixture *f = *state;
    give_keys();
    f->options.url = "http://127.0.0.1:14566/2015-03-31/functions/";
    f->options.sign = "lambda";
    refuse(f, XCY_EAUTH, "--sign: no sandbox is running on 127.0.0.1:14566");
    struct xcy_credentials sandbox = {.access_key = xcy_strdup("XCYSANDBOXABC"),
                                      .secret_key = xcy_strdup("the sandbox's")};
    assert_ok(xcy_sandbox_credentials_write(14566, &sandbox, &f->err), &f->err);
    assert_string_equal(resolve(f)->signer->access_key, "XCYSANDBOXABC");
    assert_string_equal(f->web.signer.secret_key, "the sandbox's");
    xcy_credentials_clear(&sandbox);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(an_address_alone_is_a_get),
        WITH_FIXTURE(an_address_without_a_path_means_the_root),
        WITH_FIXTURE(addresses_that_cannot_be_asked_are_refused),
        WITH_FIXTURE(a_body_makes_it_a_post_of_json),
        WITH_FIXTURE(methods_and_bodies_that_do_not_fit_are_refused),
        WITH_FIXTURE(a_body_file_is_sent_to_the_byte),
        WITH_FIXTURE(a_body_file_that_is_missing_or_too_large_is_refused),
        WITH_FIXTURE(headers_are_cut_at_the_first_colon),
        WITH_FIXTURE(headers_that_cannot_be_sent_are_refused_without_showing_them),
        WITH_FIXTURE(more_headers_than_a_request_holds_are_refused),
        WITH_FIXTURE(a_signed_request_has_a_signer_with_the_usual_credentials),
        WITH_FIXTURE(without_a_region_the_usual_places_are_asked),
        WITH_FIXTURE(the_profiles_region_counts_where_no_variable_tells_one),
        WITH_FIXTURE(a_request_signed_for_s3_carries_its_bodys_digest),
        WITH_FIXTURE(what_the_signer_cannot_sign_is_refused),
        WITH_FIXTURE(without_credentials_signing_fails_with_the_places_looked_at),
        WITH_FIXTURE(this_machine_never_gets_the_users_own_key),
    };
    return cmocka_run_group_tests_name("web", tests, NULL, NULL);
}
