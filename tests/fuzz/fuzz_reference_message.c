/* fuzz_reference_message.c - any text is a message of a request that the state file knows, one of another, or
 * malformed for a reason in one line; with all columns on and with none. */

#include "collectors/reference_message.h"
#include "tests/fuzz/fuzz.h"

static const char *const states[] = {
    "{antipode_enabled: false, delay: 0, post_storage: s3, notification_storage: sns, "
    "writer_region: "
    "eu-central-1, reader_region: us-east-1, requests: 2, latencies: {0: 1.5, 6: 2.5}}",
    "{antipode_enabled: true, rendezvous_enabled: true, rendezvous_ncc: true, delay: 0, "
    "post_storage: "
    "s3, notification_storage: sns, writer_region: eu-central-1, reader_region: us-east-1, "
    "requests: 2, latencies: {0: 1.5, 6: 2.5}}",
};

static void check(const char *text, struct xcy_bytes body)
{
    struct xcy_error err;
    struct xcy_reference_state *state = NULL;
    struct xcy_reference_message message;
    enum xcy_status status =
        xcy_reference_state_parse("last.yml", xcy_bytes_of(text), &state, &err);
    xcy_assert(status == XCY_OK);
    xcy_reference_message_read(state, body, &message, &err);
    switch (message.verdict) {
    case XCY_REFERENCE_KNOWN:
        xcy_assert(message.row.i == state->replies[message.place].i);
        xcy_assert(message.row.has_reply);
        break;
    case XCY_REFERENCE_UNKNOWN:
        xcy_assert(xcy_reference_state_find(state, message.row.i) == -1);
        break;
    case XCY_REFERENCE_MALFORMED:
        xcy_assert(err.text[0] != '\0' && !strchr(err.text, '\n'));
        break;
    }
    xcy_reference_state_free(state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (size_t s = 0; s < sizeof states / sizeof *states; s++) {
        check(states[s], xcy_bytes((const char *)data, size));
    }
    return 0;
}
