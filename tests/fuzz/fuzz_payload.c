/* fuzz_payload.c - an invocation's payload that is accepted prints to one that says the same; an
 * event is a payload, too, and gives a context only with an id. */

#include "common/record/evaluation.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

static void check_payload(const struct xcy_request_id *id)
{
    struct xcy_error err;
    struct xcy_json *root = NULL;
    struct xcy_request_id again;
    char *text = xcy_payload_format(id);
    enum xcy_status status = xcy_json_parse(xcy_bytes_of(text), &root, &err);
    xcy_assert(status == XCY_OK);
    status = xcy_payload_parse(root, &again, &err);
    xcy_assert(status == XCY_OK);
    char *text_again = xcy_payload_format(&again);
    xcy_assert(strcmp(text, text_again) == 0 && again.i == id->i);
    xcy_assert(strcmp(again.key, id->key) == 0 && strcmp(again.run, id->run) == 0);
    free(text);
    free(text_again);
    xcy_json_free(root);
}

static void check_event(const struct xcy_event *event)
{
    char *context = xcy_event_context(event);
    xcy_assert((context != NULL) == (event->context_id[0] != '\0'));
    xcy_assert(event->context_bytes >= 0);
    free(context);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_error err;
    struct xcy_json *root = NULL;
    struct xcy_request_id id;
    struct xcy_event event;
    if (xcy_json_parse(xcy_bytes((const char *)data, size), &root, &err) != XCY_OK) {
        return 0;
    }
    bool is_payload = xcy_payload_parse(root, &id, &err) == XCY_OK;
    xcy_assert(is_payload || (err.status == XCY_EPARSE && err.text[0] != '\0'));
    if (is_payload) {
        check_payload(&id);
    }
    if (xcy_event_parse(root, &event, &err) == XCY_OK) {
        xcy_assert(is_payload && event.id.i == id.i);
        check_event(&event);
    }
    xcy_json_free(root);
    return 0;
}
