#include "common/aws/credentials.h"

#include "common/aws/profile.h"
#include "common/base/mem.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SANDBOX_KEY_PREFIX "XCYSANDBOX"

enum { HTTP_PORT = 80, HTTPS_PORT = 443 };

struct endpoint {
    char host[256];
    uint16_t port;
};

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

static bool parse_port(const char *text, size_t len, uint16_t *port)
{
    unsigned long value = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9' || value > UINT16_MAX) {
            return false;
        }
        value = value * 10 + (unsigned long)(text[i] - '0');
    }
    *port = (uint16_t)value;
    return len > 0 && value <= UINT16_MAX;
}

static bool parse_endpoint(const char *text, struct endpoint *to)
{
    bool is_https = strncmp(text, "https://", 8) == 0;
    if (!is_https && strncmp(text, "http://", 7) != 0) {
        return false;
    }
    uint16_t port = is_https ? HTTPS_PORT : HTTP_PORT;
    const char *host = strstr(text, "://") + 3;
    bool has_brackets = host[0] == '[';
    host += has_brackets;
    size_t host_len = strcspn(host, has_brackets ? "]" : ":/?#");
    const char *rest = host + host_len;
    if (has_brackets && *rest++ != ']') {
        return false;
    }
    size_t rest_len = strcspn(rest, "/?#");
    if (rest_len > 0 && (*rest != ':' || !parse_port(rest + 1, rest_len - 1, &port))) {
        return false;
    }
    if (host_len == 0 || host_len >= sizeof to->host) {
        return false;
    }
    snprintf(to->host, sizeof to->host, "%.*s", (int)host_len, host);
    to->port = port;
    return true;
}

static bool is_loopback_host(const char *host)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, host, &v4) == 1) {
        return ntohl(v4.s_addr) >> 24 == 127;
    }
    if (inet_pton(AF_INET6, host, &v6) == 1) {
        return memcmp(&v6, &in6addr_loopback, sizeof v6) == 0;
    }
    return strcmp(host, "localhost") == 0;
}

bool xcy_endpoint_is_loopback(const char *endpoint)
{
    struct endpoint parsed;
    return endpoint && parse_endpoint(endpoint, &parsed) && is_loopback_host(parsed.host);
}

/* Of the environment, only a pair that a sandbox made goes to a sandbox. */
static enum xcy_status load_for_sandbox(const struct endpoint *endpoint,
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
    enum xcy_status status = xcy_sandbox_credentials_read(endpoint->port, credentials, err);
    if (status != XCY_ENOTFOUND) {
        return status;
    }
    char *path = xcy_sandbox_credentials_path(endpoint->port);
    status = xcy_fail(err, XCY_EAUTH,
                      "no sandbox is running on %s:%u (%s not found); start it with: sandbox -c "
                      "samples/local.yml",
                      endpoint->host, (unsigned)endpoint->port, path);
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
    struct xcy_credentials got = {0};
    bool found = false;
    enum xcy_status status = xcy_profile_read(path, section, &got, &found, err);
    if (status == XCY_OK && (!found || (!got.access_key && !got.secret_key))) {
        status = XCY_ENOTFOUND;
    } else if (status == XCY_OK && (!got.access_key || !got.secret_key)) {
        status = xcy_fail(err, XCY_EAUTH, "%s: [%s] has no %s", path, section,
                          got.access_key ? "aws_secret_access_key" : "aws_access_key_id");
    }
    if (status == XCY_OK) {
        *credentials = got;
    } else {
        xcy_credentials_clear(&got);
    }
    return status;
}

static enum xcy_status load_from_profile(struct xcy_credentials *credentials, struct xcy_error *err)
{
    const char *profile = variable("AWS_PROFILE");
    const char *name = profile ? profile : "default";
    bool is_default = strcmp(name, "default") == 0;
    char *keys = shared_path("AWS_SHARED_CREDENTIALS_FILE", "credentials");
    char *config = shared_path("AWS_CONFIG_FILE", "config");
    char *section = is_default ? xcy_strdup(name) : xcy_format("profile %s", name);
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

enum xcy_status xcy_credentials_load(const char *endpoint, struct xcy_credentials *credentials,
                                     struct xcy_error *err)
{
    struct endpoint parsed;
    if (endpoint && !parse_endpoint(endpoint, &parsed)) {
        return xcy_fail(err, XCY_EUSAGE,
                        "endpoint '%s' is not of the form http://host:port or https://host",
                        endpoint);
    }
    if (endpoint && is_loopback_host(parsed.host)) {
        return load_for_sandbox(&parsed, credentials, err);
    }
    enum xcy_status status = load_from_environment(credentials, err);
    return status == XCY_ENOTFOUND ? load_from_profile(credentials, err) : status;
}
