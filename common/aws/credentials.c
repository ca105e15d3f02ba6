#include "common/aws/credentials.h"

#include "common/aws/chain.h"
#include "common/aws/profiles.h"
#include "common/base/mem.h"
#include "common/net/place.h"

#include <string.h>

void xcy_credentials_clear(struct xcy_credentials *credentials)
{
    if (credentials) {
        xcy_free_secret(&credentials->access_key);
        xcy_free_secret(&credentials->secret_key);
        xcy_free_secret(&credentials->session_token);
        credentials->expires = (struct xcy_wall){0};
    }
}

struct xcy_credentials xcy_credentials_copy(const struct xcy_credentials *credentials)
{
    return (struct xcy_credentials){.access_key = xcy_strdup(credentials->access_key),
                                    .secret_key = xcy_strdup(credentials->secret_key),
                                    .session_token = xcy_strdup(credentials->session_token),
                                    .expires = credentials->expires};
}

bool xcy_credentials_are_sandbox(const struct xcy_credentials *credentials)
{
    const char *key = credentials->access_key;
    return key && strncmp(key, XCY_SANDBOX_KEY, strlen(XCY_SANDBOX_KEY)) == 0;
}

bool xcy_endpoint_is_loopback(const char *endpoint)
{
    struct xcy_place place;
    return endpoint && xcy_place_of(endpoint, &place) && place.is_this_machine;
}

enum xcy_status xcy_profile_region(char **region, struct xcy_error *err)
{
    struct xcy_profiles profiles;
    enum xcy_status status = xcy_profiles_load(&profiles, err);
    if (status == XCY_OK) {
        *region = xcy_strdup(xcy_profiles_get(&profiles, xcy_profile_name(NULL), "region"));
        xcy_profiles_clear(&profiles);
    }
    return status;
}

enum xcy_status xcy_credentials_load(const char *endpoint, struct xcy_credentials *credentials,
                                     struct xcy_error *err)
{
    struct xcy_found found;
    enum xcy_status status = xcy_chain_find(endpoint, NULL, &found, err);
    if (status == XCY_OK) {
        *credentials = found.credentials;
    }
    return status;
}
