#include "loadgen/engines/region.h"

#include "common/aws/credentials.h"
#include "common/base/bytes.h"
#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>

static const char *const aws_domains[] = {".amazonaws.com", ".amazonaws.com.cn", ".on.aws",
                                          ".api.aws"};

static bool is_of_aws(struct xcy_bytes host)
{
    for (size_t i = 0; i < sizeof aws_domains / sizeof aws_domains[0]; i++) {
        size_t len = strlen(aws_domains[i]);
        if (host.len > len && memcmp(host.ptr + host.len - len, aws_domains[i], len) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "eu-central-1", "us-gov-west-1": two letters, words, a number. */
static bool is_region(struct xcy_bytes label)
{
    size_t digits = 0;
    size_t dashes = 0;
    for (size_t i = 0; i < label.len; i++) {
        bool is_dash = label.ptr[i] == '-';
        if (!is_dash && !is_lower(label.ptr[i]) && !is_digit(label.ptr[i])) {
            return false;
        }
        dashes += is_dash;
        digits = is_digit(label.ptr[i]) ? digits + 1 : 0;
    }
    return label.len > 4 && is_lower(label.ptr[0]) && is_lower(label.ptr[1]) &&
           label.ptr[2] == '-' && dashes >= 2 && digits > 0 && digits <= 2 &&
           label.ptr[label.len - digits - 1] == '-';
}

/* The last label that is a region: what stands before it may be a name that only looks like one. */
static struct xcy_bytes find_in(struct xcy_bytes host)
{
    struct xcy_bytes found = xcy_bytes(NULL, 0);
    while (host.len > 0) {
        const char *dot = memchr(host.ptr, '.', host.len);
        size_t len = dot ? (size_t)(dot - host.ptr) : host.len;
        if (is_region(xcy_bytes(host.ptr, len))) {
            found = xcy_bytes(host.ptr, len);
        }
        len += dot != NULL;
        host = xcy_bytes(host.ptr + len, host.len - len);
    }
    return found;
}

static const char *variable(const char *name)
{
    const char *value = getenv(name); /* NOLINT(concurrency-mt-unsafe): nothing sets variables */
    return value && *value ? value : NULL;
}

enum xcy_status xcy_region_of(const char *url, char **region, struct xcy_error *err)
{
    const char *scheme_end = strstr(url, "://");
    const char *start = scheme_end ? scheme_end + 3 : url;
    struct xcy_bytes host = xcy_bytes(start, strcspn(start, ":/?"));
    struct xcy_bytes found = is_of_aws(host) ? find_in(host) : xcy_bytes(NULL, 0);
    if (found.ptr) {
        *region = xcy_strndup(found.ptr, found.len);
        return XCY_OK;
    }
    const char *told = variable("AWS_REGION");
    told = told ? told : variable("AWS_DEFAULT_REGION");
    char *of_profile = NULL;
    enum xcy_status status = told ? XCY_OK : xcy_profile_region(&of_profile, err);
    if (status == XCY_OK) {
        *region = of_profile ? of_profile : xcy_strdup(told ? told : "us-east-1");
    }
    return status;
}
