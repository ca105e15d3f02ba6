#ifndef XCY_RUN_SENT_H
#define XCY_RUN_SENT_H

/*
 * sent.h - sent.bin: when each slot was first sent, written while the run is going, so that it
 * survives kill -9 of the generator. 8 bytes a slot, little endian, microseconds
 * since 1970; 0 = never sent.
 *
 * The generator maps the file, so that setting a slot is a store to memory; what it has behind it does
 * not stay in its memory. Others read the file as it is at that moment.
 *
 * Threads:  each slot is set by one thread; reserve from any; readers may look at any time.
 * Lock:     loadgen holds an flock on the file while it runs; xcy_sent_is_live asks for it.
 */

#include "common/base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct xcy_sent;

/* Creates the file with its final size and locks it; a full disk is found here. */
enum xcy_status xcy_sent_create(const char *run_path, int64_t n_slots, struct xcy_sent **sent,
                                struct xcy_error *err) XCY_MUST_USE;
/* Read-only. */
enum xcy_status xcy_sent_open(const char *run_path, struct xcy_sent **sent,
                              struct xcy_error *err) XCY_MUST_USE;
void xcy_sent_close(struct xcy_sent *sent); /* NULL is allowed */

/* For a run whose number of slots is not known before (created with 0): makes room for slots below
 * n_slots, more than asked so that it is seldom needed; setting a slot is safe meanwhile. A full disk
 * is found now, and nothing has changed then. Costs next to nothing when there is room already. */
enum xcy_status xcy_sent_reserve(struct xcy_sent *sent, int64_t n_slots,
                                 struct xcy_error *err) XCY_MUST_USE;
/* Cuts the file to the slots there were, or adds those that were never begun, which take no room on the
 * disk; nobody sets any more. */
enum xcy_status xcy_sent_trim(struct xcy_sent *sent, int64_t n_slots,
                              struct xcy_error *err) XCY_MUST_USE;

/* Slots that the file has room for; of one opened to read: now, for it may still grow. */
int64_t xcy_sent_slots(const struct xcy_sent *sent);
void xcy_sent_set(struct xcy_sent *sent, int64_t slot, int64_t wall_us); /* slot < slots */
/* 0 also for a slot that the file does not have (yet). */
int64_t xcy_sent_get(const struct xcy_sent *sent, int64_t slot);
/* Takes n slots from `first` on; returns how many the file had of them, the rest are 0. */
int64_t xcy_sent_copy(const struct xcy_sent *sent, int64_t first, int64_t n, int64_t wall_us[]);
/* How many slots were sent until now. */
int64_t xcy_sent_count(const struct xcy_sent *sent);
/* The slots up to the last that was sent. */
int64_t xcy_sent_used(const struct xcy_sent *sent);

/* Whether a loadgen still runs on this directory. */
bool xcy_sent_is_live(const char *run_path);

#endif
