#ifndef XCY_TESTS_SUPPORT_KEYS_H
#define XCY_TESTS_SUPPORT_KEYS_H

/* keys.h - a key source for a test that knows its keys. Close it with xcy_key_source_close. */

#include "common/aws/key_source.h"
#include "common/base/mem.h"

static inline struct xcy_key_source *keys_of(const char *access_key, const char *secret_key)
{
    struct xcy_credentials keys = {.access_key = xcy_strdup(access_key),
                                   .secret_key = xcy_strdup(secret_key)};
    struct xcy_key_source *source = xcy_key_source_of(&keys);
    xcy_credentials_clear(&keys);
    return source;
}

#endif
