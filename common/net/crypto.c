#include "common/net/crypto.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <pthread.h>

enum { MD5_BYTES = 16 };

static const unsigned char *unsigned_of(struct xcy_bytes data)
{
    return (const unsigned char *)(data.ptr ? data.ptr : "");
}

void xcy_hex(const unsigned char *bytes, size_t n, char *hex)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    hex[2 * n] = '\0';
}

/* Fetched once: OpenSSL's one-shot calls look them up each time, which takes longer than the digest
 * of a short text. They live as long as the process. */
static struct {
    EVP_MD *sha256;
    EVP_MD *md5;
    EVP_MAC_CTX *hmac_sha256; /* without a key: copied for each use */
} digests;

static void fetch_digests(void)
{
    digests.sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    digests.md5 = EVP_MD_fetch(NULL, "MD5", NULL);
    char name[] = "SHA256";
    const OSSL_PARAM of_sha256[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
        OSSL_PARAM_construct_end(),
    };
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    xcy_assert(digests.sha256 != NULL && digests.md5 != NULL && hmac != NULL);
    digests.hmac_sha256 = EVP_MAC_CTX_new(hmac);
    xcy_assert(digests.hmac_sha256 != NULL);
    int set = EVP_MAC_CTX_set_params(digests.hmac_sha256, of_sha256);
    xcy_assert(set == 1);
    EVP_MAC_free(hmac);
}

static void need_digests(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, fetch_digests);
}

void xcy_sha256(struct xcy_bytes data, unsigned char digest[XCY_SHA256_BYTES])
{
    unsigned int size = 0;
    need_digests();
    int done = EVP_Digest(unsigned_of(data), data.len, digest, &size, digests.sha256, NULL);
    xcy_assert(done == 1 && size == XCY_SHA256_BYTES);
}

void xcy_sha256_hex(struct xcy_bytes data, char hex[XCY_SHA256_HEX])
{
    unsigned char digest[XCY_SHA256_BYTES];
    xcy_sha256(data, digest);
    xcy_hex(digest, sizeof digest, hex);
}

void xcy_hmac_sha256(struct xcy_bytes key, struct xcy_bytes data,
                     unsigned char digest[XCY_SHA256_BYTES])
{
    size_t size = 0;
    need_digests();
    EVP_MAC_CTX *hmac = EVP_MAC_CTX_dup(digests.hmac_sha256);
    bool done = hmac && EVP_MAC_init(hmac, unsigned_of(key), key.len, NULL) == 1 &&
                EVP_MAC_update(hmac, unsigned_of(data), data.len) == 1 &&
                EVP_MAC_final(hmac, digest, &size, XCY_SHA256_BYTES) == 1;
    xcy_assert(done && size == XCY_SHA256_BYTES);
    EVP_MAC_CTX_free(hmac);
}

void xcy_md5_hex(struct xcy_bytes data, char hex[XCY_MD5_HEX])
{
    unsigned char digest[MD5_BYTES];
    unsigned int size = 0;
    need_digests();
    int done = EVP_Digest(unsigned_of(data), data.len, digest, &size, digests.md5, NULL);
    xcy_assert(done == 1 && size == MD5_BYTES);
    xcy_hex(digest, sizeof digest, hex);
}

void xcy_base64_add(struct xcy_buf *out, struct xcy_bytes data)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *p = unsigned_of(data);
    for (size_t i = 0; i < data.len; i += 3) {
        size_t n = data.len - i < 3 ? data.len - i : 3;
        unsigned bits = (unsigned)p[i] << 16;
        bits |= n > 1 ? (unsigned)p[i + 1] << 8 : 0;
        bits |= n > 2 ? (unsigned)p[i + 2] : 0;
        char four[4] = {digits[bits >> 18], digits[(bits >> 12) & 63], '=', '='};
        if (n > 1) {
            four[2] = digits[(bits >> 6) & 63];
        }
        if (n > 2) {
            four[3] = digits[bits & 63];
        }
        xcy_buf_add(out, xcy_bytes(four, sizeof four));
    }
}

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    if (c == '+') {
        return 62;
    }
    return c == '/' ? 63 : -1;
}

bool xcy_base64_decode(struct xcy_bytes text, struct xcy_buf *out)
{
    size_t padding = 0;
    while (padding < 2 && padding < text.len && text.ptr[text.len - 1 - padding] == '=') {
        padding++;
    }
    size_t digits = text.len - padding;
    if (text.len % 4 != 0) {
        return false;
    }
    for (size_t i = 0; i < digits; i++) {
        if (base64_value(text.ptr[i]) < 0) {
            return false;
        }
    }
    unsigned bits = 0;
    for (size_t i = 0; i < digits; i++) {
        bits = (bits << 6) | (unsigned)base64_value(text.ptr[i]);
        if (i % 4 != 0) {
            unsigned unread = 6 - 2 * (unsigned)(i % 4);
            xcy_buf_add_char(out, (char)((bits >> unread) & 255));
        }
    }
    return true;
}

bool xcy_equal_secret(struct xcy_bytes a, struct xcy_bytes b)
{
    return a.len == b.len && CRYPTO_memcmp(unsigned_of(a), unsigned_of(b), a.len) == 0;
}
