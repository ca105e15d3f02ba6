#include "common/aws/chain.h"

#include "common/aws/providers/provider.h"
#include "common/aws/variable.h"
#include "common/net/configured.h"
#include "common/net/place.h"
#include "common/net/url.h"

#include <inttypes.h>
#include <string.h>

enum { MAX_LOOKED_BYTES = 800 };

/* In the order in which they are asked. */
static const struct xcy_provider *const aws_chain[] = {
    &xcy_provider_environment, &xcy_provider_web_identity, &xcy_provider_profile,
    &xcy_provider_container,   &xcy_provider_instance,     NULL,
};

static const struct xcy_provider *const sandbox_chain[] = {
    &xcy_provider_environment,
    &xcy_provider_sandbox,
    NULL,
};

static enum xcy_status choose_chain(const struct xcy_provider_call *call, bool *is_short,
                                    struct xcy_error *err)
{
    const char *wish = call->is_sandbox ? xcy_variable("XCY_SANDBOX_CREDENTIALS") : NULL;
    *is_short = call->is_sandbox && !wish;
    if (wish && strcmp(wish, "chain") != 0) {
        return xcy_fail(err, XCY_EUSAGE,
                        "XCY_SANDBOX_CREDENTIALS is '%.40s', and can only be chain", wish);
    }
    return XCY_OK;
}

/* Nothing but a sandbox's goes to a sandbox, whatever was configured. */
static enum xcy_status check_kind(const struct xcy_provider_call *call,
                                  const struct xcy_credentials *credentials, struct xcy_error *err)
{
    if (!call->is_sandbox || xcy_credentials_are_sandbox(credentials)) {
        return XCY_OK;
    }
    return xcy_fail(err, XCY_EAUTH,
                    "%s: its access key is not a sandbox's, and no other key ever goes to %s",
                    call->origin, call->endpoint);
}

/* As from a cache that somebody forgot. */
static enum xcy_status check_life(const struct xcy_provider_call *call,
                                  const struct xcy_credentials *credentials, struct xcy_error *err)
{
    int64_t over_s = (xcy_wall_now().ns - credentials->expires.ns) / XCY_NS_PER_S;
    if (credentials->expires.ns == 0 || xcy_wall_now().ns < credentials->expires.ns) {
        return XCY_OK;
    }
    return xcy_fail(err, XCY_EAUTH,
                    "%s: the keys that came had expired already, %" PRId64
                    " s ago by this machine's clock",
                    call->origin, over_s);
}

/* An endpoint in the profile would be the user's wish, and nothing here would follow it. */
static enum xcy_status check_profile(const struct xcy_provider_call *call, struct xcy_error *err)
{
    const char *name = xcy_profile_name(NULL);
    const char *key = xcy_profiles_get(&call->profiles, name, "endpoint_url") ? "endpoint_url"
                      : xcy_profiles_get(&call->profiles, name, "services")   ? "services"
                                                                              : NULL;
    if (!key || call->endpoint || xcy_endpoints_are_ignored()) {
        return XCY_OK;
    }
    return xcy_fail(err, XCY_EUSAGE,
                    "profile %s has %s, which is not followed here: set AWS_ENDPOINT_URL, or "
                    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true",
                    name, key);
}

static enum xcy_status ask_all(struct xcy_provider_call *call,
                               const struct xcy_provider *const providers[],
                               struct xcy_found *found, struct xcy_error *err)
{
    enum xcy_status status = XCY_ENOTFOUND;
    for (size_t i = 0; providers[i] && status == XCY_ENOTFOUND; i++) {
        status = providers[i]->find(call, &found->credentials, err);
        found->provider = providers[i];
    }
    if (status == XCY_ENOTFOUND) {
        status = xcy_fail(err, XCY_EAUTH, "no AWS credentials: looked for %s", call->looked.ptr);
    }
    return status;
}

static enum xcy_status find(struct xcy_provider_call *call, struct xcy_found *found,
                            struct xcy_error *err)
{
    const struct xcy_provider *const one[] = {call->refresh ? call->refresh->provider : NULL, NULL};
    bool is_short = false;
    struct xcy_found made = {.provider = NULL};
    enum xcy_status status = choose_chain(call, &is_short, err);
    const struct xcy_provider *const *providers = is_short ? sandbox_chain : aws_chain;
    if (status == XCY_OK && !is_short) {
        status = xcy_profiles_load(&call->profiles, err);
    }
    if (status == XCY_OK && !is_short) {
        status = check_profile(call, err);
    }
    if (status == XCY_OK) {
        status = ask_all(call, call->refresh ? one : providers, &made, err);
    }
    if (status == XCY_OK) {
        status = check_kind(call, &made.credentials, err);
    }
    if (status == XCY_OK) {
        status = check_life(call, &made.credentials, err);
    }
    if (status != XCY_OK) {
        xcy_credentials_clear(&made.credentials);
        return status;
    }
    memcpy(made.origin, call->origin, sizeof made.origin);
    *found = made;
    return XCY_OK;
}

enum xcy_status xcy_chain_find(const char *endpoint, const struct xcy_refresh *refresh,
                               struct xcy_found *found, struct xcy_error *err)
{
    struct xcy_place place = {.port = 0};
    if (endpoint && !xcy_place_of(endpoint, &place)) {
        return xcy_fail(err, XCY_EUSAGE,
                        "endpoint '%s' is not of the form http://host:port or https://host",
                        xcy_url_shown(endpoint));
    }
    struct xcy_provider_call call = {.endpoint = endpoint,
                                     .is_sandbox = endpoint && place.is_this_machine,
                                     .refresh = refresh,
                                     .http = xcy_http_open(NULL)};
    xcy_buf_init(&call.looked, MAX_LOOKED_BYTES);
    enum xcy_status status = find(&call, found, err);
    xcy_http_close(call.http);
    xcy_profiles_clear(&call.profiles);
    xcy_buf_clear(&call.looked);
    return status;
}
