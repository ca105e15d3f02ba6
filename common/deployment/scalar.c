#include "common/deployment/scalar.h"

#include "common/base/mem.h"
#include "common/net/url.h"
#include "common/record/combination.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool is_region(const char *text)
{
    size_t len = strlen(text);
    size_t n_hyphens = 0;
    for (size_t n = 0; n < len; n++) {
        bool is_word = islower((unsigned char)text[n]) || isdigit((unsigned char)text[n]);
        if (!is_word && text[n] != '-') {
            return false;
        }
        n_hyphens += text[n] == '-';
    }
    return len > 0 && len < XCY_REGION_BYTES && n_hyphens >= 2 && islower((unsigned char)text[0]) &&
           isdigit((unsigned char)text[len - 1]);
}

enum xcy_status xcy_scalar_region(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    const char *text = xcy_yaml_text(node);
    const char *region = text ? xcy_region_of_alias(text) : "";
    if (!is_region(region)) {
        return xcy_yaml_fail(node, err,
                             "region must be eu, us, sg or a full name such as eu-central-1, "
                             "got \"%.40s\"",
                             text ? text : "a map or list");
    }
    memcpy(to, region, strlen(region) + 1);
    return XCY_OK;
}

/* A text that may not be empty or hold blanks: names, ARNs, paths are all such. */
enum xcy_status xcy_scalar_name(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    const char *text = xcy_yaml_text(node);
    if (!text || !text[0] || strpbrk(text, " \t\r\n")) {
        return xcy_yaml_fail(node, err, "expected a name without blanks");
    }
    char **name = to;
    free(*name);
    *name = xcy_strdup(text);
    return XCY_OK;
}

enum xcy_status xcy_scalar_path(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    const char *text = xcy_yaml_text(node);
    if (!text || !text[0]) {
        return xcy_yaml_fail(node, err, "expected the path of a file");
    }
    char **path = to;
    free(*path);
    *path = xcy_strdup(text);
    return XCY_OK;
}

enum xcy_status xcy_endpoint_parse(const char *text, char **endpoint, struct xcy_error *err)
{
    const char *host = NULL;
    if (strncmp(text, "http://", 7) == 0) {
        host = text + 7;
    } else if (strncmp(text, "https://", 8) == 0) {
        host = text + 8;
    }
    size_t len = host ? strcspn(host, "/") : 0;
    bool is_bare = host && host[len + strspn(host + len, "/")] == '\0';
    if (len == 0 || !is_bare || strpbrk(host, " \t\r\n?#@")) {
        return xcy_fail(err, XCY_EUSAGE,
                        "must be http://host:port or https://host:port, got \"%.100s\"",
                        xcy_url_shown(text));
    }
    *endpoint = xcy_strndup(text, (size_t)(host - text) + len);
    return XCY_OK;
}

enum xcy_status xcy_scalar_endpoint(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    const char *text = xcy_yaml_text(node);
    char *endpoint = NULL;
    struct xcy_error why;
    if (!text || xcy_endpoint_parse(text, &endpoint, &why)) {
        return xcy_yaml_fail(node, err, "endpoint %s", text ? why.text : "must be a URL");
    }
    char **old = to;
    free(*old);
    *old = endpoint;
    return XCY_OK;
}

enum xcy_status xcy_scalar_visibility(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    const char *text = xcy_yaml_text(node);
    struct xcy_error why;
    if (!text) {
        return xcy_yaml_fail(node, err, "visibility must be off, inline or sample:P");
    }
    if (xcy_visibility_parse(text, to, &why)) {
        return xcy_yaml_fail(node, err, "visibility: %s", why.text);
    }
    return XCY_OK;
}

static bool is_port(const char *text)
{
    size_t n_digits = strspn(text, "0123456789");
    long port = n_digits > 0 && n_digits <= 5 && !text[n_digits] ? strtol(text, NULL, 10) : 0;
    return port >= 1 && port <= 65535;
}

enum xcy_status xcy_scalar_address(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    const char *text = xcy_yaml_text(node);
    const char *colon = text ? strrchr(text, ':') : NULL;
    if (!colon || colon == text || !is_port(colon + 1)) {
        return xcy_yaml_fail(node, err, "expected host:port, got \"%.80s\"", text ? text : "");
    }
    return xcy_scalar_name(node, to, err);
}

enum xcy_status xcy_scalar_account(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    const char *text = xcy_yaml_text(node);
    if (!text || strlen(text) != 12 || strspn(text, "0123456789") != 12) {
        return xcy_yaml_fail(node, err, "account must be 12 digits");
    }
    return xcy_scalar_name(node, to, err);
}
