#include "loadgen/drive/retry.h"

#include "loadgen/drive/mix.h"

#define LONGEST_NS (INT64_C(3600) * 1000000000)

/* Keeps these draws apart from those of the post keys. */
#define PURPOSE UINT64_C(0x7265747279)

static int64_t longest_wait_ns(int64_t delay_ns, int64_t attempt)
{
    int64_t longest_ns = delay_ns;
    for (int64_t k = 1; k < attempt && longest_ns < LONGEST_NS; k++) {
        longest_ns *= 2;
    }
    return longest_ns < LONGEST_NS ? longest_ns : LONGEST_NS;
}

int64_t xcy_retry_wait_ns(int64_t delay_ns, uint64_t seed, int64_t slot, int64_t attempt)
{
    uint64_t state = xcy_mix_start(seed ^ PURPOSE, (uint64_t)slot) + (uint64_t)attempt;
    double share = (double)(xcy_mix_next(&state) >> 11) * 0x1p-53;
    return (int64_t)(share * (double)longest_wait_ns(delay_ns, attempt));
}
