/* fuzz_sqs_query.c - the input made from any form is an object that prints and parses to the same,
 * as if it had come in the JSON protocol; and it can be written as XML. */

#include "sandbox/services/sqs_query.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

static void check_input(const struct xcy_json *input)
{
    struct xcy_error err;
    struct xcy_json *again = NULL;
    xcy_assert(xcy_json_kind(input) == XCY_JSON_OBJECT);
    char *text = xcy_json_text(input);
    enum xcy_status status = xcy_json_parse(xcy_bytes_of(text), &again, &err);
    xcy_assert(status == XCY_OK);
    char *text_again = xcy_json_text(again);
    xcy_assert(strcmp(text, text_again) == 0);
    char *xml = xcy_sqs_query_output("ReceiveMessage", again);
    xcy_assert((xml[0] != '\0') == (xcy_json_size(input) > 0));
    free(xml);
    free(text);
    free(text_again);
    xcy_json_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_form form;
    struct xcy_bytes body = xcy_bytes((const char *)data, size);
    if (!xcy_form_parse(body, xcy_bytes_of(NULL), &form)) {
        return 0;
    }
    struct xcy_json *input = xcy_sqs_query_input(&form);
    check_input(input);
    xcy_json_free(input);
    xcy_form_clear(&form);
    return 0;
}
