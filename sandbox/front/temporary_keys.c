#include "sandbox/front/temporary_keys.h"

#include "common/base/mem.h"
#include "common/base/random.h"
#include "common/data/number.h"
#include "common/net/crypto.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN_BEGIN "XCYSANDBOXTOKEN"

enum {
    KEY_LETTERS = 10,
    SECRET_HEX = 40,
    MAX_TOKEN_BYTES = 4096,
    DIGEST_HEX = 2 * XCY_SHA256_BYTES
};

/* What follows from the sandbox's secret and a text of one purpose: nobody else can make it. */
static void derive(const struct xcy_credentials *root, const char *purpose, struct xcy_bytes text,
                   char hex[DIGEST_HEX + 1])
{
    unsigned char digest[XCY_SHA256_BYTES];
    struct xcy_buf all;
    xcy_buf_init(&all, MAX_TOKEN_BYTES);
    xcy_buf_addf(&all, "%s %.*s", purpose, (int)text.len, text.ptr);
    xcy_hmac_sha256(xcy_bytes_of(root->secret_key), xcy_buf_bytes(&all), digest);
    xcy_hex(digest, sizeof digest, hex);
    xcy_buf_clear(&all);
}

static char *new_access_key(void)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned char bytes[KEY_LETTERS];
    char key[KEY_LETTERS + 1] = "";
    xcy_random_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < KEY_LETTERS; i++) {
        key[i] = letters[bytes[i] % (sizeof letters - 1)];
    }
    return xcy_format(XCY_SANDBOX_TEMP "%s", key);
}

static char *secret_of(const struct xcy_credentials *root, struct xcy_bytes claim)
{
    char hex[DIGEST_HEX + 1];
    derive(root, "secret", claim, hex);
    char *secret = xcy_strndup(hex, SECRET_HEX);
    explicit_bzero(hex, sizeof hex);
    return secret;
}

/* The claim is "<access key> <end, us since 1970> <arn>". */
void xcy_temporary_make(const struct xcy_credentials *root, const char *arn,
                        struct xcy_wall expires, struct xcy_temporary *made)
{
    char digest[DIGEST_HEX + 1];
    char *access_key = new_access_key();
    char *claim = xcy_format("%s %" PRId64 " %s", access_key, xcy_wall_us(expires), arn);
    struct xcy_buf token;
    xcy_buf_init(&token, MAX_TOKEN_BYTES);
    xcy_base64_add(&token, xcy_bytes_of(claim));
    derive(root, "token", xcy_buf_bytes(&token), digest);
    *made = (struct xcy_temporary){
        .credentials = {.access_key = access_key,
                        .secret_key = secret_of(root, xcy_bytes_of(claim)),
                        .session_token = xcy_format(TOKEN_BEGIN ".%s.%s", token.ptr, digest),
                        .expires = xcy_wall_from_us(xcy_wall_us(expires))}};
    snprintf(made->arn, sizeof made->arn, "%s", arn);
    xcy_buf_clear_secret(&token);
    free(claim);
}

/* The claim of a token under the right digest. */
static bool open_token(const struct xcy_credentials *root, const char *token, struct xcy_buf *claim)
{
    static const char begin[] = TOKEN_BEGIN ".";
    size_t begin_len = sizeof begin - 1;
    const char *dot = strrchr(token, '.');
    char digest[DIGEST_HEX + 1];
    if (strlen(token) >= MAX_TOKEN_BYTES || strncmp(token, begin, begin_len) != 0 ||
        dot < token + begin_len) {
        return false;
    }
    struct xcy_bytes text = xcy_bytes(token + begin_len, (size_t)(dot - token) - begin_len);
    derive(root, "token", text, digest);
    return xcy_equal_secret(xcy_bytes_of(digest), xcy_bytes_of(dot + 1)) &&
           xcy_base64_decode(text, claim);
}

/* Under the right digest it is a claim that this file wrote. */
static bool read_claim(const char *claim, const char *access_key, struct xcy_temporary *opened)
{
    size_t key_len = strcspn(claim, " ");
    bool is_for_key = strlen(access_key) == key_len && strncmp(claim, access_key, key_len) == 0;
    const char *end = claim + key_len + (claim[key_len] == ' ');
    size_t end_len = strcspn(end, " ");
    int64_t end_us = 0;
    if (!is_for_key || end[end_len] != ' ' || !xcy_int64_parse(xcy_bytes(end, end_len), &end_us)) {
        return false;
    }
    opened->credentials.expires = xcy_wall_from_us(end_us);
    snprintf(opened->arn, sizeof opened->arn, "%s", end + end_len + 1);
    return true;
}

bool xcy_temporary_open(const struct xcy_credentials *root, const char *access_key,
                        const char *token, struct xcy_temporary *opened)
{
    struct xcy_temporary made = {.arn = ""};
    struct xcy_buf claim;
    xcy_buf_init(&claim, MAX_TOKEN_BYTES);
    bool is_ours = open_token(root, token, &claim) && read_claim(claim.ptr, access_key, &made);
    if (is_ours) {
        made.credentials.access_key = xcy_strdup(access_key);
        made.credentials.secret_key = secret_of(root, xcy_buf_bytes(&claim));
        made.credentials.session_token = xcy_strdup(token);
        *opened = made;
    }
    xcy_buf_clear(&claim);
    return is_ours;
}

void xcy_temporary_clear(struct xcy_temporary *keys)
{
    xcy_credentials_clear(&keys->credentials);
}

char *xcy_web_identity_make(const struct xcy_credentials *root)
{
    char hex[DIGEST_HEX + 1];
    derive(root, "web", xcy_bytes_of("identity"), hex);
    char *token = xcy_format(XCY_SANDBOX_TOKEN ".%s", hex);
    explicit_bzero(hex, sizeof hex);
    return token;
}

bool xcy_web_identity_is_right(const struct xcy_credentials *root, const char *token)
{
    char *right = xcy_web_identity_make(root);
    bool is_right = xcy_equal_secret(xcy_bytes_of(right), xcy_bytes_of(token));
    xcy_free_secret(&right);
    return is_right;
}
