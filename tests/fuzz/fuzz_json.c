/* fuzz_json.c - what is parsed prints to a text that parses to the same. */

#include "common/data/json.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_error err;
    struct xcy_json *root = NULL;
    struct xcy_json *again = NULL;
    if (xcy_json_parse(xcy_bytes((const char *)data, size), &root, &err) != XCY_OK) {
        xcy_assert(root == NULL && err.text[0] != '\0');
        return 0;
    }
    char *text = xcy_json_text(root);
    enum xcy_status status = xcy_json_parse(xcy_bytes_of(text), &again, &err);
    xcy_assert(status == XCY_OK);
    char *text_again = xcy_json_text(again);
    xcy_assert(strcmp(text, text_again) == 0);
    struct xcy_buf indented;
    xcy_buf_init(&indented, 64 << 20);
    xcy_json_format(root, true, &indented);
    xcy_buf_clear(&indented);
    free(text);
    free(text_again);
    xcy_json_free(root);
    xcy_json_free(again);
    return 0;
}
