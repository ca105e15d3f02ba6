#ifndef XCY_SANDBOX_SERVICES_DYNAMODB_PROJECTION_H
#define XCY_SANDBOX_SERVICES_DYNAMODB_PROJECTION_H

/*
 * dynamodb_projection.h - which attributes a read wants: ProjectionExpression with
 * ExpressionAttributeNames, or the older AttributesToGet. Top-level attributes only.
 *
 * More lenient than DynamoDB: it refuses bare reserved words ("key", "name"); this does not.
 * Threads:  plain data.
 */

#include "common/data/json.h"

#include <stddef.h>

struct xcy_dynamodb_projection {
    char **names; /* NULL: all attributes */
    size_t n;
};

/* False: reason (200 bytes) says what is wrong, and there is nothing to clear. */
bool xcy_dynamodb_projection_read(const struct xcy_json *input,
                                  struct xcy_dynamodb_projection *projection, char reason[200]);
void xcy_dynamodb_projection_clear(struct xcy_dynamodb_projection *projection);

#endif
