#ifndef XCY_SANDBOX_SERVICES_DYNAMODB_VALUE_H
#define XCY_SANDBOX_SERVICES_DYNAMODB_VALUE_H

/*
 * dynamodb_value.h - attribute values: {"S": "…"}, {"N": "…"}, {"B": base64}, {"BOOL": …}, {"NULL":
 * true}, {"L": […]}, {"M": {…}}, {"SS" | "NS" | "BS": […]}.
 *
 * Threads:  safe.
 */

#include "common/data/json.h"

#include <stddef.h>

/* True if it is one, with the bytes that it adds to its item's size. False: reason (200 bytes) says
 * what is wrong. */
bool xcy_dynamodb_value_check(const struct xcy_json *value, size_t *bytes, char reason[200]);

#endif
