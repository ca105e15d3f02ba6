/* fuzz_evaluation.c - an evaluation that is accepted prints to one that says the same; what is
 * refused says why. The same text is tried as payload, event and writer's reply. */

#include "common/record/evaluation.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

static void try_evaluation(struct xcy_bytes text)
{
    struct xcy_error err;
    struct xcy_evaluation e;
    struct xcy_evaluation again;
    if (xcy_evaluation_parse(text, &e, &err) != XCY_OK) {
        xcy_assert(err.status == XCY_EPARSE && err.text[0] != '\0');
        return;
    }
    char *printed = xcy_evaluation_format(&e);
    enum xcy_status status = xcy_evaluation_parse(xcy_bytes_of(printed), &again, &err);
    xcy_assert(status == XCY_OK);
    char *printed_again = xcy_evaluation_format(&again);
    xcy_assert(strcmp(printed, printed_again) == 0);
    xcy_assert(e.id.i == again.id.i && e.found == again.found && e.has_xcy == again.has_xcy);
    free(printed);
    free(printed_again);
}

static void try_event(struct xcy_bytes text)
{
    struct xcy_error err;
    struct xcy_event event;
    struct xcy_request_id id;
    struct xcy_json *root = NULL;
    if (xcy_json_parse(text, &root, &err) != XCY_OK) {
        return;
    }
    if (xcy_event_parse(root, &event, &err) == XCY_OK) {
        enum xcy_status status = xcy_payload_parse(root, &id, &err);
        xcy_assert(status == XCY_OK);
        struct xcy_json *printed = xcy_event_to_json(&event);
        xcy_json_free(printed);
    }
    xcy_json_free(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_error err;
    struct xcy_bytes text = xcy_bytes((const char *)data, size);
    int64_t code = 0;
    struct xcy_event event;
    try_evaluation(text);
    try_event(text);
    if (xcy_writer_reply_parse(text, &code, &event, &err) != XCY_OK) {
        xcy_assert(err.text[0] != '\0');
    }
    return 0;
}
