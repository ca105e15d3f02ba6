#include "tests/support/unit.h"

#include "common/net/crypto.h"

static void sha256_agrees_with_fips_180(void **state)
{
    (void)state;
    char hex[XCY_SHA256_HEX];
    xcy_sha256_hex(xcy_bytes_of("abc"), hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    xcy_sha256_hex(xcy_bytes(NULL, 0), hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void hmac_agrees_with_rfc_4231(void **state)
{
    (void)state;
    unsigned char digest[XCY_SHA256_BYTES];
    char hex[XCY_SHA256_HEX];
    xcy_hmac_sha256(xcy_bytes_of("Jefe"), xcy_bytes_of("what do ya want for nothing?"), digest);
    xcy_hex(digest, sizeof digest, hex);
    assert_string_equal(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static struct xcy_bytes digest_bytes(const unsigned char digest[XCY_SHA256_BYTES])
{
    return xcy_bytes((const char *)digest, XCY_SHA256_BYTES);
}

/* The example of AWS's General Reference, "Examples of how to derive a signing key" and "Task 3:
 * calculate the signature": 20150830, us-east-1, iam, AKIDEXAMPLE. */
static void the_published_sigv4_example_is_reproduced(void **state)
{
    (void)state;
    static const char canonical[] =
        "GET\n/\nAction=ListUsers&Version=2010-05-08\n"
        "content-type:application/x-www-form-urlencoded; charset=utf-8\n"
        "host:iam.amazonaws.com\nx-amz-date:20150830T123600Z\n\n"
        "content-type;host;x-amz-date\n"
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    char hex[XCY_SHA256_HEX];
    xcy_sha256_hex(xcy_bytes_of(canonical), hex);
    assert_string_equal(hex, "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59");

    unsigned char key[XCY_SHA256_BYTES];
    static const char *const scope[] = {"20150830", "us-east-1", "iam", "aws4_request"};
    struct xcy_bytes last = xcy_bytes_of("AWS4wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    for (size_t i = 0; i < 4; i++) {
        unsigned char next[XCY_SHA256_BYTES];
        xcy_hmac_sha256(last, xcy_bytes_of(scope[i]), next);
        memcpy(key, next, sizeof key);
        last = digest_bytes(key);
    }
    xcy_hex(key, sizeof key, hex);
    assert_string_equal(hex, "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");

    unsigned char signature[XCY_SHA256_BYTES];
    xcy_hmac_sha256(
        digest_bytes(key),
        xcy_bytes_of("AWS4-HMAC-SHA256\n20150830T123600Z\n"
                     "20150830/us-east-1/iam/aws4_request\n"
                     "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59"),
        signature);
    xcy_hex(signature, sizeof signature, hex);
    assert_string_equal(hex, "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

static void md5_agrees_with_rfc_1321(void **state)
{
    (void)state;
    char hex[XCY_MD5_HEX];
    xcy_md5_hex(xcy_bytes_of("message digest"), hex);
    assert_string_equal(hex, "f96b697d7cb7938d525a2f31aaf161d0");
}

static void base64_agrees_with_rfc_4648_both_ways(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xfb\xff", "+/8="},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct xcy_buf text;
        struct xcy_buf data;
        xcy_buf_init(&text, 100);
        xcy_buf_init(&data, 100);
        xcy_base64_add(&text, xcy_bytes_of(pairs[i][0]));
        assert_string_equal(text.ptr, pairs[i][1]);
        assert_true(xcy_base64_decode(xcy_buf_bytes(&text), &data));
        assert_string_equal(data.ptr, pairs[i][0]);
        xcy_buf_clear(&text);
        xcy_buf_clear(&data);
    }
}

static void what_is_not_base64_is_refused(void **state)
{
    (void)state;
    const char *const bad[] = {
        "Zg", "Zg=", "Z===", "====", "Zm9v\n", "Zm-v", "Zg==Zg==", "Zm9vYg=a"};
    struct xcy_buf out;
    xcy_buf_init(&out, 100);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(xcy_base64_decode(xcy_bytes_of(bad[i]), &out));
        assert_int_equal(out.len, 0);
    }
    xcy_buf_clear(&out);
}

static void secrets_are_equal_only_byte_by_byte(void **state)
{
    (void)state;
    assert_true(xcy_equal_secret(xcy_bytes_of("abc"), xcy_bytes_of("abc")));
    assert_false(xcy_equal_secret(xcy_bytes_of("abc"), xcy_bytes_of("abd")));
    assert_false(xcy_equal_secret(xcy_bytes_of("abc"), xcy_bytes_of("ab")));
    assert_true(xcy_equal_secret(xcy_bytes(NULL, 0), xcy_bytes_of("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_agrees_with_fips_180),
        cmocka_unit_test(hmac_agrees_with_rfc_4231),
        cmocka_unit_test(the_published_sigv4_example_is_reproduced),
        cmocka_unit_test(md5_agrees_with_rfc_1321),
        cmocka_unit_test(base64_agrees_with_rfc_4648_both_ways),
        cmocka_unit_test(what_is_not_base64_is_refused),
        cmocka_unit_test(secrets_are_equal_only_byte_by_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
