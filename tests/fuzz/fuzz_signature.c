/* fuzz_signature.c - a request as lines ("METHOD PATH?QUERY", headers, an empty line, the body):
 * what is refused says why without the secret, and a signature holds for one body and one hour. */

#include "common/base/mem.h"
#include "sandbox/front/signature.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <strings.h>

enum { MAX_HEADERS = 32 };

static const char secret[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

struct sent {
    char *text; /* all others point into it */
    const char *method;
    const char *path;
    const char *query;
    const char *names[MAX_HEADERS];
    const char *values[MAX_HEADERS];
    size_t n;
    struct xcy_bytes body;
};

/* Cuts the text at the separator; what stands behind it, or the text's end. */
static char *cut(char *text, const char *separator)
{
    char *at = strstr(text, separator);
    if (!at) {
        return text + strlen(text);
    }
    *at = '\0';
    return at + strlen(separator);
}

static void split(struct sent *sent, struct xcy_bytes all)
{
    sent->text = xcy_strndup(all.ptr, all.len);
    char *body = cut(sent->text, "\n\n");
    char *line = cut(sent->text, "\n");
    char *path = cut(sent->text, " ");
    sent->method = sent->text;
    sent->query = cut(path, "?");
    sent->path = path;
    sent->body = xcy_bytes_of(body);
    while (*line && sent->n < MAX_HEADERS) {
        char *next = cut(line, "\n");
        sent->values[sent->n] = cut(line, ":");
        sent->names[sent->n++] = line;
        line = next;
    }
}

static const char *header(const void *ctx, const char *name)
{
    const struct sent *sent = ctx;
    for (size_t i = 0; i < sent->n; i++) {
        if (strcasecmp(sent->names[i], name) == 0) {
            return sent->values[i] + strspn(sent->values[i], " ");
        }
    }
    return NULL;
}

static size_t header_count(const void *ctx, const char *name)
{
    const struct sent *sent = ctx;
    size_t n = 0;
    for (size_t i = 0; i < sent->n; i++) {
        n += strcasecmp(sent->names[i], name) == 0;
    }
    return n;
}

static const struct xcy_credentials *find_key(const void *keys, const char *access_key)
{
    const struct xcy_credentials *known = keys;
    return strcmp(known->access_key, access_key) == 0 ? known : NULL;
}

static enum xcy_signature_verdict check(const struct sent *sent, struct xcy_bytes body,
                                        int64_t now_s)
{
    char access_key[] = "AKIDEXAMPLE";
    char secret_key[sizeof secret];
    char token[] = "TOKENEXAMPLE";
    memcpy(secret_key, secret, sizeof secret);
    bool has_token = header(sent, "x-amz-security-token") != NULL;
    struct xcy_credentials key = {.access_key = access_key,
                                  .secret_key = secret_key,
                                  .session_token = has_token ? token : NULL};
    struct xcy_signed_request request = {.method = sent->method,
                                         .path = sent->path,
                                         .query = sent->query,
                                         .body = body,
                                         .header = header,
                                         .header_count = header_count,
                                         .ctx = sent};
    struct xcy_signature signature;
    xcy_signature_check(&request, find_key, &key, (struct xcy_wall){now_s * XCY_NS_PER_S},
                        &signature);
    xcy_assert((signature.verdict == XCY_SIGNATURE_OK) == (signature.message[0] == '\0'));
    xcy_assert(signature.verdict != XCY_SIGNATURE_OK || strcmp(signature.service, "") != 0);
    xcy_assert(!strstr(signature.message, secret));
    return signature.verdict;
}

/* What was accepted is refused with another body (unless S3 was told not to look), and later. */
static void check_binding(const struct sent *sent, int64_t now_s)
{
    const char *claimed = header(sent, "x-amz-content-sha256");
    bool is_free = claimed && strcmp(claimed, "UNSIGNED-PAYLOAD") == 0;
    char *other = xcy_format("%s.", sent->body.ptr);
    enum xcy_signature_verdict changed = check(sent, xcy_bytes_of(other), now_s);
    enum xcy_signature_verdict late = check(sent, sent->body, now_s + 3600);
    xcy_assert(is_free || changed == XCY_SIGNATURE_MISMATCH);
    xcy_assert(late == XCY_SIGNATURE_EXPIRED);
    free(other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int64_t now_s = 1440938160; /* 2015-08-30T12:36:00Z, as the vectors are signed */
    struct sent sent = {.n = 0};
    if (size > 0 && memmem(data, size, secret, sizeof secret - 1)) {
        return 0; /* a message may quote what the request itself says */
    }
    split(&sent, xcy_bytes((const char *)data, size));
    if (check(&sent, sent.body, now_s) == XCY_SIGNATURE_OK) {
        check_binding(&sent, now_s);
    }
    free(sent.text);
    return 0;
}
