#ifndef XCY_FUNCTIONS_POSTS_CACHE_H
#define XCY_FUNCTIONS_POSTS_CACHE_H

/* cache.h - posts in Redis: key -> body, and with Antipode cid:<context id> -> key. */

#include "functions/backend.h"

extern const struct xcy_post_backend xcy_cache_posts;

#endif
