#ifndef XCY_TESTS_FUZZ_FUZZ_H
#define XCY_TESTS_FUZZ_FUZZ_H

/*
 * fuzz.h - the one function of a fuzz test. It aborts (xcy_assert) where something that
 * must hold for every text does not.
 */

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
