#include "common/aws/credentials.h"

#include "common/aws/profile.h"
#include "common/base/mem.h"
#include "common/net/place.h"

#include <stdlib.h>
#include <string.h>

#define SANDBOX_KEY_PREFIX "XCYSANDBOX"

static void forget(char **secret)
{
    if (*secret) {
        explicit_bzero(*secret, strlen(*secret));
    }
    free(*secret);
    *secret = NULL;
}

void xcy_credentials_clear(struct xcy_credentials *credentials)
{
    if (credentials) {
        forget(&credentials->access_key);
        forget(&credentials->secret_key);
        forget(&credentials->session_token);
    }
}

/* The variable's text, NULL also when it is empty. */
static const char *variable(const char *name)
{
    const char *value = getenv(name); /* NOLINT(concurrency-mt-unsafe): nothing sets variables */
    return value && *value ? value : NULL;
}

bool xcy_endpoint_is_loopback(const char *endpoint)
{
    struct xcy_place place;
    return endpoint && xcy_place_of(endpoint, &place) && place.is_this_machine;
}

/* Of the environment, only a pair that a sandbox made goes to a sandbox. */
static enum xcy_status load_for_sandbox(const struct xcy_place *place,
                                        struct xcy_credentials *credentials, struct xcy_error *err)
{
    const char *access_key = variable("AWS_ACCESS_KEY_ID");
    const char *secret_key = variable("AWS_SECRET_ACCESS_KEY");
    if (access_key && secret_key &&
        strncmp(access_key, SANDBOX_KEY_PREFIX, strlen(SANDBOX_KEY_PREFIX)) == 0) {
        *credentials = (struct xcy_credentials){.access_key = xcy_strdup(access_key),
                                                .secret_key = xcy_strdup(secret_key)};
        return XCY_OK;
    }
    enum xcy_status status = xcy_sandbox_credentials_read(place->port, credentials, err);
    if (status != XCY_ENOTFOUND) {
        return status;
    }
    char *path = xcy_sandbox_credentials_path(place->port);
    status = xcy_fail(err, XCY_EAUTH,
                      "no sandbox is running on %s:%u (%s not found); start it with: sandbox -c "
                      "samples/local.yml",
                      place->host, (unsigned)place->port, path);
    free(path);
    return status;
}

static enum xcy_status load_from_environment(struct xcy_credentials *credentials,
                                             struct xcy_error *err)
{
    const char *access_key = variable("AWS_ACCESS_KEY_ID");
    const char *secret_key = variable("AWS_SECRET_ACCESS_KEY");
    if (!access_key && !secret_key) {
        return XCY_ENOTFOUND;
    }
    if (!access_key || !secret_key) {
        return xcy_fail(err, XCY_EAUTH, "%s is set but %s is not",
                        access_key ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY",
                        access_key ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID");
    }
    *credentials =
        (struct xcy_credentials){.access_key = xcy_strdup(access_key),
                                 .secret_key = xcy_strdup(secret_key),
                                 .session_token = xcy_strdup(variable("AWS_SESSION_TOKEN"))};
    return XCY_OK;
}

/* Where $name says, else in ~/.aws. Owned. */
static char *shared_path(const char *name, const char *file)
{
    const char *told = variable(name);
    const char *home = variable("HOME");
    return told ? xcy_strdup(told) : xcy_format("%s/.aws/%s", home ? home : "", file);
}

/* XCY_ENOTFOUND when the file, the section or a key in it is missing. */
static enum xcy_status load_from_file(const char *path, const char *section,
                                      struct xcy_credentials *credentials, struct xcy_error *err)
{
    struct xcy_profile profile = {.region = NULL};
    struct xcy_credentials *got = &profile.credentials;
    bool found = false;
    enum xcy_status status = xcy_profile_read(path, section, &profile, &found, err);
    if (status == XCY_OK && (!found || (!got->access_key && !got->secret_key))) {
        status = XCY_ENOTFOUND;
    } else if (status == XCY_OK && (!got->access_key || !got->secret_key)) {
        status = xcy_fail(err, XCY_EAUTH, "%s: [%s] has no %s", path, section,
                          got->access_key ? "aws_secret_access_key" : "aws_access_key_id");
    }
    if (status == XCY_OK) {
        *credentials = *got;
        *got = (struct xcy_credentials){.access_key = NULL};
    }
    xcy_profile_clear(&profile);
    return status;
}

static const char *profile_name(void)
{
    const char *told = variable("AWS_PROFILE");
    return told ? told : "default";
}

/* Only the config file calls it so. Owned. */
static char *config_section(const char *name)
{
    return strcmp(name, "default") == 0 ? xcy_strdup(name) : xcy_format("profile %s", name);
}

static enum xcy_status load_from_profile(struct xcy_credentials *credentials, struct xcy_error *err)
{
    const char *name = profile_name();
    char *keys = shared_path("AWS_SHARED_CREDENTIALS_FILE", "credentials");
    char *config = shared_path("AWS_CONFIG_FILE", "config");
    char *section = config_section(name);
    enum xcy_status status = load_from_file(keys, name, credentials, err);
    if (status == XCY_ENOTFOUND) {
        status = load_from_file(config, section, credentials, err);
    }
    if (status == XCY_ENOTFOUND) {
        status = xcy_fail(err, XCY_EAUTH,
                          "no AWS credentials: looked for AWS_ACCESS_KEY_ID and "
                          "AWS_SECRET_ACCESS_KEY in the environment, [%s] in %s, [%s] in %s",
                          name, keys, section, config);
    }
    free(section);
    free(config);
    free(keys);
    return status;
}

enum xcy_status xcy_profile_region(char **region, struct xcy_error *err)
{
    struct xcy_profile profile = {.region = NULL};
    bool found = false;
    char *config = shared_path("AWS_CONFIG_FILE", "config");
    char *section = config_section(profile_name());
    enum xcy_status status = xcy_profile_read(config, section, &profile, &found, err);
    if (status == XCY_OK || status == XCY_ENOTFOUND) {
        *region = profile.region;
        profile.region = NULL;
        status = XCY_OK;
    }
    xcy_profile_clear(&profile);
    free(section);
    free(config);
    return status;
}

enum xcy_status xcy_credentials_load(const char *endpoint, struct xcy_credentials *credentials,
                                     struct xcy_error *err)
{
    struct xcy_place place;
    if (endpoint && !xcy_place_of(endpoint, &place)) {
        bool may_hold_password = strchr(endpoint, '@') != NULL;
        return xcy_fail(err, XCY_EUSAGE,
                        "endpoint '%s' is not of the form http://host:port or https://host",
                        may_hold_password ? "..." : endpoint);
    }
    if (endpoint && place.is_this_machine) {
        return load_for_sandbox(&place, credentials, err);
    }
    enum xcy_status status = load_from_environment(credentials, err);
    return status == XCY_ENOTFOUND ? load_from_profile(credentials, err) : status;
}
