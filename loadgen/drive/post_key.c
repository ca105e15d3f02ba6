#include "loadgen/drive/post_key.h"

#include "loadgen/drive/mix.h"

#include <inttypes.h>
#include <stdio.h>

enum { KEY_CHARACTERS = 10, N_LETTERS = 26 };

static char draw_letter(uint64_t *state)
{
    return (char)('A' + (((xcy_mix_next(state) >> 32) * N_LETTERS) >> 32));
}

void xcy_post_key_format(uint64_t seed, int64_t i, char key[XCY_KEY_BYTES])
{
    xcy_assert(i >= 0);
    uint64_t state = xcy_mix_start(seed, (uint64_t)i);
    int n = snprintf(key, XCY_KEY_BYTES, "%" PRId64, i);
    while (n < KEY_CHARACTERS) {
        key[n++] = draw_letter(&state);
    }
    key[n] = '\0';
}
