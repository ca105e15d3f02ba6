#ifndef XCY_AWS_PROFILE_H
#define XCY_AWS_PROFILE_H

/*
 * profile.h - one profile of AWS's shared credentials and config files. Private to
 * common/aws.
 *
 * Format:   [section] lines, key = value lines; lines beginning with # or ; are comments,
 *           as is what follows a blank and # or ; in a value. Indented lines belong to the
 *           value above (nested settings) and are passed over.
 * Secrets:  the text read is cleared before it is freed.
 */

#include "common/aws/credentials.h"

/* NULL: the section does not have it. */
struct xcy_profile {
    struct xcy_credentials credentials;
    char *region;
};

/* Fills what the section has; *found tells whether the section was there at all. XCY_ENOTFOUND when
 * there is no such file. Owned by the caller; release with xcy_profile_clear. */
enum xcy_status xcy_profile_read(const char *path, const char *section, struct xcy_profile *profile,
                                 bool *found, struct xcy_error *err) XCY_MUST_USE;
void xcy_profile_clear(struct xcy_profile *profile);

#endif
