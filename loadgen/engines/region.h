#ifndef XCY_LOADGEN_ENGINES_REGION_H
#define XCY_LOADGEN_ENGINES_REGION_H

/*
 * region.h - the region a request is signed for when none was named.
 *
 * Threads:  safe as long as nothing sets environment variables.
 */

/* The one in the host's name, if that is one of AWS's; else $AWS_REGION; $AWS_DEFAULT_REGION;
 * us-east-1. Owned by the caller; release with free(). */
char *xcy_region_of(const char *url);

#endif
