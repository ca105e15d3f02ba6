/* fuzz_writer_reply.c - a writer's reply: outputs are set when it is accepted, and only then; its
 * event prints to one that says the same. */

#include "common/record/evaluation.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

/* Ours: an event of another writer lacks what ours must have. */
static void check_event(const struct xcy_event *event)
{
    struct xcy_error err;
    struct xcy_event again;
    struct xcy_json *printed = xcy_event_to_json(event);
    enum xcy_status status = xcy_event_parse(printed, &again, &err);
    xcy_assert(status == XCY_OK);
    struct xcy_json *printed_again = xcy_event_to_json(&again);
    char *text = xcy_json_text(printed);
    char *text_again = xcy_json_text(printed_again);
    xcy_assert(strcmp(text, text_again) == 0);
    xcy_assert(xcy_combination_equal(&event->combination, &again.combination));
    free(text);
    free(text_again);
    xcy_json_free(printed);
    xcy_json_free(printed_again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int64_t untouched = -77;
    struct xcy_error err;
    struct xcy_event event = {.id.i = untouched};
    int64_t code = untouched;
    if (xcy_writer_reply_parse(xcy_bytes((const char *)data, size), &code, &event, &err)) {
        xcy_assert(err.status == XCY_EPARSE && err.text[0] != '\0');
        xcy_assert(code == untouched && event.id.i == untouched);
        return 0;
    }
    xcy_assert(code == 200 || event.id.i == untouched);
    if (code == 200 && event.exec[0]) {
        check_event(&event);
    }
    return 0;
}
