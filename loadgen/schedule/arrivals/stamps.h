#ifndef XCY_LOADGEN_SCHEDULE_ARRIVALS_STAMPS_H
#define XCY_LOADGEN_SCHEDULE_ARRIVALS_STAMPS_H

/*
 * stamps.h - a file of time stamps, one a line, as instant.h reads them; the first is instant 0.
 *
 * Blank lines and those that begin with # are passed over.
 *
 * Threads:  safe.
 * Failure:  XCY_EUSAGE, naming the file and the line.
 */

#include "common/base/error.h"

#include <stddef.h>
#include <stdint.h>

/* Nanoseconds after the first, none before the one above it. *stamps_ns is owned by the caller, free
 * with free(); *n > 0. */
enum xcy_status xcy_replay_read(const char *path, int64_t **stamps_ns, size_t *n,
                                struct xcy_error *err) XCY_MUST_USE;

#endif
