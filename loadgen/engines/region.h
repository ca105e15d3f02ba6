#ifndef XCY_LOADGEN_ENGINES_REGION_H
#define XCY_LOADGEN_ENGINES_REGION_H

/*
 * region.h - the region a request is signed for when none was named.
 *
 * Threads:  safe as long as nothing sets environment variables.
 */

#include "common/base/error.h"

/* The one in the host's name, if that is one of AWS's; else $AWS_REGION; $AWS_DEFAULT_REGION; the
 * profile's in ~/.aws/config; us-east-1. Owned by the caller; release with free(). Fails only where
 * that file cannot be read. */
enum xcy_status xcy_region_of(const char *url, char **region, struct xcy_error *err) XCY_MUST_USE;

#endif
