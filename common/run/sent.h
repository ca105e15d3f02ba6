#ifndef XCY_RUN_SENT_H
#define XCY_RUN_SENT_H

/*
 * sent.h - sent.bin: for each slot the instant it was sent, in a shared memory map, so that it
 * survives kill -9 of the generator. 8 bytes a slot, little endian, microseconds
 * since 1970; 0 = never sent.
 *
 * Threads:  each slot is set by one thread; readers may look at any time.
 * Lock:     loadgen holds an flock on the file while it runs; xcy_sent_is_live asks for it.
 */

#include "common/base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct xcy_sent;

/* Makes the file (all zero, its blocks allocated: a full disk is found now) and takes the lock. */
enum xcy_status xcy_sent_create(const char *run_path, int64_t n_slots, struct xcy_sent **sent,
                                struct xcy_error *err) XCY_MUST_USE;
/* Read-only. */
enum xcy_status xcy_sent_open(const char *run_path, struct xcy_sent **sent,
                              struct xcy_error *err) XCY_MUST_USE;
void xcy_sent_close(struct xcy_sent *sent);

int64_t xcy_sent_slots(const struct xcy_sent *sent);
void xcy_sent_set(struct xcy_sent *sent, int64_t slot, int64_t wall_us);
int64_t xcy_sent_get(const struct xcy_sent *sent, int64_t slot);

/* Whether a loadgen still runs on this directory. */
bool xcy_sent_is_live(const char *run_path);

#endif
