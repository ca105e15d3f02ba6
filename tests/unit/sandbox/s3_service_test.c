#include "common/aws/s3.h"
#include "common/base/mem.h"
#include "tests/support/unit.h"
#include "tests/unit/sandbox/stand.h"

#include <dirent.h>
#include <stdlib.h>

static int open_stand(void **state)
{
    *state = stand_open(NULL);
    return 0;
}

static int open_gated_stand(void **state)
{
    *state = stand_open(&(struct stand_lags){.replication = -1});
    return 0;
}

static int open_slow_stand(void **state)
{
    *state = stand_open(&(struct stand_lags){.writer_leg = 4, .reader_leg = 2, .replication = 40});
    return 0;
}

static int close_stand(void **state)
{
    stand_close(*state);
    return 0;
}

/* The version's id, owned. */
static char *put(const struct stand *s, const char *key, const char *body)
{
    struct xcy_error err;
    char version[XCY_S3_VERSION_ID_BYTES];
    const struct xcy_s3_metadata metadata[] = {{"cid", "c1"}};
    assert_ok(
        xcy_s3_put(&s->writer, "posts-writer", key, xcy_bytes_of(body), metadata, 1, version, &err),
        &err);
    return xcy_strdup(version);
}

static bool is_in(const struct xcy_aws *aws, const char *bucket, const char *key,
                  const char *version)
{
    struct xcy_s3_object object = {0};
    struct xcy_error err;
    bool found = false;
    assert_ok(xcy_s3_head(aws, bucket, key, version, &found, &object, &err), &err);
    xcy_s3_object_clear(&object);
    return found;
}

static void assert_replication(const struct stand *s, const char *key, const char *expected)
{
    struct xcy_s3_object object = {0};
    struct xcy_error err;
    bool found = false;
    assert_ok(xcy_s3_head(&s->writer, "posts-writer", key, NULL, &found, &object, &err), &err);
    assert_true(found);
    assert_string_equal(object.replication, expected);
    xcy_s3_object_clear(&object);
}

static size_t count_files(const struct stand *s)
{
    size_t n = 0;
    DIR *folder = opendir(s->s3_folder);
    assert_non_null(folder);
    const struct dirent *entry;
    while ((entry = readdir(folder))) { /* NOLINT(concurrency-mt-unsafe): a stream of ours */
        n += entry->d_name[0] != '.';
    }
    closedir(folder);
    return n;
}

static void remove_version(const struct xcy_aws *aws, const char *bucket,
                           const struct xcy_s3_listed *entry)
{
    struct xcy_error err;
    assert_ok(xcy_s3_delete(aws, bucket, entry, 1, &err), &err);
}

static void what_is_put_is_got_on_both_sides(void **state)
{
    const struct stand *s = *state;
    static const struct {
        bool is_reader;
        const char *bucket;
        const char *replication;
    } sides[] = {{false, "posts-writer", "COMPLETED"}, {true, "posts-reader", "REPLICA"}};
    char *version = put(s, "a b/\xc3\xbc~+&'", "the post");
    assert_int_equal(strlen(version), 32);
    for (size_t i = 0; i < 2; i++) {
        struct xcy_s3_object object = {0};
        struct xcy_error err;
        bool found = false;
        const struct xcy_aws *aws = sides[i].is_reader ? &s->reader : &s->writer;
        assert_ok(xcy_s3_get(aws, sides[i].bucket, "a b/\xc3\xbc~+&'", NULL, &found, &object, &err),
                  &err);
        assert_true(found);
        assert_string_equal(object.version, version);
        assert_string_equal(object.replication, sides[i].replication);
        assert_string_equal(object.body.ptr, "the post");
        assert_string_equal(xcy_json_get_string(object.metadata, "cid", ""), "c1");
        xcy_s3_object_clear(&object);
    }
    free(version);
}

static void a_body_is_one_file_for_both_buckets_until_the_last_version_is_gone(void **state)
{
    const struct stand *s = *state;
    char key[] = "k";
    char *version = put(s, key, "one");
    char *newer = put(s, key, "two");
    const struct xcy_s3_listed entry = {.key = key, .version = version};
    assert_int_equal(count_files(s), 2);
    remove_version(&s->writer, "posts-writer", &entry);
    assert_int_equal(count_files(s), 2); /* the replica has it */
    assert_true(is_in(&s->reader, "posts-reader", key, version));
    remove_version(&s->reader, "posts-reader", &entry);
    assert_int_equal(count_files(s), 1);
    assert_true(is_in(&s->writer, "posts-writer", key, newer));
    free(version);
    free(newer);
}

static void a_gate_opens_behind_the_first_miss(void **state)
{
    const struct stand *s = *state;
    char *version = put(s, "k", "text");
    assert_replication(s, "k", "PENDING");
    assert_false(is_in(&s->reader, "posts-reader", "k", version));
    assert_true(is_in(&s->reader, "posts-reader", "k", version));
    assert_true(is_in(&s->reader, "posts-reader", "k", NULL));
    assert_replication(s, "k", "COMPLETED");
    struct xcy_json *writes = stand_truth(s, "write");
    struct xcy_json *opens = stand_truth(s, "open");
    assert_int_equal(xcy_json_size(writes), 1);
    assert_int_equal(xcy_json_get_int64(xcy_json_at(writes, 0), "settled_us", -1), 0);
    assert_int_equal(xcy_json_size(opens), 1);
    xcy_json_free(writes);
    xcy_json_free(opens);
    free(version);
}

static void what_is_deleted_before_it_arrived_leaves_no_file(void **state)
{
    const struct stand *s = *state;
    char key[] = "k";
    char *version = put(s, key, "text");
    const struct xcy_s3_listed entry = {.key = key, .version = version};
    remove_version(&s->writer, "posts-writer", &entry);
    assert_int_equal(count_files(s), 0);
    assert_false(is_in(&s->reader, "posts-reader", key, NULL));
    assert_false(is_in(&s->reader, "posts-reader", key, NULL));
    free(version);
}

/* Nobody is asked when it arrives: the log said so at the write, and every read is held against it. */
static void reads_find_a_version_from_its_instant_on(void **state)
{
    const struct stand *s = *state;
    struct xcy_mono began = xcy_mono_now();
    char *version = put(s, "k", "text");
    assert_true(xcy_mono_diff_ns(xcy_mono_now(), began) >= 4 * XCY_NS_PER_MS); /* the leg */
    while (!is_in(&s->reader, "posts-reader", "k", version)) {
    }
    struct xcy_json *writes = stand_truth(s, "write");
    struct xcy_json *reads = stand_truth(s, "read");
    const struct xcy_json *write = xcy_json_at(writes, 0);
    int64_t applied_us = xcy_json_get_int64(write, "applied_us", 0);
    assert_int_equal(applied_us - xcy_json_get_int64(write, "at_us", 0), 40000);
    assert_int_equal(xcy_json_get_int64(write, "settled_us", 0), applied_us);
    assert_string_equal(xcy_json_get_string(write, "store", ""), "s3");
    assert_string_equal(xcy_json_get_string(write, "bucket", ""), "posts-writer");
    assert_string_equal(xcy_json_get_string(write, "version", ""), version);
    for (const struct xcy_json *r = xcy_json_first(reads); r; r = xcy_json_next(r)) {
        assert_int_equal(xcy_json_get_bool(r, "found", false),
                         xcy_json_get_int64(r, "at_us", 0) >= applied_us);
        assert_true(xcy_json_get_bool(r, "strong", false));
        assert_string_equal(xcy_json_get_string(r, "region", ""), "us-east-1");
        assert_string_equal(xcy_json_get_string(r, "version", ""), version);
    }
    xcy_json_free(writes);
    xcy_json_free(reads);
    free(version);
}

/* Sends a PUT of "text" with this claim of its body and this digest (NULL: none); the reply's body is
 * the caller's. */
static int put_claiming(const struct stand *s, const char *claim, const char *md5,
                        struct xcy_buf *answer)
{
    struct xcy_error err;
    struct xcy_http_reply reply = {0};
    char *url = xcy_format("%s/posts-writer/k", s->endpoint);
    struct xcy_http_signer signer = {.region = "eu-central-1",
                                     .service = "s3",
                                     .access_key = s->credentials.access_key,
                                     .secret_key = s->credentials.secret_key};
    struct xcy_http_request request = {.method = "PUT",
                                       .url = url,
                                       .headers = {{"Content-Type", "text/plain"},
                                                   {"x-amz-content-sha256", claim},
                                                   {"Content-MD5", md5}},
                                       .n_headers = md5 ? 3 : 2,
                                       .body = xcy_bytes_of("text"),
                                       .signer = &signer};
    assert_ok(xcy_http_call(s->http, &request, false, &reply, &err), &err);
    int status = reply.status;
    *answer = reply.body;
    reply.body = (struct xcy_buf){0};
    xcy_http_reply_clear(&reply);
    free(url);
    return status;
}

static void what_a_request_claims_of_its_body_is_checked(void **state)
{
    const struct stand *s = *state;
    static const char right[] = "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1";
    static const char wrong[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    static const struct {
        const char *claim;
        const char *md5;
        int status;
        const char *code;
    } cases[] = {
        {"UNSIGNED-PAYLOAD", NULL, 200, ""},
        {right, "HLJR7A1WjeapKbUgxK7Y0Q==", 200, ""},
        {wrong, NULL, 400, "<Code>XAmzContentSHA256Mismatch</Code>"},
        {"STREAMING-AWS4-HMAC-SHA256-PAYLOAD", NULL, 501, "<Code>NotImplemented</Code>"},
        {"anything", NULL, 400, "<Code>XAmzContentSHA256Mismatch</Code>"},
        {right, "1B2M2Y8AsgTpgAmY7PhCfg==", 400, "<Code>BadDigest</Code>"},
        {right, "AAAA", 400, "<Code>InvalidDigest</Code>"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct xcy_buf answer;
        int status = put_claiming(s, cases[i].claim, cases[i].md5, &answer);
        const char *text = answer.ptr ? answer.ptr : "";
        if (status != cases[i].status || !strstr(text, cases[i].code)) {
            fail_msg("%s %s: got %d %s", cases[i].claim, cases[i].md5 ? cases[i].md5 : "", status,
                     text);
        }
        xcy_buf_clear(&answer);
    }
}

static void refusals_have_the_codes_of_s3(void **state)
{
    const struct stand *s = *state;
    struct xcy_error err;
    bool found = false;
    struct xcy_s3_object object = {0};
    struct xcy_credentials wrong = s->credentials;
    char secret[] = "wrong";
    wrong.secret_key = secret;
    struct xcy_aws aws = s->writer;
    assert_status(xcy_s3_get(&aws, "none", "k", NULL, &found, &object, &err), XCY_ENOTFOUND, &err);
    assert_non_null(strstr(err.text, "NoSuchBucket"));
    assert_status(xcy_s3_get(&s->reader, "posts-writer", "k", NULL, &found, &object, &err),
                  XCY_EREMOTE, &err);
    assert_non_null(strstr(err.text, "expecting 'eu-central-1'"));
    aws.credentials = &wrong;
    assert_status(xcy_s3_get(&aws, "posts-writer", "k", NULL, &found, &object, &err), XCY_EAUTH,
                  &err);
    assert_non_null(strstr(err.text, "SignatureDoesNotMatch"));
    assert_status(xcy_s3_head(&aws, "posts-writer", "k", NULL, &found, &object, &err), XCY_EAUTH,
                  &err);
    assert_non_null(strstr(err.text, "HTTP 403"));
}

static void a_service_that_stops_takes_nothing_more(void **state)
{
    const struct stand *s = *state;
    struct xcy_error err;
    char version[XCY_S3_VERSION_ID_BYTES];
    xcy_s3_service_stop(s->s3);
    assert_status(
        xcy_s3_put(&s->writer, "posts-writer", "k", xcy_bytes_of("x"), NULL, 0, version, &err),
        XCY_EREMOTE, &err);
    assert_non_null(strstr(err.text, "ServiceUnavailable"));
    assert_int_equal(count_files(s), 0);
}

#define WITH(stand, test) cmocka_unit_test_setup_teardown(test, open_##stand, close_stand)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(stand, what_is_put_is_got_on_both_sides),
        WITH(stand, a_body_is_one_file_for_both_buckets_until_the_last_version_is_gone),
        WITH(gated_stand, a_gate_opens_behind_the_first_miss),
        WITH(gated_stand, what_is_deleted_before_it_arrived_leaves_no_file),
        WITH(slow_stand, reads_find_a_version_from_its_instant_on),
        WITH(stand, what_a_request_claims_of_its_body_is_checked),
        WITH(stand, refusals_have_the_codes_of_s3),
        WITH(slow_stand, a_service_that_stops_takes_nothing_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
