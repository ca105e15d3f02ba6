#ifndef XCY_LOADGEN_DRIVE_MIX_H
#define XCY_LOADGEN_DRIVE_MIX_H

/*
 * mix.h - SplitMix64 (Steele, Lea & Flood 2014): a generator whose n-th number can be asked for
 * directly, which a stream such as the Mersenne twister cannot. What is drawn for a slot so depends
 * on the seed and the slot alone.
 *
 * Threads:  safe.
 */

#include <stdint.h>

/* The next number of the sequence that stands at *state. */
static inline uint64_t xcy_mix_next(uint64_t *state)
{
    *state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* The state of a sequence of its own for (seed, n): neighbouring n share nothing. */
static inline uint64_t xcy_mix_start(uint64_t seed, uint64_t n)
{
    uint64_t state = xcy_mix_next(&seed) ^ n;
    return xcy_mix_next(&state);
}

#endif
