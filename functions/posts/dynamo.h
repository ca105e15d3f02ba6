#ifndef XCY_FUNCTIONS_POSTS_DYNAMO_H
#define XCY_FUNCTIONS_POSTS_DYNAMO_H

/* dynamo.h - posts as items of a DynamoDB global table: {key, body, cid}. */

#include "functions/backend.h"

extern const struct xcy_post_backend xcy_dynamo_posts;

#endif
