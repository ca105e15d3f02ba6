#ifndef XCY_FUNCTIONS_POSTS_S3_H
#define XCY_FUNCTIONS_POSTS_S3_H

/* s3.h - posts as versions of objects, in a bucket that is replicated to the reader's; the context id is
 * user metadata. */

#include "functions/backend.h"

extern const struct xcy_post_backend xcy_s3_posts;

#endif
