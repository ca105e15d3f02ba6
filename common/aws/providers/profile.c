/* profile.c - what a profile of the shared files says: a role, keys, a process. */

#include "common/aws/chain.h"
#include "common/aws/providers/provider.h"
#include "common/aws/variable.h"
#include "common/base/mem.h"

#include <stdlib.h>

enum { MAX_ROLES = 5 }; /* one behind the other */

/* The way from the profile to the keys it begins with. */
struct way {
    struct xcy_provider_call *call;
    const char *name;             /* the profile that was asked for */
    const char *roles[MAX_ROLES]; /* profiles whose role is assumed; the last one first */
    size_t n_roles;
    const char *base;              /* the profile that has keys of its own */
    const char *credential_source; /* instead of it */
};

/* Profiles that need what is not here, by the key that says so. */
static const struct {
    const char *key;
    const char *what;
} unsupported[] = {
    {"mfa_serial", "a code from a device"}, {"sso_session", "single sign-on"},
    {"sso_start_url", "single sign-on"},    {"sso_account_id", "single sign-on"},
    {"login_session", "a console login"},
};

static const struct {
    const char *name;
    const struct xcy_provider *provider;
} credential_sources[] = {
    {"Environment", &xcy_provider_environment},
    {"EcsContainer", &xcy_provider_container},
    {"Ec2InstanceMetadata", &xcy_provider_instance},
};

static const char *get(const struct way *way, const char *profile, const char *key)
{
    return xcy_profiles_get(&way->call->profiles, profile, key);
}

static enum xcy_status check_supported(const struct way *way, const char *profile,
                                       struct xcy_error *err)
{
    for (size_t i = 0; i < sizeof unsupported / sizeof unsupported[0]; i++) {
        if (get(way, profile, unsupported[i].key)) {
            return xcy_fail(err, XCY_EAUTH,
                            "profile %s has %s: %s is not supported; use `aws configure "
                            "export-credentials --profile %s --format env`, or a "
                            "credential_process of it",
                            profile, unsupported[i].key, unsupported[i].what, profile);
        }
    }
    return XCY_OK;
}

static enum xcy_status check_role(const struct way *way, const char *name, struct xcy_error *err)
{
    const char *source = get(way, name, "source_profile");
    const char *credential_source = get(way, name, "credential_source");
    if (get(way, name, "mfa_serial")) {
        return check_supported(way, name, err);
    }
    if (source && credential_source) {
        return xcy_fail(err, XCY_EUSAGE,
                        "profile %s has source_profile and credential_source: it can have one",
                        name);
    }
    if (!source && !credential_source) {
        return xcy_fail(err, XCY_EUSAGE,
                        "profile %s has role_arn but no source_profile, credential_source or "
                        "web_identity_token_file",
                        name);
    }
    if (source && !xcy_profiles_has(&way->call->profiles, source)) {
        char *places = xcy_profiles_places(&way->call->profiles, source);
        enum xcy_status status =
            xcy_fail(err, XCY_EAUTH, "profile %s has source_profile = %s, which is nowhere: %s",
                     name, source, places);
        free(places);
        return status;
    }
    return XCY_OK;
}

static bool has_keys(const struct way *way, const char *profile)
{
    return get(way, profile, "aws_access_key_id") || get(way, profile, "aws_secret_access_key");
}

/* From profile to source_profile, to where keys stand: those of a source come before its role. */
static enum xcy_status find_way(struct way *way, struct xcy_error *err)
{
    for (way->base = way->name; get(way, way->base, "role_arn");) {
        const char *profile = way->base;
        const char *source = get(way, profile, "source_profile");
        if (get(way, profile, "web_identity_token_file") ||
            (way->n_roles > 0 && has_keys(way, profile))) {
            break;
        }
        if (way->n_roles == MAX_ROLES) {
            return xcy_fail(
                err, XCY_EUSAGE,
                "profile %s leads through more than %d source_profiles: is it a circle?", way->name,
                MAX_ROLES);
        }
        enum xcy_status status = check_role(way, profile, err);
        if (status != XCY_OK) {
            return status;
        }
        way->roles[way->n_roles++] = profile;
        way->credential_source = get(way, profile, "credential_source");
        if (way->credential_source || strcmp(source, profile) == 0) {
            break; /* its own source: the keys beside its role */
        }
        way->base = source;
    }
    return XCY_OK;
}

/* STS is asked where the profile that was asked for is at home, as AWS's tools do. */
static struct xcy_role_wish wish_of(const struct way *way, const char *profile)
{
    const char *region = get(way, way->name, "region");
    return (struct xcy_role_wish){.arn = get(way, profile, "role_arn"),
                                  .session_name = get(way, profile, "role_session_name"),
                                  .external_id = get(way, profile, "external_id"),
                                  .duration = get(way, profile, "duration_seconds"),
                                  .region = region ? region : get(way, profile, "region")};
}

static enum xcy_status find_by_source(struct way *way, struct xcy_credentials *found,
                                      struct xcy_error *err)
{
    const char *profile = way->roles[way->n_roles - 1];
    for (size_t i = 0; i < sizeof credential_sources / sizeof credential_sources[0]; i++) {
        if (strcmp(credential_sources[i].name, way->credential_source) == 0) {
            enum xcy_status status = credential_sources[i].provider->find(way->call, found, err);
            return status != XCY_ENOTFOUND
                       ? status
                       : xcy_fail(err, XCY_EAUTH,
                                  "profile %s has credential_source = %s, and there are none: "
                                  "looked for %s",
                                  profile, way->credential_source, way->call->looked.ptr);
        }
    }
    return xcy_fail(err, XCY_EUSAGE,
                    "profile %s has credential_source = %.40s: it can be Environment, EcsContainer "
                    "or Ec2InstanceMetadata",
                    profile, way->credential_source);
}

/* Of a profile without a role, or with one that a token opens. */
static enum xcy_status find_base(struct way *way, struct xcy_credentials *found,
                                 struct xcy_error *err)
{
    const char *token_path = get(way, way->base, "web_identity_token_file");
    const char *command = get(way, way->base, "credential_process");
    bool is_own_source = way->n_roles > 0 && way->roles[way->n_roles - 1] == way->base;
    if (token_path && !get(way, way->base, "role_arn")) {
        return xcy_fail(err, XCY_EUSAGE, "profile %s has web_identity_token_file but no role_arn",
                        way->base);
    }
    if (token_path && !is_own_source) {
        struct xcy_role_wish wish = wish_of(way, way->base);
        xcy_provider_name_origin(way->call, "profile %s (%s)", way->base, wish.arn);
        return xcy_role_assume_by_token(way->call, &wish, token_path, found, err);
    }
    xcy_provider_name_origin(way->call, "profile %s", way->base);
    enum xcy_status status = xcy_profiles_pair(&way->call->profiles, way->base, found, err);
    if (status == XCY_ENOTFOUND && command) {
        xcy_provider_name_origin(way->call, "credential_process of profile %s", way->base);
        int abandoned_fd = way->call->refresh ? way->call->refresh->abandoned_fd : -1;
        status = xcy_process_run(command, way->call->origin, abandoned_fd, found, err);
    }
    if (status == XCY_ENOTFOUND && check_supported(way, way->base, err) != XCY_OK) {
        status = err->status;
    }
    if (status == XCY_ENOTFOUND && way->n_roles > 0) {
        status = xcy_fail(err, XCY_EAUTH, "profile %s, the source_profile of %s, has no keys",
                          way->base, way->roles[way->n_roles - 1]);
    }
    return status;
}

/* The first keys, then role after role. */
static enum xcy_status go(struct way *way, struct xcy_credentials *found, struct xcy_error *err)
{
    struct xcy_credentials keys = {0};
    enum xcy_status status =
        way->credential_source ? find_by_source(way, &keys, err) : find_base(way, &keys, err);
    while (status == XCY_OK && way->n_roles > 0) {
        const char *profile = way->roles[--way->n_roles];
        struct xcy_role_wish wish = wish_of(way, profile);
        struct xcy_credentials next = {0};
        xcy_provider_name_origin(way->call, "profile %s (%s)", profile, wish.arn);
        status = xcy_role_assume(way->call, &wish, &keys, &next, err);
        xcy_credentials_clear(&keys);
        keys = next;
    }
    if (status == XCY_OK) {
        *found = keys;
    }
    return status;
}

static enum xcy_status find(struct xcy_provider_call *call, struct xcy_credentials *found,
                            struct xcy_error *err)
{
    bool is_named = false;
    const char *name = xcy_profile_name(&is_named);
    struct way way = {.call = call, .name = name};
    char *places = xcy_profiles_places(&call->profiles, name);
    enum xcy_status status = XCY_OK;
    if (!xcy_profiles_has(&call->profiles, name)) {
        (void)xcy_provider_pass(call, "%s", places);
        status = is_named ? xcy_fail(err, XCY_EAUTH,
                                     "AWS_PROFILE names a profile that is nowhere: looked for %s",
                                     call->looked.ptr)
                          : XCY_ENOTFOUND;
        goto out;
    }
    status = find_way(&way, err);
    if (status == XCY_OK) {
        status = go(&way, found, err);
    }
    if (status == XCY_ENOTFOUND) {
        (void)xcy_provider_pass(call, "%s", places);
    }
out:
    free(places);
    return status;
}

const struct xcy_provider xcy_provider_profile = {.name = "profile", .find = find};
