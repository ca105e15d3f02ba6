/* fuzz_reference_state.c - a state file of the reference's is refused in one line of usage, or is whole: each
 * of its replies is found by its number, and its tag can be a folder's name. */

#include "collectors/reference_state.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

static void check(const struct xcy_reference_state *state)
{
    xcy_assert(state->requests > 0 && state->combination.delay_ms >= 0);
    for (int64_t r = 0; r < state->requests; r++) {
        xcy_assert(xcy_reference_state_find(state, state->replies[r].i) == r);
    }
    xcy_assert(xcy_reference_state_find(state, -1) == -1);
    char *tag = xcy_reference_state_tag(state, state->requests);
    xcy_assert(tag[0] != '.' && !strchr(tag, '/'));
    free(tag);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_error err;
    struct xcy_reference_state *state = NULL;
    enum xcy_status status =
        xcy_reference_state_parse("last.yml", xcy_bytes((const char *)data, size), &state, &err);
    if (status == XCY_OK) {
        check(state);
    } else {
        xcy_assert(status == XCY_EUSAGE && !state);
        xcy_assert(strncmp(err.text, "last.yml", 8) == 0 && !strchr(err.text, '\n'));
    }
    xcy_reference_state_free(state);
    return 0;
}
