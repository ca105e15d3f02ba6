#ifndef XCY_BASE_RANDOM_H
#define XCY_BASE_RANDOM_H

/*
 * random.h - unguessable identifiers from the kernel. Not for load or lag: those
 * are seeded and repeatable, see common/stats/stream.h.
 *
 * Threads:  safe.
 */

#include <stddef.h>
#include <stdint.h>

void xcy_random_bytes(void *to, size_t n);

/* n lower-case hex digits and a zero byte; to has n + 1 bytes, n is even. */
void xcy_random_hex(char *to, size_t n);

/* A version 4 UUID in 36 characters and a zero byte. */
void xcy_random_uuid(char to[37]);

uint64_t xcy_random_seed(void);

#endif
