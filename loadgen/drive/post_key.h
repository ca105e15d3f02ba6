#ifndef XCY_LOADGEN_DRIVE_POST_KEY_H
#define XCY_LOADGEN_DRIVE_POST_KEY_H

/*
 * post_key.h - the key of request i's post: ten characters, i in digits and then random upper-case
 * letters ("17QXYZABCD"); the number alone from ten digits on.
 *
 * A key depends on the seed and on i only, so that a run repeats whatever its threads do, and skipped
 * slots change nothing. Two requests of a run never share one: the first letter ends the number.
 *
 * Threads:  safe.
 */

#include "common/record/evaluation.h"

void xcy_post_key_format(uint64_t seed, int64_t i, char key[XCY_KEY_BYTES]);

#endif
