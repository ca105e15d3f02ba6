#include "loadgen/drive/post_key.h"

#include <inttypes.h>
#include <stdio.h>

enum { KEY_CHARACTERS = 10, N_LETTERS = 26 };

/* SplitMix64 (Steele, Lea & Flood 2014): a generator whose n-th number can be asked for directly,
 * which a stream such as the Mersenne twister cannot. */
static uint64_t splitmix(uint64_t *state)
{
    *state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static char draw_letter(uint64_t *state)
{
    return (char)('A' + (((splitmix(state) >> 32) * N_LETTERS) >> 32));
}

void xcy_post_key_format(uint64_t seed, int64_t i, char key[XCY_KEY_BYTES])
{
    xcy_assert(i >= 0);
    uint64_t mixed = seed;
    uint64_t state = splitmix(&mixed) ^ (uint64_t)i;
    state = splitmix(&state);
    int n = snprintf(key, XCY_KEY_BYTES, "%" PRId64, i);
    while (n < KEY_CHARACTERS) {
        key[n++] = draw_letter(&state);
    }
    key[n] = '\0';
}
