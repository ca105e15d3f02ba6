#include "tests/support/unit.h"

#include "common/aws/s3.h"
#include "common/base/mem.h"
#include "tests/unit/aws/canned.h"

#include <stdlib.h>

static const char versioned[] = "x-amz-version-id: 3HL4kqtJlcpXroDTDmJ.rmSpXd3dIbrH\r\n";

static void a_put_sends_body_and_metadata_and_returns_the_version(void **state)
{
    (void)state;
    struct xcy_canned c;
    const struct xcy_s3_metadata metadata[] = {{"cid", "c1"}};
    char version[XCY_S3_VERSION_ID_BYTES] = "";
    xcy_canned_open(&c, 200, versioned, "");
    assert_ok(xcy_s3_put(&c.aws, "posts", "a b/\xc3\xbc~+", xcy_bytes_of("text"), metadata, 1,
                         version, &c.err),
              &c.err);
    assert_string_equal(version, "3HL4kqtJlcpXroDTDmJ.rmSpXd3dIbrH");
    assert_true(xcy_canned_saw(&c, "PUT /posts/a%20b/%C3%BC~%2B HTTP/1.1\r\n"));
    assert_true(xcy_canned_saw(&c, "x-amz-meta-cid: c1\r\n"));
    assert_true(xcy_canned_saw(&c, "x-amz-content-sha256: UNSIGNED-PAYLOAD\r\n"));
    assert_true(xcy_canned_saw(&c, "Content-MD5: HLJR7A1WjeapKbUgxK7Y0Q==\r\n"));
    assert_true(xcy_canned_saw(&c, "\r\n\r\ntext"));
    assert_true(xcy_canned_saw(&c, "/us-east-1/s3/aws4_request"));
    xcy_canned_close(&c);
}

static void a_bucket_without_versions_is_told_by_name(void **state)
{
    (void)state;
    static const char *const headers[] = {"", "x-amz-version-id: null\r\n"};
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        struct xcy_canned c;
        char version[XCY_S3_VERSION_ID_BYTES] = "old";
        xcy_canned_open(&c, 200, headers[i], "");
        assert_status(xcy_s3_put(&c.aws, "posts", "k", xcy_bytes_of("x"), NULL, 0, version, &c.err),
                      XCY_EREMOTE, &c.err);
        assert_string_equal(c.err.text,
                            "S3 PutObject: bucket posts gave no version id: turn versioning on");
        assert_string_equal(version, "old");
        xcy_canned_close(&c);
    }
}

static void keys_that_an_address_cannot_hold_are_not_sent(void **state)
{
    (void)state;
    static const char *const keys[] = {"", ".", "a/../b", "a/."};
    struct xcy_canned c;
    xcy_canned_open(&c, 200, versioned, "");
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        bool found = false;
        struct xcy_s3_object object;
        assert_status(xcy_s3_get(&c.aws, "posts", keys[i], NULL, &found, &object, &c.err),
                      XCY_EUSAGE, &c.err);
    }
    assert_int_equal(xcy_raw_server_requests(c.server), 0);
    xcy_canned_close(&c);
}

static void a_get_gives_body_metadata_and_version(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct xcy_s3_object object = {0};
    bool found = false;
    xcy_canned_open(&c, 200,
                    "x-amz-version-id: v1\r\nX-Amz-Meta-Cid:  c 1\r\nx-amz-meta-b: \r\n"
                    "x-amz-meta-: nameless\r\nx-amz-replication-status: REPLICA\r\n",
                    "post");
    assert_ok(xcy_s3_get(&c.aws, "posts", "k", NULL, &found, &object, &c.err), &c.err);
    assert_true(found);
    assert_string_equal(object.version, "v1");
    assert_string_equal(object.replication, "REPLICA");
    assert_int_equal(object.body_bytes, 4);
    assert_string_equal(object.body.ptr, "post");
    assert_int_equal(xcy_json_size(object.metadata), 2);
    assert_string_equal(xcy_json_get_string(object.metadata, "cid", ""), "c 1");
    assert_string_equal(xcy_json_get_string(object.metadata, "b", "none"), "");
    assert_true(xcy_canned_saw(&c, "GET /posts/k HTTP/1.1\r\n"));
    xcy_s3_object_clear(&object);
    xcy_canned_close(&c);
}

static void a_get_of_a_version_names_it(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct xcy_s3_object object = {0};
    bool found = false;
    xcy_canned_open(&c, 200, "", "");
    assert_ok(xcy_s3_get(&c.aws, "posts", "k", "v/1", &found, &object, &c.err), &c.err);
    assert_true(xcy_canned_saw(&c, "GET /posts/k?versionId=v%2F1 HTTP/1.1\r\n"));
    xcy_s3_object_clear(&object);
    xcy_canned_close(&c);
}

static void what_is_missing_is_not_found_but_a_missing_bucket_is_an_error(void **state)
{
    (void)state;
    static const struct {
        int http_status;
        const char *code;
        enum xcy_status status;
    } cases[] = {
        {404, "NoSuchKey", XCY_OK},
        {404, "NoSuchVersion", XCY_OK},
        {404, "NotFound", XCY_OK},
        {404, "NoSuchBucket", XCY_ENOTFOUND},
        {403, "AccessDenied", XCY_EAUTH},
        {403, "SignatureDoesNotMatch", XCY_EAUTH},
        {503, "SlowDown", XCY_EREMOTE},
        {500, "InternalError", XCY_EREMOTE},
        {405, "MethodNotAllowed", XCY_EREMOTE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct xcy_canned c;
        struct xcy_s3_object object = {0};
        bool found = true;
        char *body = xcy_format("<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>words "
                                "&amp; more</Message></Error>",
                                cases[i].code);
        xcy_canned_open(&c, cases[i].http_status, "", body);
        enum xcy_status status = xcy_s3_get(&c.aws, "posts", "k", NULL, &found, &object, &c.err);
        assert_int_equal(status, cases[i].status);
        if (status == XCY_OK) {
            assert_false(found);
        } else {
            assert_true(found); /* outputs stay as they were */
            assert_non_null(strstr(c.err.text, cases[i].code));
            assert_non_null(strstr(c.err.text, "words & more"));
        }
        free(body);
        xcy_canned_close(&c);
    }
}

static void pages_of_versions_are_read(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct xcy_s3_page page = {0};
    xcy_canned_open(
        &c, 200, "",
        "<?xml version=\"1.0\"?>\n<ListVersionsResult xmlns=\"http://s3.amazonaws.com/doc/\">"
        "<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
        "<NextKeyMarker>p%2Bq+r</NextKeyMarker><NextVersionIdMarker>v9</NextVersionIdMarker>"
        "<Version><Key>a%26b</Key><VersionId>v1</VersionId><IsLatest>true</IsLatest>"
        "<ETag>&quot;x&quot;</ETag><Size>12</Size></Version>"
        "<DeleteMarker><Key>gone</Key><VersionId>v2</VersionId></DeleteMarker>"
        "<Version><Key>last</Key><VersionId>v3</VersionId><Size>0</Size></Version>"
        "</ListVersionsResult>");
    assert_ok(xcy_s3_list_versions(&c.aws, "posts", "k m", "v0", &page, &c.err), &c.err);
    assert_true(xcy_canned_saw(&c, "GET /posts?encoding-type=url&key-marker=k%20m&"
                                   "version-id-marker=v0&versions= HTTP/1.1\r\n"));
    assert_int_equal(page.n, 3);
    assert_string_equal(page.entries[0].key, "a&b");
    assert_string_equal(page.entries[0].version, "v1");
    assert_int_equal(page.entries[0].bytes, 12);
    assert_string_equal(page.entries[1].key, "last");
    assert_true(page.entries[2].is_marker);
    assert_string_equal(page.next_key, "p+q r");
    assert_string_equal(page.next_version, "v9");
    xcy_s3_page_clear(&page);
    xcy_canned_close(&c);
}

static void pages_of_objects_are_read(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct xcy_s3_page page = {0};
    xcy_canned_open(&c, 200, "",
                    "<ListBucketResult><IsTruncated>false</IsTruncated>"
                    "<NextContinuationToken>stale</NextContinuationToken>"
                    "<Contents><Key>a&amp;b%20</Key><Size>7</Size></Contents></ListBucketResult>");
    assert_ok(xcy_s3_list(&c.aws, "posts", "to/ken=", 5, &page, &c.err), &c.err);
    assert_true(xcy_canned_saw(&c, "GET /posts?continuation-token=to%2Fken%3D&encoding-type=url&"
                                   "list-type=2&max-keys=5 HTTP/1.1\r\n"));
    assert_int_equal(page.n, 1);
    assert_string_equal(page.entries[0].key, "a&b%20"); /* not said to be encoded */
    assert_null(page.entries[0].version);
    assert_int_equal(page.entries[0].bytes, 7);
    assert_null(page.next_key);
    xcy_s3_page_clear(&page);
    xcy_canned_close(&c);
}

static void what_is_no_list_is_an_error(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "",
        "{}",
        "<Other/>",
        "<ListBucketResult><Contents><Key>k</Key></Contents></ListBucketResult>",
        "<ListBucketResult><Contents><Key>k</Key><Size>-1</Size></Contents></ListBucketResult>",
        "<ListBucketResult><Contents><Key/><Size>1</Size></Contents></ListBucketResult>",
        "<ListVersionsResult><Version><Key>k</Key><Size>1</Size></Version></ListVersionsResult>",
        "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
        /* NOLINTNEXTLINE(bugprone-suspicious-missing-comma) */
        "<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>%zz</Key>"
        "<Size>1</Size></Contents></ListBucketResult>",
        "<ListBucketResult><Contents>",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        struct xcy_canned c;
        struct xcy_s3_page got = {0};
        xcy_canned_open(&c, 200, "", bodies[i]);
        assert_status(xcy_s3_list(&c.aws, "posts", NULL, 0, &got, &c.err), XCY_EREMOTE, &c.err);
        assert_non_null(strstr(c.err.text, "S3 ListObjectsV2: the answer is no list"));
        xcy_canned_close(&c);
    }
}

static void deletes_name_versions_and_their_digest(void **state)
{
    (void)state;
    struct xcy_canned c;
    char key[] = "a&<b>";
    char version[] = "v1";
    const struct xcy_s3_listed entries[] = {{.key = key, .version = version}};
    xcy_canned_open(&c, 200, "", "<DeleteResult/>");
    assert_ok(xcy_s3_delete(&c.aws, "posts", entries, 1, &c.err), &c.err);
    assert_true(xcy_canned_saw(&c, "POST /posts?delete= HTTP/1.1\r\n"));
    assert_true(xcy_canned_saw(&c, "Content-MD5: "));
    assert_true(xcy_canned_saw(
        &c, "<Quiet>true</Quiet><Object><Key>a&#38;&#60;b&#62;</Key><VersionId>v1</VersionId>"
            "</Object></Delete>"));
    xcy_canned_close(&c);
}

static void a_refusal_within_a_200_is_an_error(void **state)
{
    (void)state;
    struct xcy_canned c;
    char key[] = "k";
    const struct xcy_s3_listed entries[] = {{.key = key}};
    xcy_canned_open(&c, 200, "",
                    "<DeleteResult><Error><Key>k</Key><Code>AccessDenied</Code><Message>Access\n"
                    "Denied</Message></Error></DeleteResult>");
    assert_status(xcy_s3_delete(&c.aws, "posts", entries, 1, &c.err), XCY_EREMOTE, &c.err);
    assert_string_equal(c.err.text, "S3 DeleteObjects in posts: k: AccessDenied: Access Denied");
    xcy_canned_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_put_sends_body_and_metadata_and_returns_the_version),
        cmocka_unit_test(a_bucket_without_versions_is_told_by_name),
        cmocka_unit_test(keys_that_an_address_cannot_hold_are_not_sent),
        cmocka_unit_test(a_get_gives_body_metadata_and_version),
        cmocka_unit_test(a_get_of_a_version_names_it),
        cmocka_unit_test(what_is_missing_is_not_found_but_a_missing_bucket_is_an_error),
        cmocka_unit_test(pages_of_versions_are_read),
        cmocka_unit_test(pages_of_objects_are_read),
        cmocka_unit_test(what_is_no_list_is_an_error),
        cmocka_unit_test(deletes_name_versions_and_their_digest),
        cmocka_unit_test(a_refusal_within_a_200_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
