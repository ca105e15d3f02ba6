/* fuzz_key_reply.c - keys as a process, a container's endpoint, instance metadata (first byte p, c, i) or
 * STS (any other) hand them out: both texts of a pair are there, or a line that does not quote them. Then
 * the same bytes as a stranger's words. */

#include "common/aws/key_reply.h"
#include "common/aws/redact.h"
#include "tests/fuzz/fuzz.h"

static enum xcy_key_form form_of(uint8_t byte)
{
    switch (byte) {
    case 'p':
        return XCY_KEYS_OF_PROCESS;
    case 'c':
        return XCY_KEYS_OF_CONTAINER;
    case 'i':
        return XCY_KEYS_OF_INSTANCE;
    default:
        return XCY_KEYS_OF_STS;
    }
}

static void check_line(const char *text)
{
    for (; *text; text++) {
        xcy_assert((unsigned char)*text >= ' ' && *text != 0x7f);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_credentials got = {0};
    struct xcy_error err;
    char words[64];
    if (size == 0) {
        return 0;
    }
    enum xcy_key_form form = form_of(data[0]);
    struct xcy_bytes text = xcy_bytes((const char *)data + 1, size - 1);
    if (xcy_key_reply_parse(form, text, &got, &err) == XCY_OK) {
        xcy_assert(got.access_key[0] && got.secret_key[0]);
        xcy_assert(!got.session_token || got.session_token[0]);
        xcy_assert(form != XCY_KEYS_OF_INSTANCE || (got.session_token && got.expires.ns != 0));
        xcy_credentials_clear(&got);
    } else {
        xcy_assert(!got.access_key);
        check_line(err.text);
    }
    xcy_redact(text, words, sizeof words);
    xcy_assert(strlen(words) < sizeof words);
    check_line(words);
    return 0;
}
