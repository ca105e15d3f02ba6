#ifndef XCY_AWS_PROFILES_H
#define XCY_AWS_PROFILES_H

/*
 * profiles.h - the profiles in AWS's two shared files: $AWS_SHARED_CREDENTIALS_FILE
 * (~/.aws/credentials), where a profile is [name], and $AWS_CONFIG_FILE (~/.aws/config), where it is
 * [profile name]; the default one is [profile default] or, without that, [default]. What stands in both
 * files is taken from the first. Private to common/aws.
 *
 * Memory:   owned by the caller; release with xcy_profiles_clear, which overwrites what was read.
 * Threads:  read-only once loaded.
 */

#include "common/aws/credentials.h"

struct xcy_ini;

struct xcy_profiles {
    char *keys_path;
    char *config_path;
    struct xcy_ini *keys; /* NULL: there is no such file */
    struct xcy_ini *config;
};

/* A missing file is no failure; one that cannot be read is. */
enum xcy_status xcy_profiles_load(struct xcy_profiles *profiles,
                                  struct xcy_error *err) XCY_MUST_USE;
void xcy_profiles_clear(struct xcy_profiles *profiles);

/* $AWS_PROFILE, else "default"; *is_named (may be NULL): it was said. */
const char *xcy_profile_name(bool *is_named);

bool xcy_profiles_has(const struct xcy_profiles *profiles, const char *name);
/* Borrowed; NULL: the profile does not have it. */
const char *xcy_profiles_get(const struct xcy_profiles *profiles, const char *name,
                             const char *key);
/* Where the profile would stand: "[x] in FILE, [profile x] in FILE"; free with free(). */
char *xcy_profiles_places(const struct xcy_profiles *profiles, const char *name);

/* The profile's own key pair, both from one file. XCY_ENOTFOUND: it has none; XCY_EAUTH: half of one. */
enum xcy_status xcy_profiles_pair(const struct xcy_profiles *profiles, const char *name,
                                  struct xcy_credentials *pair, struct xcy_error *err) XCY_MUST_USE;

#endif
